using System.Xml;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;

namespace InfoHub.Templates.Workbooks;

/// <summary>What is wanted of a workbook.</summary>
/// <param name="Template">Tells which row of which sheet is the header.</param>
/// <param name="CsvBytesMax">More text than this is refused with IH-INT-218.</param>
public sealed record WorkbookRequest(Template Template, long CsvBytesMax)
{
    /// <summary>Empty: every sheet that is not hidden and has the template's header.</summary>
    public string Sheet { get; init; } = "";

    /// <summary>
    /// Called for every block of a part that is unpacked, which is every few milliseconds; may throw to break off.
    /// </summary>
    public Action Checkpoint { get; init; } = () => { };
}

/// <summary>What a workbook says beside the text of its table; see <see cref="FileContext"/>.</summary>
public sealed record WorkbookReading(IReadOnlyList<FileNotice> Notices, CellMarks Marks);

/// <summary>
/// Writes the tables of an xlsx workbook that have the template's header as one UTF-8 CSV, row for row, so that
/// workbooks pass the same checks as text. What of the workbook is not in that text, or is in it in another way than it
/// looks, is
/// told beside it: nothing is left out in silence. Numbers are written as a spreadsheet shows them at 15 significant
/// digits, dates as YYYY-MM-DD with the time behind it when there is one, errors as they read (#N/A), a formula as its
/// last result. Nothing is evaluated, no file is opened, time is linear in the file, and memory is bounded whatever the
/// archive claims to hold.
/// </summary>
public static class WorkbookAsCsv
{
    /// <param name="workbook">Readable and seekable, at its beginning.</param>
    /// <param name="csv">Seekable; written from where it stands.</param>
    /// <exception cref="ProblemException">
    /// IH-INT-213 damaged, 217 no such sheet, 218 too large once unpacked, 219 encrypted, 220 not an xlsx workbook,
    /// 224 more sheets with data than can be told apart, 226 formulas without results.
    /// </exception>
    public static WorkbookReading Write(Stream workbook, Stream csv, WorkbookRequest request)
    {
        if (FileKinds.Refusal(workbook, isWorkbook: true) is { } refusal)
            throw new ProblemException(refusal);
        try
        {
            using var parts = new WorkbookParts(workbook, request.Checkpoint);
            var writer = new CsvWriter(csv, request.CsvBytesMax);
            var reading = new WorkbookReader(parts, writer, request).Read();
            writer.Flush();
            return reading;
        }
        // A damaged workbook shows itself in many ways; only a full disk and a stop are not the workbook's fault. What
        // a library says of it may quote a cell and is not told.
        catch (Exception fault) when (fault
            is WorkbookDamageException or XmlException or InvalidDataException or FormatException or OverflowException
            or NotSupportedException or EndOfStreamException)
        {
            var reason = fault switch
            {
                WorkbookDamageException => fault.Message,
                XmlException xml => $"有一个部件的第 {xml.LineNumber} 行不是有效的 XML",
                _ => "压缩包已损坏或不完整",
            };
            throw new ProblemException(new Problem(ProblemCatalogue.WorkbookUnreadable, ("reason", reason)));
        }
    }
}
