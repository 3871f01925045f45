using System.Diagnostics;
using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Bench;

/// <summary>The validator alone on one core: a 20-column template, a clean file and one whose every row is bad, in turn.</summary>
internal static class ValidateBench
{
    private const int Rounds = 7;

    public static int Run(int rows)
    {
        var template = OdcsReader.Read(File.ReadAllText(Path.Combine(IntakeBench.TemplatesFolder, "BN", "BN-02", "v1", "template.odcs.yaml")));
        var (clean, bad) = (FileOf(rows, bad: false), FileOf(rows, bad: true));
        Figures.Say($"{rows:N0} rows × {template.Fields.Length} columns; clean {clean.Length >> 20} MiB, every row bad {bad.Length >> 20} MiB; {Rounds} rounds after one of warm-up");
        Measure(template, clean, rows, 0);
        Measure(template, bad, 0, rows);
        var (cleanTimes, badTimes) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            cleanTimes.Add(Measure(template, clean, rows, 0));
            badTimes.Add(Measure(template, bad, 0, rows));
            Figures.Say($"round {round + 1}: clean {cleanTimes[^1]:0.000} s, every row bad {badTimes[^1]:0.000} s");
        }
        var cells = (double)rows * template.Fields.Length / 1e6;
        var (cleanMedian, badMedian) = (Figures.Median(cleanTimes), Figures.Median(badTimes));
        Figures.Say($"clean {cells / cleanMedian:0.0} M cells/s on one core; frictionless publishes about 0.05");
        Figures.Say($"RESULT validate mcells_per_s_core={cells / cleanMedian:0.00} all_bad_ratio={badMedian / cleanMedian:0.00}");
        return 0;
    }

    private static byte[] FileOf(int rows, bool bad)
    {
        using var memory = new MemoryStream();
        BenchFile.Write(memory, rows, twenty: true, bad);
        return memory.ToArray();
    }

    /// <summary>Reads the file in blocks of a megabyte, takes every batch as a payload and every error as a record, as the hub does.</summary>
    private static double Measure(Template template, byte[] file, long accepted, long rejected)
    {
        var started = Stopwatch.GetTimestamp();
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42));
        var (start, end, bytes, errors) = (0, 0, 0L, 0L);
        for (var status = ReadStatus.NeedsData; status is not (ReadStatus.End or ReadStatus.Refused);)
        {
            if (status == ReadStatus.NeedsData)
                end = Math.Min(file.Length, end + (1 << 20));
            status = reader.Read(file.AsSpan(start, end - start), end == file.Length, out var consumed);
            start += consumed;
            if (status == ReadStatus.NeedsData)
                continue;
            bytes += reader.Batch.ToPayload().Length;
            errors += reader.Errors.Details().Count();
            reader.Batch.Clear();
            reader.Errors.Clear();
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (reader.RowsAccepted != accepted || reader.RowsRejected != rejected || errors != rejected)
            throw new InvalidOperationException(new StringBuilder().Append("the validator counted ").Append(reader.RowsAccepted).Append('/').Append(reader.RowsRejected).ToString());
        return seconds;
    }
}
