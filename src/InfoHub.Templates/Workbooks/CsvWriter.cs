using System.Text;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;

namespace InfoHub.Templates.Workbooks;

/// <summary>Writes cells as CSV, through a buffer, and can take back what it wrote last.</summary>
internal sealed class CsvWriter(Stream target, long bytesMax)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _used;
    private readonly long _start = target.CanSeek ? target.Position : 0;
    private long _written;
    private bool _inData;

    /// <summary>Counts rows and keeps none.</summary>
    public static CsvWriter ToNowhere() => new(Stream.Null, long.MaxValue);

    /// <summary>Rows behind the header, blank ones too.</summary>
    public int DataRows { get; private set; }

    /// <summary>The header is written.</summary>
    public void BeginData() => _inData = true;

    /// <summary>Where the writer stands, to go back there.</summary>
    public (long Written, int DataRows, bool InData) Mark()
    {
        Flush();
        return (_written, DataRows, _inData);
    }

    public void Return((long Written, int DataRows, bool InData) mark)
    {
        Flush();
        (_written, DataRows, _inData) = mark;
        if (target.CanSeek)
            target.SetLength(target.Position = _start + _written);
    }

    public void Row(IReadOnlyList<string> cells)
    {
        for (var i = 0; i < cells.Count; i++)
            Cell(i, cells[i]);
        EndRow();
    }

    private void Cell(int index, string text)
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

    public void EndRow()
    {
        Put("\n"u8);
        DataRows += _inData ? 1 : 0;
    }

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
