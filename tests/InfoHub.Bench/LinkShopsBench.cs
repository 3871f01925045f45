using System.Diagnostics;
using System.Globalization;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Rules.Tests.Linkage;

namespace InfoHub.Bench;

/// <summary>What the bench of small shops is asked to do.</summary>
/// <param name="Lost">So many rows that were decided wrongly are shown.</param>
/// <param name="Fit">File to write newly learned weights to; null scores those there are.</param>
internal sealed record LinkShopsOptions(
    ShopTables Tables, int Rows, int Seed, double Strength, string? Weights, int Lost, string? Fit)
{
    private const int RowsByDefault = 25_000;

    public static LinkShopsOptions Of(string[] args, int rows)
    {
        string? Value(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
        return new LinkShopsOptions(Value("--hand") switch
        {
            null or "dev" => ShopTables.Dev, "held-out" => ShopTables.HeldOut,
            var other => throw new ArgumentException($"--hand {other}: dev or held-out"),
        }, rows > 0 ? rows : RowsByDefault, Number(Value("--seed"), 1), args.Contains("--twice") ? 2 : 1,
            Value("--weights"), Number(Value("--lost"), 0), Value("--fit"));
    }

    private static int Number(string? text, int otherwise) =>
        text is null ? otherwise : int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Small shops, registered and not, decided as the hub decides them, by kind of shop and of writing.</summary>
internal static class LinkShopsBench
{
    public static int Run(LinkShopsOptions options)
    {
        if (options.Fit is { } file)
            return ShopFitting.Run(ModelOf(options.Weights), options.Rows, file);
        var (register, written) = ShopNoise.Bed(options.Tables, options.Rows, options.Seed, options.Strength);
        var model = ModelOf(options.Weights);
        Figures.Say($"{register.Count:N0} shops of the {options.Tables.Name} hand, {written.Count:N0} rows, noise x {
            options.Strength:0}, seed {options.Seed}, weights {model.Version}");
        var started = Stopwatch.GetTimestamp();
        var index = PartyRegister.Build(register, Environment.ProcessorCount);
        var rows = Decide(index, written, model);
        var truths = written.ConvertAll(r => new RowTruth(r.Truth, [.. r.Tags]));
        var line = LinkBench.Report($"RESULT link-shops hand={options.Tables.Name} noise={options.Strength:0} seed={
            options.Seed} seconds={Stopwatch.GetElapsedTime(started).TotalSeconds:0.00}", truths, rows);
        SayLost(options.Lost, register, written, rows);
        Figures.Say($"{line}");
        return 0;
    }

    public static LinkModel ModelOf(string? weights) => weights is null
        ? LinkModel.Shipped(Domain.Parameters.ParameterSet.Shipped, new DateOnly(2026, 1, 1))
        : LinkModel.Read(File.ReadLines(weights), LinkTrial.Bands);

    private static ScoredRow[] Decide(PartyRegister register, List<NoisyRow> written, LinkModel model) =>
        [.. new PartyMatcher(register, model).Decide(written.ConvertAll(r => r.Row), Environment.ProcessorCount)
            .Zip(written, (decision, row) => decision.Outcome == LinkOutcome.None
                ? new ScoredRow("none", decision.Second, decision.SecondProbability, decision.Nobody, row.Truth)
                : new ScoredRow(decision.Outcome.ToString().ToLowerInvariant(), decision.Entry, decision.Probability,
                    decision.Nobody, row.Truth))];

    /// <summary>The most frequent ways to be decided wrongly, and rows of each.</summary>
    private static void SayLost(int most, List<PartyText> register, List<NoisyRow> written, ScoredRow[] rows)
    {
        var entries = register.ToDictionary(e => e.Id);
        static string Fault(ScoredRow row) => row switch
        {
            { IsUnregistered: true, Decision: "none" } or { IsRight: true, Decision: "link" } => "",
            { IsUnregistered: true } => $"unregistered:{row.Decision}",
            { Decision: "link" } => "registered:linked wrongly",
            _ => $"registered:{row.Decision}",
        };
        foreach (var fault in rows.Index().GroupBy(r => Fault(r.Item)).Where(g => g.Key.Length > 0)
            .OrderByDescending(g => g.Count()))
        {
            Figures.Say($"{fault.Key}: {fault.Count():N0}");
            foreach (var (tags, count) in fault.CountBy(r => string.Join('+', written[r.Index].Tags.Where(t =>
                t is not ("a_region_left" or "region_left" or "a_number_format"))))
                .OrderByDescending(t => t.Value).Take(most))
                Figures.Say($"  {count,4} {tags}");
            foreach (var (i, row) in fault.Take(most))
            {
                var entry = entries.GetValueOrDefault(row.Best);
                var truth = entries.GetValueOrDefault(row.Truth);
                Figures.Say($"    {Told(written[i].Row)} | best {Told(entry)} p {row.P:0.00} nobody {row.Nobody:0.00}{
                    (row.Truth.Length == 0 || row.Truth == row.Best ? "" : $" | is {Told(truth)}")}");
            }
        }
    }

    private static string Told(PartyText text) => $"{text.Name}, {text.Person}, {text.Address}";
}
