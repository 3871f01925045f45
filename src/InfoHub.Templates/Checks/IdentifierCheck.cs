using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>
/// The checks of one column that know the standard behind an identifier. First what can be no such code whatever its
/// check digit says: letters of another alphabet, fillers, a person's number in a firm's place and the other way round.
/// </summary>
internal sealed class IdentifierCheck(Field field, int index)
{
    private static readonly string[] AsciiTexts = [.. Enumerable.Range(0, 128).Select(i => ((char)i).ToString())];

    private static readonly string[] PositionTexts = [.. Enumerable.Range(1, Uscc.Length).Select(i =>
        $"第 {i} 位不是 0-9 或 A-Z（I、O、S、V、Z 除外）")];

    private readonly bool _mayBeBlank = field is not { Required: true, RequiredUnless.Length: 0 };

    private readonly string _expectedLength = field.LengthMin == field.LengthMax ? $"{field.LengthMax}"
        : $"{Math.Max(field.LengthMin, 1)}～{field.LengthMax}";

    /// <summary>Checks a cell in its canonical form, upper case.</summary>
    /// <returns>False when it identifies nobody and may be blank: then it is.</returns>
    public bool Check(FieldCheck check, ReadOnlySpan<byte> cell, int row, RowErrors errors, bool isWrongLength)
    {
        if (check != FieldCheck.DocumentByType && !Ascii.IsValid(cell) && IsMeantAsCode(cell))
            Fail(errors, row, OfForeign(check, cell), cell, LookAlikeLetters.Explain(cell));
        else if (check is not (FieldCheck.Industry or FieldCheck.DocumentByType) && FillerCode.Is(cell))
            return FailForGood(errors, row, ProblemCatalogue.CodeFiller, cell, "");
        else
            return CheckStandard(check, cell, row, errors, isWrongLength);
        return true;
    }

    /// <summary>A key or a code without a standard: only what can be none.</summary>
    /// <returns>As <see cref="Check"/>.</returns>
    public bool CheckKey(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (FillerCode.IsKey(cell))
            return FailForGood(errors, row, ProblemCatalogue.CodeFiller, cell, "");
        if (!Ascii.IsValid(cell) && HoldsLookAlike(cell))
            Fail(errors, row, ProblemCatalogue.CodeForeignLetter, cell, LookAlikeLetters.Explain(cell));
        return true;
    }

    /// <summary>More than half of it is ASCII: not the name of something in place of its code.</summary>
    internal static bool IsMeantAsCode(ReadOnlySpan<byte> cell)
    {
        var ascii = 0;
        foreach (var unit in cell)
            ascii += unit < 0x80 ? 1 : 0;
        return ascii * 2 > CellText.CountCharacters(cell);
    }

    /// <summary>A letter that looks like a Latin one; a Chinese character in a key of a department's own is its
    /// affair.</summary>
    private static bool HoldsLookAlike(ReadOnlySpan<byte> cell)
    {
        var others = false;
        while (cell.Length > 0)
        {
            _ = Rune.DecodeFromUtf8(cell, out var rune, out var length);
            if (!rune.IsAscii && LookAlikeLetters.LikenessOf(rune) == '\0')
                return false;
            others |= !rune.IsAscii;
            cell = cell[length..];
        }
        return others;
    }

    private bool CheckStandard(FieldCheck check, ReadOnlySpan<byte> cell, int row, RowErrors errors, bool isWrongLength)
    {
        switch (check)
        {
            case FieldCheck.Uscc:
                return CheckUscc(cell, row, errors);
            case FieldCheck.CitizenId:
                return CheckCitizenId(cell, row, errors);
            case FieldCheck.OrganisationCode when !OrganisationCode.IsValid(cell):
                if (!FailedForZeros(OrganisationCode.Length, c => OrganisationCode.IsValid(c), cell, row, errors))
                    Fail(errors, row, ProblemCatalogue.OrganisationCodeCheck, cell, "");
                break;
            case FieldCheck.RegistrationNumber when !RegistrationNumber.IsValid(cell):
                Fail(errors, row, ProblemCatalogue.RegistrationNumberCheck, cell, "");
                break;
            case FieldCheck.TaxpayerNumber:
                return CheckTaxpayerNumber(cell, row, errors, isWrongLength);
            case FieldCheck.Division or FieldCheck.Town:
                CheckDivision(check == FieldCheck.Division ? 6 : 9, cell, row, errors);
                break;
            case FieldCheck.Industry when !IsIndustry(cell):
                if (!FailedForZeros(4, IsAgriculture, cell, row, errors))
                    Fail(errors, row, ProblemCatalogue.IndustryForm, cell, "");
                break;
            case FieldCheck.UsccOrCitizenId:
                return CheckEither(cell, row, errors);
            case FieldCheck.DocumentByType when isWrongLength:
                errors.Add(row, index, ProblemCatalogue.CellLength, Disposition.RejectRow, cell, _expectedLength);
                break;
        }
        return true;
    }

    /// <summary>As the template disposes, never more than the catalogue.</summary>
    private void Fail(RowErrors errors, int row, ProblemKind kind, ReadOnlySpan<byte> cell, string expected) =>
        errors.Add(row, index, kind, kind.Disposition == Disposition.Warn ? Disposition.Warn
            : field.CheckDisposition, cell, expected);

    /// <summary>It can be no such code: told of and left out where the column may be blank.</summary>
    private bool FailForGood(RowErrors errors, int row, ProblemKind kind, ReadOnlySpan<byte> cell, string expected)
    {
        errors.Add(row, index, kind, _mayBeBlank ? Disposition.Warn : field.CheckDisposition, cell, expected);
        return !_mayBeBlank;
    }

    /// <summary>17 digits and a letter were to be an identity number.</summary>
    private static ProblemKind OfForeign(FieldCheck check, ReadOnlySpan<byte> cell) => check switch
    {
        FieldCheck.Uscc => ProblemCatalogue.UsccCharacter,
        FieldCheck.CitizenId => ProblemCatalogue.CitizenIdForm,
        FieldCheck.UsccOrCitizenId => cell.Length > CitizenId.Length
            && CitizenId.AllDigits(cell[..(CitizenId.Length - 1)])
            ? ProblemCatalogue.CitizenIdForm : ProblemCatalogue.UsccCharacter,
        _ => ProblemCatalogue.CodeForeignLetter,
    };

    private bool CheckUscc(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (CitizenId.HasForm(cell) && !Uscc.IsValid(cell))
            return FailForGood(errors, row, ProblemCatalogue.CitizenIdInUscc, cell, "");
        if (cell.Length != Uscc.Length || !Ascii.IsValid(cell))
        {
            Fail(errors, row, ProblemCatalogue.UsccLength, cell, "18");
            return true;
        }
        var foreign = Uscc.FirstForeignCharacter(cell);
        if (foreign >= 0)
        {
            Fail(errors, row, ProblemCatalogue.UsccCharacter, cell, PositionTexts[foreign]);
            return true;
        }
        var check = Uscc.CheckCharacter(cell);
        if (check != cell[17])
            Fail(errors, row, ProblemCatalogue.UsccCheckDigit, cell, AsciiTexts[check]);
        else if (!Uscc.IsPossible(cell))
            return FailForGood(errors, row, ProblemCatalogue.CodeImpossible, cell, WhyImpossible(cell));
        else if (!Uscc.HasValidInnerCode(cell))
            Fail(errors, row, ProblemCatalogue.UsccInnerCode, cell, "");
        else if (!Division.IsProvince(cell[2..]))
            Fail(errors, row, ProblemCatalogue.DivisionUnknown, cell, "");
        return true;
    }

    private static string WhyImpossible(ReadOnlySpan<byte> cell) => Uscc.HasDepartment(cell)
        ? "第 9～16 位（组织机构代码）不会是同一个字符或连续数字"
        : $"没有“{Encoding.ASCII.GetString(cell[..2])}”开头的登记管理部门和机构类别，企业为 91、个体工商户为 92";

    private bool CheckCitizenId(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (!CitizenId.HasForm(cell) && Uscc.IsValid(cell))
            return FailForGood(errors, row, ProblemCatalogue.UsccInCitizenId, cell, "");
        if (!CitizenId.HasForm(cell))
            Fail(errors, row, ProblemCatalogue.CitizenIdForm, cell,
                cell.Length == CitizenId.Length ? LookAlikeLetters.OfDigits(cell[..^1]) : "");
        else if (!CitizenId.IsValid(cell))
            Fail(errors, row, ProblemCatalogue.CitizenIdCheckDigit, cell, "");
        return true;
    }

    private bool CheckEither(ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (CitizenId.HasForm(cell) && !Uscc.IsValid(cell))
            return CheckCitizenId(cell, row, errors);
        if (cell.Length == Uscc.Length)
            return CheckUscc(cell, row, errors);
        Fail(errors, row, ProblemCatalogue.CodeFormDoubtful, cell, "");
        return true;
    }

    private bool CheckTaxpayerNumber(ReadOnlySpan<byte> cell, int row, RowErrors errors, bool isWrongLength)
    {
        if (isWrongLength)
            errors.Add(row, index, ProblemCatalogue.CellLength, Disposition.RejectRow, cell, _expectedLength);
        else if (cell.Length == CitizenId.Length && CitizenId.IsValid(cell))
            Fail(errors, row, ProblemCatalogue.TaxpayerNumberForm, cell, "");
        else if (TaxpayerNumber.FormOf(cell) == TaxpayerNumberForm.Uscc)
            return CheckUscc(TaxpayerNumber.WithoutPrefix(cell), row, errors);
        else if (TaxpayerNumber.FormOf(cell) == TaxpayerNumberForm.Other)
            Fail(errors, row, ProblemCatalogue.TaxpayerNumberForm, cell, "");
        return true;
    }

    private void CheckDivision(int digits, ReadOnlySpan<byte> cell, int row, RowErrors errors)
    {
        if (cell.Length == digits && LookAlikeLetters.OfDigits(cell) is { Length: > 0 } misread)
            Fail(errors, row, ProblemCatalogue.CodeForeignLetter, cell, misread);
        else if (cell.Length != digits || !CitizenId.AllDigits(cell))
            Fail(errors, row, ProblemCatalogue.DivisionForm, cell, digits == 6 ? "6" : "9");
        else if (!Division.IsProvince(cell))
            Fail(errors, row, ProblemCatalogue.DivisionUnknown, cell,
                cell[0] == '0' ? "省级代码为 11～83，不以 0 开头：多半是在表格里当作数字，丢了一位又补了 0" : "");
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
        errors.Add(row, index, ProblemCatalogue.LeadingZerosLost, Disposition.RejectRow, cell,
            Encoding.ASCII.GetString(padded));
        return true;
    }

    /// <summary>Classes 0111 to 0549 are the only ones that begin with a zero.</summary>
    private static bool IsAgriculture(byte[] code) => code[0] == '0' && code[1] is >= (byte)'1' and <= (byte)'5';

    private static bool IsIndustry(ReadOnlySpan<byte> cell) => cell.Length switch
    {
        5 => cell[0] is >= (byte)'A' and <= (byte)'T' && CitizenId.AllDigits(cell[1..]),
        4 => CitizenId.AllDigits(cell),
        _ => false,
    };
}
