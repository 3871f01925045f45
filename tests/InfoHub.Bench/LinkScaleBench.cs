using System.Diagnostics;
using InfoHub.Domain.Parameters;
using InfoHub.Host.Linking;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Rules.Tests.Linkage;

namespace InfoHub.Bench;

/// <summary>
/// The same rows against a register seven times as large: what a row costs should not grow with the register. Then some
/// rows more on the index that stands.
/// </summary>
internal static class LinkScaleBench
{
    private const int SmallEntries = 100_000;
    private const int Rows = 100_000;
    private const int IncrementRows = 10_000;
    private const int SampleRows = 5000;
    private const int GeneratedEntries = 300_000;
    private const int Seed = 3;
    private const int SingleRows = 2000;

    public static int Run(int rows)
    {
        var entries = Entries();
        new Random(Seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entries));
        var count = rows > 0 ? rows : Math.Min(Rows, entries.Count / 3);
        var small = entries[..Math.Min(SmallEntries, entries.Count / 3)];
        // Rows are of the small register, which is a part of the large one, so that both are asked the same.
        var (noise, dice) = (new RowNoise(small, Seed), new Random(Seed));
        List<PartyText> Write(int many, string prefix) => [.. Enumerable.Range(0, many)
            .Select(i => noise.Write(small[dice.Next(small.Count)], $"{prefix}{i}", isRegistered: true).Row)];
        var (asked, more) = (Write(count, "D"), Write(IncrementRows, "E"));
        var few = Measure(small, asked, more);
        var many = Measure(entries, asked, more);
        Figures.Say($"RESULT link-scale register={entries.Count} rows={count} us_per_row={
            many.RowMicroseconds:0.0} us_per_row_{
            small.Count / 1000}k={few.RowMicroseconds:0.0} candidates={many.Candidates:0.0} candidates_{
            small.Count / 1000}k={few.Candidates:0.0} found={many.Found:0} found_{
            small.Count / 1000}k={few.Found:0} index_s={many.Index:0.00} index_mb={many.IndexMb:0} peak_mb={
            LinkRun.PeakBytes() >> 20} increment_{IncrementRows / 1000}k_s={
            many.Increment:0.00} one_row_p99_ms={many.RowP99:0.00}");
        return 0;
    }

    /// <param name="Candidates">Entries compared in full for a row, on average.</param>
    /// <param name="Found">Entries that any key leads to, most of which share too little to be compared.</param>
    private sealed record Measured(double Index, double IndexMb, double RowMicroseconds, double Candidates,
        double Found, double Increment, double RowP99);

    private static List<PartyText> Entries()
    {
        if (!File.Exists(LinkBed.Provinces))
            return GeneratedCity.Of(GeneratedEntries, Seed);
        var started = Stopwatch.GetTimestamp();
        var file = PartyFile.Read(LinkBed.Provinces, ColumnMapping.None, isRegister: true).Parties;
        Figures.Say($"{file.Count:N0} entries read in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        return file;
    }

    private static Measured Measure(List<PartyText> entries, List<PartyText> rows, List<PartyText> more)
    {
        var threads = Environment.ProcessorCount;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        var register = PartyRegister.Build(entries, threads);
        var index = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
        var model = LinkModel.Shipped(ParameterSet.Shipped, new DateOnly(2026, 1, 1));
        var matcher = new PartyMatcher(register, model);
        matcher.Decide(more, threads);
        started = Stopwatch.GetTimestamp();
        var linked = matcher.Decide(rows, threads).Count(d => d.Outcome == LinkOutcome.Link);
        var match = Stopwatch.GetElapsedTime(started).TotalSeconds;
        started = Stopwatch.GetTimestamp();
        matcher.Decide(more, threads);
        var increment = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var sample = rows[..Math.Min(SampleRows, rows.Count)];
        LinkTrial.Score(LinkVariant.Whole, model.Weights, register, sample,
            [.. sample.Select(_ => new RowTruth("", []))], out var candidates);
        var forms = register.Read(sample, threads);
        using var finder = new Candidates(register);
        var found = Enumerable.Range(0, sample.Count).Average(i => (double)finder.Find(forms, forms.Forms[i]).Length);
        var single = rows.Take(SingleRows).Select(row =>
        {
            var begun = Stopwatch.GetTimestamp();
            matcher.Decide([row], threads: 1);
            return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }).Order().ToArray();
        var p99 = single[(int)(single.Length * .99)];
        Figures.Say($"{entries.Count,9:N0} entries: index {index:0.00} s, {megabytes:0} MB; {
            rows.Count:N0} rows in {match:0.00} s, {
            match / rows.Count * 1e6:0.0} µs each, {found:0} found, {candidates:0.0} compared, {
            linked:N0} linked; {
            more.Count:N0} more {increment:0.00} s; one row alone p99 {p99:0.00} ms");
        GC.KeepAlive(register);
        return new Measured(index, megabytes, match / rows.Count * 1e6, candidates, found, increment, p99);
    }
}
