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
/// The checks of one column, compiled from its <see cref="Field"/>: brings a cell into its canonical form, reads it,
/// writes the typed value or a null into the batch, and reports what is wrong and what was read otherwise. No
/// allocation
/// per cell. Not thread-safe: one set per file.
/// </summary>
internal sealed partial class CellCheck
{
    /// <summary>Bytes per allowed character beyond which a cell is no misprint of a code but something else.</summary>
    private const int AbsurdLengthFactor = 4;

    /// <summary>A longer text is no name of a code.</summary>
    private const int NameBytesMax = 300;

    /// <summary>Digits that survive in a number cell of a spreadsheet.</summary>
    private const int NumberCellDigits = 15;

    private static readonly long[] PowersOfTen = [.. Enumerable.Range(0, 19).Select(i =>
        (long)decimal.Parse("1" + new string('0', i), CultureInfo.InvariantCulture))];
    private static readonly int FirstPlausibleDay = new DateOnly(1900, 1, 2).DayNumber;

    /// <summary>From this year on a day may be a way to say that there is no end.</summary>
    private static readonly int FirstEndlessDay = new DateOnly(2099, 1, 1).DayNumber;

    /// <summary>No term runs so long: a day behind it is a system's largest.</summary>
    private const int EndlessYears = 150;

    /// <summary>An automaton takes longer to build than a small file to check.</summary>
    private static readonly ConditionalWeakTable<Field, Regex> Patterns = [];

    private readonly Field _field;
    private readonly int _index;
    private readonly FileContext _file;
    private readonly ulong[] _codes;
    private readonly Regex? _pattern;
    private readonly char[] _patternScratch;
    private readonly IdentifierCheck _identifier;
    private readonly TextForm _form;
    private readonly ProseKind _prose;
    private readonly bool _isKey;
    private readonly bool _isFree;
    private readonly bool _upper;
    private readonly long _min;
    private readonly long _max;
    private readonly string _expected;
    private readonly string _expectedRange;
    private readonly string _expectedLength;
    private readonly bool _requiredPlain;
    private readonly int _lastPlausibleDay;
    private readonly DateOnly _firstEndlessDay;
    private byte[] _scratch = new byte[CanonicalText.ScratchBytes(512)];

    public CellCheck(Field field, int index, FileContext file)
    {
        (_field, _index, _file) = (field, index, file);
        _lastPlausibleDay = file.Today.AddMonths(1).DayNumber;
        _firstEndlessDay = file.Today.AddYears(EndlessYears);
        _codes = [.. field.Codes.Select(c => Pack(Encoding.UTF8.GetBytes(c.Code)))];
        _pattern = field.Pattern is null ? null : Patterns.GetValue(field, f =>
            new Regex($"^(?:{f.Pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        _patternScratch = _pattern is null ? [] : new char[Math.Max(field.LengthMax, 64)];
        _identifier = new IdentifierCheck(field, index);
        _isFree = field is { Kind: FieldKind.Text or FieldKind.Code, Check: FieldCheck.None, Codes.IsEmpty: true };
        _isKey = _isFree && field.Pattern is null && (field.KeyPosition > 0
            || field.Identity is IdentityRole.SourceKey or IdentityRole.TaxRegistrationKey);
        _form = FormOf(field);
        _prose = field.Identity switch
        {
            IdentityRole.Name or IdentityRole.Representative => ProseKind.Name,
            IdentityRole.Address => ProseKind.Address,
            _ => ProseKind.Other,
        };
        _upper = field.Check is not (FieldCheck.None or FieldCheck.Division or FieldCheck.Town)
            || (field.Codes.Any(c => c.Code.Any(char.IsAsciiLetterUpper))
                && !field.Codes.Any(c => c.Code.Any(char.IsAsciiLetterLower)));
        (_min, _max) = (Scaled(field.Min, long.MinValue), Scaled(field.Max, long.MaxValue));
        _requiredPlain = field is { Required: true, RequiredUnless.Length: 0 };
        _expectedRange = $"{Bound(field.Min, "−∞")} ~ {Bound(field.Max, "+∞")} {field.Unit}".TrimEnd();
        _expectedLength = field.LengthMin == field.LengthMax ? $"{field.LengthMax}"
            : $"{Math.Max(field.LengthMin, 1)}～{field.LengthMax}";
        _expected = Expectation.Of(field);
    }

    private static string Bound(decimal? bound, string none) => bound?.ToString(CultureInfo.InvariantCulture) ?? none;

    /// <summary>A text that is part of the key, or names a party by a code, is an identifier, checked or not.</summary>
    private static TextForm FormOf(Field field) => field.Kind switch
    {
        FieldKind.Number or FieldKind.Date or FieldKind.Month or FieldKind.Year or FieldKind.Quarter => TextForm.Value,
        FieldKind.Text when field is { Check: FieldCheck.None, Pattern: null, KeyPosition: 0,
            Identity: IdentityRole.None or IdentityRole.Name
            or IdentityRole.Address or IdentityRole.Representative } => TextForm.Prose,
        _ => TextForm.Code,
    };

    private long Scaled(decimal? bound, long none) => bound is { } value ? (long)(value * PowersOfTen[_field.Scale])
        : none;

    /// <summary>Checks a raw cell of the present row.</summary>
    public void Check(ReadOnlySpan<byte> raw, int row, RecordTraits record, RowBatch batch, RowErrors errors)
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
            // A look-up that found nothing says so; the other errors are the formula's own.
            Fail(errors, row, !_requiredPlain && cell.SequenceEqual("#N/A"u8) ? ProblemCatalogue.NothingRead
                : ProblemCatalogue.CellErrorValue, cell, "");
            return;
        }
        if (_field.Kind == FieldKind.Number
            && TryReadNumber(cell, _field.Precision, _field.Scale, out var number) is null)
        {
            PutNumber(number, cell, row, batch.Column(_index), batch.RowCount, errors);
            return;
        }
        if (_form == TextForm.Prose && LostText.Find(cell, _prose, record.IsUnusual, out var isDoubt)
            is { Length: > 0 } lost)
        {
            errors.Add(row, _index, ProblemCatalogue.CharacterLost, isDoubt ? Disposition.Warn
                : Disposition.RejectRow, cell, lost);
            batch.Column(_index).SetText(batch.RowCount, cell);
            if (!isDoubt)
                return;
        }
        if (_form == TextForm.Prose ? record.IsUnusual || CanonicalText.MayBeGuarded(cell)
            : !CanonicalText.IsPlain(cell, _form))
            ReadOtherwise(cell, row, record, batch, errors);
        else
            Put(_upper ? Upper(cell) : cell, row, batch, errors);
    }

    /// <summary>The canonical form is read, and what was changed for it is told.</summary>
    private void ReadOtherwise(ReadOnlySpan<byte> cell, int row, RecordTraits record, RowBatch batch, RowErrors errors)
    {
        if (_scratch.Length < CanonicalText.ScratchBytes(cell.Length))
            _scratch = new byte[CanonicalText.ScratchBytes(cell.Length)];
        var read = CanonicalText.Of(cell, _form, _scratch, out var traits);
        if (record.IsHandedOut)
            traits &= ~TextTraits.Guard;
        Tell(traits, cell, read, row, errors);
        if (read.IsEmpty)
        {
            Blank(row, batch, errors);
            return;
        }
        var told = errors.Count;
        Put(_upper ? Upper(read) : read, row, batch, errors);
        var isGood = errors.Count == told;
        errors.Observe(told, (traits & TextTraits.Unseen) != 0 ? CellText.Show(cell) : cell);
        if (isGood && (traits & (TextTraits.Blank | TextTraits.Unseen)) == TextTraits.Blank)
            Fail(errors, row, ProblemCatalogue.InvisibleRemoved, CellText.Show(cell), "");
        if (isGood && (traits & (TextTraits.Width | TextTraits.Guard)) == TextTraits.Width)
            Fail(errors, row, ProblemCatalogue.FullWidthRead, cell, "");
    }

    private void Tell(TextTraits traits, ReadOnlySpan<byte> cell, ReadOnlySpan<byte> read, int row, RowErrors errors)
    {
        if ((traits & (TextTraits.Unseen | TextTraits.Order)) != 0)
            Fail(errors, row, (traits & TextTraits.Order) != 0 ? ProblemCatalogue.DirectionMark
                : ProblemCatalogue.InvisibleRemoved,
                CellText.Show(cell), "");

        if ((traits & TextTraits.Lost) != 0)
            Fail(errors, row, ProblemCatalogue.CharacterLost, cell, "“�”是丢失的字");
        if ((traits & TextTraits.Guard) != 0)
            Fail(errors, row, ProblemCatalogue.GuardRemoved, cell, ReadAs(read));
        if ((traits & TextTraits.Form) != 0)
            Fail(errors, row, ProblemCatalogue.FormRead, cell, ReadAs(read));
        if ((traits & TextTraits.PrivateUse) != 0)
            Fail(errors, row, ProblemCatalogue.PrivateUseCharacter, CellText.Show(cell), "");
    }

    /// <summary>What the cell was read as; a personal one is not shown.</summary>
    private string ReadAs(ReadOnlySpan<byte> read) => _field.Sensitivity != Sensitivity.Internal
        || read.Length > RowErrors.ObservedCharactersMax * 4
        ? "" : $"{Encoding.UTF8.GetString(read)}（已按此读取）";

    private ReadOnlySpan<byte> Upper(ReadOnlySpan<byte> cell)
    {
        if (!cell.ContainsAnyInRange((byte)'a', (byte)'z') || cell.Length > _scratch.Length)
            return cell;
        cell.CopyTo(_scratch);
        var copy = _scratch.AsSpan(0, cell.Length);
        foreach (ref var character in copy)
            if (character is >= (byte)'a' and <= (byte)'z')
                character -= 32;
        return copy;
    }

    private void Put(ReadOnlySpan<byte> cell, int row, RowBatch batch, RowErrors errors)
    {
        var column = batch.Column(_index);
        // A name may begin with the sign; one in ASCII throughout computes.
        if (cell[0] == '=' && cell.Length > 1 && (_form != TextForm.Prose || Ascii.IsValid(cell)))
        {
            column.SetNull(batch.RowCount);
            Fail(errors, row, ProblemCatalogue.FormulaUncalculated, cell, "");
            return;
        }
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
            case FieldKind.Quarter:
                Quarter(cell, row, column, batch.RowCount, errors);
                break;
            default:
                PutText(cell, row, column, batch.RowCount, errors);
                break;
        }
    }

    public void Blank(int row, RowBatch batch, RowErrors errors)
    {
        batch.Column(_index).SetNull(batch.RowCount);
        if (_requiredPlain)
            errors.Add(row, _index, ProblemCatalogue.CellMissing, Disposition.RejectRow, [], "");
    }

    /// <summary>The cell cannot be taken, whatever stands in it.</summary>
    public void Refuse(int row, RowBatch batch, RowErrors errors, (ProblemKind Kind, string Expected) reason)
    {
        batch.Column(_index).SetNull(batch.RowCount);
        Fail(errors, row, reason.Kind, [], reason.Expected);
    }

    private void Fail(RowErrors errors, int row, ProblemKind kind, ReadOnlySpan<byte> cell, string expected) =>
        errors.Add(row, _index, kind, kind.Disposition, cell, expected);

    /// <summary>A word for nothing: blank where the column may be blank, and told either way.</summary>
    private void Nothing(ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot, RowErrors errors)
    {
        column.SetNull(slot);
        Fail(errors, row, _requiredPlain ? ProblemCatalogue.NothingRequired : ProblemCatalogue.NothingRead, cell, "");
    }

    private void PutText(ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot, RowErrors errors)
    {
        if (_isFree && (NothingWords.IsNothing(cell)
            || (cell[0] == '0' && _prose != ProseKind.Other && FillerCode.IsOnly(cell, (byte)'0'))))
        {
            Nothing(cell, row, column, slot, errors);
            return;
        }
        if (_prose == ProseKind.Name && cell[0] < 0x80 && CellText.IsNumberForName(cell))
            Fail(errors, row, ProblemCatalogue.NameIsNumber, [], "");
        if (_form == TextForm.Code && CellText.IsWholeNumber(cell, out var whole) && (_pattern is null
            || !Matches(cell)))
        {
            var isCut = whole.Length > NumberCellDigits;
            Fail(errors, row, isCut ? ProblemCatalogue.ScientificNotation : ProblemCatalogue.CodeFromNumber, cell, isCut
                ? "" : ReadAs(whole));
            cell = whole;
            column.SetText(slot, whole);
            if (isCut)
                return;
        }
        var told = errors.Count;
        var isSomebody = Text(cell, row, errors);
        if (errors.Count > told && !_isFree && NothingWords.IsNothing(cell))
        {
            errors.TakeBack(told);
            Nothing(cell, row, column, slot, errors);
        }
        else if (isSomebody)
            column.SetText(slot, cell);
        else
            column.SetNull(slot);
    }

    /// <summary>False: a code that names nobody in a column that may be blank.</summary>
    private bool Text(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        var tooLong = cell.Length > _field.LengthMax && CellText.CountCharacters(cell) > _field.LengthMax;
        var tooShort = _field.LengthMin > 0 && CellText.CountCharacters(cell) < _field.LengthMin;
        if (cell[0] <= '9' && CellText.IsScientific(cell))
            Fail(errors, row, ProblemCatalogue.ScientificNotation, cell, "");
        else if (_field.LengthMax > 0 && cell.Length > _field.LengthMax * AbsurdLengthFactor)
            WrongLength(cell, row, errors);
        else if (_field.Check != FieldCheck.None)
            return _identifier.Check(_field.Check, cell, row, errors, tooLong || tooShort);
        else if (tooLong || tooShort)
            WrongLength(cell, row, errors);
        else if (_codes.Length > 0 && Array.IndexOf(_codes, Pack(cell)) < 0)
            UnknownCode(cell, row, errors);
        else if (_pattern is not null && !Matches(cell))
            NotOfPattern(cell, row, errors);
        else if (_isKey)
            return _identifier.CheckKey(cell, row, errors);
        return true;
    }

    /// <summary>A foreign letter is told of by its place; what else does not fit, by the pattern.</summary>
    private void NotOfPattern(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        var foreign = Ascii.IsValid(_field.Pattern) && IdentifierCheck.IsMeantAsCode(cell)
            ? LookAlikeLetters.Explain(cell) : "";
        Fail(errors, row, foreign.Length > 0 ? ProblemCatalogue.CodeForeignLetter
            : ProblemCatalogue.PatternMismatch, cell,
            foreign.Length > 0 ? foreign : _expected);
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
        foreach (var listed in _field.Codes)
            if (LookAlikeLetters.Difference(cell, listed.Code) is { Length: > 0 } misread)
            {
                errors.Add(row, _index, ProblemCatalogue.CodeForeignLetter, _field.CodesOpen ? Disposition.Warn
                    : Disposition.RejectRow, cell, misread);
                return;
            }
        Fail(errors, row, _field.CodesOpen ? ProblemCatalogue.CodeUnlisted : ProblemCatalogue.CodeUnknown, cell,
            _expected);
    }

    private void WrongLength(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (!IsNameOfCode(cell, row, errors))
            Fail(errors, row, ProblemCatalogue.CellLength, cell, _expectedLength);
    }

    /// <summary>一般工商业, 200 一般工商业 or 200-一般工商业 where 200 is wanted: says which code it is.</summary>
    private bool IsNameOfCode(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (_field.Codes.Length == 0 || cell.Length > NameBytesMax)
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
    public void CheckDocument(ReadOnlySpan<byte> type, int row, RowBatch batch, RowErrors errors)
    {
        var column = batch.Column(_index);
        var cell = column.Text(batch.RowCount);
        var check = type.SequenceEqual("201"u8) ? FieldCheck.CitizenId : type.SequenceEqual("101"u8) ? FieldCheck.Uscc
            : FieldCheck.None;
        if (check != FieldCheck.None && !CellText.IsScientific(cell)
            && !_identifier.Check(check, cell, row, errors, false))
            column.SetNull(batch.RowCount);
    }

    private void Number(ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot, RowErrors errors)
    {
        column.SetNull(slot);
        var outcome = TryReadNumber(cell, _field.Precision, _field.Scale, out var value);
        if (outcome is { } kind)
        {
            if (NothingWords.IsNothing(cell))
                Nothing(cell, row, column, slot, errors);
            else
                Fail(errors, row, kind, cell, _expected);
            return;
        }
        PutNumber(value, cell, row, column, slot, errors);
    }

    private void PutNumber(long value, ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot,
        RowErrors errors)
    {
        if (value < _min || value > _max)
        {
            var reject = _field.RangeDisposition == Disposition.RejectRow;
            Fail(errors, row, reject ? ProblemCatalogue.OutOfRange
                : ProblemCatalogue.RangeDoubtful, cell, _expectedRange);
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
}
