using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using InfoHub.Contracts.Events.V1;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Reconciliation;
using InfoHub.Domain.Submissions;
using InfoHub.Processing;
using InfoHub.Processing.Evaluate;
using InfoHub.Processing.Land;
using InfoHub.Processing.Resolve;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Parked;
using InfoHub.Storage.Parties;
using InfoHub.Storage.RecordLog;
using InfoHub.Storage.Submissions;
using InfoHub.Streaming;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace InfoHub.Storage.Tests.Fixtures;

/// <summary>A department's file; an empty text is a nil return.</summary>
internal sealed record SentFile(string Item, string Period, int Sequence, Operation Operation, string Csv)
{
    public override string ToString() => $"{Item}.{Period}.{Sequence}";
}

/// <summary>The real stages from the record log to the findings over one database, driven step by step.</summary>
internal sealed class Flow : IAsyncDisposable
{
    public static readonly CancellationToken None = CancellationToken.None;

    private Flow(NpgsqlDataSource store, PostgresRecordLog log, TemplateRegistry templates, TimeProvider clock,
        ImmutableArray<ComparisonModel> models)
    {
        (Store, Log, Templates, Clock) = (store, log, templates, clock);
        Submissions = new SubmissionStore(store, Receipts, clock);
        Errors = new RowErrorStore(store);
        Withdrawals = new WithdrawalStore(store, Receipts, clock);
        Landing = new LandingStore(store, Receipts, clock);
        Resolution = new ResolutionStore(store);
        Evaluations = new EvaluationStore(store, Receipts, clock);
        Findings = new FindingQuery(store);
        LandStage = new LandStage(log, Landing, templates, new WorkSignal(), NullLogger<LandStage>.Instance);
        Parked = new ParkedWork(store, clock);
        ResolveStage = new ResolveStage(Resolution, Submissions, templates, Parked, NullLogger<ResolveStage>.Instance);
        Links = new LinkStore(store, clock);
        LinkStage = NewLinkStage();
        EvaluateStage = new EvaluateStage(Evaluations, templates, models, ParameterSet.Shipped, clock,
            NullLogger<EvaluateStage>.Instance);
    }

    /// <summary>Signs with a key of this test run.</summary>
    public static ReceiptSigner Signer { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256), []);

    public static ReceiptLedger Receipts { get; } = new(Signer);

    public NpgsqlDataSource Store { get; }

    public RowErrorStore Errors { get; }

    public WithdrawalStore Withdrawals { get; }

    public PostgresRecordLog Log { get; }

    public TemplateRegistry Templates { get; }

    public TimeProvider Clock { get; }

    public SubmissionStore Submissions { get; }

    public LandingStore Landing { get; }

    public ResolutionStore Resolution { get; }

    public EvaluationStore Evaluations { get; }

    public FindingQuery Findings { get; }

    public ParkedWork Parked { get; }

    public LandStage LandStage { get; }

    public ResolveStage ResolveStage { get; }

    public LinkStore Links { get; }

    public LinkStage LinkStage { get; }

    public LinkRulings Rulings => new(Store, Templates, Clock);

    /// <summary>What a kWh, an insured person, a yuan settled and a department count in the queue.</summary>
    public static readonly LinkInterest Interest = new(12, 150_000, 1.5m, 20_000);

    public LinkAudits Audits => new(Store, Templates, Clock);

    public LinkQueue Queue => new(Store);

    /// <summary>Linking as another host would do it, with a register of its own in memory.</summary>
    public LinkStage NewLinkStage() =>
        new(Links, Templates, new ProcessingOptions { Clock = Clock }, NullLogger<LinkStage>.Instance);

    public EvaluateStage EvaluateStage { get; }

    public static async Task<Flow> OpenAsync(
        NpgsqlDataSource store, TimeProvider? clock = null, ImmutableArray<ComparisonModel>? models = null,
            TemplateRegistry? templates = null) =>
        new(store, await PostgresRecordLog.OpenAsync(new RecordLogTable(store), StreamingModule.EmbeddedPartitions,
            None), templates ?? Partner.Registry,
            clock ?? FixedClock.April2025, models ?? ModelCatalogue.All);

    /// <summary>Registers a submission and brings it to Checked with its first three receipts.</summary>
    public async Task<Submission> OpenCheckedAsync(string item, string period, int sequence, long accepted,
        SubmissionTerms? terms = null, long rejected = 0)
    {
        var template = Templates.Get(item, 0);
        var key = new SubmissionKey(template.Department, item, template.Version, Period.Parse(period), sequence);
        var submission = await Submissions.OpenAsync(key, File(key.Ref), terms ?? SubmissionTerms.Default, None);
        submission = submission with { RowsReceived = accepted + rejected, RowsAccepted = accepted,
            RowsRejected = rejected };
        foreach (var (kind, state) in new[]
        {
            (ReceiptKind.BytesReceived, SubmissionState.Received), (ReceiptKind.FileReadable,
                SubmissionState.Readable), (ReceiptKind.RowsChecked, SubmissionState.Checked),
        })
        {
            var receipt = Receipt.Issue(kind, key.Ref, Clock.GetUtcNow(), submission.Receipts.LastOrDefault(), []);
            await Submissions.AdvanceAsync(submission, state, receipt, None);
            submission = submission with { State = state, Receipts = submission.Receipts.Add(receipt) };
        }
        return submission;
    }

    public static DeclaredFile File(string content) =>
        new([.. SHA256.HashData(Encoding.UTF8.GetBytes(content))], content.Length, FileFormat.Csv, "extract.csv");

    public byte[] Envelope(Submission submission, int number, byte[] rows) => new LogRecord
    {
        Envelope = new RecordEnvelope
        {
            SubmissionId = submission.Id, Number = number, Item = submission.Key.Item,
                TemplateVersion = submission.Key.Version,
            Period = submission.Key.Period.Code, RowFormat = RowBatch.Format, Rows = ByteString.CopyFrom(rows),
            RowCount = new RowBatchView(Templates.Get(submission.Key.Item, submission.Key.Version), rows).RowCount,
        },
    }.ToByteArray();

    public static byte[] Seal(Submission submission, int envelopes, long rows) => new LogRecord
    {
        Seal = new SubmissionSeal { SubmissionId = submission.Id, EnvelopeCount = envelopes, RowCount = rows },
    }.ToByteArray();

    public static byte[] Abandon(Submission submission) => new LogRecord
    {
        Abandoned = new SubmissionAbandoned { SubmissionId = submission.Id, ProblemCode = "IH-STR-001" },
    }.ToByteArray();

    public int PartitionOf(Submission submission) => RecordPartition.Of(submission.Id, Log.Partitions);

    public Task AppendAsync(Submission submission, params byte[][] records) =>
        Log.AppendAsync(PartitionOf(submission), [.. records.Select(r => new ReadOnlyMemory<byte>(r))], None);

    /// <summary>Lands everything that is on one partition.</summary>
    public async Task LandAsync(int partition)
    {
        var position = await Landing.PositionAsync(Log.Name, partition, None);
        for (var next = await LandOnceAsync(partition,
            position); next != position; next = await LandOnceAsync(partition, position))
            position = next;
    }

    /// <summary>A whole submission from the department to the sealed store.</summary>
    public Task<Submission> SendAsync(string item, string period, int sequence, params Dictionary<string,
        string>[] rows) =>
        SendAsync(item, period, sequence, SubmissionTerms.Default, rows);

    public async Task<Submission> SendAsync(
        string item, string period, int sequence, SubmissionTerms terms, params Dictionary<string, string>[] rows)
    {
        var submission = await OpenCheckedAsync(item, period, sequence, rows.Length, terms);
        var envelopes = Partner.Envelopes(Templates.Get(item, 0), rows);
        await AppendAsync(submission, [.. envelopes.Select((e, i) => Envelope(submission, i, e)), Seal(submission,
            envelopes.Count, rows.Length)]);
        await LandAsync(PartitionOf(submission));
        return await Submissions.GetAsync(submission.Id, None);
    }

    /// <summary>
    /// A file as a department has it, checked as intake does on <paramref name="today"/>: what is rejected is kept as
    /// rejected.
    /// </summary>
    public async Task<Submission> SendFileAsync(SentFile file, DateOnly today)
    {
        var reader = new RowReader(Templates.Get(file.Item, 0), new FileContext(Period.Parse(file.Period), today, 42));
        if (file.Csv.Length > 0 && (reader.Read(Encoding.UTF8.GetBytes(file.Csv), true, out _) != ReadStatus.End
            || reader.Refusal is not null))
            throw new InvalidOperationException($"{file}: {reader.Refusal?.Code}");
        var terms = new SubmissionTerms(file.Operation, IsTest: false);
        var submission = await OpenCheckedAsync(file.Item, file.Period, file.Sequence, reader.RowsAccepted, terms,
            reader.RowsRejected);
        await Errors.AddErrorsAsync(submission.Id, file.Item, [.. reader.Errors.Details()],
            [.. reader.Errors.Rejections().Select(r => r with { Name = NameKey.Of(r.Name) })], None);
        var rows = reader.RowsAccepted > 0 ? new[] { Envelope(submission, 0, reader.Batch.ToPayload()) } : [];
        await AppendAsync(submission, [.. rows, Seal(submission, rows.Length, reader.RowsAccepted)]);
        await LandAsync(PartitionOf(submission));
        return await Submissions.GetAsync(submission.Id, None);
    }

    public async Task<long> LandOnceAsync(int partition, long position)
    {
        using var batch = await LandStage.ReadAsync(partition, position, None);
        return await LandStage.LandAsync(partition, position, batch.Entries, None);
    }

    /// <summary>Resolves what has landed and links what waits, as the hub does or as another host would.</summary>
    public async Task ResolveAllAsync(LinkStage? host = null)
    {
        foreach (var id in await Resolution.UnresolvedAsync(None))
            await ResolveStage.RunAsync(id, None);
        while (await (host ?? LinkStage).RunOnceAsync(None))
            await Task.Yield();
        await Evaluations.WakeAsync(DateOnly.MinValue, None);
    }

    public async Task EvaluateAllAsync()
    {
        while (await EvaluateStage.RunOnceAsync(None))
            await Task.Yield();
        await Evaluations.MarkUsedAsync(ModelCatalogue.All.Length, long.MaxValue, None);
    }

    public async Task<List<string>> LinesAsync(string sql)
    {
        await using var command = Store.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i =>
                reader.IsDBNull(i) ? "-" : Convert.ToString(reader.GetValue(i),
                    System.Globalization.CultureInfo.InvariantCulture))));
        return lines;
    }

    public async Task<long> CountAsync(string from) => long.Parse((await LinesAsync($"select count(*) from {from}"))[0], System.Globalization.CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
