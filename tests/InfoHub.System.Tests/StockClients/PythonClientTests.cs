using System.Diagnostics;
using System.Text.Json;
using InfoHub.Host.Commands;
using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.StockClients;

/// <summary>
/// A Python program with Debian's grpcio and the published protos only sends a file, is cut, goes on where the hub
/// says, and asks the two services every gRPC server is expected to have.
/// </summary>
[Collection(HubCollection.Name)]
public sealed class PythonClientTests(RunningHub hub)
{
    /// <summary>Debian's own: another one on the path does not see Debian's packages.</summary>
    private const string Python = "/usr/bin/python3";

    [FactWithModules(Python, "grpc", "google.protobuf")]
    public async Task StockClient_IsCutAndGoesOn_AndFindsHealthAndReflection()
    {
        var content = Electricity.Bytes(Electricity.Header,
            Enumerable.Range(1, 5_000).Select(n => Electricity.Row(n, kwh: n % 1_000 == 0 ? "-1" : "11.00")));
        var task = JsonSerializer.Serialize(new
        {
            hub = hub.Hub.Grpc, authority = hub.Hub.Web, protos = Path.Combine(CommonOptions.RepositoryRoot, "protos"),
            file = hub.WriteFile(Electricity.Item, content), item = Electricity.Item, period = Electricity.Period,
            sequence = hub.NextSequence(), department = new { id = "gd", secret = hub.SecretOf("gd") },
        });
        var script =
            Path.Combine(CommonOptions.RepositoryRoot, "tests", "InfoHub.System.Tests", "StockClients", "client.py");
        var run = await Programs.RunAsync(new ProcessStartInfo(Python, ["-B", script, task]));
        Assert.True(run.Code == 0, run.ToString());
        using var answer = JsonDocument.Parse(run.Out);
        var said = answer.RootElement;

        Assert.Equal("e3069283", said.GetProperty("crc").GetString());
        Assert.Equal("SUBMISSION_STATE_OPENED", said.GetProperty("opened").GetString());
        Assert.InRange(said.GetProperty("resumed").GetInt64(), 1, content.Length - 1);
        Assert.Equal(content.Length, said.GetProperty("acknowledged").EnumerateArray().Last().GetInt64());
        Assert.Equal(content.Length, said.GetProperty("committed").GetInt64());
        Assert.Equal("SUBMISSION_STATE_USED", Texts(said, "watched").Last());
        Assert.Equal([5_000, 5, 4_995], said.GetProperty("rows").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal((5, 5), (said.GetProperty("receipts").GetInt32(), said.GetProperty("totals").GetInt32()));
        Assert.All(said.GetProperty("errors").EnumerateArray(), error =>
            Assert.Equal("IH-INT-311", error[1].GetString()));
        AssertRefused(said.GetProperty("refused"));
        AssertStandards(said.GetProperty("standards"));
    }

    private static void AssertRefused(JsonElement refused)
    {
        foreach (var (call, status, code) in new[]
        {
            ("no_token", "UNAUTHENTICATED", "IH-INT-101"), ("unknown", "NOT_FOUND", "IH-INT-110"),
            ("nul", "INVALID_ARGUMENT", "IH-INT-113"),
        })
            AssertFailure(refused.GetProperty(call), status, code);
    }

    private static void AssertStandards(JsonElement standards)
    {
        Assert.Equal("SERVING", standards.GetProperty("overall").GetString());
        Assert.Equal("SERVING", standards.GetProperty("intake").GetString());
        Assert.Equal("SERVICE_UNKNOWN", standards.GetProperty("watched").GetString());
        AssertFailure(standards.GetProperty("unknown"), "NOT_FOUND", "IH-INT-113");
        AssertFailure(standards.GetProperty("method_unknown"), "UNIMPLEMENTED", "IH-INT-113");
        string[] services =
        [
            "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
            "infohub.delivery.v1.Findings", "infohub.intake.v1.Submissions",
        ];
        Assert.Equal(services, Texts(standards.GetProperty("services"), "v1"));
        Assert.Equal(services, Texts(standards.GetProperty("services"), "v1alpha"));
        Assert.Equal(
            Contracts.Intake.V1.Submissions.Descriptor.Methods.Select(m => m.Name), Texts(standards, "methods"));
    }

    private static void AssertFailure(JsonElement failure, string status, string code) => Assert.Equal(
        (status, code), (failure.GetProperty("status").GetString(), failure.GetProperty("code").GetString()));

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);
}
