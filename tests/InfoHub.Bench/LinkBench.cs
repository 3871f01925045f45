using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using InfoHub.Host.Linking;

namespace InfoHub.Bench;

/// <summary>What a linking bench is asked to do.</summary>
internal sealed record LinkBenchOptions(
    string? Register, string? Rows, string TruthColumn, string? Weights, int Repeat)
{
    public static LinkBenchOptions Of(string[] args)
    {
        string? Value(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
        return new LinkBenchOptions(Value("--register"), Value("--rows"), Value("--truth-column") ?? "truth",
            Value("--weights"), int.Parse(Value("--repeat") ?? "1", CultureInfo.InvariantCulture));
    }
}

/// <summary>
/// <c>infohub-host link</c> as a process of its own, as anybody would run it: files in, decisions out, against
/// the truth.
/// </summary>
internal static class LinkBench
{
    private const int TagRowsMin = 100;

    /// <summary>As the script sets them for the command.</summary>
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["DOTNET_TieredCompilation"] = "0", ["DOTNET_gcServer"] = "0",
    };

    public static async Task<int> RunAsync(LinkBenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("infohub-link-").FullName;
        try
        {
            var bed = options is { Register: { } register, Rows: { } rows } ? new LinkBed(register, rows)
                : LinkBed.Named("dev", folder);
            Figures.Say($"register {bed.Register}, rows {bed.Rows}");
            var (seconds, peaks) = (new List<double>(), new List<double>());
            for (var run = 0; run < options.Repeat; run++)
            {
                var (links, peak) = await MeasureAsync(bed, folder, options.Weights);
                seconds.Add(links);
                peaks.Add(peak);
            }
            var timing = string.Create(CultureInfo.InvariantCulture,
                $"RESULT link seconds={Figures.Median(seconds):0.00} peak_mb={Figures.Median(peaks):0}");
            var truths = bed.ReadTruth(options.TruthColumn);
            Figures.Say($"{(truths.Count == 0
                ? $"{timing} unregistered_f1=nan link_f1=nan link_recall_p999=nan review_share=nan"
                : Report(timing, truths, Scored(folder, truths)))}");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Seconds from the start of the process until links.csv was written, and its peak in MB.</summary>
    private static async Task<(double Seconds, double Peak)> MeasureAsync(LinkBed bed, string folder, string? weights)
    {
        var start = Watched.StartOf("infohub-host",
            ["link", "--register", bed.Register, "--rows", bed.Rows, "--out", folder,
                .. weights is null ? (string[])[] : ["--weights", weights]]);
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(await errors);
        var wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "summary.json")));
        var seconds = summary.RootElement.GetProperty("seconds");
        double Of(string name) => seconds.GetProperty(name).GetDouble();
        var peak = summary.RootElement.GetProperty("peak_mb").GetDouble();
        Figures.Say($"read {Of("read"):0.00} s, index {Of("index"):0.00} s, match {Of("match"):0.00} s, write {
            Of("write"):0.00} s; process start to links.csv {Of("process_start_to_links"):0.00} s; explanations {
            Of("explain"):0.00} s; to the end of the process {wall:0.00} s; peak {peak:0} MB");
        return (Of("process_start_to_links"), peak);
    }

    private static ScoredRow[] Scored(string folder, List<RowTruth> truths)
    {
        var decisions = new List<ScoredRow>(truths.Count);
        static double Number(string text) => text.Length == 0 ? 0 : double.Parse(text, CultureInfo.InvariantCulture);
        TableFile.Read(Path.Combine(folder, "links.csv"), _ => { }, row =>
        {
            var isNone = row.Text(1) == "none";
            decisions.Add(new ScoredRow(row.Text(1), row.Text(isNone ? 4 : 2), Number(row.Text(isNone ? 5 : 3)),
                Number(row.Text(6)), truths[decisions.Count].Truth));
        });
        return [.. decisions];
    }

    /// <summary>Says how decisions agree with the truth, in all and by tag.</summary>
    /// <returns>The line of the result, behind <paramref name="timing"/>.</returns>
    internal static string Report(string timing, List<RowTruth> truths, ScoredRow[] rows)
    {
        var score = new LinkScore(rows);
        var (link, none) = (score.Link(), score.Unregistered());
        Say("link, shipped bands", link);
        Say("link, review by its lean", score.Link(leaning: true));
        Say("unregistered, shipped bands", none);
        Say("unregistered, review by its lean", score.Unregistered(leaning: true));
        Say("unregistered F1", none.F1, score.Interval(times => score.Unregistered(times: times).F1));
        Say("link F1", link.F1, score.Interval(times => score.Link(times: times).F1));
        var recall = score.LinkRecallAtPrecision();
        Say("link recall at 99.9 % precision", recall, score.Interval(score.LinkRecallAtPrecision));
        var review = score.ReviewShare();
        Say("review share, shipped bands", review, score.Interval(score.ReviewShare));
        var cut = score.ReviewShareAtPrecision();
        Say("review share, cut at 99.9 / 99 %", cut, score.Interval(score.ReviewShareAtPrecision));
        SayTags(rows, truths);
        return string.Create(CultureInfo.InvariantCulture,
            $"{timing} unregistered_f1={none.F1:0.0000} link_f1={link.F1:0.0000} link_recall_p999={
                recall:0.0000} review_share={
                review:0.0000} unregistered_precision={none.Precision:0.0000} unregistered_recall={
                none.Recall:0.0000} link_precision={link.Precision:0.00000} link_recall={
                link.Recall:0.0000} review_share_p999_p99={cut:0.0000}");
    }

    private static void SayTags(ScoredRow[] rows, List<RowTruth> truths)
    {
        var tags = Enumerable.Range(0, rows.Length).SelectMany(i => truths[i].Tags.Distinct().Select(tag => (tag, i)))
            .GroupBy(pair => pair.tag, pair => rows[pair.i]).Where(group => group.Count() >= TagRowsMin);
        foreach (var tag in tags.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var score = new LinkScore(tag);
            var (link, none) = (score.Link(), score.Unregistered());
            Figures.Say($"  {tag.Key,-16} {score.Count,6:N0} rows: link P {link.Precision:0.0000} R {
                link.Recall:0.0000}, unregistered P {none.Precision:0.0000} R {none.Recall:0.0000}, review {
                score.ReviewShare():0.0000}");
        }
    }

    private static void Say(string what, Agreement found) => Figures.Say($"{what,-36} P {found.Precision:0.00000} R {
        found.Recall:0.0000} F1 {found.F1:0.0000} ({found.Right:N0} right of {found.Found:N0}, {
        found.Wanted:N0} wanted)");

    private static void Say(string what, double figure, (double Low, double High) interval) =>
        Figures.Say($"{what,-36} {figure:0.0000} ({interval.Low:0.0000} to {interval.High:0.0000})");
}
