using System.Globalization;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;

namespace InfoHub.Templates.Checks;

public enum ReadStatus
{
    /// <summary>Give it the unread rest with more bytes behind, or say that the file ends.</summary>
    NeedsData,

    /// <summary>Take <see cref="RowReader.Batch"/> and <see cref="RowReader.Errors"/> away, clear them, go on.</summary>
    Pause,

    /// <summary>The file has been read to its end.</summary>
    End,

    /// <summary>The file as a whole is refused: <see cref="RowReader.Refusal"/>.</summary>
    Refused,
}

/// <summary>
/// Reads one CSV file against one template: cuts rows, checks every cell, and leaves accepted rows typed and columnar.
/// The same bytes cut the same way whatever the blocks they come in, so a file read twice gives the same batches.
/// Works on UTF-8 without an allocation per cell; memory grows only with the keys of the duplicate check.
/// </summary>
public sealed class RowReader
{
    /// <summary>A longer record is a missing line end or an open quote. The caller's buffer must hold it.</summary>
    public const int RecordBytesMax = 1 << 20;

    private readonly Template _template;
    private readonly CellCheck[] _checks;
    private readonly RowConditions _conditions;
    private readonly int _nameColumn;
    private readonly int _codeColumn;
    private readonly byte[] _unescaped = new byte[RecordBytesMax];
    private CsvRecords? _records;
    private FileHeader? _header;
    private bool _started;
    private int _row;
    private long _line = 1;

    public RowReader(Template template, FileContext file)
    {
        _template = template;
        _checks = [.. template.Fields.Select((f, i) => new CellCheck(f, i, file))];
        _conditions = new RowConditions(template, _checks, file.KeySeed);
        _nameColumn = template.IndexOf(IdentityRole.Name);
        _codeColumn = new[] { IdentityRole.Uscc, IdentityRole.AnyCode, IdentityRole.TaxpayerNumber }.Select(template.IndexOf).FirstOrDefault(i => i >= 0, -1);
        Batch = new RowBatch(template);
        Errors = new RowErrors(template);
    }

    public RowBatch Batch { get; }

    public RowErrors Errors { get; }

    public Problem? Refusal { get; private set; }

    /// <summary>= <see cref="RowsRejected"/> + <see cref="RowsAccepted"/>. Blank lines and the header do not count.</summary>
    public long RowsReceived => RowsRejected + RowsAccepted;

    public long RowsRejected { get; private set; }

    public long RowsAccepted { get; private set; }

    /// <summary>Reads on. <paramref name="consumed"/> bytes are done with, also when the status is not NeedsData.</summary>
    public ReadStatus Read(ReadOnlySpan<byte> data, bool isFinal, out int consumed)
    {
        consumed = 0;
        if (Refusal is not null)
            return ReadStatus.Refused;
        if (!_started && Start(data, isFinal, ref consumed) is { } early)
            return early;
        while (consumed < data.Length)
        {
            if (Batch.IsFull || Errors.IsFull)
                return ReadStatus.Pause;
            var rest = data[consumed..];
            var outcome = _records!.Read(rest, isFinal, out var length);
            if (outcome != RecordOutcome.Complete || length > RecordBytesMax)
                return Unfinished(rest, outcome);
            var record = rest[..length];
            if (RefuseBytes(record) is { } refusal)
                return Refuse(refusal);
            TakeRecord(record);
            if (Refusal is not null)
                return ReadStatus.Refused;
            _line += record.Count((byte)'\n');
            consumed += length;
        }
        return isFinal ? Finish() : ReadStatus.NeedsData;
    }

    private ReadStatus? Start(ReadOnlySpan<byte> data, bool isFinal, ref int consumed)
    {
        if (data.IsEmpty && isFinal)
            return Refuse(new Problem(ProblemCatalogue.FileEmpty));
        if (data.Length < RecordBytesMax && !isFinal && data.IndexOf((byte)'\n') < 0)
            return ReadStatus.NeedsData;
        if (FileHeader.RefuseByFirstBytes(data) is { } refusal)
            return Refuse(refusal);
        if (FileHeader.HasUtf8Mark(data))
            consumed = 3;
        var line = data[consumed..];
        var end = line.IndexOfAny((byte)'\n', (byte)'\r');
        _records = new CsvRecords(FileHeader.Delimiter(end < 0 ? line : line[..end]), OdcsReader.FieldsMax + 20);
        _started = true;
        return null;
    }

    private ReadStatus Unfinished(ReadOnlySpan<byte> rest, RecordOutcome outcome)
    {
        if (rest.Length > RecordBytesMax)
            return Refuse(RefuseBytes(rest[..RecordBytesMax], cut: true)
                ?? new Problem(ProblemCatalogue.RecordTooLong, ("line", Line(_line)), ("max", Line(RecordBytesMax))));
        if (outcome != RecordOutcome.InsideQuotes)
            return ReadStatus.NeedsData;
        var opened = _records!.QuoteOpenedAt;
        return Refuse(RefuseBytes(rest) ?? new Problem(ProblemCatalogue.QuoteUnclosed, ("line", Line(_line + rest[..opened].Count((byte)'\n')))));
    }

    private static string Line(long line) => line.ToString(CultureInfo.InvariantCulture);

    private Problem? RefuseBytes(ReadOnlySpan<byte> record, bool cut = false)
    {
        if (record.Contains((byte)0))
            return new Problem(ProblemCatalogue.NulByte, ("line", Line(_line)));
        var whole = cut ? record[..^4] : record;
        return FileHeader.IsUtf8(whole) || cut
            ? null : new Problem(ProblemCatalogue.EncodingNotUtf8, ("line", Line(_line)), ("guess", FileHeader.GuessEncoding(record)));
    }

    private ReadStatus Refuse(Problem problem)
    {
        Refusal = problem;
        return ReadStatus.Refused;
    }

    private ReadStatus Finish()
    {
        if (_header is null)
            return Refuse(new Problem(ProblemCatalogue.FileEmpty));
        if (RowsReceived == 0)
            return Refuse(new Problem(ProblemCatalogue.NoRows));
        return TooManyBadRows() is { } problem ? Refuse(problem) : ReadStatus.End;
    }

    /// <summary>Judged over the whole file, so that the totals are exact and the order of the rows plays no part.</summary>
    private Problem? TooManyBadRows()
    {
        if (RowsAccepted == 0 || RowsReceived < Template.BadRowShareRowsMin || RowsRejected <= _template.BadRowShareMax * RowsReceived)
            return null;
        return new Problem(ProblemCatalogue.TooManyBadRows, ("rows", Line(RowsReceived)), ("bad", Line(RowsRejected)),
            ("share", _template.BadRowShareMax.ToString("P0", CultureInfo.InvariantCulture)), ("top", MostFrequent()));
    }

    /// <summary>Set at the end of a file of which not one row is good; each row has its own errors besides.</summary>
    public Problem? NothingGood => RowsReceived > 0 && RowsAccepted == 0
        ? new Problem(ProblemCatalogue.AllRowsBad, ("rows", Line(RowsReceived)), ("top", MostFrequent())) : null;

    private string MostFrequent()
    {
        var totals = Errors.Totals();
        var (kind, field, count) = totals.FirstOrDefault(t => t.Kind.Disposition == Disposition.RejectRow, totals[0]);
        return $"{kind.Code} {kind.TitleZh}{(field.Length == 0 ? "" : $"（{field}）")}{Line(count)} 处";
    }

    private void TakeRecord(ReadOnlySpan<byte> record)
    {
        if (_header is null)
        {
            if (!IsBlank(record))
                ReadHeader(record);
            return;
        }
        _row++;
        if (IsBlank(record))
            return;
        Errors.BeginRow();
        var operation = (byte)'A';
        if (_records!.CellCount != _header.Columns.Length)
            Errors.Add(_row, -1, ProblemCatalogue.CellCount, Disposition.RejectRow, [],
                string.Create(CultureInfo.InvariantCulture, $"{_header.Columns.Length} 列，本行 {_records.CellCount} 列"));
        else
            operation = CheckCells(record);
        if (Errors.RowIsRejected && IsTotalRow(record))
            Errors.ReplaceRow(_row, ProblemCatalogue.TotalRow);
        EndRow(record, operation);
    }

    private void EndRow(ReadOnlySpan<byte> record, byte operation)
    {
        var broken = _records!.CellCount != _header!.Columns.Length;
        Errors.EndRow(broken ? [] : _conditions.Key);
        if (Errors.RowIsRejected)
        {
            RowsRejected++;
            var raw = record.TrimEnd("\r\n"u8);
            Errors.Reject(_row, raw, broken ? [] : TextOf(_nameColumn), broken ? [] : TextOf(_codeColumn));
            return;
        }
        RowsAccepted++;
        Batch.Accept(_row, operation);
    }

    private ReadOnlySpan<byte> TextOf(int column) =>
        column < 0 || Batch.Column(column).IsNull(Batch.RowCount) ? [] : Batch.Column(column).Text(Batch.RowCount);

    private byte CheckCells(ReadOnlySpan<byte> record)
    {
        var operation = (byte)'A';
        var columns = _header!.Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            var cell = CellBytes(record, i);
            if (columns[i] >= 0)
                _checks[columns[i]].Check(cell, _row, Batch, Errors);
            else if (columns[i] == FileHeader.RecordOperation)
                operation = ReadOperation(cell);
        }
        foreach (var absent in _header.Absent)
            _checks[absent].Blank(_row, Batch, Errors);
        if (_records!.StrayQuoteCell >= 0)
            Errors.Add(_row, Math.Max(columns[_records.StrayQuoteCell], -1), ProblemCatalogue.QuoteStray, Disposition.RejectRow, [], "");
        _conditions.Check(_row, Batch, Errors);
        return operation;
    }

    private byte ReadOperation(ReadOnlySpan<byte> cell)
    {
        cell = CellText.Trim(cell);
        if (cell.IsEmpty)
            return (byte)'A';
        if (cell.Length != 1 || cell[0] is not ((byte)'A' or (byte)'U' or (byte)'D'))
            Errors.Add(_row, -1, ProblemCatalogue.OperationUnknown, Disposition.RejectRow, cell, "A、U、D");
        return cell[0];
    }

    private ReadOnlySpan<byte> CellBytes(ReadOnlySpan<byte> record, int index)
    {
        var span = _records!.Cell(index);
        var cell = record.Slice(span.Start, span.Length);
        return span.Escaped ? _unescaped.AsSpan(0, CsvRecords.Unescape(cell, _unescaped)) : cell;
    }

    /// <summary>An empty line, or the row of bare delimiters that spreadsheets leave at the end.</summary>
    private bool IsBlank(ReadOnlySpan<byte> record)
    {
        if (record[0] > (byte)',' && record[0] < 0x80)
            return false;
        for (var i = 0; i < Math.Min(_records!.CellCount, OdcsReader.FieldsMax); i++)
            if (!CellText.Trim(CellBytes(record, i)).IsEmpty)
                return false;
        return true;
    }

    private bool IsTotalRow(ReadOnlySpan<byte> record)
    {
        for (var i = 0; i < Math.Min(_records!.CellCount, 4); i++)
            if (CellText.IsTotalLabel(CellBytes(record, i)))
                return true;
        return false;
    }

    private void ReadHeader(ReadOnlySpan<byte> record)
    {
        var titles = new List<string>();
        for (var i = 0; i < Math.Min(_records!.CellCount, OdcsReader.FieldsMax + 20); i++)
            titles.Add(FileHeader.Title(CellBytes(record, i)));
        (_header, Refusal) = FileHeader.Read(_template, titles);
    }
}
