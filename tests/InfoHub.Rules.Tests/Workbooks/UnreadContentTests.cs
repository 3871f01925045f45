using System.Globalization;
using System.Text;
using InfoHub.Rules.Tests.Templates;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Workbooks;
using Xunit;

namespace InfoHub.Rules.Tests.Workbooks;

/// <summary>
/// Whatever stands on a workbook, a reader is told of it or finds it in the rows; and reading it takes time in
/// proportion to its size.
/// </summary>
public class UnreadContentTests
{
    private static readonly Template Gd01 = WorkbookRead.Template(RowReaderTests.RepositoryRoot);

    /// <summary>A piece of content at a random place of one sort.</summary>
    private static readonly Action<WorkbookBuilder, Random>[] Places =
    [
        (b, r) => b.Book.Text(b.Sheet, r.Next(2, 14), r.Next(10, 60), "甲"),
        (b, r) => b.Book.Text(b.Sheet, r.Next(15, 1000), r.Next(10, 60), "甲"),
        (b, r) => b.Book.Text(b.Sheet, r.Next(15, 1000), r.Next(0, 10), "甲"),
        (b, r) => b.Sheet.Number(r.Next(2, 14), r.Next(10, 60), "7"),
        (b, r) => b.Sheet.Put(r.Next(2, 14), r.Next(10, 60), "", "<f>1+1</f><v>2</v>"),
        (b, r) => b.Sheet.Put(r.Next(2, 14), r.Next(10, 60), " t=\"b\"", "<v>1</v>"),
        (b, r) => b.Sheet.Put(r.Next(2, 14), r.Next(10, 60), " t=\"e\"", "<v>#N/A</v>"),
        (b, r) => b.Sheet.RowAttributes[r.Next(2, 14)] = r.Next(2) == 0
            ? " hidden=\"1\"" : " ht=\"0\" customHeight=\"1\"",
        (b, r) => b.Sheet.Columns = string.Create(CultureInfo.InvariantCulture,
            $"<cols><col min=\"{r.Next(1, 5)}\" max=\"{r.Next(5, 30)}\" ")
            + string.Create(CultureInfo.InvariantCulture, $"{(r.Next(2) == 0 ? "hidden=\"1\"" : "width=\"0\"")}/></cols>"),
        (b, r) => b.Merge(r.Next(0, 10), r.Next(1, 5), r.Next(6, 12)),
        (b, r) => b.Extra("附表", r.Next(3) switch { 0 => "", 1 => "hidden", _ => "veryHidden" }),
        (b, r) =>
        {
            var sheet = b.Book.Add("另一张");
            sheet.State = r.Next(2) == 0 ? "" : "hidden";
            b.Book.Text(sheet, r.Next(1, 500), r.Next(0, 30), "甲", (TextForm)r.Next(5));
        },
        (b, r) => b.SplitAt = r.Next(1, 12),
        (b, r) => (b.SplitAt, b.OmitsSecondHeader) = (r.Next(1, 12), true),
        (b, r) => b.AgainAt = r.Next(2, 12),
        (b, r) =>
        {
            var (row, column) = (r.Next(2, 14), r.Next(6, 9));
            b.Cell = (at, c, v) => at == row && c == column ? ("", "<f>G1*2</f>") : null;
        },
        (b, r) =>
        {
            var (row, style) = (r.Next(2, 14), r.Next(4, 6));
            b.Cell = (at, c, v) => at == row && c == 6 ? ($" s=\"{style}\"", $"<v>{v}</v>") : null;
        },
        (b, r) =>
        {
            var row = r.Next(2, 14);
            b.Cell = (at, c, v) => at == row && c == 0 ? ("", "<v>42</v>") : null;
        },
    ];

    [Fact]
    public void Content_AtARandomPlace_IsNeverReadOverInSilence()
    {
        for (var seed = 0; seed < 600; seed++)
        {
            var (random, builder) = (new Random(seed), new WorkbookBuilder());
            builder.Form = (TextForm)random.Next(4);
            var place = random.Next(Places.Length);
            Places[place](builder, random);
            var read = WorkbookRead.Of(Gd01, builder.Build());

            Assert.True(read.Words.Count > 0, $"seed {seed}, place {place}: nothing is said");
        }
    }

    public static TheoryData<string, string> Large
    {
        get
        {
            var runs = "<si>" + string.Concat(Enumerable.Repeat("<r><t>a</t></r>", 99_999)) + "</si>";
            var cells = string.Concat(Enumerable.Range(0, 60_000).Select(i =>
                string.Create(CultureInfo.InvariantCulture,
                    $"<row r=\"{i + 3}\"><c r=\"XFD{i + 3}\"><v>1</v></c></row>")));
            var merges = string.Concat(Enumerable.Range(0, 60_000).Select(i =>
                string.Create(CultureInfo.InvariantCulture, $"<mergeCell ref=\"A{i + 2}:J1000000\"/>")));
            return new()
            {
                { "xl/sharedStrings.xml", string.Concat(Enumerable.Repeat(runs, 10)) },
                { "xl/styles.xml", "<numFmts><numFmt numFmtId=\"200\" formatCode=\"" + new string('e', 900_000)
                    + "\"/></numFmts><cellXfs>" + string.Concat(Enumerable.Repeat("<xf numFmtId=\"200\"/>", 60_000))
                    + "</cellXfs>" },
                { "xl/worksheets/sheet1.xml", "<sheetData>" + cells + "</sheetData>" },
                { "xl/worksheets/sheet1.xml", "<sheetData>" + cells.Replace("XFD", "B", StringComparison.Ordinal)
                    + "</sheetData><mergeCells>" + merges + "</mergeCells>" },
                { "xl/worksheets/sheet1.xml", "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is>"
                    + string.Concat(Enumerable.Repeat("<r><t>a</t></r>", 99_999)) + "</is></c></row></sheetData>" },
            };
        }
    }

    /// <summary>A bound so wide that only work with the square of the size passes it.</summary>
    [Theory]
    [MemberData(nameof(Large))]
    public void Part_ThatIsLarge_IsReadInProportion(string part, string content)
    {
        var bytes = WithPart(part, content);
        var started = TimeProvider.System.GetTimestamp();
        WorkbookRead.Of(Gd01, bytes);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Checkpoint_IsLookedAtWhileSharedStringsAreRead()
    {
        var strings = string.Concat(Enumerable.Range(0, 200_000).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"<si><t>{i * 7919L}</t></si>")));
        var (bytes, looks) = (WithPart("xl/sharedStrings.xml", strings), 0);

        Assert.Throws<OperationCanceledException>(() => WorkbookAsCsv.Write(new MemoryStream(bytes), new MemoryStream(),
            new WorkbookRequest(Gd01, long.MaxValue)
            {
                Checkpoint = () => _ = ++looks < 40 ? 0 : throw new OperationCanceledException(),
            }));
    }

    /// <summary>What a library says of a damaged file may quote it.</summary>
    [Theory]
    [InlineData("<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>370983199001011234</v></c></row></sheetData>")]
    [InlineData("<sheetData><row r=\"1\"><c r=\"A1\" s=\"370983199001011234\"><v>1</v></c></row></sheetData>")]
    [InlineData("<sheetData><row r=\"370983199001011234\"></row></sheetData>")]
    [InlineData("<sheetData><row r=\"1\"><c r=\"A370983199001011234\"><v>1</v></c></row></sheetData>")]
    [InlineData("<sheetData><row><c><v>370983199001011234</c></row></sheetData>")]
    public void Damage_IsToldInChinese_WithoutACell(string sheet)
    {
        var problem = Assert.Throws<ProblemException>(() => WorkbookAsCsv.Write(
            new MemoryStream(WithPart("xl/worksheets/sheet1.xml", sheet)), new MemoryStream(),
            new WorkbookRequest(Gd01, long.MaxValue))).Problem;

        Assert.Equal("IH-INT-213", problem.Code);
        Assert.DoesNotContain("370983199001011234", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(problem.Detail, c => c is >= '\u4E00' and <= '\u9FFF');
    }

    [Theory]
    [InlineData("02-data-on-two-sheets", 13, "IH-INT-223")]
    [InlineData("06-formula-results-not-calculated", 0, "IH-INT-226")]
    [InlineData("07-merged-cells", 13, "IH-INT-229")]
    [InlineData("08-parts-by-relationship", 13, "")]
    public void Case_OfTheKind_IsReadRightOrToldOf(string folder, int rows, string code)
    {
        var path = Path.Combine(RowReaderTests.RepositoryRoot, "..", "shared", "cases", folder);
        foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path, "*.xlsx") : [])
        {
            var read = WorkbookRead.Of(Gd01, File.ReadAllBytes(file));
            Assert.Equal(rows, read.Rows.Count);
            Assert.Equal(code.Length > 0, read.Words.Count > 0);
            Assert.All(read.Words, word => Assert.EndsWith(code, word, StringComparison.Ordinal));
        }
    }

    private static byte[] WithPart(string part, string content)
    {
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        var root = part.EndsWith("Strings.xml", StringComparison.Ordinal) ? "sst"
            : part.EndsWith("styles.xml", StringComparison.Ordinal) ? "styleSheet" : "worksheet";
        using var file = new MemoryStream();
        file.Write(new WorkbookBuilder().Build());
        using (var zip = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Update,
            leaveOpen: true))
        {
            zip.GetEntry(part)!.Delete();
            using var entry = zip.CreateEntry(part, System.IO.Compression.CompressionLevel.NoCompression).Open();
            entry.Write(Encoding.UTF8.GetBytes($"<{root} xmlns=\"{main}\">{content}</{root}>"));
        }
        return file.ToArray();
    }
}
