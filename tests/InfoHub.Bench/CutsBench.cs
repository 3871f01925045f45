using System.Diagnostics;
using System.Security.Cryptography;
using InfoHub.Client.Sending;
using InfoHub.Host.Batch;
using InfoHub.Host.Composition;
using InfoHub.Storage.Figures;

namespace InfoHub.Bench;

/// <summary>
/// A thousand cuts of the connection and fifty SIGKILLs of the client during one upload: the bytes the hub has stored
/// are the file's, and there is one submission.
/// </summary>
internal static class CutsBench
{
    private const int Cuts = 1_000;
    private const int Kills = 50;
    private const int Seed = 20250722;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    public static async Task<int> RunAsync(int rows)
    {
        var folder = Directory.CreateTempSubdirectory("infohub-cuts-").FullName;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var path = Path.Combine(folder, "BN-01_202503.csv");
            await using (var target = File.Create(path))
                BenchFile.Write(target, rows, twenty: false, bad: false);
            var mebibytes = new FileInfo(path).Length >> 20;
            Figures.Say($"{rows:N0} rows, {mebibytes} MiB, {Cuts} cuts, {Kills} kills, seed {Seed}");
            await using var batch = await BatchHub.StartAsync("postgres", new HubOptions
            {
                DataFolder = Path.Combine(folder, "hub"), TemplatesFolder = IntakeBench.TemplatesFolder,
            }, limit.Token);
            return await RunAsync(batch.Hub, path, rows, limit.Token);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(Hub hub, string path, int rows, CancellationToken limit)
    {
        await using var proxy = new CuttingProxy(hub.Grpc);
        var started = Stopwatch.GetTimestamp();
        var outcome = await new CutRun(proxy, SubmissionFile.FromPath(path), Seed)
            .RunAsync(hub.OptionsOf("bn"), Cuts, Kills, address => Client(hub, address, path), limit);
        Figures.Say($"cut, killed and through after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        var figures = new RunFigures(hub.Store);
        while (await figures.FlowAsync(limit) is { Checking: > 0 })
            await Task.Delay(50, limit);
        var totals = await figures.TotalsAsync(limit);
        var isIdentical = IsIdentical(Path.Combine(hub.Options.DataFolder, "spool"), path)
            && (totals.RowsReceived, totals.RowsStored) == (rows, rows);
        Figures.Say($"the hub said busy {outcome.Busy} times");
        var (identical, lockSeconds) = (isIdentical ? "true" : "false", outcome.LongestLock.TotalSeconds);
        Figures.Say($"RESULT cuts cuts={outcome.Cuts} kills={outcome.Kills} submissions={totals.Submissions} identical={
            identical} longest_lock_s={lockSeconds:0.000}");
        return isIdentical && totals.Submissions == 1 && outcome.Cuts == Cuts && outcome.Kills == Kills ? 0 : 1;
    }

    private static bool IsIdentical(string spool, string path)
    {
        var wanted = Hash(path);
        var spooled = Directory.GetFiles(spool, "*", SearchOption.AllDirectories);
        foreach (var file in spooled)
            Figures.Say($"spooled: {Path.GetFileName(file)}, {new FileInfo(file).Length} bytes");
        return spooled.Any(file => Hash(file) == wanted);
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static Process Client(Hub hub, Uri address, string path)
    {
        var start = Watched.StartOf("infohub", ["push", "--no-wait", path]);
        foreach (var line in File.ReadLines(hub.CredentialsOf("bn")).Select(line => line.Split('=', 2)))
            start.Environment[line[0]] = line[1];
        start.Environment["INFOHUB_HUB"] = address.AbsoluteUri;
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
