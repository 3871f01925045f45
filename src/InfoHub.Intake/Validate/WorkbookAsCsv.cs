using System.Globalization;
using System.Text;
using ExcelDataReader;
using InfoHub.Templates.Problems;

namespace InfoHub.Intake.Validate;

/// <summary>
/// Writes the first sheet of an xlsx workbook as UTF-8 CSV, row for row, so that workbooks pass the same checks as text.
/// Real dates become YYYY-MM-DD, numbers their shortest exact form.
/// </summary>
internal static class WorkbookAsCsv
{
    /// <summary>The reader of workbooks asks for code page 1252 before it looks at any.</summary>
    static WorkbookAsCsv() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <exception cref="ProblemException">IH-INT-213: the bytes are no workbook.</exception>
    public static async Task WriteAsync(Stream workbook, Stream csv, long bytesMax, CancellationToken cancellation)
    {
        try
        {
            using var reader = ExcelReaderFactory.CreateOpenXmlReader(workbook);
            await using var writer = new StreamWriter(csv, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            while (reader.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                if (csv.Length > bytesMax)
                    throw new ProblemException(new Problem(ProblemCatalogue.FileTooLarge, ("size", $"> {csv.Length}"), ("max", $"{bytesMax}")));
                await writer.WriteLineAsync(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(i => Quote(Text(reader.GetValue(i))))));
            }
        }
        // The reader fails in many ways on a damaged workbook; only a full disk and a stop are not the workbook's fault.
        catch (Exception fault) when (fault is not (ProblemException or IOException or OperationCanceledException))
        {
            throw new ProblemException(new Problem(ProblemCatalogue.WorkbookUnreadable, ("reason", fault.Message)));
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        DateTime time when time.TimeOfDay == TimeSpan.Zero => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        // Excel holds at most 15 significant digits: a longer whole number has lost some, and reads as scientific.
        double number when Math.Abs(number) < 1e15 => ((decimal)number).ToString("0.##############", CultureInfo.InvariantCulture),
        double number => number.ToString("0.#####E+0", CultureInfo.InvariantCulture),
        bool flag => flag ? "Y" : "N",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
