using System.Globalization;

namespace InfoHub.Rules.Tests.Workbooks;

/// <summary>What a reader owes its user of a workbook.</summary>
internal enum Owed
{
    /// <summary>All rows as they are; nothing need be said.</summary>
    Rows = 0,

    /// <summary>All rows as they are, and a word about how they were read.</summary>
    RowsAndWord,

    /// <summary>A word: rows may be missing or rejected, but not in silence.</summary>
    Word,
}

/// <summary>One row as a person reads it off the screen.</summary>
internal sealed record TrueRow(string Customer, decimal Kwh, decimal Fee, string Opened, string Address);

/// <summary>A kind of workbook, the rows a person sees in it, and what a reader owes.</summary>
internal sealed record WorkbookKind(string Name, Owed Owed, byte[] Bytes, IReadOnlyList<TrueRow> Rows);

/// <summary>GD-01 workbooks, each with one peculiarity.</summary>
internal static class WorkbookKinds
{
    public const int RowsUsual = 12;

    public static readonly string[] Titles =
        ["用户编号", "用户名称", "用电地址", "区划", "用电月份", "用电类别", "抄表电量(kWh)", "电费(元)", "立户日期", "用户状态"];

    private const int Customer = 0, Address = 2, Kwh = 6, Fee = 7, Opened = 8;

    public static IReadOnlyList<WorkbookKind> All() => [.. Packages(), .. Tables(), .. Formulas(), .. Cells()];

    private static IEnumerable<WorkbookKind> Packages() =>
    [
        Of("plain", Owed.Rows, _ => { }),
        Of("shared strings", Owed.Rows, b => b.Form = TextForm.Shared),
        Of("rich text runs", Owed.Rows, b => b.Form = TextForm.Runs),
        Of("phonetic runs", Owed.Rows, b => b.Form = TextForm.Phonetic),
        Of("texts of formulas", Owed.Rows, b => b.Form = TextForm.Formula),
        Of("cells without places", Owed.Rows, b => b.Book.OmitsPlaces = true),
        Of("cells out of order", Owed.Rows, b => b.Book.ReversesCells = true),
        Of("strict namespaces", Owed.Rows, b => b.Book.IsStrict = true),
        Of("prefixed elements", Owed.Rows, b => b.Book.Prefix = "x"),
        Of("strings part elsewhere", Owed.Rows, b =>
            (b.Form, b.Book.StringsPart) = (TextForm.Shared, "xl/strings.xml")),
        Of("sheets part elsewhere", Owed.Rows, b => b.Book.SheetsFolder = "xl/sheets/"),
        Of("main part elsewhere", Owed.Rows, b => b.Book.MainPart = "xl/workbook22.xml"),
        Of("main part outside xl", Owed.Rows, b => (b.Book.MainPart, b.Book.SheetsFolder) = ("book/main.xml", "data/")),
        Of("targets with dots", Owed.Rows, b => b.Book.Target = p => p.StartsWith("xl/", StringComparison.Ordinal)
            && p != b.Book.MainPart ? "../xl/./" + p[3..] : "./" + p),
        Of("percent-encoded targets", Owed.Rows, b =>
        {
            b.Book.SheetsFolder = "xl/work sheets/";
            b.Book.Target = p => "/" + p.Replace(" ", "%20", StringComparison.Ordinal);
        }),
        Of("upper-case entries", Owed.Rows, b => b.Book.Entry = p => p.Contains("sheet", StringComparison.Ordinal)
            ? p.ToUpperInvariant() : p),
        Of("macro-enabled", Owed.RowsAndWord, b =>
        {
            b.Book.MainType = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";
            b.Book.Relations.Add(("vbaProject", "xl/vbaProject.bin"));
            b.Book.Parts.Add(("xl/vbaProject.bin", "x"));
        }),
        Of("1904 dates", Owed.Rows, b => (b.Book.From1904, b.DateShift) = (true, -1462)),
    ];

    private static IEnumerable<WorkbookKind> Tables() =>
    [
        Of("table not at A1", Owed.Rows, b => (b.Row, b.Column) = (7, 3)),
        Of("below a title", Owed.Rows, b =>
        {
            b.Row = 3;
            b.Book.Text(b.Sheet, 1, 0, "2025年3月用电信息");
            b.Sheet.Tail = "<mergeCells><mergeCell ref=\"A1:J1\"/></mergeCells>";
        }),
        Of("sheet of notes first", Owed.RowsAndWord, b => b.Notes = true),
        Of("rows go on on a second sheet", Owed.RowsAndWord, b => b.SplitAt = 5),
        Of("header again further down", Owed.RowsAndWord, b => b.AgainAt = 6),
        Of("hidden sheet with data", Owed.RowsAndWord, b => b.Extra("上月", "hidden")),
        Of("very hidden sheet with data", Owed.RowsAndWord, b => b.Extra("库", "veryHidden")),
        Of("hidden rows", Owed.RowsAndWord, b => b.Sheet.RowAttributes[4] = b.Sheet.RowAttributes[5] = " hidden=\"1\""),
        Of("rows hidden by a filter", Owed.RowsAndWord, b =>
        {
            b.Sheet.RowAttributes[3] = " hidden=\"1\"";
            b.Sheet.Tail = "<autoFilter ref=\"A1:J13\"><filterColumn colId=\"0\"/></autoFilter>";
        }),
        Of("hidden column", Owed.RowsAndWord, b =>
            b.Sheet.Columns = "<cols><col min=\"8\" max=\"8\" width=\"0\" hidden=\"1\"/></cols>"),
        Of("text merged over rows", Owed.RowsAndWord, b =>
        {
            b.Merge(Address, 3, 5);
            b.SetRow(3, b.Rows[3] with { Address = b.Rows[2].Address });
            b.SetRow(4, b.Rows[4] with { Address = b.Rows[2].Address });
        }),
        Of("amount merged over rows", Owed.Word, b => b.Merge(Fee, 3, 5)),
    ];

    private static IEnumerable<WorkbookKind> Formulas() =>
    [
        Of("formulas never calculated", Owed.Word, b => b.Cell = (r, c, v) => c == Fee
            ? ("", $"<f>G{r}*0.5</f>") : null),
        Of("one formula never calculated", Owed.Word, b => b.Cell = (r, c, v) => c == Fee && r == 5
            ? ("", $"<f>G{r}*0.5</f>") : null),
        Of("to be calculated when opened", Owed.Word, b =>
        {
            b.Book.Calculation = "<calcPr calcId=\"124519\" fullCalcOnLoad=\"1\"/>";
            b.Cell = (r, c, v) => c == Fee ? ("", $"<f>G{r}*0.5</f><v>0</v>") : null;
        }),
        Of("every result is 0 and nobody says why", Owed.RowsAndWord, b =>
        {
            b.Each(r => r with { Fee = 0 });
            b.Cell = (r, c, v) => c == Fee ? ("", $"<f>G{r}*0.5</f><v>0</v>") : null;
        }),
        Of("failed formula", Owed.Word, b => b.Cell = (r, c, v) => c == Fee && r == 5
            ? (" t=\"e\"", "<f>1/0</f><v>#DIV/0!</v>") : null),
        Of("formulas with results", Owed.Rows, b => b.Cell = (r, c, v) => c == Fee ? ("", $"<f>G{r}*0.5</f><v>{v}</v>")
            : null),
        Of("results of another workbook", Owed.RowsAndWord, b =>
        {
            b.Book.Relations.Add(("externalLink", "xl/externalLinks/externalLink1.xml"));
            b.Cell = (r, c, v) => c == Fee ? ("", $"<f>[1]Sheet1!A{r}</f><v>{v}</v>") : null;
        }),
    ];

    private static IEnumerable<WorkbookKind> Cells() =>
    [
        Of("scaled format without a word", Owed.Word, b => b.Cell = (_, c, v) => c == Fee ? (" s=\"4\"", $"<v>{v}</v>")
            : null),
        Of("scaled format with a word", Owed.RowsAndWord, b => b.Cell = (_, c, v) => c == Fee
            ? (" s=\"5\"", $"<v>{v}</v>") : null),
        Of("codes shown with zeros", Owed.Rows, b =>
        {
            b.Each(r => r with { Customer = "000" + r.Customer[^2..] });
            b.Cell = (_, c, v) => c == Customer ? (" s=\"3\"", $"<v>{int.Parse(v, CultureInfo.InvariantCulture)}</v>")
                : null;
        }),
        Of("some codes lost their zeros", Owed.Word, b =>
        {
            b.Each(r => r with { Customer = "0" + r.Customer[^9..] });
            b.Cell = (r, c, v) => c == Customer && r % 2 == 0 ? ("", $"<v>{v.TrimStart('0')}</v>") : null;
        }),
        Of("all codes are numbers", Owed.RowsAndWord, b => b.Cell = (_, c, v) => c == Customer ? ("", $"<v>{v}</v>")
            : null),
        Of("codes of 19 digits are numbers", Owed.Word, b =>
        {
            b.Each(r => r with { Customer = "370983" + r.Customer });
            b.Cell = (_, c, v) => c == Customer ? ("", $"<v>{v}</v>") : null;
        }),
        Of("digits of binary fractions", Owed.Rows, b => b.Cell = (_, c, v) => c == Kwh
            ? ("", $"<v>{double.Parse(v, CultureInfo.InvariantCulture) + 0.00000000000002:R}</v>") : null),
        Of("month as a date", Owed.Rows, b => b.Cell = (_, c, v) => c == 4 ? (" s=\"7\"", "<v>45717</v>") : null),
        Of("another table beside it, with a title of its own columns", Owed.RowsAndWord, b =>
        {
            b.Book.Text(b.Sheet, 1, 12, "区划");
            b.Book.Text(b.Sheet, 2, 12, "370983");
        }),
        Of("note beside the table", Owed.RowsAndWord, b => b.Book.Text(b.Sheet, 4, 14, "已核")),
        Of("cells in a nameless column", Owed.Word, b => b.Book.Text(b.Sheet, 4, 10, "已核")),
        Of("nameless empty columns", Owed.Rows, b =>
        {
            for (var row = 1; row < 10; row++)
                b.Sheet.Put(row, 10, " s=\"1\"", "");
        }),
        Of("comments", Owed.RowsAndWord, b =>
        {
            b.Sheet.Relations.Add(("comments", "xl/comments1.xml"));
            b.Book.Parts.Add(("xl/comments1.xml", "<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/"
                + "2006/main\"><commentList><comment ref=\"B3\"><text><t>销户</t></text></comment></commentList>"
                + "</comments>"));
        }),
        Of("two headers that differ", Owed.Word, b =>
        {
            b.Extra("续表", "");
            b.ExtraTitle = (0, "用户代码");
        }),
        Of("second sheet without a header", Owed.Word, b => (b.SplitAt, b.OmitsSecondHeader) = (5, true)),
    ];

    private static WorkbookKind Of(string name, Owed owed, Action<WorkbookBuilder> shape)
    {
        var builder = new WorkbookBuilder();
        shape(builder);
        return new WorkbookKind(name, owed, builder.Build(), builder.Rows);
    }
}

/// <summary>The usual workbook, and where one may differ from it.</summary>
internal sealed class WorkbookBuilder
{
    private readonly List<TrueRow> _rows =
    [
        .. Enumerable.Range(1, WorkbookKinds.RowsUsual).Select(i => new TrueRow(
            string.Create(CultureInfo.InvariantCulture, $"3709830000{i:000}"), 1000.5m + i, 500.25m + i,
            string.Create(CultureInfo.InvariantCulture, $"2015-03-{i:00}"),
            string.Create(CultureInfo.InvariantCulture, $"岱宗大街{i}号"))),
    ];

    private readonly List<(int Column, int First, int Last)> _merges = [];
    private readonly List<(string Name, string State)> _extra = [];

    public GeneratedWorkbook Book { get; } = new();

    public GeneratedSheet Sheet { get; } = new("数据");

    public IReadOnlyList<TrueRow> Rows => _rows;

    public TextForm Form { get; set; }

    public int Row { get; set; } = 1;

    public int Column { get; set; }

    public int DateShift { get; set; }

    /// <summary>So many rows on the first sheet, the others on the next; 0 for one sheet.</summary>
    public int SplitAt { get; set; }

    public bool OmitsSecondHeader { get; set; }

    /// <summary>The header stands again in front of this row; 0 for once.</summary>
    public int AgainAt { get; set; }

    public bool Notes { get; set; }

    /// <summary>A title that the extra sheets have instead.</summary>
    public (int Column, string Title)? ExtraTitle { get; set; }

    /// <summary>Attributes and content for a cell by row of the sheet, column and value; null for the usual.</summary>
    public Func<int, int, string, (string Attributes, string Content)?> Cell { get; set; } = (_, _, _) => null;

    public void SetRow(int index, TrueRow row) => _rows[index] = row;

    public void Each(Func<TrueRow, TrueRow> change)
    {
        for (var i = 0; i < _rows.Count; i++)
            _rows[i] = change(_rows[i]);
    }

    /// <summary>A further sheet with the same header and one row.</summary>
    public void Extra(string name, string state) => _extra.Add((name, state));

    /// <summary>Rows of the data, from 1.</summary>
    public void Merge(int column, int first, int last) => _merges.Add((column, first, last));

    public byte[] Build()
    {
        if (Notes)
            Book.Text(Book.Add("填报须知"), 1, 0, "本表每月五日前报送");
        Book.Sheets.Add(Sheet);
        var first = SplitAt > 0 ? SplitAt : _rows.Count;
        Write(Sheet, Row, _rows.Take(first), withHeader: true);
        if (SplitAt > 0)
            Write(Book.Add("第2页"), 1, _rows.Skip(first), !OmitsSecondHeader);
        foreach (var (name, state) in _extra)
        {
            var sheet = Book.Add(name);
            sheet.State = state;
            Write(sheet, 1, [_rows[0] with { Customer = "3709839999999" }], withHeader: true);
            if (ExtraTitle is { } other)
                Book.Text(sheet, 1, other.Column, other.Title);
        }
        if (_merges.Count > 0)
            Sheet.Tail += "<mergeCells>" + string.Concat(_merges.Select(m =>
            {
                var letters = GeneratedWorkbook.Letters(m.Column + Column);
                return string.Create(CultureInfo.InvariantCulture,
                    $"<mergeCell ref=\"{letters}{Row + m.First}:{letters}{Row + m.Last}\"/>");
            })) + "</mergeCells>";
        return Book.ToBytes();
    }

    private void Write(GeneratedSheet sheet, int row, IEnumerable<TrueRow> rows, bool withHeader)
    {
        if (withHeader)
            WriteHeader(sheet, row);
        var (at, number) = (withHeader ? row : row - 1, 0);
        foreach (var data in rows)
        {
            if (++number == AgainAt)
                WriteHeader(sheet, ++at);
            WriteRow(sheet, ++at, number, data);
        }
    }

    private void WriteHeader(GeneratedSheet sheet, int row)
    {
        for (var i = 0; i < WorkbookKinds.Titles.Length; i++)
            Book.Text(sheet, row, Column + i, WorkbookKinds.Titles[i], Form);
    }

    private void WriteRow(GeneratedSheet sheet, int row, int number, TrueRow data)
    {
        var day = DateOnly.ParseExact(data.Opened, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber
            - new DateOnly(1899, 12, 30).DayNumber + DateShift;
        string[] values =
        [
            data.Customer, "甲商行", data.Address, "370983", "202503", "200",
            data.Kwh.ToString(CultureInfo.InvariantCulture), data.Fee.ToString(CultureInfo.InvariantCulture),
            day.ToString(CultureInfo.InvariantCulture), "1",
        ];
        for (var column = 0; column < values.Length; column++)
        {
            if (_merges.Exists(m => m.Column == column && number > m.First && number <= m.Last))
                sheet.Put(row, Column + column, " s=\"0\"", "");
            else if (Cell(row, column, values[column]) is { } own)
                sheet.Put(row, Column + column, own.Attributes, own.Content);
            else if (column is 6 or 7 or 8)
                sheet.Number(row, Column + column, values[column], column == 8 ? 1 : 0);
            else
                Book.Text(sheet, row, Column + column, values[column], Form);
        }
    }
}
