using System.Globalization;
using System.Xml;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Workbooks;

/// <summary>Puts into words what the sheets came to, and marks the cells that cannot be taken as they stand.</summary>
/// <param name="read">The sheets whose rows are in the file, in order.</param>
internal sealed class WorkbookNotices(WorkbookParts parts, WorkbookIndex book, IReadOnlyList<SheetReading> read)
{
    private const int SheetsNamed = 20;
    private const int PlacesShown = 5;

    private static readonly string[] ScaleWords = ["万", "千", "百万", "亿"];

    private readonly List<FileNotice> _notices = [];
    private readonly CellMarks _marks = new();

    /// <param name="shown">The sheet whose rows are in the file because no sheet has the header: its header is told of
    /// anyway.</param>
    /// <exception cref="ProblemException">IH-INT-226.</exception>
    public WorkbookReading Of(IReadOnlyList<SheetReading> all, SheetReading? shown = null)
    {
        TellSheets([.. all.Where(sheet => sheet != shown)]);
        foreach (var sheet in read)
            TellSheet(sheet);
        if (read.Count > 0)
        {
            RequireCalculated();
            for (var i = 0; i < read[0].Header!.Titles.Length; i++)
                TellColumn(i, read[0].Header!.Fields[i]);
        }
        TellObjects();
        return new WorkbookReading(_notices, _marks);
    }

    private void TellSheets(IReadOnlyList<SheetReading> all)
    {
        if (read.Count(r => r.Findings.Rows > 0) > 1)
            Add(ProblemCatalogue.SheetsJoined, "", Text($"{string.Join('、', read.Take(SheetsNamed)
                .Select(r => Text($"“{r.Sheet.Name}”{r.Findings.Rows} 行")))}，共 {read.Sum(r => r.Findings.Rows)} 行"));
        var unread = all.Where(r => !read.Contains(r) && (r.Rows > 0 || r.Sheet.Part.Length == 0)).ToArray();
        if (unread.Length > 0)
            Add(ProblemCatalogue.SheetsUnread, "", string.Join('、', unread.Take(SheetsNamed).Select(NameOf))
                + (unread.Length > SheetsNamed ? Text($" 等 {unread.Length} 张") : ""));
    }

    private static string NameOf(SheetReading sheet)
    {
        var hidden = sheet.Sheet.IsHidden ? "隐藏，" : "";
        var kind = sheet.Sheet.Part.Length == 0 ? "图表或宏表" : Text($"{WorkbookReader.RowsOf(sheet)} 行");
        return $"“{sheet.Sheet.Name}”（{hidden}{kind}{(sheet.HasTable ? "，表头与模板相符" : "")}）";
    }

    private void TellSheet(SheetReading sheet)
    {
        var found = sheet.Findings;
        if (!found.Headers.IsEmpty)
            Add(ProblemCatalogue.SheetsJoined, "", $"{On(sheet)}行号 {found.Headers} 又是表头，其下各行接着读取");
        if (!found.HiddenRows.IsEmpty)
            Add(ProblemCatalogue.RowsHidden, "",
                $"{On(sheet)}行号 {found.HiddenRows}{(sheet.HasFilter ? "（表上设有筛选）" : "")}");
        foreach (var index in sheet.HiddenColumns)
            Add(ProblemCatalogue.ColumnsHidden, sheet.Header!.Fields[index]?.Name ?? "",
                $"{On(sheet)}{CellPlace.Letters(sheet.Header.ColumnOf(index))} 列“{sheet.Header.Titles[index]}”");
        if (found.OutsideCount > 0)
            Add(ProblemCatalogue.OutsideTable, "", On(sheet) + found.Outside);
        _marks.Add(-1, ProblemCatalogue.RowShifted, found.Nameless, sheet.Offset);
        var units = sheet.Header!.Fields.Where(f => f?.Kind == FieldKind.Number).Select(f => f!.Unit).ToArray();
        foreach (var (column, text, row) in sheet.Loose.SelectMany(l => l.Cells.Select(c => (c.Column, c.Text, l.Row))))
            if (text.Contains("单位", StringComparison.Ordinal)
                && Array.Find(ScaleWords, w => text.Contains(w + "元", StringComparison.Ordinal)) is { } word
                && !units.All(u => u.Contains(word, StringComparison.Ordinal)))
                Add(ProblemCatalogue.OutsideTable, "", Text($"{On(sheet)}表头上方 {CellPlace.Letters(column)}{row} 写有计量单位“")
                    + $"{word}元”，平台按各列自己的单位读取");
    }

    /// <summary>A column without a single result was never calculated; single cells are the rows' own
    /// problem.</summary>
    private void RequireCalculated()
    {
        var header = read[0].Header!;
        var titles = Enumerable.Range(0, header.Titles.Length)
            .Where(i => header.Fields[i] is not null && Columns(i).Sum(c => c.Uncalculated.Count) is > 0 and var count
                && count == Columns(i).Sum(c => c.Filled)).Select(i => header.Titles[i]).ToArray();
        if (titles.Length > 0)
            throw new ProblemException(new Problem(ProblemCatalogue.FormulasUncalculated,
                ("columns", string.Join('、', titles)), ("rows", Text($"{read.Sum(r => r.Findings.Rows)}"))));
    }

    private void TellColumn(int index, Field? field)
    {
        if (field is null)
            return;
        foreach (var sheet in read)
        {
            var column = sheet.Findings.Columns[index];
            foreach (var other in Columns(index))
                column.LearnFrom(other);
            Tell(ProblemCatalogue.CellsMerged, field, sheet, column.Merged);
            Tell(ProblemCatalogue.ShownOtherwise, field, sheet, column.ShownOtherwise);
            Tell(ProblemCatalogue.FormulasForeign, field, sheet, column.Foreign);
            if (column.IsAllZero)
                Tell(ProblemCatalogue.FormulasAllZero, field, sheet, column.Formulas);
            if (book.IsCalculatedByHand)
                Tell(ProblemCatalogue.CalculatedByHand, field, sheet, column.Formulas);
            _marks.Add(index, ProblemCatalogue.FormulaUncalculated, column.Uncalculated, sheet.Offset);
            _marks.Add(index, ProblemCatalogue.MergedUnclear, column.MergedUnclear, sheet.Offset);
            _marks.Add(index, ProblemCatalogue.ScaledValue, column.Scaled, sheet.Offset);
            var shortened = column.Shortened(out var length);
            if (ColumnFindings.IsKey(field) && length > 0)
                _marks.Add(index, ProblemCatalogue.KeyZerosLost, shortened, sheet.Offset, Text($"{length} 位"));
            else if (ColumnFindings.IsKey(field) && field.LeadingZeros && column.HasNoText)
                _marks.Add(index, ProblemCatalogue.KeyZerosUnsure, column.Numbers, sheet.Offset);
            Tell(ProblemCatalogue.TextWasNumber, field, sheet, column.Numbers);
        }
    }

    /// <summary>What lies on or beside the sheets and is no cell.</summary>
    private void TellObjects()
    {
        var found = new List<string>();
        foreach (var sheet in read)
        {
            var relations = PackageRelations.Of(parts, sheet.Sheet.Part);
            var comments = relations.All("comments").SelectMany(r => Count(r.Part, "comment")).ToArray();
            if (comments.Length > 0)
                found.Add(Text($"{On(sheet)}批注 {comments.Length} 处（{string.Join('、', comments.Take(PlacesShown))}）"));
            var pictures = relations.All("drawing").Sum(r => Count(r.Part, "pic", "sp", "graphicFrame").Count());
            if (pictures > 0)
                found.Add(Text($"{On(sheet)}图片、图形或图表 {pictures} 个"));
        }
        if (book.HasMacros)
            found.Add("宏");
        if (found.Count > 0)
            Add(ProblemCatalogue.ObjectsUnread, "", string.Join('；', found));
    }

    /// <summary>The places of the elements, where they have one.</summary>
    private IEnumerable<string> Count(string part, params string[] names)
    {
        if (!parts.Has(part))
            yield break;
        using var xml = parts.Open(part);
        while (XmlText.ReadNode(xml))
            if (xml.NodeType == XmlNodeType.Element && names.Contains(xml.LocalName))
                yield return xml.GetAttribute("ref") is { Length: < 12 } place ? place : "";
    }

    private IEnumerable<ColumnFindings> Columns(int index) => read.Select(r => r.Findings.Columns[index]);

    private void Tell(ProblemKind kind, Field field, SheetReading sheet, RowSet rows)
    {
        if (!rows.IsEmpty)
            Add(kind, field.Name, $"{On(sheet)}行号 {rows}");
    }

    private void Add(ProblemKind kind, string field, string place) => _notices.Add(new FileNotice(kind, field, place));

    /// <summary>Only where there is a choice.</summary>
    private string On(SheetReading sheet) => read.Count > 1 ? $"工作表“{sheet.Sheet.Name}”" : "表格";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
