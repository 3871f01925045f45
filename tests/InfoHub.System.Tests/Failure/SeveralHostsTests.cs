using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InfoHub.Cli;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Host.Commands;
using InfoHub.Storage;
using InfoHub.System.Tests.Fixtures;
using Npgsql;
using Xunit;

namespace InfoHub.System.Tests.Failure;

/// <summary>Several real hosts on one store: none harms the work or the keys of another, and any may die.</summary>
public sealed class SeveralHostsTests : IAsyncLifetime
{
    private const int Rows = 240_000;
    private const int Bad = Rows / 3;
    private const string Submission = "GD-01.v1.202412.1";

    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-hosts-").FullName;
    private EmbeddedPostgres _postgres = null!;
    private NpgsqlDataSource _store = null!;

    private string Extract => Path.Combine(_folder, "GD-01_202412.csv");

    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(Programs.Limit);
        _postgres = await EmbeddedPostgres.StartAsync(Path.Combine(_folder, "postgres"), limit.Token);
        _store = NpgsqlDataSource.Create(_postgres.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data(string name) => Path.Combine(_folder, name);

    private Task<HostProcess> ServeAsync(string data, string roles = "all") =>
        HostProcess.StartAsync(Data(data), _postgres.ConnectionString, roles);

    private Task<CommandResult> RefusedAsync(string data, string roles = "all") =>
        HostProcess.RefusedAsync(Data(data), _postgres.ConnectionString, roles);

    /// <summary>
    /// The check takes longer than every poll of the other host. Whoever is killed in the middle of it, or nobody: the
    /// department can read exactly the errors that R3 vouches for.
    /// </summary>
    [Theory]
    [InlineData("nobody")]
    [InlineData("who checks")]
    [InlineData("who does not")]
    public async Task Check_LongerThanEveryPoll_HasTheErrorsOfOneHost(string killed)
    {
        Electricity.WriteLarge(Extract, Rows, badEvery: 3);
        using var first = await ServeAsync("shared");
        using var second = await ServeAsync("shared");
        var secret = HostProcess.SecretIn(Data("shared"), "gd");
        using (var connection = first.Connect("gd", secret))
            await new SubmissionSender(connection).SendAsync(
                SubmissionFile.FromPath(Extract), SendUntil.Committed, null, CancellationToken.None);
        var owner = await OwnerAsync();
        var (checks, idles) = owner == first.Id ? (first, second) : (second, first);
        Assert.Equal(checks.Id, owner);
        if (killed == "who checks")
            await checks.KillAsync();
        else if (killed == "who does not")
            await idles.KillAsync();
        using var left = (killed == "who checks" ? idles : checks).Connect("gd", secret);
        var status = await StoredAsync(new SubmissionSender(left));

        Assert.Equal((Rows, Bad, Rows - Bad), (status.RowsReceived, status.RowsRejected, status.RowsStored));
        Assert.Equal((Bad, Bad, Rows - Bad), (await CountAsync("hub.row_error"), await CountAsync("hub.rejected_row"),
            await CountAsync("facts.gd_01")));
        var checkedRows = status.Receipts.Single(r => r.Kind == ReceiptKind.R3RowsChecked);
        Assert.Equal(await ReportHashAsync(),
            (string?)JsonNode.Parse(checkedRows.BodyJson)!["content"]!["error_report_sha256"]);
        Assert.Equal(0, await CountAsync("hub.claim where work like 'check:%'"));
    }

    private static async Task<SubmissionStatus> StoredAsync(SubmissionSender sender)
    {
        using var limit = new CancellationTokenSource(Programs.Limit);
        await foreach (var status in sender.WatchAsync(Submission, limit.Token))
            if (status.State is SubmissionState.Stored or SubmissionState.Used)
                return status;
        throw new InvalidOperationException("the rows were not stored");
    }

    /// <summary>Waits until errors have been written, so that there is something to harm.</summary>
    private async Task<int> OwnerAsync()
    {
        using var limit = new CancellationTokenSource(Programs.Limit);
        while (await CountAsync("hub.row_error") == 0)
            await Task.Delay(20, limit.Token);
        await using var command = _store.CreateCommand("select owner from hub.claim where work like 'check:%'");
        return int.Parse(((string)(await command.ExecuteScalarAsync())!).Split('/')[1], CultureInfo.InvariantCulture);
    }

    private async Task<long> CountAsync(string table)
    {
        await using var command = _store.CreateCommand($"select count(*) from {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Over the errors as a department reads them.</summary>
    private async Task<string> ReportHashAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var command = _store.CreateCommand("""
            select concat_ws(E'\t', row, field, code, disposition, row_key, observed, expected) || E'\n'
            from hub.row_error where code <> 'IH-INT-502' order by row, number
            """);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            hash.AppendData(Encoding.UTF8.GetBytes(reader.GetString(0)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Roles on two hosts, each with a data folder of its own: a host that lacks the master key says so and makes
    /// nothing; with it a push ends in receipts that the department's client verifies.
    /// </summary>
    [Fact]
    public async Task Roles_SplitOverTwoDataFolders_ShareTheirKeysOrSayWhatIsMissing()
    {
        using var intake = await ServeAsync("one", "intake");
        var refused = await RefusedAsync("two", "processing,delivery,console");
        Assert.Equal(CommonOptions.RefusedExitCode, refused.Code);
        Assert.Contains("IH-CFG-025", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Data("two"), "authority", "master-key")));

        Directory.CreateDirectory(Path.Combine(Data("two"), "authority"));
        await File.WriteAllTextAsync(Path.Combine(Data("two"), "authority", "master-key"),
            Convert.ToBase64String(new byte[32]));
        Assert.Contains("IH-CFG-026", (await RefusedAsync("two", "processing")).Error, StringComparison.Ordinal);

        File.Copy(Path.Combine(Data("one"), "authority", "master-key"),
            Path.Combine(Data("two"), "authority", "master-key"), overwrite: true);
        using var processing = await ServeAsync("two", "processing,delivery,console");
        Assert.Empty(Directory.GetFiles(Path.Combine(Data("two"), "credentials")));
        Assert.Contains("IH-CFG-028", (await RefusedAsync("two", "intake")).Error, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(Extract, Electricity.Good(rows: 50));
        var pushed = await PushAsync(intake);
        Assert.True(pushed.Code == 0, pushed.ToString());
        Assert.Contains("回执", pushed.All, StringComparison.Ordinal);
        Assert.Equal(5, await CountAsync("hub.receipt"));
        Assert.Equal(1, await CountAsync("(select distinct key_id from hub.receipt) keys"));
    }

    private async Task<CommandResult> PushAsync(HostProcess intake)
    {
        var environment = new Dictionary<string, string>
        {
            ["INFOHUB_HUB"] = intake.Grpc.AbsoluteUri, ["INFOHUB_AUTHORITY"] = intake.Web.AbsoluteUri,
            ["INFOHUB_CLIENT_ID"] = "gd", ["INFOHUB_CLIENT_SECRET"] = HostProcess.SecretIn(Data("one"), "gd"),
            ["INFOHUB_HOME"] = Data("home"),
        };
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, error, IsInteractive: false, environment.GetValueOrDefault);
        var code = await HubCommandLine.RunAsync(["push", Extract, "--timeout", "100"], terminal, CancellationToken.None);
        return new CommandResult((int)code, output.ToString(), error.ToString());
    }

    /// <summary>A dump brought back under a new data folder: what is missing is told, and with it nothing is.</summary>
    [Fact]
    public async Task Restore_IntoANewFolder_NeedsTheMasterKeyAndTheFilesThatAreDue()
    {
        using (await ServeAsync("one"))
        {
            // Only made.
        }
        Assert.Contains("IH-CFG-025", (await RefusedAsync("new")).Error, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(Data("new"), "authority"));
        File.Copy(Path.Combine(Data("one"), "authority", "master-key"), Path.Combine(Data("new"), "authority", "master-key"));
        await ExecuteAsync("update hub.spool set used_at = used_at - interval '1 minute'");
        await ExecuteAsync("""
            insert into hub.submission (ref, department, item, version, period, sequence, sha256, size_bytes, format,
                file_name, state, opened_at, changed_at, operation, is_test, encoding, sheet)
            values ('GD-01.v1.202411.1', 'GD', 'GD-01', 1, 202411, 1, '', 1, 1, 'f', 3, now(), now(), 1, false, 0, '')
            """);
        Assert.Contains("IH-CFG-029", (await RefusedAsync("new")).Error, StringComparison.Ordinal);
        Directory.Move(Path.Combine(Data("one"), "spool"), Path.Combine(Data("new"), "spool2"));
        Directory.Delete(Path.Combine(Data("new"), "spool"), recursive: true);
        Directory.Move(Path.Combine(Data("new"), "spool2"), Path.Combine(Data("new"), "spool"));
        using var again = await ServeAsync("new");
        using var connection = again.Connect("gd", HostProcess.SecretIn(Data("one"), "gd"));
        await File.WriteAllBytesAsync(Extract, Electricity.Good(rows: 5));
        var sent = await new SubmissionSender(connection).SendAsync(
            SubmissionFile.FromPath(Extract), SendUntil.Resting, null, CancellationToken.None);
        Assert.Equal(SubmissionState.Used, sent.State);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _store.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
