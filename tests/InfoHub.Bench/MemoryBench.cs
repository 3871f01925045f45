using System.Diagnostics;
using System.Text.RegularExpressions;

namespace InfoHub.Bench;

/// <summary>
/// A small file and one a hundred times as large through a hub and a client that are processes of their own: how much
/// more memory the large one takes until its rows are stored (R4). Each file meets a fresh hub.
/// </summary>
internal static partial class MemoryBench
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
            var (client, server) = (large.Client - small.Client, large.Server - small.Server);
            Figures.Say($"RESULT memory client_growth_mb={client:0} server_growth_mb={server:0} client_mb={
                large.Client:0} server_mb={large.Server:0}");
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
            line => Figures.Say($"  {line.Trim()} (server so far {hub.PeakMiB:0} MiB)"), Stored());
        await client.Line;
        client.Kill();
        var (mebibytes, seconds) = (new FileInfo(path).Length >> 20, Stopwatch.GetElapsedTime(started).TotalSeconds);
        Figures.Say($"{rows:N0} rows, {mebibytes} MiB, {seconds:0} s: client {client.PeakMiB:0} MiB, server {
            hub.PeakMiB:0} MiB (idle {idle:0})");
        File.Delete(path);
        return (client.PeakMiB, hub.PeakMiB);
    }

    [GeneratedRegex("已入库")]
    private static partial Regex Stored();
}
