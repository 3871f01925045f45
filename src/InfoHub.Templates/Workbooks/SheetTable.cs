using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;

namespace InfoHub.Templates.Workbooks;

/// <summary>A row that is no part of a table, as text.</summary>
internal sealed record LooseRow(int Row, IReadOnlyList<(int Column, string Text)> Cells);

/// <summary>What one sheet came to.</summary>
internal sealed class SheetReading(WorkbookSheet sheet)
{
    public WorkbookSheet Sheet { get; } = sheet;

    /// <summary>Null when no row of the sheet is the template's header.</summary>
    public SheetHeader? Header { get; set; }

    /// <summary>It has the template's header, but in other columns than the sheet before it.</summary>
    public bool Differs { get; set; }

    /// <summary>Columns of the template on the row that names most of them.</summary>
    public int TitlesFound { get; set; }

    /// <summary>Where <see cref="TitlesFound"/> is, among <see cref="Loose"/>.</summary>
    public int TitlesAt { get; set; }

    /// <summary>Rows with something on them.</summary>
    public int Rows { get; set; }

    /// <summary>The first rows, where no header is found.</summary>
    public List<LooseRow> Loose { get; } = [];

    public SheetFindings Findings { get; set; } = new(0);

    /// <summary>What makes row numbers of the file out of the sheet's.</summary>
    public int Offset { get; set; }

    public IReadOnlyList<CellRange> Merges { get; set; } = [];

    public bool HasFilter { get; set; }

    /// <summary>Indices of the header's columns that are hidden.</summary>
    public int[] HiddenColumns { get; set; } = [];

    public bool HasTable => Header is not null;

    /// <summary>
    /// No header, but rows that would be data under the other sheet's: every column that has to be a number or a date
    /// has digits.
    /// </summary>
    public bool ContinuesWithoutHeader(SheetHeader header)
    {
        var wanted = Enumerable.Range(0, header.Fields.Length).Where(i => header.Fields[i] is
        {
            Required: true, Kind: FieldKind.Number or FieldKind.Date or FieldKind.Month or FieldKind.Year,
        }).Select(header.ColumnOf).ToArray();
        return wanted.Length > 0 && Loose.Exists(row => row.Cells.Count >= header.Titles.Length / 2
            && wanted.All(column => row.Cells.Any(c => c.Column == column && c.Text.Any(char.IsAsciiDigit))));
    }
}

/// <summary>
/// Finds the table on one sheet and writes its rows under the columns of the file's first header. Blank rows are
/// written as blank lines, so that rows keep their distance.
/// </summary>
internal sealed class SheetTable(Template template, WorkbookCells cells, CsvWriter csv)
{
    /// <summary>A header lies among the first rows with something on them.</summary>
    private const int HeaderRowsMax = 50;

    /// <summary>No title is longer.</summary>
    private const int TextCharactersMax = 1000;

    private HashSet<string> _titles = [];
    private int[] _map = [];
    private string[] _line = [];

    /// <param name="joins">The header whose columns the rows are written under; null: the sheet's own, written
    /// first.</param>
    /// <param name="merges">Null: merged ranges are looked at by <see cref="SheetReading.Merges"/> only.</param>
    public SheetReading Read(WorkbookSheet sheet, SheetRows rows, SheetHeader? joins, SheetMerges? merges)
    {
        var reading = new SheetReading(sheet);
        SheetHeader? header = null;
        var (looked, last) = (0, 0);
        while (rows.Read(out var row))
        {
            merges?.Fill(row, rows.Cells);
            if (rows.Cells.Count == 0)
                continue;
            reading.Rows++;
            if (header is null && looked++ < HeaderRowsMax && !TryBegin(reading, row, rows, joins))
                continue;
            if (header is null && reading.Header is null)
                continue;
            if (header is null)
            {
                (header, last) = (reading.Header, row);
                continue;
            }
            if (IsHeaderAgain(rows.Cells, row, header, joins ?? reading.Header!) is { } again)
            {
                header = again;
                reading.Findings.Headers.Add(row);
                continue;
            }
            for (; last + 1 < row; last++)
                csv.EndRow();
            Write(reading.Findings, header, row, rows);
            last = row;
        }
        if (reading.Header is { } found)
            reading.HiddenColumns = [.. Enumerable.Range(0, found.Titles.Length)
                .Where(i => rows.IsColumnHidden(found.ColumnOf(i)))];
        (reading.Merges, reading.HasFilter) = ([.. rows.Merges], rows.HasFilter);
        return reading;
    }

    /// <summary>True when the row is the header. Its columns have to be those of the table it joins.</summary>
    private bool TryBegin(SheetReading reading, int row, SheetRows rows, SheetHeader? joins)
    {
        var texts = Texts(rows.Cells);
        var header = SheetHeader.Read(template, row, texts, out var found);
        if (found > reading.TitlesFound)
            (reading.TitlesFound, reading.TitlesAt) = (found, reading.Loose.Count);
        if (header is null)
        {
            reading.Loose.Add(new LooseRow(row, texts));
            return false;
        }
        reading.Header = header;
        if (joins is null)
            Begin(header);
        else if (header.In(joins) is { } map)
            _map = map;
        else
        {
            (reading.Header, reading.Differs) = (null, true);
            reading.Loose.Add(new LooseRow(row, texts));
            return false;
        }
        _line = new string[(joins ?? header).Titles.Length];
        _titles = header.Titles.ToHashSet(StringComparer.OrdinalIgnoreCase);
        reading.Findings = new SheetFindings(_line.Length);
        reading.Offset = csv.DataRows - row;
        return true;
    }

    private void Begin(SheetHeader header)
    {
        for (var line = 1; line < header.Row; line++)
            csv.EndRow();
        csv.Row(header.Titles);
        csv.BeginData();
        _map = [.. Enumerable.Range(0, header.Titles.Length)];
    }

    private List<(int Column, string Text)> Texts(List<SheetCell> row)
    {
        var texts = new List<(int Column, string Text)>();
        foreach (var cell in row)
            if (texts.Count <= HeaderSearch.CellsMax && cells.Text(cell, null).Trim() is { Length: > 0 } text)
                texts.Add((cell.Column, text.Length > TextCharactersMax ? text[..TextCharactersMax] : text));
        return texts;
    }

    /// <summary>The header once more, for a page or a second block: its columns may stand elsewhere there.</summary>
    private SheetHeader? IsHeaderAgain(List<SheetCell> row, int number, SheetHeader header, SheetHeader columns)
    {
        if (row[0].Type != CellType.Text || !_titles.Contains(row[0].Value.Trim())
            || SheetHeader.Read(template, number, Texts(row), out _) is not { } again
            || again.In(columns) is not { } map)
            return null;
        _map = map;
        return again;
    }

    private void Write(SheetFindings findings, SheetHeader header, int row, SheetRows rows)
    {
        Array.Fill(_line, "");
        var isBlank = true;
        foreach (var cell in rows.Cells)
            if (header.IndexOf(cell.Column) is >= 0 and var index)
                isBlank &= !TryTake(findings.Columns[_map[index]], header, index, row, cell);
        foreach (var cell in rows.Cells)
        {
            if (header.IndexOf(cell.Column) >= 0 || string.IsNullOrWhiteSpace(cell.Value))
                continue;
            if (isBlank || cell.Column < header.First || cell.Column > header.Last + 1)
                findings.AddOutside(row, cell.Column);
            else
                findings.Nameless.Add(row);
        }
        if (isBlank)
        {
            csv.EndRow();
            return;
        }
        if (rows.RowIsHidden)
            findings.HiddenRows.Add(row);
        findings.Rows++;
        csv.Row(_line);
    }

    /// <summary>False when the cell is blank.</summary>
    private bool TryTake(ColumnFindings column, SheetHeader header, int index, int row, SheetCell cell)
    {
        var field = header.Fields[index];
        var text = cell.IsUncalculated ? "" : cells.Text(cell, field);
        if (string.IsNullOrWhiteSpace(text) && !cell.IsUncalculated)
            return false;
        column.Filled++;
        _line[_map[index]] = text;
        if (cell.IsUncalculated)
            column.Uncalculated.Add(row);
        if (cell.IsFormula)
        {
            column.Formulas.Add(row);
            var isZero = cell.Type == CellType.Number && cell.Value.AsSpan().TrimStart("0.").IsEmpty;
            column.FormulasWithResult += isZero ? 0 : 1;
        }
        if (cell.IsForeign)
            column.Foreign.Add(row);
        if (cell.Merge is { } range)
            TakeMerged(column, header, field, row, cell, range);
        if (cell.Type == CellType.Number)
            cells.Judge(column, field, row, cell);
        if (ColumnFindings.MayBeCode(field) && (cell.Type != CellType.Number || cells.IsBareNumber(cell)))
            column.AddCode(row, cell, text);
        return true;
    }

    /// <summary>
    /// A text or a date holds for every row; of an amount nobody can tell whether it is each row's or that of all
    /// together, nor of a range over several columns which of them it fills.
    /// </summary>
    private static void TakeMerged(
        ColumnFindings column, SheetHeader header, Field? field, int row, SheetCell cell, CellRange range)
    {
        var isWide = false;
        for (var other = range.FirstColumn; other <= Math.Min(range.LastColumn, header.Last); other++)
            isWide |= other != cell.Column && header.IndexOf(other) >= 0;
        var isHidden = cell.Column != range.FirstColumn;
        if (isWide || isHidden)
            column.MergedUnclear.Add(row);
        else if (row > range.FirstRow && field?.Kind == FieldKind.Number)
        {
            column.MergedUnclear.Add(row);
            column.MergedUnclear.Add(Math.Max(range.FirstRow, header.Row + 1));
        }
        else if (row > range.FirstRow)
        {
            column.Merged.Add(row);
            column.Merged.Add(Math.Max(range.FirstRow, header.Row + 1));
        }
    }
}
