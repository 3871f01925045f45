using System.Buffers;
using System.Threading.Channels;
using Google.Protobuf;
using InfoHub.Contracts.Events.V1;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Landing;
using InfoHub.Streaming;
using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;

namespace InfoHub.Intake.Publish;

/// <summary>
/// Puts the accepted rows of one submission on the record log while the next ones are being checked. At most eight
/// envelopes wait in memory and eight are being appended, and publishing holds back when landing falls behind. An
/// envelope is large and short-lived, so its bytes live in buffers that are used again.
/// </summary>
internal sealed class EnvelopePublisher : IAsyncDisposable
{
    private const int EnvelopesPerAppend = 8;
    private const int WaitingMax = 8;

    /// <summary>A pool of its own: the shared one keeps a buffer of each size for every thread that ever gave one
    /// back.</summary>
    private static readonly ArrayPool<byte> Buffers = ArrayPool<byte>.Create(
        IRecordLog.RecordBytesMax * 2, WaitingMax + EnvelopesPerAppend + 1);

    private static readonly TimeSpan LagPoll = TimeSpan.FromMilliseconds(15);

    private readonly IRecordLog _log;
    private readonly LandingStore _landing;
    private readonly Template _template;
    private readonly Submission _submission;
    private readonly int _aheadMax;
    private readonly Channel<(byte[] Buffer, int Length)> _waiting = Channel.CreateBounded<(byte[], int)>(WaitingMax);
    private byte[] _payload = [];
    private readonly CancellationTokenSource _stop;
    private readonly Task _appending;
    private int _landed;

    public EnvelopePublisher(IRecordLog log, LandingStore landing, Template template, Submission submission, int aheadMax, CancellationToken cancellation)
    {
        (_log, _landing, _template, _submission, _aheadMax) = (log, landing, template, submission, aheadMax);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _appending = AppendAllAsync(_stop.Token);
    }

    /// <summary>Envelopes given so far.</summary>
    public int Count { get; private set; }

    public async Task PublishAsync(RowBatch batch, CancellationToken cancellation)
    {
        if (batch.RowCount == 0)
            return;
        var length = batch.PayloadLength;
        if (_payload.Length < length)
            _payload = new byte[length + (length / 4)];
        batch.WritePayload(_payload);
        var record = new LogRecord
        {
            Envelope = new RecordEnvelope
            {
                SubmissionId = _submission.Id,
                Number = Count,
                Item = _template.Item,
                TemplateVersion = _template.Version,
                Period = _submission.Key.Period.Code,
                RowCount = batch.RowCount,
                RowFormat = RowBatch.Format,
                Rows = UnsafeByteOperations.UnsafeWrap(_payload.AsMemory(0, length)),
            },
        };
        Count++;
        batch.AppendTo(Tree);
        if (_appending.IsFaulted)
            await _appending;
        var size = record.CalculateSize();
        var buffer = Buffers.Rent(size);
        record.WriteTo(buffer.AsSpan(0, size));
        await _waiting.Writer.WriteAsync((buffer, size), cancellation);
    }

    /// <summary>Waits until everything given is durable on the log.</summary>
    public async Task CompleteAsync()
    {
        _waiting.Writer.TryComplete();
        await _appending;
    }

    /// <summary>The tree over the hashes of the rows given so far.</summary>
    public RowTree Tree { get; } = new();

    /// <summary>Closes the submission on the log: landing makes it visible when what it has agrees with these counts
    /// and this root.</summary>
    public static Task SealAsync(IRecordLog log, Submission submission, int envelopes, byte[] rowsRoot, CancellationToken cancellation) =>
        AppendAsync(log, submission, new LogRecord
    {
        Seal = new SubmissionSeal
        {
            SubmissionId = submission.Id, EnvelopeCount = envelopes, RowCount = submission.RowsAccepted, RowsRoot = UnsafeByteOperations.UnsafeWrap(rowsRoot),
        },
    }, cancellation);

    /// <summary>Tells landing to take away what it has of a refused file.</summary>
    public static Task AbandonAsync(IRecordLog log, Submission submission, string problemCode, CancellationToken cancellation) =>
        AppendAsync(log, submission, new LogRecord
    {
        Abandoned = new SubmissionAbandoned { SubmissionId = submission.Id, ProblemCode = problemCode },
    }, cancellation);

    private static Task AppendAsync(IRecordLog log, Submission submission, LogRecord record, CancellationToken cancellation) =>
        log.AppendAsync(RecordPartition.Of(submission.Id, log.Partitions), [record.ToByteArray()], cancellation);

    private async Task AppendAllAsync(CancellationToken cancellation)
    {
        var partition = RecordPartition.Of(_submission.Id, _log.Partitions);
        var appended = 0;
        var ready = new List<ReadOnlyMemory<byte>>(EnvelopesPerAppend);
        var rented = new List<byte[]>(EnvelopesPerAppend);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellation))
            {
                ready.Clear();
                var allowed = Math.Min(EnvelopesPerAppend, await AllowanceAsync(appended, cancellation));
                while (ready.Count < allowed && _waiting.Reader.TryRead(out var record))
                {
                    ready.Add(record.Buffer.AsMemory(0, record.Length));
                    rented.Add(record.Buffer);
                }
                await _log.AppendAsync(partition, ready, cancellation);
                appended += ready.Count;
                foreach (var buffer in rented)
                    Buffers.Return(buffer);
                rented.Clear();
            }
        }
        catch (Exception fault)
        {
            _waiting.Writer.TryComplete(fault);
            throw;
        }
    }

    /// <summary>How many envelopes may follow now; waits while landing is too far behind for even one.</summary>
    private async Task<int> AllowanceAsync(int appended, CancellationToken cancellation)
    {
        while (appended - _landed >= _aheadMax)
        {
            _landed = await _landing.EnvelopesLandedAsync(_submission.Id, cancellation);
            if (appended - _landed >= _aheadMax)
                await Task.Delay(LagPoll, cancellation);
        }
        return _aheadMax - (appended - _landed);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        if (!_appending.IsCompleted)
            await _stop.CancelAsync();
        await _appending.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _stop.Dispose();
    }
}
