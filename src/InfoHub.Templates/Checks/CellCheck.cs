using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>
/// What holds for one whole file: its period, the day it is checked, and the key of its duplicate check.
/// </summary>
/// <param name="Today">Dates more than a month after it are implausible.</param>
/// <param name="KeySeed">Drawn at random per file by the caller; changes no result.</param>
public readonly record struct FileContext(Period Period, DateOnly Today, UInt128 KeySeed)
{
    /// <summary>
    /// The file is refused (IH-INT-222) when a row that is not blank has a greater number; blank lines between rows are
    /// numbered too. 2^31-1 unless said otherwise, as rows are stored.
    /// </summary>
    public int RowsMax { get; init; } = int.MaxValue;

    /// <summary>As declared by the sender; null: found out from the bytes.</summary>
    public TextEncoding? Encoding { get; init; }

    /// <summary>
    /// Where the keys of the duplicate check go when they are too many for memory: an empty stream that can be read,
    /// written and sought, used by this file alone; the caller disposes of it. Null: all stay in memory.
    /// </summary>
    public Stream? Overflow { get; init; }

    /// <summary>
    /// Which rows, by number, of the submission that this file mends were rejected; a mended row of another number is
    /// warned of (IH-INT-503). Null: the file mends nothing, or it is not known here.
    /// </summary>
    public BitArray? RejectedOrigins { get; init; }

    /// <summary>
    /// The rows may all be of other periods than the file: it mends or corrects rows of a submission that has such rows.
    /// </summary>
    public bool AnyPeriod { get; init; }

    /// <summary>The other templates of the department, of which a misfit header may be; null: none are known.</summary>
    public Func<IEnumerable<Template>>? OtherTemplates { get; init; }
}

/// <summary>
/// The checks of one column, compiled from its <see cref="Field"/>: reads a cell, writes the typed value or a null into
/// the batch, and reports what is wrong. No allocation per cell. Not thread-safe: one set per file.
/// </summary>
internal sealed class CellCheck
{
    /// <summary>Bytes per allowed character beyond which a cell is no misprint of a code but something else.</summary>
    private const int AbsurdLengthFactor = 4;

    private static readonly long[] PowersOfTen = [.. Enumerable.Range(0, 19).Select(i => (long)decimal.Parse("1" + new string('0', i), CultureInfo.InvariantCulture))];
    private static readonly int FirstPlausibleDay = new DateOnly(1900, 1, 2).DayNumber;
    private static readonly string[] AsciiTexts = [.. Enumerable.Range(0, 128).Select(i => ((char)i).ToString())];

    /// <summary>An automaton takes longer to build than a small file to check.</summary>
    private static readonly ConditionalWeakTable<Field, Regex> Patterns = [];

    private readonly Field _field;
    private readonly int _index;
    private readonly FileContext _file;
    private readonly ulong[] _codes;
    private readonly Regex? _pattern;
    private readonly char[] _patternScratch;
    private readonly byte[] _scratch = new byte[1024];
    private readonly bool _identifier;
    private readonly bool _upper;
    private readonly long _min;
    private readonly long _max;
    private readonly string _expected;
    private readonly string _expectedRange;
    private readonly string _expectedLength;
    private readonly bool _requiredPlain;
    private readonly int _lastPlausibleDay;

    public CellCheck(Field field, int index, FileContext file)
    {
        (_field, _index, _file) = (field, index, file);
        _lastPlausibleDay = file.Today.AddMonths(1).DayNumber;
        _codes = [.. field.Codes.Select(c => Pack(Encoding.UTF8.GetBytes(c.Code)))];
        _pattern = field.Pattern is null ? null : Patterns.GetValue(field, f =>
            new Regex($"^(?:{f.Pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        _patternScratch = _pattern is null ? [] : new char[Math.Max(field.LengthMax, 64)];
        _identifier = field.Kind != FieldKind.Text || field.Check != FieldCheck.None || field.Pattern is not null;
        _upper = field.Check is not (FieldCheck.None or FieldCheck.Division or FieldCheck.Town);
        (_min, _max) = (Scaled(field.Min, long.MinValue), Scaled(field.Max, long.MaxValue));
        _requiredPlain = field is { Required: true, RequiredUnless.Length: 0 };
        _expectedRange = $"{field.Min?.ToString(CultureInfo.InvariantCulture) ?? "−∞"} ~ {field.Max?.ToString(CultureInfo.InvariantCulture) ?? "+∞"} {field.Unit}".TrimEnd();
        _expectedLength = field.LengthMin == field.LengthMax ? $"{field.LengthMax}" : $"{Math.Max(field.LengthMin, 1)}～{field.LengthMax}";
        _expected = Expectation.Of(field);
    }

    private long Scaled(decimal? bound, long none) => bound is { } value ? (long)(value * PowersOfTen[_field.Scale]) : none;

    /// <summary>Checks a raw cell of the present row.</summary>
    public void Check(ReadOnlySpan<byte> raw, int row, RowBatch batch, RowErrors errors)
    {
        var cell = CellText.Trim(raw);
        if (cell.IsEmpty)
        {
            Blank(row, batch, errors);
            return;
        }
        if (cell[0] == '#' && CellText.IsErrorValue(cell))
        {
            batch.Column(_index).SetNull(batch.RowCount);
            Fail(errors, row, ProblemCatalogue.CellErrorValue, cell, "");
            return;
        }
        var asItCame = cell;
        var problems = errors.Count;
        if (_identifier && cell.Length <= _scratch.Length)
            cell = CellText.Normalise(cell, _upper, _scratch);
        Read(cell, row, batch, errors);
        if (cell.Length != asItCame.Length && errors.Count == problems)
            Fail(errors, row, ProblemCatalogue.FullWidthRead, asItCame, "");
    }

    private void Read(ReadOnlySpan<byte> cell, int row, RowBatch batch, RowErrors errors)
    {
        var column = batch.Column(_index);
        switch (_field.Kind)
        {
            case FieldKind.Number:
                Number(cell, row, column, batch.RowCount, errors);
                break;
            case FieldKind.Date:
                Date(cell, row, column, batch.RowCount, errors);
                break;
            case FieldKind.Month or FieldKind.Year:
                MonthOrYear(cell, row, column, batch.RowCount, errors);
                break;
            default:
                Text(cell, row, errors);
                column.SetText(batch.RowCount, cell);
                break;
        }
    }

    public void Blank(int row, RowBatch batch, RowErrors errors)
    {
        batch.Column(_index).SetNull(batch.RowCount);
        if (_requiredPlain)
            errors.Add(row, _index, ProblemCatalogue.CellMissing, Disposition.RejectRow, [], "");
    }

    private void Fail(RowErrors errors, int row, ProblemKind kind, ReadOnlySpan<byte> cell, string expected) =>
        errors.Add(row, _index, kind, kind.Disposition, cell, expected);

    /// <summary>A failed identifier: as the template disposes, never more than the catalogue.</summary>
    private void FailCheck(RowErrors errors, int row, ProblemKind kind, ReadOnlySpan<byte> cell, string expected) =>
        errors.Add(row, _index, kind, kind.Disposition == Disposition.Warn ? Disposition.Warn : _field.CheckDisposition, cell, expected);

    private void Text(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        var tooLong = cell.Length > _field.LengthMax && CellText.CountCharacters(cell) > _field.LengthMax;
        var tooShort = _field.LengthMin > 0 && CellText.CountCharacters(cell) < _field.LengthMin;
        if (cell[0] <= '9' && CellText.IsScientific(cell))
            Fail(errors, row, ProblemCatalogue.ScientificNotation, cell, "");
        else if (_field.Kind == FieldKind.Quarter)
            Quarter(cell, row, errors);
        else if (_field.LengthMax > 0 && cell.Length > _field.LengthMax * AbsurdLengthFactor)
            Fail(errors, row, ProblemCatalogue.CellLength, cell, _expectedLength);
        else if (_field.Check != FieldCheck.None)
            Identifier(_field.Check, cell, row, errors, tooLong || tooShort);
        else if (tooLong || tooShort)
        {
            if (!IsNameOfCode(cell, row, errors))
                Fail(errors, row, ProblemCatalogue.CellLength, cell, _expectedLength);
        }
        else if (_codes.Length > 0 && Array.IndexOf(_codes, Pack(cell)) < 0)
            UnknownCode(cell, row, errors);
        else if (_pattern is not null && !Matches(cell))
            Fail(errors, row, ProblemCatalogue.PatternMismatch, cell, _expected);
    }

    /// <summary>A code that is in the list with zeros in front was a number in a spreadsheet.</summary>
    private void UnknownCode(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        foreach (var listed in _field.Codes)
            if (CellText.IsWithoutZeros(cell, listed.Code))
            {
                Fail(errors, row, ProblemCatalogue.LeadingZerosLost, cell, listed.Code);
                return;
            }
        if (!_field.CodesOpen && IsNameOfCode(cell, row, errors))
            return;
        Fail(errors, row, _field.CodesOpen ? ProblemCatalogue.CodeUnlisted : ProblemCatalogue.CodeUnknown, cell,
            _expected);
    }

    /// <summary>一般工商业, 200 一般工商业 or 200-一般工商业 where 200 is wanted: says which code it is.</summary>
    private bool IsNameOfCode(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (_field.Codes.Length == 0)
            return false;
        var written = TitleText.Bare(Encoding.UTF8.GetString(cell));
        foreach (var (code, title) in _field.Codes)
            if (written == TitleText.Bare(title) || written == TitleText.Bare(code + title)
                || written == TitleText.Bare(title + code))
            {
                Fail(errors, row, ProblemCatalogue.CodeUnknown, cell, code);
                return true;
            }
        return false;
    }

    /// <summary>A standard's code that holds once zeros are put in front again; longer by three at most.</summary>
    private bool FailedForZeros(int length, Func<byte[], bool> holds, ReadOnlySpan<byte> cell, int row,
        RowErrors errors)
    {
        if (cell.Length >= length || cell.Length < length - 3 || cell[0] == '0' || !CitizenId.AllDigits(cell))
            return false;
        var padded = new byte[length];
        Array.Fill(padded, (byte)'0');
        cell.CopyTo(padded.AsSpan(length - cell.Length));
        if (!holds(padded))
            return false;
        Fail(errors, row, ProblemCatalogue.LeadingZerosLost, cell, Encoding.ASCII.GetString(padded));
        return true;
    }

    private void Quarter(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (!IsQuarter(cell))
            Fail(errors, row, ProblemCatalogue.NotAPeriod, cell, _expected);
    }

    private static bool IsQuarter(ReadOnlySpan<byte> cell) =>
        cell.Length == 6 && cell[4] == 'Q' && cell[5] is >= (byte)'1' and <= (byte)'4' && CitizenId.AllDigits(cell[..4]);

    private bool Matches(ReadOnlySpan<byte> cell)
    {
        if (Encoding.UTF8.GetCharCount(cell) > _patternScratch.Length)
            return false;
        var length = Encoding.UTF8.GetChars(cell, _patternScratch);
        return _pattern!.IsMatch(_patternScratch.AsSpan(0, length));
    }

    /// <summary>
    /// Codes of up to seven bytes as one number; longer ones cannot be in a list (OdcsReader sees to it).
    /// </summary>
    private static ulong Pack(ReadOnlySpan<byte> code)
    {
        if (code.Length > 7)
            return ulong.MaxValue;
        var packed = (ulong)code.Length;
        foreach (var unit in code)
            packed = (packed << 8) | unit;
        return packed;
    }

    /// <summary>
    /// Runs the check for the document type that <paramref name="type"/> names (CL-IDTYPE): 201 citizen id, 101 USCC.
    /// </summary>
    public void CheckDocument(ReadOnlySpan<byte> type, ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (CellText.IsScientific(cell))
            return;
        if (type.SequenceEqual("201"u8))
            Identifier(FieldCheck.CitizenId, cell, row, errors, false);
        else if (type.SequenceEqual("101"u8))
            Identifier(FieldCheck.Uscc, cell, row, errors, false);
    }

    private void Identifier(FieldCheck check, ReadOnlySpan<byte> cell, int row, RowErrors errors, bool wrongLength)
    {
        switch (check)
        {
            case FieldCheck.Uscc:
                CheckUscc(cell, row, errors);
                break;
            case FieldCheck.CitizenId when !CitizenId.HasForm(cell):
                FailCheck(errors, row, ProblemCatalogue.CitizenIdForm, cell, "");
                break;
            case FieldCheck.CitizenId when !CitizenId.IsValid(cell):
                FailCheck(errors, row, ProblemCatalogue.CitizenIdCheckDigit, cell, "");
                break;
            case FieldCheck.OrganisationCode when !OrganisationCode.IsValid(cell):
                if (!FailedForZeros(OrganisationCode.Length, c => OrganisationCode.IsValid(c), cell, row, errors))
                    FailCheck(errors, row, ProblemCatalogue.OrganisationCodeCheck, cell, "");
                break;
            case FieldCheck.RegistrationNumber when !RegistrationNumber.IsValid(cell):
                FailCheck(errors, row, ProblemCatalogue.RegistrationNumberCheck, cell, "");
                break;
            case FieldCheck.TaxpayerNumber:
                CheckTaxpayerNumber(cell, row, errors, wrongLength);
                break;
            case FieldCheck.Division or FieldCheck.Town:
                CheckDivision(check == FieldCheck.Division ? 6 : 9, cell, row, errors);
                break;
            case FieldCheck.Industry when !IsIndustry(cell):
                if (!FailedForZeros(4, IsAgriculture, cell, row, errors))
                    FailCheck(errors, row, ProblemCatalogue.IndustryForm, cell, "");
                break;
            case FieldCheck.UsccOrCitizenId:
                CheckEither(cell, row, errors);
                break;
            case FieldCheck.DocumentByType when wrongLength:
                Fail(errors, row, ProblemCatalogue.CellLength, cell, _expectedLength);
                break;
        }
    }

    private void CheckUscc(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (cell.Length != Uscc.Length)
        {
            FailCheck(errors, row, ProblemCatalogue.UsccLength, cell, "18");
            return;
        }
        var foreign = Uscc.FirstForeignCharacter(cell);
        if (foreign >= 0)
        {
            FailCheck(errors, row, ProblemCatalogue.UsccCharacter, cell, PositionTexts[foreign]);
            return;
        }
        var check = Uscc.CheckCharacter(cell);
        if (check != cell[17])
            FailCheck(errors, row, ProblemCatalogue.UsccCheckDigit, cell, AsciiTexts[check]);
        else if (!Uscc.HasValidInnerCode(cell))
            Fail(errors, row, ProblemCatalogue.UsccInnerCode, cell, "");
        else if (!Division.IsProvince(cell[2..]))
            Fail(errors, row, ProblemCatalogue.DivisionUnknown, cell, "");
    }

    private void CheckEither(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (CitizenId.HasForm(cell))
            Identifier(FieldCheck.CitizenId, cell, row, errors, false);
        else if (cell.Length == Uscc.Length)
            CheckUscc(cell, row, errors);
        else
            Fail(errors, row, ProblemCatalogue.CodeFormDoubtful, cell, "");
    }

    private static readonly string[] PositionTexts = [.. Enumerable.Range(1, Uscc.Length).Select(i => $"第 {i} 位不是 0-9 或 A-Z（I、O、S、V、Z 除外）")];

    private void CheckTaxpayerNumber(ReadOnlySpan<byte> cell, int row, RowErrors errors, bool wrongLength)
    {
        if (wrongLength)
            Fail(errors, row, ProblemCatalogue.CellLength, cell, _expectedLength);
        else if (TaxpayerNumber.FormOf(cell) == TaxpayerNumberForm.Uscc)
            CheckUscc(TaxpayerNumber.WithoutPrefix(cell), row, errors);
        else if (TaxpayerNumber.FormOf(cell) == TaxpayerNumberForm.Other)
            Fail(errors, row, ProblemCatalogue.TaxpayerNumberForm, cell, "");
    }

    private void CheckDivision(int digits, ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (cell.Length != digits || !CitizenId.AllDigits(cell))
            FailCheck(errors, row, ProblemCatalogue.DivisionForm, cell, digits == 6 ? "6" : "9");
        else if (!Division.IsProvince(cell))
            Fail(errors, row, ProblemCatalogue.DivisionUnknown, cell, "");
    }

    /// <summary>Classes 0111 to 0549 are the only ones that begin with a zero.</summary>
    private static bool IsAgriculture(byte[] code) => code[0] == '0' && code[1] is >= (byte)'1' and <= (byte)'5';

    private static bool IsIndustry(ReadOnlySpan<byte> cell) => cell.Length switch
    {
        5 => cell[0] is >= (byte)'A' and <= (byte)'T' && CitizenId.AllDigits(cell[1..]),
        4 => CitizenId.AllDigits(cell),
        _ => false,
    };

    private void Number(ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot, RowErrors errors)
    {
        column.SetNull(slot);
        var outcome = TryReadNumber(cell, _field.Precision, _field.Scale, out var value);
        if (outcome is { } kind)
        {
            Fail(errors, row, kind, cell, _expected);
            return;
        }
        if (value < _min || value > _max)
        {
            var reject = _field.RangeDisposition == Disposition.RejectRow;
            Fail(errors, row, reject ? ProblemCatalogue.OutOfRange : ProblemCatalogue.RangeDoubtful, cell, _expectedRange);
        }
        column.SetNumber(slot, value);
    }

    /// <summary>
    /// Reads [+-]digits[.digits] into an integer scaled by 10^scale; zeros past the scale are let go.
    /// </summary>
    private static ProblemKind? TryReadNumber(ReadOnlySpan<byte> cell, int precision, int scale, out long value)
    {
        value = 0;
        var negative = cell[0] == '-';
        var i = negative || cell[0] == '+' ? 1 : 0;
        var (whole, fraction, seen) = (0, -1, false);
        for (; i < cell.Length; i++)
        {
            var digit = cell[i] - '0';
            if (cell[i] == '.' && fraction < 0)
                fraction = 0;
            else if (digit is < 0 or > 9)
                return NumberText.WhyNot(cell);
            else if (fraction < 0)
            {
                seen = true;
                if ((value != 0 || digit != 0) && ++whole > precision - scale)
                    return TooFine(cell, i + 1);
                value = (value * 10) + digit;
            }
            else
            {
                seen = true;
                if (fraction == scale && digit != 0)
                    return TooFine(cell, i + 1);
                if (fraction < scale)
                {
                    value = (value * 10) + digit;
                    fraction++;
                }
            }
        }
        value *= PowersOfTen[scale - Math.Max(fraction, 0)];
        if (negative)
            value = -value;
        return seen ? null : ProblemCatalogue.NotANumber;
    }

    private static ProblemKind TooFine(ReadOnlySpan<byte> cell, int read) =>
        cell[read..].ContainsAnyExcept("0123456789."u8) ? NumberText.WhyNot(cell) : ProblemCatalogue.NumberTooFine;

    private void Date(ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot, RowErrors errors)
    {
        column.SetNull(slot);
        if (!DateText.TryRead(cell, out var date, out var isAgreedForm))
        {
            Fail(errors, row, CellText.IsSerialDate(cell) ? ProblemCatalogue.ExcelSerialDate : ProblemCatalogue.NotADate, cell, _expected);
            return;
        }
        if (!isAgreedForm)
            Fail(errors, row, ProblemCatalogue.DateRewritten, cell, date.ToString("yyyy-MM-dd",
                CultureInfo.InvariantCulture));
        if (date.DayNumber < FirstPlausibleDay || (!_field.FutureAllowed && date.DayNumber > _lastPlausibleDay))
            Fail(errors, row, ProblemCatalogue.DateImplausible, cell, "");
        column.SetInteger(slot, date.DayNumber - ColumnBuffer.Epoch);
    }

    private void MonthOrYear(ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot, RowErrors errors)
    {
        column.SetNull(slot);
        var month = _field.Kind == FieldKind.Month;
        if (cell.Length != (month ? 6 : 4) || !DateText.TryDigits(cell, out var value)
            || !Period.TryFromCode(month ? value : value * 100, out var period) || period.Kind != (month ? PeriodKind.Month : PeriodKind.Year))
        {
            Fail(errors, row, CellText.IsScientific(cell) ? ProblemCatalogue.ScientificNotation : ProblemCatalogue.NotAPeriod, cell, _expected);
            return;
        }
        if (_field.IsDataPeriod && (period.Start < _file.Period.Start || period.End > _file.Period.End))
            Fail(errors, row, ProblemCatalogue.OtherPeriod, cell, _file.Period.ToString());
        column.SetInteger(slot, value);
    }
}
