using System.Globalization;
using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;
using InfoHub.Templates.Workbooks;

namespace InfoHub.Rules.Tests.Workbooks;

/// <summary>What the hub makes of a GD-01 workbook: the accepted rows, and every word about it.</summary>
/// <param name="Words">Codes: a refusal, notices as 0:code, errors as row:code.</param>
internal sealed record WorkbookRead(
    IReadOnlyList<TrueRow> Rows, IReadOnlyList<string> Words, IReadOnlyList<FileNotice> Notices)
{
    public static WorkbookRead Of(Template template, byte[] workbook, string sheet = "")
    {
        using var csv = new MemoryStream();
        WorkbookReading reading;
        try
        {
            reading = WorkbookAsCsv.Write(new MemoryStream(workbook), csv,
                new WorkbookRequest(template, long.MaxValue) { Sheet = sheet });
        }
        catch (ProblemException refused)
        {
            return new WorkbookRead([], [refused.Problem.Code], []);
        }
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42)
        {
            Notices = reading.Notices, Marks = reading.Marks,
        });
        var (rows, words, start) = (new List<TrueRow>(), new List<string>(), 0);
        for (var status = ReadStatus.Pause; status == ReadStatus.Pause;)
        {
            status = reader.Read(csv.GetBuffer().AsSpan(start, (int)csv.Length - start), true, out var consumed);
            start += consumed;
            words.AddRange(reader.Errors.Details().Select(e =>
                string.Create(CultureInfo.InvariantCulture, $"{e.Row}:{e.Kind.Code}")));
            rows.AddRange(RowsOf(template, reader.Batch));
            reader.Errors.Clear();
            reader.Batch.Clear();
        }
        return new WorkbookRead(rows, [.. words, .. reader.Refusal is { } no ? [no.Code] : Array.Empty<string>()],
            reading.Notices);
    }

    private static IEnumerable<TrueRow> RowsOf(Template template, RowBatch batch)
    {
        var view = new RowBatchView(template, batch.ToPayload());
        var (customer, kwh, fee) = (template.IndexOf("cust_no"), template.IndexOf("kwh"), template.IndexOf("fee"));
        var (opened, address) = (template.IndexOf("open_date"), template.IndexOf("address"));
        for (var row = 0; row < view.RowCount; row++)
            yield return new TrueRow(Encoding.UTF8.GetString(view.Text(customer, row)), Number(view, kwh, row),
                Number(view, fee, row), view.IsNull(opened, row) ? "" : DateOnly.FromDayNumber(
                    view.Integer(opened, row) + new DateOnly(2000, 1, 1).DayNumber)
                    .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                Encoding.UTF8.GetString(view.Text(address, row)));
    }

    private static decimal Number(RowBatchView view, int column, int row) =>
        view.IsNull(column, row) ? 0 : view.Number(column, row) / (decimal)Math.Pow(10, view.Scale(column));

    public static Template Template(string root) => OdcsReader.Read(File.ReadAllText(Path.Combine(
        root, "partner-templates", "GD", "GD-01", "v1", "template.odcs.yaml")));
}
