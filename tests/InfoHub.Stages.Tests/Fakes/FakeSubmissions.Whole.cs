using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Stages.Tests.Fakes;

/// <summary>
/// The calls beside the way of one file: what the hub says of itself, receipts, rejected rows, templates.
/// </summary>
public sealed partial class FakeSubmissions
{
    private static readonly ProblemKind TakenOver = new("IH-INT-119", Templates.Problems.Disposition.RefuseFile,
        "上传已由另一个连接接手", "另一个连接接手了这次上传。", "无需处理。", "Taken over", "Nothing to do.");

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private long _epoch;

    /// <summary>
    /// Answers UNIMPLEMENTED to every call that came later than the first release, and signs nothing.
    /// </summary>
    public bool IsOld { get; set; }

    /// <summary>Null: the one it signs with.</summary>
    public List<ReceiptKey>? OfferedKeys { get; set; }

    public bool TakesElectricity { get; set; }

    /// <summary>Reads the empty first chunk and says nothing, as hubs of before do.</summary>
    public bool IgnoresTakeOver { get; set; }

    public Compression[] Compressions { get; set; } = [Compression.Gzip, Compression.Zstd];

    /// <summary>How chunks came.</summary>
    public ConcurrentBag<Compression> Compressed { get; } = [];

    public int TakeOvers { get; private set; }

    public long BytesOnTheWire { get; private set; }

    public HubEnvironment Environment { get; set; } = HubEnvironment.Production;

    public TimeSpan ClockSkew { get; set; }

    public ConcurrentDictionary<string, Manifest> Manifests { get; } = new();

    public List<TemplateDocument> TemplateList { get; } =
    [
        new() { Item = "SCJG-01", Version = 1, OdcsYaml = "kind: DataContract\nname: 市场主体设立登记信息\n", Sha256Hex = "ab" },
    ];

    public List<string> RejectedColumns { get; } = [];

    public List<RejectedRow> RejectedRows { get; } = [];

    public int RejectedCuts;

    /// <summary>Called whenever the rejected rows are asked for.</summary>
    public Action OnRejectedRows { get; set; } = () => { };

    public int NextSequence { get; set; } = 2;

    public string RowsRoot { get; set; } = "";

    public RowProof? Proof { get; set; }

    public OpenRequest Opened(string submission) => _entries[submission].Request;

    public bool Knows(string submission) => _entries.ContainsKey(submission);

    public byte[] PublicKey => _key.ExportSubjectPublicKeyInfo();

    public ReceiptKey OwnKey => new() { KeyId = KeyId, PublicKey = ByteString.CopyFrom(PublicKey) };

    public string KeyId => Convert.ToHexStringLower(SHA256.HashData(PublicKey))[..16];

    public override Task<HubDescription> Describe(DescribeRequest request, ServerCallContext context)
    {
        RequireNew();
        MayFail(context);
        var hub = new HubDescription
        {
            ServerVersion = "1.2.3", ProtocolVersion = 2, Environment = Environment, FileBytesMax = 1L << 32,
            ChunkBytesMax = 1 << 20, UploadCreditBytes = CreditBytes, RecordsMax = 1000, Department = "SCJG",
            ClientId = "scjg", TimeUnixMs = (DateTimeOffset.UtcNow + ClockSkew).ToUnixTimeMilliseconds(),
        };
        hub.Compressions.Add(Compressions);
        hub.ReceiptKeys.Add(OfferedKeys ?? [OwnKey]);
        return Task.FromResult(hub);
    }

    public override Task<ListTemplatesReply> ListTemplates(ListTemplatesRequest request, ServerCallContext context)
    {
        var reply = new ListTemplatesReply();
        reply.Templates.Add(TemplateList);
        return Task.FromResult(reply);
    }

    public override async Task ReadRejectedRows(
        ReadRejectedRowsRequest request, IServerStreamWriter<RejectedRowsReply> responseStream,
            ServerCallContext context)
    {
        RequireNew();
        MayFail(context);
        Find(request.Submission);
        OnRejectedRows();
        var header = new RejectedHeader { Rows = RejectedRows.Count, NextSequence = NextSequence };
        header.Columns.Add(RejectedColumns);
        await responseStream.WriteAsync(new RejectedRowsReply { Header = header });
        foreach (var row in RejectedRows.Where(r => r.Row > request.AfterRow))
        {
            await responseStream.WriteAsync(new RejectedRowsReply { Row = row });
            if (Interlocked.Decrement(ref RejectedCuts) >= 0)
            {
                context.GetHttpContext().Abort();
                return;
            }
        }
    }

    public override Task<SubmissionStatus> DeclareNil(NilReturn request, ServerCallContext context)
    {
        RequireNew();
        MayFail(context);
        var submission = $"{request.Item}.v1.{request.Period}.{request.Sequence}";
        var entry = _entries.GetOrAdd(submission, _ => new Entry(new OpenRequest { Item = request.Item },
            new SubmissionStatus
        {
            Submission = submission, State = SubmissionState.Received, Item = request.Item, TemplateVersion = 1,
            Period = request.Period, Sequence = request.Sequence, Operation = Operation.Nil, Environment =
                request.Environment,
        }));
        Issue(entry.Status, ReceiptKind.R1BytesReceived, new JsonObject { ["reason"] = request.Reason });
        return Task.FromResult(StatusOf(entry));
    }

    public override Task<SubmissionStatus> Withdraw(WithdrawRequest request, ServerCallContext context)
    {
        RequireNew();
        MayFail(context);
        var entry = Find(request.Submission);
        if (entry.Status.State is SubmissionState.Received or SubmissionState.Stored)
            throw new ProblemException(new Problem(ProblemCatalogue.StateForbids, ("submission", request.Submission),
                ("state", "处理中")));
        entry.Status.State = SubmissionState.Withdrawn;
        entry.Status.WithdrawnReason = request.Reason;
        Issue(entry.Status, ReceiptKind.Withdrawn, new JsonObject { ["reason"] = request.Reason });
        return Task.FromResult(StatusOf(entry));
    }

    public override Task<RowProof> ProveRow(ProveRowRequest request, ServerCallContext context)
    {
        RequireNew();
        return Task.FromResult(Proof ?? throw new ProblemException(
            new Problem(ProblemCatalogue.SubmissionUnknown, ("submission", request.Submission))));
    }

    /// <summary>What a hub of before, or one that was set back, still knows of a submission.</summary>
    public void Forget(string submission, int receiptsLeft)
    {
        var receipts = _entries[submission].Status.Receipts;
        while (receipts.Count > receiptsLeft)
            receipts.RemoveAt(receipts.Count - 1);
    }

    /// <summary>Another machine of the department sends something else under a number.</summary>
    public void Take(string item, string period, int sequence, byte[] content)
    {
        var request = new OpenRequest
        {
            Item = item, Period = period, Sequence = sequence, Sha256 = ByteString.CopyFrom(SHA256.HashData(content)),
        };
        var submission = $"{item}.v1.{period}.{sequence}";
        _entries[submission] = new Entry(request, new SubmissionStatus
        {
            Submission = submission, State = SubmissionState.Used, Item = item, TemplateVersion = 1, Period = period,
            Sequence = sequence, Sha256 = request.Sha256,
        });
    }

    private void RequireNew()
    {
        if (IsOld)
            throw new RpcException(new Status(StatusCode.Unimplemented, "Method is unimplemented."));
    }

    /// <summary>What a hub confirms of a submission in this state; each receipt once.</summary>
    private void IssueRest(SubmissionStatus status)
    {
        if (status.State is not (SubmissionState.Used or SubmissionState.AllRowsRejected))
            return;
        Issue(status, ReceiptKind.R2FileReadable, new JsonObject { ["format"] = "csv" });
        Issue(status, ReceiptKind.R3RowsChecked, new JsonObject
        {
            ["rows_received"] = status.RowsReceived, ["rows_rejected"] = status.RowsRejected, ["rows_accepted"] =
                status.RowsAccepted,
        });
        if (status.State != SubmissionState.Used)
            return;
        Issue(status, ReceiptKind.R4Stored, new JsonObject { ["rows_stored"] = status.RowsStored, ["rows_root"] =
            RowsRoot });
        Issue(status, ReceiptKind.R5Used, new JsonObject { ["models"] = 7 });
    }

    private void Issue(SubmissionStatus status, ReceiptKind kind, JsonObject content)
    {
        if (status.Receipts.Any(r => r.Kind == kind))
            return;
        var previous = status.Receipts.LastOrDefault()?.Hash ?? ByteString.Empty;
        var said = new JsonObject
        {
            ["receipt"] = kind == ReceiptKind.Withdrawn ? "WITHDRAWN" : $"R{(int)kind}", ["submission"] = status.Submission, ["issued_at"] = "2025-04-02T01:02:03Z",
            ["content"] = content, ["previous"] = Convert.ToHexStringLower(previous.Span),
        };
        if (Environment == HubEnvironment.Test)
            said["environment"] = "test";
        var body = said.ToJsonString();
        var bytes = Encoding.UTF8.GetBytes(body);
        status.Receipts.Add(new Receipt
        {
            Kind = kind, BodyJson = body, Hash = ByteString.CopyFrom(SHA256.HashData(bytes)), PreviousHash = previous,
            Signature = IsOld ? ByteString.Empty : ByteString.CopyFrom(
                _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            KeyId = IsOld ? "" : KeyId,
        });
    }

    private static ReadOnlySpan<byte> Unsqueeze(ByteString packed)
    {
        using var zstd = new ZstdSharp.DecompressionStream(new MemoryStream(packed.ToByteArray()));
        using var plain = new MemoryStream();
        zstd.CopyTo(plain);
        return plain.ToArray();
    }

    private static ReadOnlySpan<byte> Unpack(ByteString packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed.ToByteArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
