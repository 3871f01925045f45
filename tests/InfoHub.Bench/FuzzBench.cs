using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using InfoHub.Client;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Host.Batch;
using InfoHub.Host.Composition;

namespace InfoHub.Bench;

/// <summary>
/// Hundreds of thousands of wrong calls against a hub in this process; then it takes a right file as ever.
/// </summary>
internal static class FuzzBench
{
    private const int Seed = 20250723;
    private const int Round = 20_000;
    private const int Submissions = 24;

    public static async Task<int> RunAsync(int inputs)
    {
        var folder = Directory.CreateTempSubdirectory("infohub-fuzz-").FullName;
        try
        {
            await using var batch = await BatchHub.StartAsync("postgres", new HubOptions
            {
                DataFolder = Path.Combine(folder, "hub"), TemplatesFolder = IntakeBench.TemplatesFolder,
                    LogLevel = Microsoft.Extensions.Logging.LogLevel.None,
            }, CancellationToken.None);
            return await RunAsync(batch.Hub, folder, inputs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(Hub hub, string folder, int inputs)
    {
        using var department = hub.Connect("bn");
        using var consumer = hub.Connect("tax-city");
        var (done, crashes, hangs, unnumbered, transport) = (0, 0, 0, 0, 0);
        for (var round = 0; done < inputs; round++)
        {
            // The tokens are an hour old at most, and some submissions have been closed by the round before.
            var submissions = await OpenAsync(department, round);
            var started = Stopwatch.GetTimestamp();
            var outcome = await new ProtocolFuzz(
                hub.Grpc, await TokenAsync(department), await TokenAsync(consumer), submissions, Seed + round)
                .RunAsync(Math.Min(Round, inputs - done), CancellationToken.None);
            (done, crashes, hangs) = (done + outcome.Inputs, crashes + outcome.Crashes, hangs + outcome.Hangs);
            (unnumbered, transport) = (unnumbered + outcome.Unnumbered, transport + outcome.Transport);
            var statuses = string.Join(
                ' ', outcome.Statuses.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}:{s.Value}"));
            var rate = outcome.Inputs / Stopwatch.GetElapsedTime(started).TotalSeconds;
            var memory = System.Environment.WorkingSet >> 20;
            Figures.Say($"{done:N0} inputs, {rate:0}/s, {memory} MiB; status {statuses}");
            foreach (var note in outcome.Notes)
                Figures.Say($"  {note}");
        }
        await SendAsync(department, folder);
        Figures.Say($"{transport:N0} inputs ended below any call, without an answer that could have a number:");
        Figures.Say($"  HTTP errors, resets, closed connections, calls cancelled or past their deadline");
        Figures.Say($"RESULT fuzz_protocol inputs={done} crashes={crashes} hangs={hangs} unnumbered={unnumbered}");
        return crashes + hangs + unnumbered == 0 ? 0 : 1;
    }

    private static async Task<string> TokenAsync(HubConnection connection) =>
        (await connection.CallOptionsAsync(CancellationToken.None))
            .Headers!.GetValue("authorization")!["Bearer ".Length..];

    private static async Task<IReadOnlyList<string>> OpenAsync(HubConnection connection, int round)
    {
        var opened = new List<string>();
        for (var n = 0; n < Submissions; n++)
        {
            var status = await connection.Submissions.OpenAsync(new OpenRequest
            {
                Item = "BN-01", Period = "202503", Sequence = 1_000 + (round * Submissions) + n, SizeBytes = 100_000,
                Sha256 = ByteString.CopyFrom(SHA256.HashData([(byte)n])), Format = FileFormat.Csv, FileName = "fuzz",
            }, await connection.CallOptionsAsync(CancellationToken.None));
            opened.Add(status.Submission);
        }
        return opened;
    }

    /// <summary>The hub is as well as before.</summary>
    private static async Task SendAsync(HubConnection connection, string folder)
    {
        var path = Path.Combine(folder, "BN-01_202504_9999.csv");
        await using (var file = File.Create(path))
            BenchFile.Write(file, 1_000, twenty: false, bad: false);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var status = await new SubmissionSender(connection)
            .SendAsync(SubmissionFile.FromPath(path), SendUntil.Committed, null, limit.Token);
        Figures.Say($"a right file after that: {status.Submission} {status.State}, {status.DurableOffset} bytes");
    }
}
