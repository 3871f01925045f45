using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;

namespace InfoHub.Templates.Workbooks;

/// <summary>
/// What was noticed of one sheet's table while it was read, by the sheet's own row numbers: per column, and for the
/// sheet as a whole.
/// </summary>
internal sealed class SheetFindings(int columns)
{
    private const int PlacesShown = 8;

    private readonly List<string> _outside = [];

    public ColumnFindings[] Columns { get; } = [.. Enumerable.Range(0, columns).Select(_ => new ColumnFindings())];

    /// <summary>Rows of data.</summary>
    public int Rows { get; set; }

    public RowSet HiddenRows { get; } = new();

    /// <summary>Rows with something in a column without a name.</summary>
    public RowSet Nameless { get; } = new();

    /// <summary>Further headers of the same table, down the sheet.</summary>
    public RowSet Headers { get; } = new();

    public int OutsideCount { get; private set; }

    /// <summary>A cell that belongs to no column of the table.</summary>
    public void AddOutside(int row, int column)
    {
        if (_outside.Count < PlacesShown)
            _outside.Add(CellPlace.Letters(column) + row.ToString(System.Globalization.CultureInfo.InvariantCulture));
        OutsideCount++;
    }

    public string Outside => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{string.Join('、', _outside)}{(OutsideCount > _outside.Count ? " 等" : "")}，共 {OutsideCount} 格");
}

/// <summary>What was noticed of one column.</summary>
internal sealed class ColumnFindings
{
    private const int DigitsMax = 15;

    private readonly RowSet?[] _numbers = new RowSet?[DigitsMax + 1];
    private int _textLength;
    private bool _textLengthsDiffer;
    private int _zeroLedLength;

    /// <summary>Cells with something in them.</summary>
    public int Filled { get; set; }

    public RowSet Uncalculated { get; } = new();

    public RowSet Foreign { get; } = new();

    public RowSet Formulas { get; } = new();

    /// <summary>Formulas with another result than the number 0.</summary>
    public int FormulasWithResult { get; set; }

    /// <summary>Formulas throughout, each 0: a library that does not calculate writes so.</summary>
    public bool IsAllZero => Formulas.Count > 1 && FormulasWithResult + Uncalculated.Count == 0;

    /// <summary>The value of a merged range was read for the row.</summary>
    public RowSet Merged { get; } = new();

    /// <summary>A merged range of which it cannot be told what each row's value is.</summary>
    public RowSet MergedUnclear { get; } = new();

    public RowSet Scaled { get; } = new();

    public RowSet ShownOtherwise { get; } = new();

    /// <summary>Number cells of a text column: some may have lost zeros in front.</summary>
    public RowSet Numbers { get; } = new();

    /// <summary>A text column's cell that may be a code: texts tell how long the codes are.</summary>
    public void AddCode(int row, SheetCell cell, string text)
    {
        if (!WorkbookNumbers.IsDigits(text))
            return;
        if (cell.Type == CellType.Number)
        {
            Numbers.Add(row);
            (_numbers[Math.Min(text.Length, DigitsMax)] ??= new RowSet()).Add(row);
        }
        else
            AddText(text);
    }

    /// <summary>
    /// Number cells with fewer digits than the column's text cells show: than a text with zeros in front, or than all
    /// texts when they have one length.
    /// </summary>
    /// <param name="length">What the texts have.</param>
    public RowSet Shortened(out int length)
    {
        length = Math.Max(_zeroLedLength, _textLengthsDiffer ? 0 : _textLength);
        var rows = new RowSet();
        for (var digits = 0; digits < Math.Min(length, _numbers.Length); digits++)
            if (_numbers[digits] is { } shorter)
                rows.AddAll(shorter, 0);
        return rows;
    }

    /// <summary>Nothing shows how long the codes are.</summary>
    public bool HasNoText => _textLength == 0;

    /// <summary>The texts of another sheet's column tell of this one's numbers too.</summary>
    public void LearnFrom(ColumnFindings other)
    {
        if (other._textLength == 0)
            return;
        _textLengthsDiffer |= other._textLengthsDiffer || (_textLength > 0 && _textLength != other._textLength);
        _textLength = Math.Max(_textLength, other._textLength);
        _zeroLedLength = Math.Max(_zeroLedLength, other._zeroLedLength);
    }

    private void AddText(string text)
    {
        _textLengthsDiffer |= _textLength > 0 && _textLength != text.Length;
        _textLength = Math.Max(_textLength, text.Length);
        if (text[0] == '0' && text.Length > 1)
            _zeroLedLength = Math.Max(_zeroLedLength, text.Length);
    }

    /// <summary>Zeros in front matter: a text without a standard, a list or a length that would show their
    /// loss.</summary>
    public static bool MayBeCode(Field? field) => field is
    {
        Kind: FieldKind.Text, Check: FieldCheck.None, Pattern: null, Codes.Length: 0,
    } && (field.LengthMin != field.LengthMax || field.LengthMax == 0);

    /// <summary>A key that is wrong is another row's, or counts twice.</summary>
    public static bool IsKey(Field field) => field.KeyPosition > 0 || field.Identity
        is IdentityRole.SourceKey or IdentityRole.TaxRegistrationKey or IdentityRole.RegistrationNumber
        or IdentityRole.TaxpayerNumber;
}
