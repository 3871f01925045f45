using System.Diagnostics;
using InfoHub.Rules.Tests.Templates;

namespace InfoHub.Bench;

/// <summary>Reads broken files by the hundred thousand on all cores; the first that breaks a rule ends it with its
/// bytes.</summary>
internal static class DecoderFuzzBench
{
    private const int Seed = 20_250_331;
    private const int SliceInputs = 5_000;

    public static int Run(int inputs)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "partner-templates");
        var started = Stopwatch.GetTimestamp();
        var slices = (inputs + SliceInputs - 1) / SliceInputs;
        var (read, refused, rows, codes) = (0L, 0L, 0L, new SortedSet<string>(StringComparer.Ordinal));
        var crashes = new List<string>();
        Parallel.For(0, slices, () => new DecoderFuzz(folder), (slice, _, fuzz) =>
        {
            try
            {
                fuzz.Run(Seed, slice * SliceInputs, Math.Min(SliceInputs, inputs - (slice * SliceInputs)));
            }
            catch (InvalidOperationException fault)
            {
                lock (crashes)
                    crashes.Add(fault.ToString());
            }
            return fuzz;
        }, fuzz =>
        {
            lock (crashes)
            {
                (read, refused, rows) = (read + fuzz.Inputs, refused + fuzz.Refused, rows + fuzz.RowsReceived);
                codes.UnionWith(fuzz.Codes);
            }
        });
        foreach (var crash in crashes.Take(3))
            System.Console.Error.WriteLine(crash);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Figures.Say($"{codes.Count} problem numbers met: {string.Join(' ', codes.Select(c => c[^3..]))}");
        Figures.Say($"RESULT fuzz_decoder inputs={read} crashes={crashes.Count} refused={refused / 2} rows={rows / 2} codes={codes.Count} seconds={seconds:0}");
        return crashes.Count == 0 ? 0 : 1;
    }
}
