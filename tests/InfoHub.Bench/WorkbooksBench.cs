using System.Diagnostics;
using System.Globalization;
using System.Text;
using ExcelDataReader;
using InfoHub.Rules.Tests.Workbooks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Workbooks;
using MiniExcelLibs;

namespace InfoHub.Bench;

/// <summary>
/// Readers of workbooks side by side: over the generated kinds what each makes of the rows and whether it says what it
/// must, then time and memory over a plain large sheet. To the libraries the table is found as ours finds it: what is
/// compared is what their cells say.
/// </summary>
internal static class WorkbooksBench
{
    private const int Rounds = 3;

    private static readonly (string Name, Func<byte[], List<string[]>> Rows)[] Libraries =
        [("ExcelDataReader", ByExcelDataReader), ("MiniExcel", ByMiniExcel)];

    public static int Run(int rows)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var template = WorkbookRead.Template(Path.Combine(IntakeBench.TemplatesFolder, ".."));
        var kinds = WorkbookKinds.All();
        var names = string.Join(' ', Libraries.Select(l => $"{l.Name,-18}"));
        Figures.Say($"{"kind",-32} {"owed",-12} {"InfoHub",-18} {names}");
        var right = new int[Libraries.Length + 1];
        foreach (var kind in kinds)
        {
            string[] verdicts = [Own(template, kind), .. Libraries.Select(l => Library(l.Rows, kind))];
            for (var i = 0; i < verdicts.Length; i++)
                right[i] += verdicts[i] is "right" or "right, told" or "told" or "refused" ? 1 : 0;
            Figures.Say($"{kind.Name,-32} {kind.Owed,-12} {string.Join(' ', verdicts.Select(v => $"{v,-18}"))}");
        }
        var result = $"infohub={right[0]} exceldatareader={right[1]} miniexcel={right[2]}";
        Figures.Say($"RESULT workbooks kinds={kinds.Count} {result}");
        Speed(template, rows);
        return right[0] == kinds.Count ? 0 : 1;
    }

    private static string Own(Template template, WorkbookKind kind)
    {
        var read = WorkbookRead.Of(template, kind.Bytes);
        var (isRight, told) = (read.Rows.SequenceEqual(kind.Rows), read.Words.Count > 0);
        return kind.Owed switch
        {
            Owed.Rows when isRight && !told => "right",
            Owed.Rows => isRight ? "right, needless" : "wrong",
            Owed.RowsAndWord when isRight => told ? "right, told" : "silent",
            Owed.Word when read.Rows.All(kind.Rows.Contains) && told => "told",
            _ => "wrong",
        };
    }

    /// <summary>A library that throws refuses; else it has nothing to say with.</summary>
    private static string Library(Func<byte[], List<string[]>> rows, WorkbookKind kind)
    {
        List<TrueRow> read;
        try
        {
            read = [.. TablesOf(rows(kind.Bytes))];
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return kind.Owed == Owed.Word ? "refused" : "refused wrongly";
        }
        return !read.SequenceEqual(kind.Rows) ? "wrong" : kind.Owed == Owed.Rows ? "right" : "silent";
    }

    /// <summary>The rows under every header, by its columns.</summary>
    private static IEnumerable<TrueRow> TablesOf(List<string[]> rows)
    {
        int[]? columns = null;
        foreach (var row in rows)
        {
            var found = WorkbookKinds.Titles.Select(t => Array.IndexOf(row, t)).ToArray();
            if (!found.Contains(-1))
                columns = found;
            else if (columns is not null && row.Any(c => c.Length > 0))
            {
                string At(int title) => columns[title] < row.Length ? row[columns[title]] : "";
                yield return new TrueRow(At(0), Decimal(At(6)), Decimal(At(7)), At(8), At(2));
            }
        }
    }

    private static decimal Decimal(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static List<string[]> ByExcelDataReader(byte[] bytes)
    {
        var rows = new List<string[]>();
        using var reader = ExcelReaderFactory.CreateReader(new MemoryStream(bytes));
        do
        {
            if (reader.VisibleState != "visible")
                continue;
            while (reader.Read())
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Shown(reader.GetValue(i)))]);
        }
        while (reader.NextResult());
        return rows;
    }

    private static List<string[]> ByMiniExcel(byte[] bytes)
    {
        var rows = new List<string[]>();
        using var stream = new MemoryStream(bytes);
        foreach (var sheet in MiniExcel.GetSheetInformations(stream).Where(s => s.State.ToString() == "Visible"))
            foreach (IDictionary<string, object?> row in MiniExcel.Query(stream, sheetName: sheet.Name))
                rows.Add([.. row.Values.Select(Shown)]);
        return rows;
    }

    private static string Shown(object? value) => value switch
    {
        null => "",
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        double number => number.ToString("G15", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>Every cell as text, by each reader in turn.</summary>
    private static void Speed(Template template, int rows)
    {
        var bytes = LargeSheet(rows);
        var cells = (double)rows * WorkbookKinds.Titles.Length / 1e6;
        var columns = WorkbookKinds.Titles.Length;
        Figures.Say($"{rows:N0} rows × {columns} columns, {bytes.Length >> 20} MiB; median of {Rounds}");
        foreach (var (name, read) in new (string, Func<byte[], long>)[]
        {
            ("infohub", b => AsCsv(template, b)), ("exceldatareader", Count(ByExcelDataReader)),
            ("miniexcel", Count(ByMiniExcel)),
        })
        {
            read(bytes);
            var (times, allocated) = (new List<double>(), 0L);
            for (var round = 0; round < Rounds; round++)
            {
                var before = GC.GetTotalAllocatedBytes();
                var started = Stopwatch.GetTimestamp();
                read(bytes);
                times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                allocated = GC.GetTotalAllocatedBytes() - before;
            }
            var speed = cells / Figures.Median(times);
            Figures.Say($"RESULT workbooks reader={name} mcells_per_s={speed:0.00} allocated_mib={allocated >> 20}");
        }
    }

    private static long AsCsv(Template template, byte[] bytes)
    {
        using var csv = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None,
            1 << 16, FileOptions.DeleteOnClose);
        WorkbookAsCsv.Write(new MemoryStream(bytes), csv, new WorkbookRequest(template, long.MaxValue));
        return csv.Length;
    }

    private static Func<byte[], long> Count(Func<byte[], List<string[]>> read) => bytes => read(bytes).Count;

    private static byte[] LargeSheet(int rows)
    {
        var book = new GeneratedWorkbook();
        var sheet = book.Add("数据");
        for (var i = 0; i < WorkbookKinds.Titles.Length; i++)
            book.Text(sheet, 1, i, WorkbookKinds.Titles[i], TextForm.Shared);
        for (var row = 2; row < rows + 2; row++)
            for (var column = 0; column < WorkbookKinds.Titles.Length; column++)
            {
                var value = string.Create(CultureInfo.InvariantCulture, $"{row * 31L % 100_000}.{row % 90 + 10}");
                if (column >= 6)
                    sheet.Number(row, column, value, column == 8 ? 1 : 0);
                else
                    book.Text(sheet, row, column, $"文本{row % 5000}-{column}", TextForm.Shared);
            }
        return book.ToBytes();
    }
}
