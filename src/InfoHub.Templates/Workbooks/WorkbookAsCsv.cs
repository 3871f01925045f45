using System.Text;
using System.Xml;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;

namespace InfoHub.Templates.Workbooks;

/// <summary>What is wanted of a workbook.</summary>
/// <param name="Template">Tells which row is the header, and so how wide the rows are.</param>
/// <param name="CsvBytesMax">More text than this is refused with IH-INT-218.</param>
public sealed record WorkbookRequest(Template Template, long CsvBytesMax)
{
    /// <summary>Empty: the first sheet that is not hidden.</summary>
    public string Sheet { get; init; } = "";

    /// <summary>Called every thousand rows; may throw to break off.</summary>
    public Action Checkpoint { get; init; } = () => { };
}

/// <summary>
/// Writes one sheet of an xlsx workbook as UTF-8 CSV, row for row, so that workbooks pass the same checks as text.
/// Numbers are written as a spreadsheet shows them at 15 significant digits, dates as YYYY-MM-DD with the time behind
/// it when there is one, percentages with their sign, errors as they read (#N/A), a formula as its last result.
/// Nothing is evaluated, no file is opened, and memory is bounded whatever the archive claims to hold.
/// </summary>
public static class WorkbookAsCsv
{
    private const int CheckpointRows = 1000;

    /// <param name="workbook">Readable and seekable, at its beginning.</param>
    /// <param name="csv">Written from where it stands.</param>
    /// <exception cref="ProblemException">
    /// IH-INT-213 damaged, 217 no such sheet, 218 too large once unpacked, 219 encrypted, 220 not an xlsx workbook.
    /// </exception>
    public static void Write(Stream workbook, Stream csv, WorkbookRequest request)
    {
        if (FileKinds.Refusal(workbook, isWorkbook: true) is { } refusal)
            throw new ProblemException(refusal);
        try
        {
            using var parts = new WorkbookParts(workbook);
            var book = new WorkbookIndex(parts);
            var sheet = book.Find(request.Sheet);
            var styles = new WorkbookStyles(parts, book.IsFrom1904);
            var strings = new SharedStrings(parts);
            using var xml = parts.Open(sheet);
            Write(new SheetRows(xml, strings, styles), new CsvWriter(csv, request.CsvBytesMax), request);
        }
        // A damaged workbook shows itself in many ways; only a full disk and a stop are not the workbook's fault.
        catch (Exception fault) when (fault
            is XmlException or InvalidDataException or FormatException or OverflowException
            or NotSupportedException or EndOfStreamException)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.WorkbookUnreadable, ("reason", fault.Message)));
        }
    }

    /// <summary>Rows are as wide as the header; what lies past it in a row is written too, and rejects the
    /// row.</summary>
    private static void Write(SheetRows rows, CsvWriter csv, WorkbookRequest request)
    {
        var waiting = new List<(int Row, string[] Cells)>();
        var (width, filled, line) = (0, 0, 1);
        while (rows.Read(out var row))
        {
            if (row % CheckpointRows == 0)
                request.Checkpoint();
            var cells = rows.Cells;
            if (width > 0)
            {
                Write(csv, row, cells, width, ref line);
                continue;
            }
            if (cells.Length > 0)
                filled++;
            waiting.Add((row, cells));
            if (FileHeader.Read(request.Template, cells, out _).Header is not null)
                width = cells.Length;
            else if (filled > HeaderSearch.TitleLinesMax)
                width = waiting.Max(w => w.Cells.Length);
            if (width > 0)
                Release(csv, waiting, width, ref line);
        }
        Release(csv, waiting, 0, ref line);
        csv.Flush();
    }

    private static void Release(CsvWriter csv, List<(int Row, string[] Cells)> waiting, int width, ref int line)
    {
        foreach (var (row, cells) in waiting)
            Write(csv, row, cells, cells.Length == 0 ? 0 : width, ref line);
        waiting.Clear();
    }

    private static void Write(CsvWriter csv, int row, ReadOnlySpan<string> cells, int width, ref int line)
    {
        for (; line < row; line++)
            csv.EndRow();
        for (var i = 0; i < Math.Max(cells.Length, cells.Length == 0 ? 0 : width); i++)
            csv.Cell(i, i < cells.Length ? cells[i] : "");
        csv.EndRow();
        line++;
    }
}

/// <summary>Writes cells as CSV, through a buffer.</summary>
internal sealed class CsvWriter(Stream target, long bytesMax)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _used;
    private long _written;

    public void Cell(int index, string text)
    {
        if (index > 0)
            Put(","u8);
        for (var rest = RecordCells.Quote(text).AsSpan(); rest.Length > 0;)
        {
            if (_buffer.Length - _used < 4)
                Flush();
            Encoding.UTF8.GetEncoder().Convert(rest, _buffer.AsSpan(_used), flush: true, out var read, out var written,
                out _);
            _used += written;
            rest = rest[read..];
        }
    }

    public void EndRow() => Put("\n"u8);

    private void Put(ReadOnlySpan<byte> one)
    {
        if (_used == _buffer.Length)
            Flush();
        _buffer[_used++] = one[0];
    }

    /// <exception cref="ProblemException">IH-INT-218.</exception>
    public void Flush()
    {
        _written += _used;
        if (_written > bytesMax)
            throw new ProblemException(new Problem(ProblemCatalogue.WorkbookTooLarge, ("what", "工作表"),
                ("max", $"{bytesMax} 字节")));
        target.Write(_buffer, 0, _used);
        _used = 0;
    }
}
