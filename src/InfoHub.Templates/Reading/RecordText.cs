using System.Globalization;
using System.Text.Unicode;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Reading;

/// <summary>What is done with the records of a file, one after the other.</summary>
internal interface IRecordTaker
{
    /// <summary>Something has to be taken away before the next record.</summary>
    bool IsFull { get; }

    /// <summary>Where the quote was opened in which the text of the last <see cref="Cut"/> ended.</summary>
    int QuoteOpenedAt { get; }

    /// <summary>Finds the end of the record at the beginning of <paramref name="text"/>.</summary>
    RecordOutcome Cut(ReadOnlySpan<byte> text, bool isFinal, out int length);

    /// <summary>Takes the record that was cut; not null refuses the file.</summary>
    Problem? Take(ReadOnlySpan<byte> record);

    /// <summary>The file has ended; not null refuses it.</summary>
    Problem? Finish();
}

/// <summary>
/// Reads a file's text record by record and hands each to a taker. Whatever the blocks it comes in, the records are the
/// same, and so is what is wrong with the text: a record that does not end, a quote that does not close, bytes that are
/// none of it.
/// </summary>
internal sealed class RecordText(TextEncoding? declared)
{
    private readonly FileText _text = new(declared);
    private bool _isBroken;

    /// <summary>Null while it is not decided; the file has only ASCII so far.</summary>
    public TextEncoding? Encoding => _text.Encoding;

    /// <summary>The 1-based line that the next record, or the one being taken, begins on.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Why the file is refused; null while it is not.</summary>
    public Problem? Refusal { get; private set; }

    /// <summary>
    /// Reads on. <paramref name="consumed"/> bytes are done with, also when the status is not NeedsData.
    /// </summary>
    public ReadStatus Read(ReadOnlySpan<byte> data, bool isFinal, IRecordTaker taker, out int consumed)
    {
        consumed = 0;
        if (Refusal is not null)
            return ReadStatus.Refused;
        if (!_text.Start(data, isFinal, out var skipped))
            return Starved();
        consumed = skipped;
        while (true)
        {
            var text = _text.Look(data[consumed..], isFinal, out var textIsFinal);
            var status = ReadRecords(text, textIsFinal, taker, out var taken);
            consumed += _text.Take(taken);
            if (status != ReadStatus.NeedsData)
                return status;
            var more = _text.More(data[consumed..], isFinal, Line, out var read);
            consumed += read;
            if (!more)
                return Starved();
        }
    }

    private ReadStatus Starved() => _text.Problem is { } problem ? Refuse(problem) : ReadStatus.NeedsData;

    private ReadStatus ReadRecords(ReadOnlySpan<byte> text, bool isFinal, IRecordTaker taker, out int taken)
    {
        taken = 0;
        while (taken < text.Length)
        {
            if (taker.IsFull)
                return ReadStatus.Pause;
            var rest = text[taken..];
            var outcome = taker.Cut(rest, isFinal, out var length);
            if (outcome != RecordOutcome.Complete || length > RowReader.RecordBytesMax)
                return Unfinished(rest, outcome, taker);
            var record = rest[..length];
            if ((RefuseBytes(record) ?? taker.Take(Whole(record, taker))) is { } refusal)
                return Refuse(refusal);
            Line += record.Count((byte)'\n') + (record[^1] == '\r' ? 1 : 0);
            taken += length;
        }
        return !isFinal ? ReadStatus.NeedsData : taker.Finish() is { } problem ? Refuse(problem) : ReadStatus.End;
    }

    private ReadStatus Unfinished(ReadOnlySpan<byte> rest, RecordOutcome outcome, IRecordTaker taker)
    {
        if (rest.Length > RowReader.RecordBytesMax)
            return Refuse(RefuseBytes(rest[..RowReader.RecordBytesMax], cut: true)
                ?? new Problem(ProblemCatalogue.RecordTooLong, ("line", Text(Line)),
                    ("max", Text(RowReader.RecordBytesMax))));
        if (outcome != RecordOutcome.InsideQuotes)
            return ReadStatus.NeedsData;
        return Refuse(RefuseBytes(rest) ?? new Problem(ProblemCatalogue.QuoteUnclosed,
            ("line", Text(Line + rest[..taker.QuoteOpenedAt].Count((byte)'\n')))));
    }

    private Problem? RefuseBytes(ReadOnlySpan<byte> record, bool cut = false)
    {
        if (record.Contains((byte)0))
            return new Problem(ProblemCatalogue.NulByte, ("line", Text(Line)));
        _isBroken = !_text.IsTranscoded && !Utf8.IsValid(record);
        return cut || !_isBroken || EncodingGuess.IsBrokenUtf8(record) ? null : _text.NotUtf8(record, Line);
    }

    /// <summary>The record with U+FFFD for what is no character: a cell's problem. It is cut once more.</summary>
    private ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> record, IRecordTaker taker)
    {
        if (!_isBroken)
            return record;
        var whole = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(record));
        taker.Cut(whole, isFinal: true, out _);
        return whole;
    }

    private ReadStatus Refuse(Problem problem)
    {
        Refusal = problem;
        return ReadStatus.Refused;
    }

    private static string Text(long line) => line.ToString(CultureInfo.InvariantCulture);
}
