using System.Text;
using System.Xml;

namespace InfoHub.Templates.Workbooks;

internal enum CellType
{
    Number = 0,
    Text,
    Bool,
    Error,
    IsoDate,
}

/// <summary>One cell that is not blank.</summary>
/// <param name="Column">From 0.</param>
/// <param name="Value">As it is stored: a number in the file's own digits, a text as it reads.</param>
/// <param name="Style">Names the number format.</param>
internal readonly record struct SheetCell(int Column, CellType Type, string Value, int Style)
{
    /// <summary>A formula without a result, or whose result the workbook itself does not vouch for.</summary>
    public bool IsUncalculated { get; init; }

    public bool IsFormula { get; init; }

    /// <summary>Computed from another workbook.</summary>
    public bool IsForeign { get; init; }

    /// <summary>The merged range it belongs to, of more than one cell; null for a cell that stands alone.</summary>
    public CellRange? Merge { get; init; }
}

/// <summary>Rows from 1, columns from 0, both ends inclusive.</summary>
internal sealed record CellRange(int FirstRow, int FirstColumn, int LastRow, int LastColumn);

/// <summary>
/// The rows of a sheet in order, and what the sheet says of itself around them. A cell that is written without a place
/// is the next one; cells of a row may stand in any order.
/// </summary>
internal sealed class SheetRows(XmlReader xml, WorkbookIndex book, SharedStrings strings)
{
    public const int ColumnsMax = 16_384;
    public const int RowsMax = 1_048_576;
    private const int MergesMax = 1 << 20;
    private const int HiddenMax = 4096;

    private readonly List<SheetCell> _cells = [];
    private readonly StringBuilder _value = new();
    private readonly StringBuilder _formula = new();
    private readonly List<CellRange> _spilled = [];
    private readonly HashSet<string> _foreignShared = new(StringComparer.Ordinal);
    private readonly List<(int First, int Last)> _hiddenColumns = [];
    private readonly List<CellRange> _merges = [];
    private int _row;
    private bool _inOrder;

    /// <summary>The row's cells that are not blank, by column; valid until the next row.</summary>
    public List<SheetCell> Cells => _cells;

    public bool RowIsHidden { get; private set; }

    /// <summary>Some rows may be hidden because a filter leaves them out. Known at the end.</summary>
    public bool HasFilter { get; private set; }

    /// <summary>Known at the end.</summary>
    public IReadOnlyList<CellRange> Merges => _merges;

    public bool IsColumnHidden(int column) => _hiddenColumns.Exists(h => column >= h.First && column <= h.Last);

    /// <param name="row">1-based, as the spreadsheet counts; rows that are not written are blank.</param>
    public bool Read(out int row)
    {
        row = 0;
        while (XmlText.ReadNode(xml))
        {
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            switch (xml.LocalName)
            {
                case "row":
                    BeginRow();
                    row = _row;
                    if (!xml.IsEmptyElement)
                        ReadCells();
                    return true;
                case "col":
                    AddColumns();
                    break;
                case "mergeCell":
                    AddMerge();
                    break;
                case "autoFilter" or "filterColumn":
                    HasFilter = true;
                    break;
            }
        }
        return false;
    }

    private void BeginRow()
    {
        var number = XmlText.Number(xml, "r", _row + 1);
        if (number > RowsMax)
            throw new WorkbookDamageException($"有第 {number} 行，而表格最多 {RowsMax} 行");
        if (number <= _row)
            throw new WorkbookDamageException($"第 {number} 行写在第 {_row} 行后面");
        _row = number;
        RowIsHidden = XmlText.Flag(xml, "hidden")
            || (xml.GetAttribute("ht") is { } height && height.AsSpan().Trim().TrimStart("0.").IsEmpty);
        _cells.Clear();
        _inOrder = true;
        _spilled.RemoveAll(range => range.LastRow < _row);
    }

    private void AddColumns()
    {
        var hidden = XmlText.Flag(xml, "hidden")
            || (xml.GetAttribute("width") is { } width && width.AsSpan().Trim().TrimStart("0.").IsEmpty);
        if (hidden && _hiddenColumns.Count < HiddenMax)
            _hiddenColumns.Add((XmlText.Number(xml, "min", 1) - 1, XmlText.Number(xml, "max", ColumnsMax) - 1));
    }

    private void AddMerge()
    {
        if (CellPlace.Range(xml.GetAttribute("ref") ?? "") is not { } range)
            throw new WorkbookDamageException("合并单元格的范围写得不对");
        if (_merges.Count == MergesMax)
            throw WorkbookParts.TooLarge("合并单元格数", $"{MergesMax} 处");
        if (range.LastRow > range.FirstRow || range.LastColumn > range.FirstColumn)
            _merges.Add(range);
    }

    private void ReadCells()
    {
        var next = 0;
        while (XmlText.ReadNode(xml) && !(xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "row"))
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "c")
                continue;
            var column = next;
            if (xml.GetAttribute("r") is { } place)
            {
                if (!CellPlace.TryRead(place, out column, out var row) || row != _row)
                    throw new WorkbookDamageException($"第 {_row} 行里的单元格位置写得不对");
            }
            if (column >= ColumnsMax)
                throw new WorkbookDamageException($"第 {_row} 行的列数超过 {ColumnsMax}");
            _inOrder &= column >= next;
            next = column + 1;
            if (ReadCell(column) is { } cell)
                _cells.Add(cell);
        }
        if (_inOrder)
            return;
        _cells.Sort((a, b) => a.Column.CompareTo(b.Column));
        for (var i = 1; i < _cells.Count; i++)
            if (_cells[i].Column == _cells[i - 1].Column)
                throw new WorkbookDamageException($"第 {_row} 行有两个单元格在同一位置");
    }

    private SheetCell? ReadCell(int column)
    {
        var type = xml.GetAttribute("t") ?? "n";
        var style = XmlText.Number(xml, "s", 0);
        if (xml.IsEmptyElement)
            return null;
        _value.Clear();
        var (hasFormula, isForeign, isText) = (false, false, false);
        var depth = xml.Depth;
        while (XmlText.ReadNode(xml) && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "v" && !isText)
                XmlText.Append(xml, _value);
            else if (xml.LocalName == "is")
            {
                _value.Clear();
                XmlText.AppendRuns(xml, _value);
                isText = true;
            }
            else if (xml.LocalName == "f")
                (hasFormula, isForeign) = (true, ReadFormula(column));
        }
        var isFormula = hasFormula || IsSpilled(column);
        if (_value.Length == 0)
            return isFormula && (type != "str" || book.IsToBeCalculated)
                ? new SheetCell(column, CellType.Text, "", style) { IsFormula = true, IsUncalculated = true } : null;
        return (isText ? new SheetCell(column, CellType.Text, XmlText.Unescape(_value.ToString()), style)
            : Typed(column, type, style)) with
        {
            IsFormula = isFormula, IsUncalculated = isFormula && book.IsToBeCalculated, IsForeign = isForeign,
        };
    }

    private SheetCell Typed(int column, string type, int style)
    {
        var value = _value.ToString();
        return type switch
        {
            "s" => new SheetCell(column, CellType.Text, strings[IndexOf(value)], style),
            "str" or "inlineStr" => new SheetCell(column, CellType.Text, XmlText.Unescape(value), style),
            "b" => new SheetCell(column, CellType.Bool, value.Trim(), style),
            "e" => new SheetCell(column, CellType.Error, value.Trim(), style),
            "d" => new SheetCell(column, CellType.IsoDate, value, style),
            _ => new SheetCell(column, CellType.Number, value.Trim(), style),
        };
    }

    private int IndexOf(string value) => int.TryParse(value, System.Globalization.NumberStyles.AllowLeadingWhite
        | System.Globalization.NumberStyles.AllowTrailingWhite, System.Globalization.CultureInfo.InvariantCulture,
        out var index) ? index : throw new WorkbookDamageException($"第 {_row} 行有单元格引用共享字符串，却不是按编号");

    /// <summary>Reads the formula as far as it tells where its result comes from and where else it stands.</summary>
    private bool ReadFormula(int column)
    {
        var shared = xml.GetAttribute("si") ?? "";
        if (book.IsToBeCalculated && xml.GetAttribute("t") is "array" or "dataTable"
            && CellPlace.Range(xml.GetAttribute("ref") ?? "") is { } range)
            _spilled.Add(range);
        if (!book.HasExternalLinks)
            return false;
        _formula.Clear();
        XmlText.Append(xml, _formula);
        if (!NamesWorkbook(_formula.ToString()))
            return _formula.Length == 0 && _foreignShared.Contains(shared);
        if (shared.Length > 0)
            _foreignShared.Add(shared);
        return true;
    }

    /// <summary>[1]Sheet1!A1: a number in brackets is another workbook.</summary>
    private static bool NamesWorkbook(string formula)
    {
        for (var at = formula.IndexOf('[', StringComparison.Ordinal); at >= 0;
            at = formula.IndexOf('[', at + 1))
            if (at + 2 < formula.Length && char.IsAsciiDigit(formula[at + 1])
                && formula.AsSpan(at + 1).TrimStart("0123456789").StartsWith("]"))
                return true;
        return false;
    }

    /// <summary>Too many at once to look through: then any cell may be one.</summary>
    private bool IsSpilled(int column)
    {
        const int lookedThrough = 64;
        return _spilled.Count > lookedThrough
            || _spilled.Exists(r => column >= r.FirstColumn && column <= r.LastColumn && _row >= r.FirstRow);
    }
}

/// <summary>Places as a spreadsheet writes them: A1, B2:C30.</summary>
internal static class CellPlace
{
    public static bool TryRead(ReadOnlySpan<char> place, out int column, out int row)
    {
        (column, row) = (0, 0);
        var i = 0;
        for (; i < place.Length && char.IsAsciiLetter(place[i]) && column <= SheetRows.ColumnsMax; i++)
            column = (column * 26) + (place[i] | 0x20) - 'a' + 1;
        column--;
        return i > 0 && int.TryParse(place[i..], System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out row) && row > 0;
    }

    public static CellRange? Range(string reference)
    {
        var text = reference.Replace("$", "", StringComparison.Ordinal);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (from, to) = colon < 0 ? (text, text) : (text[..colon], text[(colon + 1)..]);
        return TryRead(from, out var firstColumn, out var firstRow) && TryRead(to, out var lastColumn, out var lastRow)
            ? new CellRange(Math.Min(firstRow, lastRow), Math.Min(firstColumn, lastColumn),
                Math.Max(firstRow, lastRow), Math.Max(firstColumn, lastColumn)) : null;
    }

    /// <summary>0 is A, 27 is AB.</summary>
    public static string Letters(int column)
    {
        var letters = "";
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26)
            letters = (char)('A' + ((rest - 1) % 26)) + letters;
        return letters;
    }
}
