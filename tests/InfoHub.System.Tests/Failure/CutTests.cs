using System.Diagnostics;
using System.Security.Cryptography;
using InfoHub.Bench;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.System.Tests.Fixtures;
using Npgsql;
using Xunit;

namespace InfoHub.System.Tests.Failure;

/// <summary>
/// An upload that is cut and whose client is killed, over and over, is one submission with the file's bytes.
/// </summary>
[Collection(HubCollection.Name)]
public sealed class CutTests(RunningHub hub)
{
    private const int Cuts = 60;
    private const int Kills = 5;
    private const int Rows = 60_000;

    [Fact]
    public async Task Upload_CutAndKilled_IsOneSubmissionWithTheSameBytes_AndNeverBusy()
    {
        var path = hub.WriteFile(Electricity.Item, []);
        var (rows, bad) = Electricity.WriteLarge(path, Rows);
        using var limit = new CancellationTokenSource(Programs.Limit);
        await using var proxy = new CuttingProxy(hub.Hub.Grpc);
        var outcome = await new CutRun(proxy, SubmissionFile.FromPath(path), seed: 7)
            .RunAsync(hub.Hub.OptionsOf("gd"), Cuts, Kills, address => Client(address, path), limit.Token);

        Assert.Equal((Cuts, Kills, 0), (outcome.Cuts, outcome.Kills, outcome.Busy));
        using var connection = hub.Connect("gd");
        var status = await new RawSender(connection).RestAsync(outcome.Status.Submission);
        Assert.Equal((SubmissionState.Used, rows, bad), (status.State, status.RowsReceived, status.RowsRejected));
        Assert.Equal(1, await CountAsync("select count(*) from hub.submission where ref = $1", status.Submission));
        Assert.Equal(rows - bad, await CountAsync("""
            select count(*) from facts.gd_01 f join hub.submission s on s.id = f._submission where s.ref = $1
            """, status.Submission));
        // The spooled file goes soon after its rows are stored; R1 says that its bytes were those of the file.
        var content = status.Receipts.Single(receipt => receipt.Kind == ReceiptKind.R1BytesReceived).BodyJson;
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))), content,
            StringComparison.Ordinal);
    }

    private async Task<int> CountAsync(string query, string submission)
    {
        await using var command = hub.Hub.Store.CreateCommand(query);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = submission });
        return (int)(long)(await command.ExecuteScalarAsync())!;
    }

    private Process Client(Uri address, string path)
    {
        var start = Programs.Own("InfoHub.Cli", "infohub", "push", "--no-wait", path);
        foreach (var (name, value) in hub.EnvironmentOf("gd"))
            start.Environment[name] = value;
        start.Environment["INFOHUB_HUB"] = address.AbsoluteUri;
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
