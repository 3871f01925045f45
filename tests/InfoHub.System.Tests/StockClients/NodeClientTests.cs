using System.Diagnostics;
using System.Text.Json;
using InfoHub.Host.Commands;
using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.StockClients;

/// <summary>
/// A program in another language, with the npm package @grpc/grpc-js and the published protos only, sends and reads.
/// </summary>
[Collection(HubCollection.Name)]
public sealed class NodeClientTests(RunningHub hub)
{
    private static readonly string Folder = Path.Combine(CommonOptions.RepositoryRoot, "tests", "InfoHub.System.Tests", "StockClients");

    [FactWith("node")]
    public async Task StockClient_SendsAFileAndReadsFindings()
    {
        await InstallAsync();
        var content = Electricity.Bytes(Electricity.Header, Enumerable.Range(1, 5_000).Select(n => Electricity.Row(n, kwh: n % 1_000 == 0 ? "-1" : "9.00")));
        var path = hub.WriteFile(Electricity.Item, content);
        var task = JsonSerializer.Serialize(new
        {
            hub = hub.Hub.Grpc, authority = hub.Hub.Web, protos = Path.Combine(CommonOptions.RepositoryRoot, "protos"), file = path,
            item = Electricity.Item, period = Electricity.Period, sequence = hub.NextSequence(),
            department = new { id = "gd", secret = hub.SecretOf("gd") },
            consumer = new { id = RunningHub.CityConsumer, secret = hub.SecretOf(RunningHub.CityConsumer) },
        });
        var run = await Programs.RunAsync(new ProcessStartInfo("node", ["client.js", task]) { WorkingDirectory = Folder });
        Assert.True(run.Code == 0, run.ToString());
        using var answer = JsonDocument.Parse(run.Out);
        var said = answer.RootElement;
        Assert.Equal("e3069283", said.GetProperty("crc").GetString());
        AssertSent(said, content.Length);
        AssertErrors(said.GetProperty("errors"));
        await AssertFindingsAsync(said);
        AssertRefused(said.GetProperty("refused"));
    }

    private static async Task InstallAsync()
    {
        if (File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
            return;
        var npm = await Programs.RunAsync(new ProcessStartInfo("npm", ["ci", "--ignore-scripts"]) { WorkingDirectory = Folder });
        Assert.True(npm.Code == 0, npm.ToString());
    }

    private static void AssertSent(JsonElement said, int size)
    {
        Assert.Equal("SUBMISSION_STATE_OPENED", Text(said, "opened", "state"));
        Assert.InRange(said.GetProperty("resumed").GetInt64(), 1, size - 1);
        Assert.True(said.GetProperty("acknowledgements").GetInt32() > 0);
        Assert.Equal(FormattableString.Invariant($"{size}"), Text(said, "committed", "durable_offset"));
        Assert.Equal("SUBMISSION_STATE_USED", said.GetProperty("watched").EnumerateArray().Last().GetString());
        Assert.Equal(("5000", "5", "4995"), (Text(said, "status", "rows_received"), Text(said, "status", "rows_rejected"), Text(said, "status", "rows_stored")));
        Assert.Equal(5, said.GetProperty("status").GetProperty("receipts").GetArrayLength());
        Assert.Equal(Text(said, "opened", "submission"), Text(said, "replayed", "submission"));
        Assert.Equal("SUBMISSION_STATE_USED", Text(said, "replayed", "state"));
    }

    private static void AssertErrors(JsonElement errors)
    {
        var parts = errors.EnumerateArray().ToArray();
        Assert.Equal("5", Text(parts[0], "totals", "errors"));
        Assert.Equal(5, parts.Length - 1);
        Assert.All(parts.Skip(1), part =>
        {
            Assert.Equal("IH-INT-311", Text(part, "error", "code"));
            Assert.Equal("kwh", Text(part, "error", "field"));
            Assert.NotEmpty(Text(part, "error", "fix"));
        });
        Assert.Equal(["1000", "2000", "3000", "4000", "5000"], parts.Skip(1).Select(p => Text(p, "error", "row")));
    }

    private async Task AssertFindingsAsync(JsonElement said)
    {
        var first = said.GetProperty("page").GetProperty("findings").EnumerateArray().ToArray();
        Assert.Equal(5, first.Length);
        Assert.NotEqual(0, said.GetProperty("next").GetProperty("findings").GetArrayLength());
        using var consumer = hub.Connect(RunningHub.CityConsumer);
        var request = new Contracts.Delivery.V1.SearchFindingsRequest { Models = { "SZ-01" }, PageSize = 5 };
        var expected = await new Client.Receiving.FindingReader(consumer).SearchAsync(request, CancellationToken.None);
        Assert.Equal(expected.Findings.Select(f => f.FindingId), first.Select(f => f.GetProperty("finding_id").GetString()));
        Assert.Equal(FormattableString.Invariant($"{expected.Total}"), Text(said, "page", "total"));
        Assert.Equal(expected.Findings[0].FindingId, Text(said, "finding", "finding_id"));
        Assert.NotEqual(0, said.GetProperty("finding").GetProperty("arithmetic").GetArrayLength());
        Assert.NotEqual(0, said.GetProperty("finding").GetProperty("evidence").GetArrayLength());
    }

    private static void AssertRefused(JsonElement refused)
    {
        foreach (var (call, status, code) in new[]
        {
            ("noToken", "UNAUTHENTICATED", "IH-INT-101"), ("otherRole", "PERMISSION_DENIED", "IH-INT-102"),
            ("conflict", "ALREADY_EXISTS", "IH-INT-105"), ("unknown", "NOT_FOUND", "IH-DLV-101"),
        })
        {
            Assert.Equal(status, Text(refused, call, "status"));
            Assert.StartsWith(code, Text(refused, call, "details"), StringComparison.Ordinal);
            Assert.True(refused.GetProperty(call).GetProperty("problemBytes").GetInt32() > 0, call);
        }
    }

    private static string Text(JsonElement element, string part, string name) => element.GetProperty(part).GetProperty(name).GetString()!;
}
