using System.Diagnostics;
using System.Globalization;
using System.Text;
using InfoHub.Client;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Host.Commands;
using InfoHub.Host.Composition;
using InfoHub.Storage;
using InfoHub.System.Tests.Fixtures;
using Npgsql;
using Xunit;

namespace InfoHub.System.Tests.Failure;

/// <summary>A hub that stops or is killed at any point goes on where it was: no row lost, none twice.</summary>
public sealed class RestartTests : IDisposable
{
    private const int LargeRows = 14_000;
    private const string Large = "GD-01.v1.202412.1";

    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-restart-").FullName;

    private string Data => Path.Combine(_folder, "data");

    private string LargeFile => Path.Combine(_folder, "GD-01_202412.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<Hub> StartAsync() => Hub.StartAsync(new HubOptions
    {
        DataFolder = Data, TemplatesFolder = Path.Combine(CommonOptions.RepositoryRoot, "partner-templates"), GrpcPort = 0, WebPort = 0,
        AsOf = new DateOnly(2025, 1, 20),
    }, CancellationToken.None);

    [Fact]
    public async Task Restart_InTheMiddleOfAnUpload_GoesOnFromTheDurableOffset()
    {
        var content = Electricity.Good(rows: 4_000);
        var half = content.Length / 2;
        var request = RawSender.Request(content, sequence: 1);
        await using (var hub = await StartAsync())
        {
            using var connection = hub.Connect("gd");
            var raw = new RawSender(connection);
            await raw.UploadAsync((await raw.OpenAsync(request)).Submission, content, 0, half);
        }
        await using var again = await StartAsync();
        using var resumed = again.Connect("gd");
        var rest = new RawSender(resumed);
        var status = await rest.OpenAsync(request);
        Assert.Equal(half, status.DurableOffset);
        Assert.Equal(content.Length, await rest.UploadAsync(status.Submission, content, half, content.Length));
        await rest.CommitAsync(status.Submission);
        AssertWhole(await rest.RestAsync(status.Submission), 4_000, bad: 0);
        await AssertStoredAsync(again.Store, 4_000);
    }

    [Fact]
    public async Task Restart_BetweenUploadAndCheck_StoresEveryRowOnce()
    {
        var (rows, bad) = Electricity.WriteLarge(LargeFile, LargeRows);
        await using (var hub = await StartAsync())
        {
            using var connection = hub.Connect("gd");
            var sent = await new SubmissionSender(connection).SendAsync(SubmissionFile.FromPath(LargeFile), SendUntil.Committed, null, CancellationToken.None);
            Assert.Equal(Large, sent.Submission);
        }
        await using var again = await StartAsync();
        using var watch = again.Connect("gd");
        AssertWhole(await new RawSender(watch).RestAsync(Large), rows, bad);
        await AssertStoredAsync(again.Store, rows - bad);
    }

    [Fact]
    public async Task Kill_InTheMiddleOfACheck_StoresEveryRowOnce()
    {
        var (rows, bad) = Electricity.WriteLarge(LargeFile, LargeRows);
        try
        {
            using (var first = await ServeAsync())
            {
                using var connection = Connect();
                await new SubmissionSender(connection).SendAsync(SubmissionFile.FromPath(LargeFile), SendUntil.Committed, null, CancellationToken.None);
                await WaitForAsync(connection, SubmissionState.Readable);
                first.Kill();
                await first.WaitForExitAsync();
            }
            using var second = await ServeAsync();
            using (var connection = Connect())
                AssertWhole(await new RawSender(connection).RestAsync(Large), rows, bad);
            await using (var store = NpgsqlDataSource.Create(
                EmbeddedPostgres.ConnectionStringOfRunning(Path.Combine(Data, "postgres")) + ";Pooling=false"))
                await AssertStoredAsync(store, rows - bad);
            Assert.Equal(0, (await Programs.RunAsync(new ProcessStartInfo("kill", ["-TERM", second.Id.ToString(CultureInfo.InvariantCulture)]))).Code);
            using var limit = new CancellationTokenSource(Programs.Limit);
            await second.WaitForExitAsync(limit.Token);
            Assert.Empty(Postmaster());
        }
        finally
        {
            // A hub that failed to come back leaves the cluster of the killed one behind.
            if (Postmaster() is [var pid, ..])
                await Programs.RunAsync(new ProcessStartInfo("kill", ["-QUIT", pid]));
        }
    }

    private string[] Postmaster() => File.Exists(Path.Combine(Data, "postgres", "cluster", "postmaster.pid"))
        ? File.ReadAllLines(Path.Combine(Data, "postgres", "cluster", "postmaster.pid")) : [];

    /// <summary>A real <c>serve</c>, ready when it has said its addresses.</summary>
    private async Task<Process> ServeAsync()
    {
        var start = Programs.Own("InfoHub.Host", "infohub-host", "serve", "--data", Data, "--grpc-port", "0", "--web-port", "0", "--as-of", "2025-01-20");
        (start.RedirectStandardOutput, start.StandardOutputEncoding) = (true, Encoding.UTF8);
        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Programs.Limit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            if (line.StartsWith("gRPC ", StringComparison.Ordinal))
            {
                // What it says later is not of interest, but must be read, or it stops when the pipe is full.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return process;
            }
        await process.WaitForExitAsync(limit.Token);
        throw new InvalidOperationException($"serve ended with {process.ExitCode}");
    }

    private HubConnection Connect()
    {
        var lines = File.ReadAllLines(Path.Combine(Data, "credentials", "gd.env")).Where(l => l.Contains('=', StringComparison.Ordinal))
            .ToDictionary(l => l[..l.IndexOf('=', StringComparison.Ordinal)], l => l[(l.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        return new HubConnection(new HubConnectionOptions
        {
            Hub = new Uri(lines["INFOHUB_HUB"]), Authority = new Uri(lines["INFOHUB_AUTHORITY"]), ClientId = "gd", ClientSecret = lines["INFOHUB_CLIENT_SECRET"],
        });
    }

    private static async Task WaitForAsync(HubConnection connection, SubmissionState state)
    {
        using var limit = new CancellationTokenSource(Programs.Limit);
        await foreach (var status in new SubmissionSender(connection).WatchAsync(Large, limit.Token))
            if (status.State >= state)
            {
                Assert.Equal(state, status.State);
                return;
            }
    }

    private static void AssertWhole(SubmissionStatus status, int rows, int bad)
    {
        Assert.Equal(SubmissionState.Used, status.State);
        Assert.Equal((rows, bad, rows - bad, rows - bad), (status.RowsReceived, status.RowsRejected, status.RowsAccepted, status.RowsStored));
        Assert.Equal(bad, status.ErrorTotals.Where(t => t.Severity == Severity.Error).Sum(t => t.Count));
        Assert.Equal(5, status.Receipts.Count);
    }

    private static async Task AssertStoredAsync(NpgsqlDataSource store, int rows)
    {
        await using var command = store.CreateCommand(
            "select count(*), count(distinct _row), count(distinct cust_no), (select count(*) from hub.row_error where disposition <> 1) from facts.gd_01");
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal((rows, rows, rows), (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)));
        Assert.Equal(rows == LargeRows - (LargeRows / 100) ? LargeRows / 100 : 0, reader.GetInt64(3));
    }
}
