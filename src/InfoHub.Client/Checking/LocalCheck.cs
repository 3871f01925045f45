using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;
using RowError = InfoHub.Templates.Checks.RowError;

namespace InfoHub.Client.Checking;

/// <summary>How often one error occurs, exact.</summary>
public sealed record CheckedTotal(ProblemKind Kind, string Field, long Count);

/// <summary>The sum of one number column over the accepted rows, a plain decimal with the column's own scale.</summary>
public sealed record CheckedSum(Field Field, decimal Accepted);

/// <summary>What the hub would make of a file. <see cref="RowsReceived"/> = rejected + accepted.</summary>
/// <param name="Refusal">Why the file as a whole would be refused; null when its good rows would be taken.</param>
/// <param name="Sums">By the template's order.</param>
public sealed record CheckOutcome(
    Template Template, long RowsReceived, long RowsRejected, long RowsAccepted, IReadOnlyList<CheckedTotal> Totals,
    IReadOnlyList<CheckedSum> Sums, Problem? Refusal)
{
    /// <summary>
    /// What is told at Commit: the rows without total rows, and the sums where they are over all rows, that is where no
    /// row was rejected. A cell that cannot be read has no part in a sum, and nothing is claimed about it.
    /// </summary>
    public Manifest Manifest()
    {
        var totalRows = Totals.Where(t => t.Kind == ProblemCatalogue.TotalRow).Sum(t => t.Count);
        var manifest = new Manifest { Rows = RowsReceived - totalRows };
        if (RowsRejected == 0)
            foreach (var sum in Sums)
                manifest.ControlSums[sum.Field.Name] = sum.Accepted.ToString(CultureInfo.InvariantCulture);
        return manifest;
    }
}

/// <summary>A rejected row as it came, with what is wrong with it.</summary>
public sealed record CheckedRow(long Row, IReadOnlyList<string> Cells, IReadOnlyList<RowError> Reasons);

/// <summary>Takes what is found row by row; what it is told of first is the header of the file as it came.</summary>
public sealed class CheckListener
{
    public Action<IReadOnlyList<string>> OnHeader { get; init; } = _ => { };

    /// <summary>Errors and warnings, in row order.</summary>
    public Action<RowError> OnError { get; init; } = _ => { };

    public Action<CheckedRow> OnRejected { get; init; } = _ => { };

    /// <summary>Bytes read so far.</summary>
    public Action<long> OnRead { get; init; } = _ => { };
}

/// <summary>
/// The hub's own validator on this machine, without a network: the same rows are rejected for the same reasons. Memory
/// grows only with the keys of the duplicate check.
/// </summary>
public sealed class LocalCheck(Template template, TimeProvider clock)
{
    private const int BufferBytes = RowReader.RecordBytesMax + (1 << 20);
    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    private readonly ControlSums _sums = new(template);
    private char _delimiter = ',';

    /// <summary>Formats and encodings that can be checked here; another is checked by the hub alone.</summary>
    public static bool Reads(SubmissionFile file) => file.Format == FileFormat.Csv
        && file.Encoding is TextEncoding.Unspecified or TextEncoding.Utf8;

    /// <summary>Reads the whole file; a refused one up to what refuses it.</summary>
    /// <exception cref="ProblemException">IH-INT-117: the file cannot be read. IH-INT-106: not this item's period.</exception>
    public async Task<CheckOutcome> RunAsync(
        SubmissionFile file, CheckListener listener, CancellationToken cancellation)
    {
        var period = TemplateRegistry.ReadPeriod(template, file.Period.ToString());
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(ChinaOffset).DateTime);
        var seed = new UInt128(
            BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        var reader = new RowReader(template, new FileContext(period, today, seed));
        await using var content = file.OpenRead();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await ReadAsync(file, reader, content, buffer, listener, cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw file.Unreadable(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return new CheckOutcome(template, reader.RowsReceived, reader.RowsRejected, reader.RowsAccepted,
            [.. reader.Errors.Totals().Select(t => new CheckedTotal(t.Kind, t.Field, t.Count))], _sums.Totals(),
            WithNext(reader.Refusal ?? reader.NothingGood, file));
    }

    private async Task ReadAsync(SubmissionFile file, RowReader reader, FileStream content, byte[] buffer,
        CheckListener listener, CancellationToken cancellation)
    {
        var (start, end, ended, read, hasHeader) = (0, 0, false, 0L, false);
        while (true)
        {
            if (!hasHeader && end > start)
            {
                hasHeader = true;
                listener.OnHeader(HeaderOf(buffer.AsSpan(start, end - start)));
            }
            var status = reader.Read(buffer.AsSpan(start, end - start), ended, out var consumed);
            start += consumed;
            if (status != ReadStatus.NeedsData)
                Take(reader, listener);
            if (status is ReadStatus.Refused or ReadStatus.End)
                return;
            if (status == ReadStatus.Pause)
                continue;
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var count = await RandomAccess.ReadAsync(
                content.SafeFileHandle, buffer.AsMemory(end, BufferBytes - end), read, cancellation).ConfigureAwait(false);
            end += count;
            ended = count == 0;
            listener.OnRead(read += count);
        }
    }

    private void Take(RowReader reader, CheckListener listener)
    {
        var reasons = new List<RowError>();
        using var errors = reader.Errors.Details().GetEnumerator();
        var has = errors.MoveNext();
        foreach (var rejected in reader.Errors.Rejections())
        {
            for (; has && errors.Current.Row <= rejected.Row; has = errors.MoveNext())
            {
                listener.OnError(errors.Current);
                if (errors.Current.Row == rejected.Row)
                    reasons.Add(errors.Current);
            }
            listener.OnRejected(new CheckedRow(rejected.Row, DelimitedRow.Split(rejected.Raw, _delimiter), [.. reasons]));
            reasons.Clear();
        }
        for (; has; has = errors.MoveNext())
            listener.OnError(errors.Current);
        _sums.Add(reader.Batch);
        reader.Errors.Clear();
        reader.Batch.Clear();
    }

    /// <summary>The first line that is not blank, cut where the validator cuts it.</summary>
    private IReadOnlyList<string> HeaderOf(ReadOnlySpan<byte> head)
    {
        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF').TrimStart('\r', '\n', ' ', ',');
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? text : text[..end];
        _delimiter = line.Count(c => c == '\t') > line.Count(c => c == ',') ? '\t' : ',';
        return DelimitedRow.Split(line, _delimiter);
    }

    private static Problem? WithNext(Problem? problem, SubmissionFile file) => problem is null ? null : new Problem(problem.Kind,
        [.. problem.Values, KeyValuePair.Create("next", file.Sequence.ToString(CultureInfo.InvariantCulture))]);
}
