using System.Diagnostics;

namespace InfoHub.Bench;

/// <summary>
/// A small file and one a hundred times as large through a hub and a client that are processes of their own: how much
/// more memory the large one takes. Each file meets a fresh hub.
/// </summary>
internal static class MemoryBench
{
    private const int SmallRows = 50_000;
    private const int LargeRows = BenchFile.RowsMax;

    /// <summary>Makes a row two hundred bytes long.</summary>
    private const string Name = "社会保险基准测试用单位有限责任公司武汉市江岸区解放大道分公司第一营业部";

    public static async Task<int> RunAsync(int largeRows)
    {
        var folder = Directory.CreateTempSubdirectory("infohub-memory-").FullName;
        try
        {
            var small = await MeasureAsync(folder, SmallRows);
            var large = await MeasureAsync(folder, largeRows > 0 ? largeRows : LargeRows);
            Figures.Say($"RESULT memory client_growth_mb={large.Client - small.Client:0} server_growth_mb={large.Server - small.Server:0} client_mb={large.Client:0} server_mb={large.Server:0}");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Client, double Server)> MeasureAsync(string folder, int rows)
    {
        var path = Path.Combine(folder, "BN-01_202503.csv");
        await using (var target = File.Create(path))
            BenchFile.Write(target, rows, twenty: false, bad: false, Name);
        await using var hub = await HubProcess.StartAsync(Path.Combine(folder, $"hub-{rows}"));
        var idle = hub.PeakMiB;
        var started = Stopwatch.GetTimestamp();
        using var client = Watched.Start("infohub", ["push", path], hub.Environment("bn"),
            line => Figures.Say($"  {line.Trim()} (server so far {hub.PeakMiB:0} MiB)"));
        var code = await client.EndAsync(CancellationToken.None);
        if (code != 0)
            throw new InvalidOperationException($"infohub push ended with {code}; the hub's log: {hub.LogPath}");
        Figures.Say($"{rows:N0} rows, {new FileInfo(path).Length / 1048576.0:0} MiB, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s: client {client.PeakMiB:0} MiB, server {hub.PeakMiB:0} MiB (idle {idle:0})");
        File.Delete(path);
        return (client.PeakMiB, hub.PeakMiB);
    }
}
