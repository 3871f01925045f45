using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Domain.Receipts;
using InfoHub.Host.Commands;
using InfoHub.Host.Demo;
using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.Flow;

/// <summary>
/// <c>run</c> over a small city of known truth: the same input gives the same bytes, the totals balance, and rejected
/// rows
/// and findings are exactly the planted ones.
/// </summary>
public sealed class RunTests(RunTests.CityRun city) : IClassFixture<RunTests.CityRun>
{
    private static readonly string[] StableFiles = ["findings.csv", "links.csv", "row-errors.csv", "receipts.jsonl"];

    public sealed class CityRun : IAsyncLifetime
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("infohub-run-test-").FullName;

        public DemoSummary City { get; private set; } = null!;

        public string First => Path.Combine(Folder, "first");

        public async Task InitializeAsync()
        {
            City = DemoCity.Generate(new DemoOptions { Parties = 1_500, OutputFolder = Path.Combine(Folder, "extracts") });
            await RunAsync("first");
        }

        public async Task RunAsync(string name, params string[] more)
        {
            string[] arguments = ["--extracts", Path.Combine(Folder, "extracts"), "--out", Path.Combine(Folder, name), "--as-of", "2025-07-20", .. more];
            Assert.Equal(0, await RunCommand.Create().Parse(arguments).InvokeAsync());
        }

        public string[][] Read(string name, string file) => Csv.Read(Path.Combine(Folder, name, file));

        public Task DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Run_SameInputTwice_SameBytes()
    {
        await city.RunAsync("second");
        foreach (var file in StableFiles)
            AssertSameBytes(Path.Combine(city.First, file), Path.Combine(city.Folder, "second", file));
        var (first, second) = (SummaryOf("first"), SummaryOf("second"));
        first.Remove("durations_seconds");
        second.Remove("durations_seconds");
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public async Task Run_FileOfAnotherName_IsListedWithItsNumber()
    {
        var folder = Directory.CreateDirectory(Path.Combine(city.Folder, "odd")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.csv"), "a,b\n1,2\n");
        var output = Path.Combine(city.Folder, "odd-out");
        Assert.Equal(0, await RunCommand.Create().Parse(["--extracts", folder, "--out", output]).InvokeAsync());
        var refused = global::System.Text.Json.Nodes.JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(output, "summary.json")))!["refused"]!;
        Assert.Contains("IH-INT-115", Assert.Single(refused.AsArray())!.ToJsonString(), StringComparison.Ordinal);
    }

    [FactWith("kcat")]
    public async Task Run_KafkaLog_SameFindings()
    {
        await city.RunAsync("kafka", "--log", "kafka-mock");
        foreach (var file in StableFiles)
            AssertSameBytes(Path.Combine(city.First, file), Path.Combine(city.Folder, "kafka", file));
    }

    [Fact]
    public void Run_Summary_BalancesAndCountsEveryRow()
    {
        var summary = SummaryOf("first");
        Assert.True(summary["balanced"]!.GetValue<bool>());
        Assert.Equal(city.City.Rows, summary["rows"]!["received"]!.GetValue<int>());
        Assert.Equal(city.City.Faults.Count, summary["rows"]!["rejected"]!.GetValue<int>());
        Assert.Equal(city.City.Rows - city.City.Faults.Count, summary["rows"]!["stored"]!.GetValue<int>());
        Assert.Equal(city.City.Files.Count, summary["submissions"]!.GetValue<int>());
        // The books of what was planted lie in the same folder and are no extracts.
        Assert.Equal(["faults.csv IH-INT-115", "traps.csv IH-INT-115", "truth.csv IH-INT-115"],
            summary["refused"]!.AsArray().Select(r => $"{r!["what"]} {r["code"]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_RowErrors_AreThePlantedFaults()
    {
        var planted = city.City.Faults.Select(f => $"{f.File} {f.Row} {f.Field} {f.Code}");
        var found = city.Read("first", "row-errors.csv").Skip(1).Where(e => e[5] != "warn").Select(e => $"{FileOf(e[0])} {e[1]} {e[3]} {e[4]}");
        Assert.Equal(planted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_Findings_AreThePlantedTruth()
    {
        var findings = city.Read("first", "findings.csv").Skip(1)
            .Select(f => new Finding
            {
                Model = f[1], Uscc = f[4], PartyName = f[5], Period = f[6], BusinessKey = f[7],
            }).ToArray();
        var scores = DemoScore.Of(city.City.Truth, findings).ToArray();
        Assert.True(scores.Length >= 5, "not every model has something planted");
        Assert.All(scores, score =>
        {
            Assert.True(score.Wrong.Count == 0, string.Join('\n', score.Wrong));
            Assert.Equal((1d, 1d), (score.Precision, score.Recall));
        });
    }

    [Fact]
    public void Run_RowsThatLinkingCannotPlace_WaitAndAreNoFinding()
    {
        var placed = SummaryOf("first")["placements"]!.AsObject();
        Assert.Equal(["code", "repaired_code", "likeness", "ambiguous", "review", "nobody"], placed.Select(p => p.Key));
        Assert.All(placed, p => Assert.True(p.Value!.GetValue<int>() > 0, p.Key));
        var waiting = city.Read("first", "links.csv").Skip(1).Where(l => l[6] is "ambiguous" or "review")
            .Where(l => l[0] is "GD-01" or "GS-01").ToArray();
        Assert.Equal(["ambiguous", "review"], waiting.Select(l => l[6]).Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(city.Read("first", "findings.csv").Select(f => f[3]).Intersect(waiting.Select(l => l[4])));
    }

    [Fact]
    public void Run_CodeWithOneWrongCharacter_GoesToItsOwner()
    {
        var owners = city.City.Traps.Where(t => t.Behaviour == "CodeMistyped").Select(t => t.Uscc).ToArray();
        var meters = city.Read("first", "links.csv").Where(l => l[0] == "GD-01" && l[6] == "link").Select(l => l[5]);
        Assert.NotEmpty(owners);
        Assert.Empty(owners.Except(meters));
    }

    [Fact]
    public void Run_Receipts_FormAChainPerSubmission()
    {
        var chains = File.ReadLines(Path.Combine(city.First, "receipts.jsonl")).Select(Read).GroupBy(r => r.Submission).ToArray();
        Assert.Equal(city.City.Files.Count, chains.Length);
        foreach (var chain in chains)
        {
            Receipt? previous = null;
            foreach (var (_, kind, body, hash) in chain)
            {
                var receipt = new Receipt(kind, body, hash, previous?.Hash ?? []);
                Assert.True(receipt.Fits(previous), $"{chain.Key} {kind}");
                previous = receipt;
            }
            Assert.Equal(Enum.GetValues<ReceiptKind>().Where(k => k != ReceiptKind.Withdrawn), chain.Select(r => r.Kind));
        }
    }

    private static (string Submission, ReceiptKind Kind, string Body, ImmutableArray<byte> Hash) Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var kind = (ReceiptKind)int.Parse(root.GetProperty("kind").GetString()![1..], CultureInfo.InvariantCulture);
        return (root.GetProperty("submission").GetString()!, kind, root.GetProperty("body").GetRawText(), [.. Convert.FromHexString(root.GetProperty("hash").GetString()!)]);
    }

    private global::System.Text.Json.Nodes.JsonObject SummaryOf(string name) =>
        global::System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(city.Folder, name, "summary.json")))!.AsObject();

    /// <summary>GD-01.v1.202503.1 → GD-01_202503.csv</summary>
    private static string FileOf(string submission)
    {
        var parts = submission.Split('.');
        return $"{parts[0]}_{parts[2]}.csv";
    }

    private static void AssertSameBytes(string expected, string actual)
    {
        var (first, second) = (File.ReadAllBytes(expected), File.ReadAllBytes(actual));
        if (!first.AsSpan().SequenceEqual(second))
            Assert.Equal(File.ReadAllLines(expected), File.ReadAllLines(actual));
        Assert.NotEmpty(first);
    }
}
