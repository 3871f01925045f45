using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfoHub.Client.Checking;
using InfoHub.Domain.Parameters;
using InfoHub.Host.Batch;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Linking;

/// <summary>What somebody asked to have linked.</summary>
/// <param name="Weights">File of weights; null for those that come with the program.</param>
/// <param name="AsOf">The day whose parameters are in force.</param>
internal sealed record LinkRequest(
    string Register, string Rows, string Out, ColumnMapping Mapping, string? Weights, int Threads, DateOnly AsOf,
    ExplainedRows Explained);

/// <summary>How long the parts took, in seconds.</summary>
/// <param name="Links">From the start of the process until links.csv was written.</param>
internal sealed record LinkSeconds(double Read, double Index, double Match, double Write, double Links, double Explain);

/// <summary>What came of it; rows with the wrong number of cells count as a step of review.</summary>
internal sealed record LinkResult(
    PartyFile Register, PartyFile Rows, RowDecision[] Decisions, string Model, LinkSeconds Seconds, long PeakBytes)
{
    /// <summary>In order of outcome, then step.</summary>
    public IReadOnlyList<(string Decision, string Step, int Rows)> Counts { get; } = Count(Rows, Decisions);

    private static List<(string, string, int)> Count(PartyFile rows, RowDecision[] decisions)
    {
        var misshapen = rows.Misshapen.ToHashSet();
        return [.. decisions.Index().GroupBy(d => misshapen.Contains(d.Index) ? (LinkOutcome.Review, (LinkStep?)null)
                : (d.Item.Outcome, d.Item.Step))
            .OrderBy(g => g.Key)
            .Select(g => (LinkOutput.Name(g.Key.Item1),
                g.Key.Item2 is { } step ? LinkOutput.Name(step) : LinkOutput.MisshapenStep, g.Count()))];
    }
}

/// <summary>
/// Links the rows of one file with the register of another and writes links.csv, explanations.jsonl and summary.json.
/// </summary>
internal sealed class LinkRun(LinkRequest request, IBatchDisplay display)
{
    /// <summary>Rows between two steps of the progress bar, and explanations in memory at a time.</summary>
    private const int SliceRows = 8192;

    /// <exception cref="ProblemException">IH-MAT-xxx, IH-INT-117, IH-CFG-014.</exception>
    public async Task<LinkResult> RunAsync(CancellationToken cancellation)
    {
        var model = ReadModel();
        var output = new LinkOutput(request.Out);
        var clock = Stopwatch.StartNew();
        double Lap()
        {
            var seconds = clock.Elapsed.TotalSeconds;
            clock.Restart();
            return seconds;
        }
        display.Begin("读取", 2);
        var reading = Task.Run(() => PartyFile.Read(request.Rows, request.Mapping, isRegister: false), cancellation);
        var register = PartyFile.Read(request.Register, request.Mapping, isRegister: true);
        display.Advance(1, request.Register);
        var rows = await reading;
        display.End();
        var read = Lap();
        display.Begin("建立索引", 1);
        var matcher = new PartyMatcher(PartyRegister.Build(register.Parties, request.Threads), model);
        display.End();
        var index = Lap();
        var decisions = Decide(matcher, rows.Parties, cancellation);
        var match = Lap();
        output.WriteLinks(rows, decisions);
        var links = SinceStart();
        var write = Lap();
        Explain(matcher, register, rows, decisions, output, cancellation);
        var seconds = new LinkSeconds(read, index, match, write, links, Lap());
        var result = new LinkResult(register, rows, decisions, model.Version, seconds, PeakBytes());
        WriteSummary(output, result);
        return result;
    }

    private LinkModel ReadModel()
    {
        if (request.Weights is not { } file)
            return LinkModel.Shipped(ParameterSet.Shipped, request.AsOf);
        try
        {
            return LinkModel.Read(File.ReadAllLines(file), LinkModel.BandsOf(ParameterSet.Shipped, request.AsOf));
        }
        catch (FormatException fault)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.LinkWeightsUnsound, ("file", file),
                ("reason", fault.Message)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(LocalFile.Unreadable(file, fault));
        }
    }

    private RowDecision[] Decide(PartyMatcher matcher, List<PartyText> rows, CancellationToken cancellation)
    {
        display.Begin("比对", rows.Count);
        var decisions = new RowDecision[rows.Count];
        for (var from = 0; from < rows.Count; from += SliceRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var slice = rows.GetRange(from, Math.Min(SliceRows, rows.Count - from));
            matcher.Decide(slice, request.Threads).CopyTo(decisions, from);
            display.Advance(slice.Count, "");
        }
        display.End();
        return decisions;
    }

    private void Explain(PartyMatcher matcher, PartyFile register, PartyFile rows, RowDecision[] decisions,
        LinkOutput output, CancellationToken cancellation)
    {
        using var file = output.Open("explanations.jsonl");
        var misshapen = rows.Misshapen.ToHashSet();
        var wanted = Enumerable.Range(0, decisions.Length).Where(i => request.Explained switch
        {
            ExplainedRows.All => true,
            ExplainedRows.Open => decisions[i].Outcome != LinkOutcome.Link,
            _ => false,
        } && !misshapen.Contains(i)).ToArray();
        if (wanted.Length == 0)
            return;
        display.Begin("说明", wanted.Length);
        foreach (var slice in wanted.Chunk(SliceRows))
        {
            cancellation.ThrowIfCancellationRequested();
            var (texts, lines) = (Array.ConvertAll(slice, i => rows.Parties[i]), new byte[slice.Length][]);
            matcher.Explain(texts, request.Threads, (i, explanation) =>
                lines[i] = ExplanationText.Line(explanation, texts[i].Codes.Length > 0, register.Version));
            foreach (var line in lines)
                file.Write(line);
            display.Advance(slice.Length, "");
        }
        display.End();
    }

    private static void WriteSummary(LinkOutput output, LinkResult result)
    {
        static double Round(double seconds) => Math.Round(seconds, 3);
        var seconds = result.Seconds;
        var summary = new JsonObject
        {
            ["model"] = result.Model,
            ["register"] = new JsonObject
            {
                ["version"] = result.Register.Version, ["rows"] = result.Register.Parties.Count,
                ["rows_with_wrong_cell_count"] = result.Register.Misshapen.Count,
            },
            ["rows"] = new JsonObject
            {
                ["version"] = result.Rows.Version, ["rows"] = result.Rows.Parties.Count,
                ["rows_with_wrong_cell_count"] = result.Rows.Misshapen.Count,
            },
            ["decisions"] = new JsonArray([.. result.Counts.Select(c => (JsonNode)new JsonObject
            {
                ["decision"] = c.Decision, ["step"] = c.Step, ["rows"] = c.Rows,
            })]),
            ["seconds"] = new JsonObject
            {
                ["read"] = Round(seconds.Read), ["index"] = Round(seconds.Index), ["match"] = Round(seconds.Match),
                ["write"] = Round(seconds.Write), ["process_start_to_links"] = Round(seconds.Links),
                ["explain"] = Round(seconds.Explain),
            },
            ["peak_mb"] = result.PeakBytes >> 20,
        };
        using var file = output.Open("summary.json");
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        summary.WriteTo(json);
    }

    private static double SinceStart()
    {
        using var process = Process.GetCurrentProcess();
        return (TimeProvider.System.GetUtcNow() - process.StartTime.ToUniversalTime()).TotalSeconds;
    }

    /// <summary>The most memory that was ever resident.</summary>
    public static long PeakBytes()
    {
        const string Label = "VmHWM:";
        if (File.Exists("/proc/self/status"))
            foreach (var line in File.ReadLines("/proc/self/status"))
                if (line.StartsWith(Label, StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(Label.Length).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture)
                        << 10;
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
