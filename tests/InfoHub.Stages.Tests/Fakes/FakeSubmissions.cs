using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Grpc.Core;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;
using Severity = InfoHub.Contracts.Intake.V1.Severity;

namespace InfoHub.Stages.Tests.Fakes;

/// <summary>
/// A hub's intake by the letter of submission.proto, kept in memory, that can be told to fail in the ways networks and
/// hubs fail. It notes what a client must never do.
/// </summary>
public sealed partial class FakeSubmissions : Submissions.SubmissionsBase
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <summary>The connection's stream is reset once these many bytes are durable; each is used once.</summary>
    public ConcurrentQueue<long> CutAt { get; } = new();

    /// <summary>The chunk that begins here arrives damaged, once each.</summary>
    public ConcurrentQueue<long> DamageAt { get; } = new();

    /// <summary>At this durable offset the hub loses its last chunk and answers "wrong offset", once each.</summary>
    public ConcurrentQueue<long> LoseAt { get; } = new();

    /// <summary>Calls of any kind whose connection is reset before they do anything.</summary>
    public int UnavailableCalls;

    /// <summary>The hub answers what needs no store.</summary>
    public bool StoreIsAway { get; set; }

    public int OverloadedOpens;

    public int TokenRefusals;

    public int WatchCuts;

    public int ErrorCuts;

    public bool EndsUploadsEarly { get; set; }

    /// <summary>Chunks are read and dropped, and nothing is acknowledged.</summary>
    public bool TakesNothing { get; set; }

    public long CreditBytes { get; set; } = 1 << 20;

    public bool OffersCreditAtOpen { get; set; } = true;

    /// <summary>What the hub makes of a committed file.</summary>
    public Action<SubmissionStatus> Outcome { get; set; } = status =>
    {
        status.State = SubmissionState.Used;
        (status.RowsReceived, status.RowsAccepted, status.RowsStored) = (3, 3, 3);
    };

    /// <summary>Why a file may not even be announced; null: it may.</summary>
    public Func<OpenRequest, ProblemKind?> Refuses { get; set; } = _ => null;

    public List<RowError> Errors { get; } = [];

    /// <summary>Furthest that a chunk reached past the durable offset.</summary>
    public long AheadMax { get; private set; }

    public int Uploads { get; private set; }

    public int ChunkBytesMax { get; private set; }

    public List<string> BadChecksums { get; } = [];

    public byte[] Content(string submission) => _entries[submission].Content.ToArray();

    public override Task<SubmissionStatus> Open(OpenRequest request, ServerCallContext context)
    {
        MayFail(context);
        if (Interlocked.Decrement(ref OverloadedOpens) >= 0)
            throw new ProblemException(Problem.Busy(0));
        if (request.Item.StartsWith("GD", StringComparison.Ordinal) && !TakesElectricity)
            throw new ProblemException(new Problem(ProblemCatalogue.NotYours, ("who", "scjg"), ("what", request.Item)));
        if (Refuses(request) is { } refusal)
            throw new ProblemException(new Problem(refusal));
        var submission = $"{request.Item}.v1.{request.Period}.{request.Sequence}";
        var entry = _entries.GetOrAdd(submission, _ => new Entry(request, new SubmissionStatus
        {
            Submission = submission, State = SubmissionState.Opened, SizeBytes = request.SizeBytes, Item = request.Item,
            TemplateVersion = 1, Period = request.Period, Sequence = request.Sequence, Operation = request.Operation,
            Base = request.Base, Sha256 = request.Sha256, Environment = request.Environment,
        }));
        if (request.ReplaceUnfinished && entry.Request.Sha256 != request.Sha256
            && entry.Status.State < SubmissionState.Received)
        {
            _entries.TryRemove(submission, out _);
            return Open(request, context);
        }
        if (entry.Request.Sha256 != request.Sha256)
            throw new ProblemException(new Problem(ProblemCatalogue.SubmissionConflict, ("submission", submission),
                ("onFile", "aa"), ("state", "已收到"), ("offered", "bb"), ("next", "2")));
        return Task.FromResult(StatusOf(entry));
    }

    public override async Task Upload(IAsyncStreamReader<UploadChunk> requestStream,
        IServerStreamWriter<UploadAck> responseStream, ServerCallContext context)
    {
        MayFail(context);
        Uploads++;
        var epoch = Interlocked.Increment(ref _epoch);
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var chunk = requestStream.Current;
            if (TakesNothing)
                continue;
            var entry = _entries[chunk.Submission];
            if (chunk.Data.IsEmpty && !IgnoresTakeOver)
            {
                entry.Epoch = epoch;
                TakeOvers++;
                await responseStream.WriteAsync(new UploadAck
                {
                    DurableOffset = entry.Content.Length, CreditBytes = CreditBytes, Epoch = epoch,
                });
                continue;
            }
            if (chunk.Data.IsEmpty)
                continue;
            if (epoch < entry.Epoch)
                throw new ProblemException(new Problem(TakenOver));
            entry.Status.State = SubmissionState.Uploading;
            Receive(entry, chunk);
            if (Reached(CutAt, entry.Content.Length))
            {
                context.GetHttpContext().Abort();
                return;
            }
            await responseStream.WriteAsync(new UploadAck { DurableOffset = entry.Content.Length, CreditBytes =
                CreditBytes });
            if (EndsUploadsEarly)
                return;
        }
    }

    public override async Task<SubmissionStatus> Commit(CommitRequest request, ServerCallContext context)
    {
        MayFail(context);
        var entry = Find(request.Submission);
        if (!SHA256.HashData(entry.Content.ToArray()).AsSpan().SequenceEqual(entry.Request.Sha256.Span))
            throw new ProblemException(new Problem(ProblemCatalogue.ContentMismatch, ("declared", "a"),
                ("received", "b")));
        if (request.Manifest is not null)
            Manifests[request.Submission] = request.Manifest;
        entry.Status.State = SubmissionState.Received;
        Issue(entry.Status, ReceiptKind.R1BytesReceived, new JsonObject
        {
            ["sha256"] = Convert.ToHexStringLower(entry.Request.Sha256.Span), ["size_bytes"] = entry.Content.Length,
        });
        await Task.Yield();
        return StatusOf(entry);
    }

    public override Task<SubmissionStatus> Get(GetSubmissionRequest request, ServerCallContext context)
    {
        MayFail(context);
        return Task.FromResult(StatusOf(Find(request.Submission)));
    }

    public override Task<ListSubmissionsReply> List(ListSubmissionsRequest request, ServerCallContext context)
    {
        MayFail(context);
        if (StoreIsAway)
            throw new RpcException(new Status(StatusCode.Unavailable, "store"));
        return Task.FromResult(new ListSubmissionsReply
        {
            Submissions = { _entries.Values.Select(StatusOf).Where(s => request.Item.Length == 0
                || s.Item == request.Item) },
        });
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<SubmissionStatus> responseStream,
        ServerCallContext context)
    {
        MayFail(context);
        var entry = Find(request.Submission);
        await responseStream.WriteAsync(StatusOf(entry));
        if (Interlocked.Decrement(ref WatchCuts) >= 0)
        {
            context.GetHttpContext().Abort();
            return;
        }
        Outcome(entry.Status);
        IssueRest(entry.Status);
        await responseStream.WriteAsync(StatusOf(entry));
    }

    public override async Task ReadErrors(ReadErrorsRequest request,
        IServerStreamWriter<RowErrorsReply> responseStream, ServerCallContext context)
    {
        MayFail(context);
        var totals = new ErrorTotals { Errors = Errors.Count, Details = Errors.Count };
        totals.Groups.Add(Errors.GroupBy(e => (e.Code, e.Field, e.Observed)).OrderByDescending(g => g.Count())
            .Select(g => new ErrorGroup
            {
                Code = g.Key.Code, Field = g.Key.Field, Observed = g.Key.Observed, Count = g.Count(),
                FirstRow = g.Min(e => e.Row), LastRow = g.Max(e => e.Row),
            }));
        totals.Totals.Add(Errors.GroupBy(e => (e.Code, e.Field)).Select(g =>
            new ErrorTotal { Code = g.Key.Code, Field = g.Key.Field, Severity = Severity.Error, Count = g.Count() }));
        await responseStream.WriteAsync(new RowErrorsReply { Totals = totals });
        var sent = 0;
        foreach (var error in Errors.Where(e => e.Row > request.AfterRow))
        {
            if (sent++ == 2 && Interlocked.Decrement(ref ErrorCuts) >= 0)
            {
                context.GetHttpContext().Abort();
                return;
            }
            await responseStream.WriteAsync(new RowErrorsReply { Error = error });
        }
    }

    private void Receive(Entry entry, UploadChunk chunk)
    {
        var durable = entry.Content.Length;
        Compressed.Add(chunk.Compression);
        var data = chunk.Compression switch
        {
            Compression.Gzip => Unpack(chunk.Data), Compression.Zstd => Unsqueeze(chunk.Data), _ => chunk.Data.Span,
        };
        AheadMax = Math.Max(AheadMax, chunk.Offset + data.Length - durable);
        ChunkBytesMax = Math.Max(ChunkBytesMax, data.Length);
        BytesOnTheWire += chunk.Data.Length;
        if (chunk.Crc32C != SlowCrc32c(chunk.Data.Span))
            BadChecksums.Add($"{chunk.Offset}");
        if (Reached(DamageAt, chunk.Offset))
            throw new ProblemException(new Problem(ProblemCatalogue.ChunkDamaged, ("offset", $"{chunk.Offset}"),
                ("durable", $"{durable}")));
        if (durable > 0 && Reached(LoseAt, durable))
            entry.Content.SetLength(Math.Max(0, durable - (256 << 10)));
        if (chunk.Offset != entry.Content.Length)
            throw new ProblemException(new Problem(ProblemCatalogue.OffsetWrong, ("offset", $"{chunk.Offset}"),
                ("durable", $"{entry.Content.Length}")));
        entry.Content.Position = chunk.Offset;
        entry.Content.Write(data);
    }

    private void MayFail(ServerCallContext context)
    {
        if (Interlocked.Decrement(ref UnavailableCalls) >= 0)
        {
            context.GetHttpContext().Abort();
            throw new RpcException(Status.DefaultCancelled);
        }
        if (Interlocked.Decrement(ref TokenRefusals) >= 0)
            throw new ProblemException(new Problem(ProblemCatalogue.NotSignedIn));
    }

    private Entry Find(string submission) => _entries.TryGetValue(submission, out var entry)
        ? entry
        : throw new ProblemException(new Problem(ProblemCatalogue.SubmissionUnknown, ("submission", submission)));

    private SubmissionStatus StatusOf(Entry entry)
    {
        var status = entry.Status.Clone();
        status.DurableOffset = entry.Content.Length;
        status.UploadCreditBytes = OffersCreditAtOpen ? CreditBytes : 0;
        return status;
    }

    private static bool Reached(ConcurrentQueue<long> points, long offset)
    {
        if (!points.TryPeek(out var next) || offset < next)
            return false;
        points.TryDequeue(out _);
        return true;
    }

    /// <summary>CRC-32C bit by bit, from its polynomial: an oracle that shares nothing with the client.</summary>
    private static uint SlowCrc32c(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
        }
        return ~crc;
    }

    private sealed record Entry(OpenRequest Request, SubmissionStatus Status)
    {
        public MemoryStream Content { get; } = new();

        public long Epoch { get; set; }
    }
}
