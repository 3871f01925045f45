using System.Collections;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

public enum ReadStatus
{
    /// <summary>Give it the unread rest with more bytes behind, or say that the file ends.</summary>
    NeedsData,

    /// <summary>
    /// Take <see cref="RowReader.Batch"/> and <see cref="RowReader.Errors"/> away, clear them, go on.
    /// </summary>
    Pause,

    /// <summary>The file has been read to its end.</summary>
    End,

    /// <summary>The file as a whole is refused: <see cref="RowReader.Refusal"/>.</summary>
    Refused,
}

/// <summary>
/// Reads one file of delimited text against one template: cuts rows, checks every cell, and leaves accepted rows typed
/// and columnar. The same bytes cut the same way whatever the blocks they come in, so a file read twice gives the same
/// batches. UTF-8 is read where it lies, without an allocation per cell; other encodings through a buffer.
/// </summary>
public sealed partial class RowReader : IRecordTaker
{
    /// <summary>
    /// A longer record is a missing line end or an open quote. Counted in UTF-8, as all text of the reader.
    /// </summary>
    public const int RecordBytesMax = 1 << 20;

    /// <summary>
    /// The caller's buffer holds so many unread bytes at least, or the reader may wait for more for ever.
    /// </summary>
    public const int BufferBytesMin = RecordBytesMax + EncodingGuess.WindowBytes + 4;

    private const int ScratchBytesMin = 4096;

    private readonly Template _template;
    private readonly CellCheck[] _checks;
    private readonly RowConditions _conditions;
    private readonly ColumnSums _sums;
    private readonly RecordText _text;
    private readonly TextEncoding? _declared;
    private readonly HeaderSearch _search;
    private readonly int _nameColumn;
    private readonly int _codeColumn;
    private byte[] _scratch = new byte[ScratchBytesMin];
    private CsvRecords? _records;
    private FileHeader? _header;
    private readonly int _rowsMax;
    private readonly BitArray? _rejectedOrigins;
    private long _lines;
    private int _row;
    private int _origin;
    private byte _operation;
    private bool _broken;
    private string? _dropReason;
    private long _headerLine;
    private long _headerRow;
    private readonly RowMonths? _months;

    public RowReader(Template template, FileContext file)
    {
        _template = template;
        _checks = [.. template.Fields.Select((f, i) => new CellCheck(f, i, file))];
        _conditions = new RowConditions(template, _checks, file);
        _sums = new ColumnSums(template);
        _text = new RecordText(file.Encoding);
        _declared = file.Encoding;
        _rowsMax = file.RowsMax;
        _rejectedOrigins = file.RejectedOrigins;
        _search = new HeaderSearch(template, file.OtherTemplates ?? (() => []));
        _months = file.AnyPeriod ? null : RowMonths.Of(template, file.Period);
        _nameColumn = template.IndexOf(IdentityRole.Name);
        _codeColumn = new[] { IdentityRole.Uscc, IdentityRole.AnyCode, IdentityRole.TaxpayerNumber }.Select(template.IndexOf).FirstOrDefault(i => i >= 0, -1);
        Batch = new RowBatch(template);
        Errors = new RowErrors(template);
    }

    public RowBatch Batch { get; }

    public RowErrors Errors { get; }

    public Problem? Refusal => _text.Refusal;

    /// <summary>
    /// = <see cref="RowsRejected"/> + <see cref="RowsAccepted"/>. Blank lines, the header and what stands above it,
    /// the row of totals at the end and notes behind it do not count.
    /// </summary>
    public long RowsReceived => RowsRejected + RowsAccepted;

    public long RowsRejected { get; private set; }

    public long RowsAccepted { get; private set; }

    /// <summary>
    /// Numbers of rows of the mended submission that are not sent again for a reason (IH-INT-410), since they were
    /// taken away last. They are not among <see cref="RowsReceived"/>.
    /// </summary>
    public IList<int> DroppedRows { get; } = [];

    /// <summary>So many rows were not sent again.</summary>
    public long RowsDropped { get; private set; }

    /// <summary>
    /// For each row of <see cref="Batch"/> the number it has in the submission it mends, 0 where none is named.
    /// </summary>
    public ReadOnlySpan<int> OriginRows => Batch.OriginRows;

    /// <summary>Per number column of the template, in its order.</summary>
    public IReadOnlyList<ColumnSum> Sums() => _sums.All();

    /// <summary>Null until the header is read.</summary>
    public FileLayout? Layout => _header is null
        ? null : new FileLayout(_text.Encoding ?? _declared, _search.Delimiter, _headerLine,
            [.. _search.Titles], _total) { HeaderRow = _headerRow };

    /// <summary>
    /// Reads on. <paramref name="consumed"/> bytes are done with, also when the status is not NeedsData.
    /// </summary>
    public ReadStatus Read(ReadOnlySpan<byte> data, bool isFinal, out int consumed) =>
        _text.Read(data, isFinal, this, out consumed);

    bool IRecordTaker.IsFull => Batch.IsFull || Errors.IsFull;

    int IRecordTaker.QuoteOpenedAt => _records?.QuoteOpenedAt ?? _search.QuoteOpenedAt;

    RecordOutcome IRecordTaker.Cut(ReadOnlySpan<byte> text, bool isFinal, out int length) =>
        _records is null ? _search.Read(text, isFinal, _text.Line, out length) : _records.Read(text, isFinal,
            out length);

    Problem? IRecordTaker.Finish()
    {
        if (_header is null)
            return _search.Problem ?? new Problem(ProblemCatalogue.FileEmpty);
        if (RowsReceived + RowsDropped == 0)
            return new Problem(ProblemCatalogue.NoRows);
        var difference = TakeTail();
        return difference ?? _months?.Refusal() ?? WrongCount() ?? TooManyBadRows();
    }

    private static string Line(long line) => line.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Judged over the whole file, so that the totals are exact and the order of the rows plays no part.
    /// </summary>
    private Problem? TooManyBadRows()
    {
        if (RowsAccepted == 0 || RowsReceived < Template.BadRowShareRowsMin || RowsRejected <= _template.BadRowShareMax * RowsReceived)
            return null;
        return new Problem(ProblemCatalogue.TooManyBadRows, ("rows", Line(RowsReceived)), ("bad", Line(RowsRejected)),
            ("share", _template.BadRowShareMax.ToString("P0", CultureInfo.InvariantCulture)), ("top", MostFrequent()));
    }

    /// <summary>Set at the end of a file of which not one row is good; each row has its own errors besides.</summary>
    public Problem? NothingGood => RowsReceived > 0 && RowsAccepted == 0 && RowsDropped == 0
        ? new Problem(ProblemCatalogue.AllRowsBad, ("rows", Line(RowsReceived)), ("top", MostFrequent())) : null;

    private string MostFrequent()
    {
        var totals = Errors.Totals();
        var (kind, field, count, _) = totals.FirstOrDefault(t => t.IsRejecting, totals[0]);
        var title = field.Length == 0 ? "" : $"（{_template.Fields[_template.IndexOf(field)].Title}）";
        return $"{kind.Code} {kind.TitleZh}{title} {Line(count)} 处";
    }

    Problem? IRecordTaker.Take(ReadOnlySpan<byte> record)
    {
        if (_header is null)
        {
            _headerRow++;
            (_header, _records, _headerLine) = (_search.Header, _search.Records, _text.Line);
            if (_header is not null)
                _foot = new FootLines(_template, _header, _search.Titles);
            return _search.Refusal;
        }
        _lines++;
        if (IsBlank(record))
            return null;
        if (_lines > _rowsMax)
            return new Problem(ProblemCatalogue.TooManyRows, ("line", Line(_text.Line)), ("max", Line(_rowsMax)));
        _row = (int)_lines;
        CheckRow(_row, record);
        var label = Errors.RowIsRejected && _dropReason is null ? LabelOf(record) : TailLabel.None;
        if (label == TailLabel.Header)
            TakePage(record);
        else if (label == TailLabel.None || !TryHold(record, label))
            TakeRow(record, label);
        return null;
    }

    private void TakeRow(ReadOnlySpan<byte> record, TailLabel label)
    {
        if (label != TailLabel.None || _tail.Count > 0)
        {
            ReleaseTail();
            _records!.Read(record, isFinal: true, out _);
            CheckRow(_row, record);
        }
        if (_dropReason is null)
            EndRow(_row, record, label);
        else
            Drop();
    }

    /// <summary>The row is accounted for and is no data: who mends says that it is not sent again.</summary>
    private void Drop()
    {
        Errors.DropRow();
        if (_rejectedOrigins is { } known && !(_origin < known.Length && known[_origin]))
        {
            Errors.Add(_row, -1, ProblemCatalogue.OriginNotRejected, Disposition.Warn, [], "");
            Errors.EndRow([]);
            return;
        }
        Errors.Add(_row, -1, ProblemCatalogue.RowDropped, Disposition.Warn, Encoding.UTF8.GetBytes(_dropReason!), "");
        Errors.EndRow([]);
        DroppedRows.Add(_origin);
        RowsDropped++;
    }

    private void CheckRow(int row, ReadOnlySpan<byte> record)
    {
        Errors.BeginRow();
        (_operation, _origin, _dropReason) = ((byte)'A', 0, null);
        // Behind the last title a row may end anywhere.
        _broken = _records!.CellCount > _header!.Columns.Length || _records.CellCount < _header.NamedWidth;
        if (_broken)
            Errors.Add(row, -1, ProblemCatalogue.CellCount, Disposition.RejectRow, [],
                string.Create(CultureInfo.InvariantCulture, $"{_header.Columns.Length} 列，本行 {_records.CellCount} 列"));
        else
            CheckCells(row, record);
    }

    private void EndRow(int row, ReadOnlySpan<byte> record, TailLabel label)
    {
        var isTotal = label is TailLabel.Total or TailLabel.Subtotal or TailLabel.OtherTotal;
        if (!isTotal && !_broken)
            _months?.Count(Batch);
        if (isTotal)
            Errors.ReplaceRow(row, ProblemCatalogue.TotalRow);
        else if (!_broken)
            _conditions.CheckKey(row, Errors);
        if (!Errors.RowIsRejected)
        {
            if (_origin > 0 && _rejectedOrigins is { } known && !(_origin < known.Length && known[_origin]))
                Errors.Add(row, -1, ProblemCatalogue.OriginNotRejected, Disposition.Warn,
                    Encoding.UTF8.GetBytes(_origin.ToString(CultureInfo.InvariantCulture)), "");
            Errors.EndRow(_conditions.Key);
            _sums.AddAccepted(Batch);
            RowsAccepted++;
            Batch.Accept(row, _operation, _origin);
            return;
        }
        if (_broken && !isTotal)
            _sums.AddBroken();
        else if (!isTotal)
            _sums.AddRejected(Batch, Errors);
        Errors.EndRow(_broken ? [] : _conditions.Key);
        RowsRejected++;
        Errors.Reject(row, _origin, record.TrimEnd("\r\n"u8), _broken ? [] : TextOf(_nameColumn), _broken ? []
            : TextOf(_codeColumn));
    }

    private ReadOnlySpan<byte> TextOf(int column) =>
        column < 0 || Batch.Column(column).IsNull(Batch.RowCount) ? [] : Batch.Column(column).Text(Batch.RowCount);

    private void CheckCells(int row, ReadOnlySpan<byte> record)
    {
        var columns = _header!.Columns;
        var traits = TraitsOf(record);
        for (var i = 0; i < Math.Min(columns.Length, _records!.CellCount); i++)
        {
            var cell = CellBytes(record, i);
            if (columns[i] >= 0)
                _checks[columns[i]].Check(cell, row, traits, Batch, Errors);
            else if (columns[i] == FileHeader.RecordOperation)
                _operation = ReadOperation(row, cell);
            else if (columns[i] == FileHeader.OriginRow)
                _origin = ReadOrigin(row, cell);
            else if (columns[i] < FileHeader.OriginRow && !CellText.Trim(cell).IsEmpty)
                ReadBeside(row, i, cell);
        }
        foreach (var absent in _header.Absent)
            _checks[absent].Blank(row, Batch, Errors);
        if (_records!.StrayQuoteCell >= 0)
            Errors.Add(row, Math.Max(columns[_records.StrayQuoteCell], -1), ProblemCatalogue.QuoteStray,
                Disposition.RejectRow, [], "");
        _conditions.Check(row, Batch, Errors);
        if (_dropReason is not null && _origin == 0)
        {
            _dropReason = null;
            Errors.Add(row, -1, ProblemCatalogue.OriginUnreadable, Disposition.RejectRow, [], "");
        }
    }

    /// <summary>A cell that is no data: why the row is not sent again, or of a column without a title.</summary>
    private void ReadBeside(int row, int index, ReadOnlySpan<byte> cell)
    {
        if (_header!.Columns[index] == FileHeader.DropReason)
            _dropReason = Encoding.UTF8.GetString(CellText.Trim(cell));
        else
            Errors.Add(row, -1, ProblemCatalogue.NamelessCell, Disposition.Warn, [],
                HeaderDiagnosis.PlaceOf(index));
    }

    private RecordTraits TraitsOf(ReadOnlySpan<byte> record)
    {
        record = record.TrimEnd("\r\n"u8);
        return new RecordTraits(CanonicalText.MayChange(record) || LostText.MayStand(record), _header!.HasOrigin);
    }

    private byte ReadOperation(int row, ReadOnlySpan<byte> cell)
    {
        cell = CellText.Trim(cell);
        if (cell.IsEmpty)
            return (byte)'A';
        if (cell.Length != 1 || cell[0] is not ((byte)'A' or (byte)'U' or (byte)'D'))
            Errors.Add(row, -1, ProblemCatalogue.OperationUnknown, Disposition.RejectRow, cell, "A、U、D");
        return cell[0];
    }

    private int ReadOrigin(int row, ReadOnlySpan<byte> cell)
    {
        cell = CellText.Trim(cell);
        if (cell.IsEmpty)
            return 0;
        if (Utf8Parser.TryParse(cell, out int origin, out var length) && length == cell.Length && origin > 0)
            return origin;
        Errors.Add(row, -1, ProblemCatalogue.OriginUnreadable, Disposition.RejectRow, cell, "");
        return 0;
    }

    private ReadOnlySpan<byte> CellBytes(ReadOnlySpan<byte> record, int index)
    {
        var span = _records!.Cell(index);
        var cell = record.Slice(span.Start, span.Length);
        if (!span.Escaped)
            return cell;
        var plain = Scratch(cell.Length);
        return plain.AsSpan(0, CsvRecords.Unescape(cell, plain));
    }

    /// <summary>Room for one cell at a time.</summary>
    private byte[] Scratch(int length)
    {
        if (_scratch.Length < length)
            _scratch = new byte[Math.Max(length, _scratch.Length * 2)];
        return _scratch;
    }

    /// <summary>An empty line, or the row of bare delimiters that spreadsheets leave at the end.</summary>
    private bool IsBlank(ReadOnlySpan<byte> record) =>
        (record[0] <= (byte)',' || record[0] is (byte)';' or (byte)'|' or >= 0x80)
        && _records!.CellCount <= HeaderSearch.CellsMax && FirstCell(record) < 0;

    /// <summary>The first cell that is not blank, or -1.</summary>
    private int FirstCell(ReadOnlySpan<byte> record)
    {
        for (var i = 0; i < Math.Min(_records!.CellCount, HeaderSearch.CellsMax); i++)
            if (!CellText.Trim(CellBytes(record, i)).IsEmpty)
                return i;
        return -1;
    }
}
