using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InfoHub.Contracts.Events.V1;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Intake;
using InfoHub.Intake.Submit;
using InfoHub.Intake.Validate;
using InfoHub.Stages.Tests.RecordLog;
using InfoHub.Storage.Claims;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Submissions;
using InfoHub.Streaming;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Stages.Tests.Intake;

/// <summary>The check can be broken off anywhere and run again; it never runs far ahead of landing.</summary>
public sealed class CheckStageTests(PostgresLogFixture fixture) : IClassFixture<PostgresLogFixture>
{
    private const int Rows = 20_000 * 4;

    private static readonly CancellationToken None = CancellationToken.None;
    private static int _sequence;

    /// <summary>A log in memory that may break off after some appends.</summary>
    private sealed class MemoryLog(int appendsMax = int.MaxValue) : IRecordLog
    {
        private int _appends;

        public ConcurrentQueue<byte[]> Records { get; } = new();

        public string Name => "memory";

        public int Partitions => 1;

        public Task AppendAsync(int partition, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellation)
        {
            if (Interlocked.Increment(ref _appends) > appendsMax)
                throw new IOException("the log is gone");
            foreach (var record in records)
                Records.Enqueue(record.ToArray());
            return Task.CompletedTask;
        }

        public Task<LogBatch> ReadAsync(int at, long from, ReadBounds bounds, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<string?> FaultAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public List<string> Envelopes() => [.. Records.Where(r => LogRecord.Parser.ParseFrom(r).ContentCase == LogRecord.ContentOneofCase.Envelope).Select(r => Convert.ToHexString(SHA256.HashData(r)))];
    }

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "InfoHub.sln")))
                folder = Path.GetDirectoryName(folder)!;
            return Path.Combine(folder, "partner-templates", "GD", "GD-01", "v1");
        }
    }

    private static readonly TemplateRegistry Templates = new([new RegisteredTemplate(OdcsReader.Read(File.ReadAllText(Path.Combine(Root, "template.odcs.yaml"))), "")]);

    private static readonly ReceiptLedger Receipts = new(new ReceiptSigner(ECDsa.Create(ECCurve.NamedCurves.nistP256), []));

    private readonly SubmissionStore _submissions = new(fixture.Store, Receipts, TimeProvider.System);
    private readonly LandingStore _landing = new(fixture.Store, Receipts, TimeProvider.System);
    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-check-").FullName;

    private CheckStage Stage(IRecordLog log, int aheadMax = 1000) => new(_submissions, new RowErrorStore(fixture.Store), _landing, log, new FileSpool(_folder), Templates,
        new IntakeOptions { SpoolFolder = _folder, EnvelopesAheadMax = aheadMax }, TimeProvider.System);

    private readonly ClaimStore _claims = new(fixture.Store);

    private async Task RunAsync(CheckStage stage, long id)
    {
        await using var claim = await _claims.TryTakeAsync($"check:{id}", None);
        await stage.RunAsync(id, claim!, None);
        await claim!.DoneAsync(None);
    }

    /// <summary>
    /// A host is stopped in the middle of a check, another takes the check up, and the first one wakes: what it would
    /// write then is not written, and nothing that the other wrote is gone.
    /// </summary>
    [Fact]
    public async Task Run_OwnerStoppedTakenOverAndWoken_WritesNothingMore()
    {
        var rows = string.Concat(Enumerable.Range(1, 2_000)
            .Select(i => $"{i},甲公司,东湖路1号,370983,202503,200,{(i % 4 == 0 ? "十二" : "1.00")},80.00,1\n"));
        var text = Beginning[..(Beginning.IndexOf('\n', StringComparison.Ordinal) + 1)] + $"9{Row},100.50,80.00,1\n" + rows;
        var id = await ReceivedAsync(Encoding.UTF8.GetBytes(text), null);
        await using var first = (await _claims.TryTakeAsync($"check:{id}", None))!;
        var errors = new RowErrorStore(fixture.Store);
        await errors.ClearErrorsAsync(id, None, first);
        Assert.Null(await _claims.TryTakeAsync($"check:{id}", None));
        await ExecuteAsync($"update hub.claim set until = '-infinity' where work = 'check:{id}'");
        Assert.Contains(id, await DueAsync());

        await using var second = (await _claims.TryTakeAsync($"check:{id}", None))!;
        Assert.True(second.IsTakenOver);
        await Stage(new MemoryLog()).RunAsync(id, second, None);
        var before = await CountAsync(id);
        await Assert.ThrowsAsync<ClaimLostException>(() => Stage(new MemoryLog()).GiveUpAsync(id, first, None));
        await Assert.ThrowsAsync<ClaimLostException>(() => errors.ClearErrorsAsync(id, None, first));
        await Assert.ThrowsAsync<ClaimLostException>(() => errors.AddErrorsAsync(id, "GD-01", [], [], None, first));
        await Assert.ThrowsAsync<ClaimLostException>(() => errors.SetErrorTotalsAsync(id, [], None, first));
        await Assert.ThrowsAsync<ClaimLostException>(() => _submissions.SetLayoutAsync(id, new FileLayout(null, ',', 1, [], null), None, first));
        await second.DoneAsync(None);
        Assert.True(first.Lost.IsCancellationRequested);
        Assert.Equal((500L, 500L), before);
        Assert.Equal(before, await CountAsync(id));
        Assert.Equal(SubmissionState.Checked, (await _submissions.GetAsync(id, None)).State);
        Assert.DoesNotContain(id, await DueAsync());
    }

    /// <summary>The power goes between R3 and the seal: the claim is still there, and whoever takes it seals.</summary>
    [Fact]
    public async Task Run_EndedBetweenReceiptAndSeal_IsDueAndSealedByTheNext()
    {
        var id = await ReceivedAsync();
        var log = new MemoryLog(appendsMax: 1_000);
        await using (var claim = (await _claims.TryTakeAsync($"check:{id}", None))!)
            await Stage(log).RunAsync(id, claim, None);
        Assert.Contains(id, await DueAsync());
        var second = new MemoryLog();
        await RunAsync(Stage(second), id);
        var record = LogRecord.Parser.ParseFrom(Assert.Single(second.Records));
        Assert.Equal(id, record.Seal.SubmissionId);
        Assert.DoesNotContain(id, await DueAsync());
    }

    private async Task<long[]> DueAsync() =>
        [.. (await _submissions.UnfinishedChecksAsync(None)).Select(due => due.Id)];

    private async Task<(long Errors, long Rejected)> CountAsync(long id)
    {
        await using var command = fixture.Store.CreateCommand(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"select array[(select count(*) from hub.row_error where submission = {id}), (select count(*) from hub.rejected_row where submission = {id})]"));
        var counts = (long[])(await command.ExecuteScalarAsync())!;
        return (counts[0], counts[1]);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = fixture.Store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> ReceivedAsync()
    {
        var lines = File.ReadAllLines(Path.Combine(Root, "samples", "valid.csv"));
        var cells = lines[1].Split(',');
        var csv = new StringBuilder(lines[0]).Append('\n');
        for (var i = 0; i < Rows; i++)
            csv.Append("37098").AppendFormat(System.Globalization.CultureInfo.InvariantCulture, "{0:00000000}", i).Append(',').AppendJoin(',', cells[1..]).Append('\n');
        return await ReceivedAsync(Encoding.UTF8.GetBytes(csv.ToString()), null);
    }

    private async Task<long> ReceivedAsync(byte[] bytes, Manifest? manifest)
    {
        var key = new SubmissionKey("GD", "GD-01", 1, Period.Parse("202503"), Interlocked.Increment(ref _sequence));
        var submission = await _submissions.OpenAsync(key, new DeclaredFile([.. SHA256.HashData(bytes)], bytes.Length, FileFormat.Csv, "f.csv"), SubmissionTerms.Default, None);
        if (manifest is not null)
            await _submissions.SetManifestAsync(submission.Id, manifest, None);
        await File.WriteAllBytesAsync(new FileSpool(_folder).PathOf(submission.Id), bytes);
        await _submissions.AdvanceAsync(submission, SubmissionState.Received, Receipt.Issue(ReceiptKind.BytesReceived, key.Ref, DateTimeOffset.UtcNow, null, []), None);
        return submission.Id;
    }

    [Fact]
    public async Task Run_BrokenOffAndRunAgain_CutsTheSameEnvelopes()
    {
        var id = await ReceivedAsync();
        var (broken, whole) = (new MemoryLog(appendsMax: 1), new MemoryLog());
        await Assert.ThrowsAsync<IOException>(() => RunAsync(Stage(broken), id));
        Assert.Equal(SubmissionState.Readable, (await _submissions.GetAsync(id, None)).State);
        await RunAsync(Stage(whole), id);

        var envelopes = whole.Envelopes();
        Assert.True(envelopes.Count > 16);
        Assert.Equal(broken.Envelopes(), envelopes.Take(broken.Envelopes().Count));
        Assert.NotEmpty(broken.Envelopes());
        var submission = await _submissions.GetAsync(id, None);
        Assert.Equal((SubmissionState.Checked, (long)Rows, 3), (submission.State, submission.RowsAccepted, submission.Receipts.Length));
        Assert.All(submission.Receipts.Select((r, i) => r.Fits(i == 0 ? null : submission.Receipts[i - 1])), Assert.True);
    }

    [Fact]
    public async Task Run_LandingLags_HoldsBackUntilItHasCaughtUp()
    {
        var id = await ReceivedAsync();
        var log = new MemoryLog();
        var running = RunAsync(Stage(log, aheadMax: 2), id);
        await UntilAsync(() => log.Records.Count >= 2);
        Assert.Equal(2, log.Records.Count);
        Assert.False(running.IsCompleted);
        for (var landed = 1; !running.IsCompleted && landed < 100; landed++)
        {
            await using (var land = fixture.Store.CreateCommand($"update hub.submission set envelopes_landed = {landed} where id = {id}"))
                await land.ExecuteNonQueryAsync();
            Assert.True(log.Envelopes().Count <= landed + 2);
            await UntilAsync(() => running.IsCompleted || log.Records.Count >= landed + 2);
        }
        await running;
        Assert.Equal(LogRecord.ContentOneofCase.Seal, LogRecord.Parser.ParseFrom(log.Records.Last()).ContentCase);
    }

    private const string Row = "000,甲公司,东湖路1号,370983,202503,200";
    private const string Beginning =
        $"cust_no,cust_name,address,region_code,data_month,use_class,kwh,fee,status\n1{Row},100.50,80.00,1\n";

    /// <summary>The sender's database has the cells that the file spoils, so that its sums are right and ours are not.
    /// </summary>
    [Theory]
    [InlineData("", "101.00", "rows,fee,kwh")]
    [InlineData(",\"1,234\",20.00,1", "1334.50", "rows,fee")]
    [InlineData(",12元,20.00,1", "112.50", "rows,fee")]
    [InlineData(",12,8,20.00,1", "112.80", "rows")]
    public async Task Run_ManifestOfSumsTheFileSpoils_ComparesTheOthers(string spoilt, string kwh, string compared)
    {
        var rows = spoilt.Length == 0 ? $"2{Row},0.50,20.00,1" : $"2{Row}{spoilt}";
        var receipts = (await CheckedAsync(rows, new Dictionary<string, decimal>
        {
            ["kwh"] = decimal.Parse(kwh, System.Globalization.CultureInfo.InvariantCulture), ["fee"] = 100.00m,
        })).Receipts;
        var content = JsonNode.Parse(receipts[^1].BodyJson)!["content"]!;
        Assert.Equal("utf8", (string?)content["encoding"]);
        Assert.Equal(compared, string.Join(',', content["manifest_compared"]!.AsArray().Select(n => (string?)n)));
    }

    [Fact]
    public async Task Run_ManifestDiffersInAColumnThatIsWhole_RefusesTheFile()
    {
        var submission = await CheckedAsync($"2{Row},12元,20.00,1", new Dictionary<string, decimal> { ["fee"] = 99m });
        Assert.Equal(SubmissionState.FileRefused, submission.State);
        Assert.Equal("IH-INT-124", submission.Problems.Single().Code);
    }

    /// <summary>R2 is issued before the Chinese begins, R3 at the end.</summary>
    [Fact]
    public async Task Run_ChineseBeginsFarBehindTheHeader_R3HasTheEncoding()
    {
        var ascii = Enumerable.Range(1, 60_000).Select(i => $"{i},Co,Road,370983,202503,200,1.00,1.00,1\n");
        byte[] file = [.. Encoding.UTF8.GetBytes("cust_no,cust_name,address,region_code,data_month,use_class,kwh,fee,status\n"
            + string.Concat(ascii) + "0,"), 0xBC, 0xD7, 0xB9, 0xAB, .. ",Road,370983,202503,200,1.00,1.00,1\n"u8];
        var id = await ReceivedAsync(file, null);
        await RunAsync(Stage(new MemoryLog()), id);
        var submission = await _submissions.GetAsync(id, None);

        Assert.Equal(60_001, submission.RowsAccepted);
        Assert.Equal(["ascii", "gb18030"], submission.Receipts[1..].Select(r =>
            (string?)JsonNode.Parse(r.BodyJson)!["content"]!["encoding"]));
    }

    private async Task<Submission> CheckedAsync(string row, Dictionary<string, decimal> sums)
    {
        var manifest = new Manifest(2, sums.ToImmutableSortedDictionary(StringComparer.Ordinal));
        var id = await ReceivedAsync(Encoding.UTF8.GetBytes(Beginning + row + "\n"), manifest);
        await RunAsync(Stage(new MemoryLog()), id);
        return await _submissions.GetAsync(id, None);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(5, limit.Token);
    }
}
