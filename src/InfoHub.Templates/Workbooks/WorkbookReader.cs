using System.Globalization;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Workbooks;

/// <summary>
/// Looks through every sheet of a workbook and reads those with the template's header one after the other, in the
/// workbook's order. Each sheet is read once; a second time when ranges are merged, which it says behind its rows.
/// </summary>
internal sealed class WorkbookReader
{
    private const int SheetsNamed = 20;

    /// <summary>Sheets of whose rows nobody can say that they are this period's.</summary>
    private static readonly string[] NotThisData =
        ["上月", "上年", "上期", "去年", "同期", "备份", "副本", "作废", "旧", "backup", "copy", "old", "(2)", "（2）"];

    /// <summary>Sheets whose rows show how to fill in others.</summary>
    private static readonly string[] Samples = ["示例", "样例", "样表", "范例", "例表", "模板", "说明", "sample", "example"];

    private readonly WorkbookParts _parts;
    private readonly CsvWriter _csv;
    private readonly WorkbookRequest _request;
    private readonly WorkbookIndex _book;
    private readonly SharedStrings _strings;
    private readonly WorkbookCells _cells;
    private readonly WorkbookSheet? _wanted;

    public WorkbookReader(WorkbookParts parts, CsvWriter csv, WorkbookRequest request)
    {
        (_parts, _csv, _request) = (parts, csv, request);
        _book = new WorkbookIndex(parts);
        _wanted = request.Sheet.Length > 0 ? _book.Find(request.Sheet) : null;
        _strings = new SharedStrings(parts, _book.StringsPart);
        _cells = new WorkbookCells(new WorkbookStyles(parts, _book.StylesPart), _book.IsFrom1904);
    }

    /// <exception cref="ProblemException">IH-INT-217, 218, 224, 226.</exception>
    public WorkbookReading Read()
    {
        var (all, read) = (new List<SheetReading>(), new List<SheetReading>());
        foreach (var sheet in _book.Sheets)
        {
            var reading = IsWanted(sheet) ? Read(sheet, read.Count == 0 ? null : read[0].Header)
                : Look(sheet);
            all.Add(reading);
            if (IsWanted(sheet) && reading.HasTable)
                read.Add(reading);
        }
        if (!_book.Sheets.Any(s => s.Part.Length > 0))
            throw _book.Unknown(_request.Sheet);
        var shown = read.Count == 0 ? WriteLoose(all) : null;
        if (read.Count > 0 && _wanted is null)
            RequireClear(all, read);
        return new WorkbookNotices(_parts, _book, read).Of(all, shown);
    }

    private bool IsWanted(WorkbookSheet sheet) => sheet.Part.Length > 0
        && (_wanted is null ? !sheet.IsHidden && !Says(sheet, Samples) : sheet == _wanted);

    private static bool Says(WorkbookSheet sheet, string[] words) =>
        words.Any(word => sheet.Name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private SheetReading Read(WorkbookSheet sheet, SheetHeader? joins)
    {
        var mark = _csv.Mark();
        var reading = Read(sheet, joins, _csv, merges: null);
        if (!reading.Merges.Any(m => MayMatter(m, reading)))
            return reading;
        _csv.Return(mark);
        return Read(sheet, joins, _csv, new SheetMerges(reading.Merges));
    }

    /// <summary>A title over the table is merged in most sheets and needs no second reading.</summary>
    private static bool MayMatter(CellRange merge, SheetReading reading) => reading.Header is { } header
        ? merge.LastRow > header.Row && merge.FirstColumn <= header.Last && merge.LastColumn >= header.First
        : reading.TitlesFound > 0 || reading.Differs;

    /// <summary>A sheet that is not read: what it holds is told.</summary>
    private SheetReading Look(WorkbookSheet sheet) => sheet.Part.Length == 0 ? new SheetReading(sheet)
        : Read(sheet, joins: null, CsvWriter.ToNowhere(), merges: null);

    private SheetReading Read(WorkbookSheet sheet, SheetHeader? joins, CsvWriter to, SheetMerges? merges)
    {
        using var xml = _parts.Open(sheet.Part);
        var rows = new SheetRows(xml, _book, _strings);
        return new SheetTable(_request.Template, _cells, to).Read(sheet, rows, joins, merges);
    }

    /// <summary>
    /// No sheet has the header: the rows of the one that comes nearest are handed on from there, and the reader of rows
    /// says what its header lacks.
    /// </summary>
    private SheetReading? WriteLoose(List<SheetReading> all)
    {
        var hidden = _wanted is null ? all.Where(r => r.HasTable && r.Findings.Rows > 0).ToArray() : [];
        if (hidden.Length > 0)
            throw Unclear(hidden);
        var nearest = all.Where(r => IsWanted(r.Sheet) && r.Loose.Count > 0).MaxBy(r => r.TitlesFound);
        var line = 1;
        foreach (var row in nearest?.Loose.Skip(nearest.TitlesAt) ?? [])
        {
            for (; line < row.Row; line++)
                _csv.EndRow();
            var cells = new string[row.Cells[^1].Column + 1];
            Array.Fill(cells, "");
            foreach (var (column, text) in row.Cells)
                cells[column] = text;
            _csv.Row(cells);
            line++;
        }
        return nearest;
    }

    /// <summary>
    /// A sheet that nobody chose and that seems to hold data too: whether it belongs to the file cannot be told from
    /// here, and to leave it out would lose its rows.
    /// </summary>
    private static void RequireClear(List<SheetReading> all, List<SheetReading> read)
    {
        var header = read[0].Header!;
        var unclear = all.Where(r => !r.Sheet.IsHidden && !Says(r.Sheet, Samples) && !read.Contains(r)
            && (r.Differs || (r.TitlesFound >= 2 && r.TitlesFound * 2 >= header.Titles.Length)
                || r.ContinuesWithoutHeader(header))).ToList();
        if (read.Count > 1)
            unclear.AddRange(read.Where(r => r.Findings.Rows > 0 && Says(r.Sheet, NotThisData)));
        if (unclear.Count > 0)
            throw Unclear([.. read.Except(unclear), .. unclear]);
    }

    private static ProblemException Unclear(IReadOnlyList<SheetReading> sheets) =>
        new(new Problem(ProblemCatalogue.SheetsUnclear, ("sheets", string.Join("、", sheets.Take(SheetsNamed)
            .Select(s => string.Create(CultureInfo.InvariantCulture,
                $"“{s.Sheet.Name}”（{(s.Sheet.IsHidden ? "隐藏，" : "")}{RowsOf(s)} 行）"))))));

    /// <summary>Of data where there is a header, else with anything on them.</summary>
    internal static int RowsOf(SheetReading reading) => reading.HasTable ? reading.Findings.Rows : reading.Rows;
}
