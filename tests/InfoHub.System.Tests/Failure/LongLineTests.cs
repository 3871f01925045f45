using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.Failure;

/// <summary>A file that is one endless line is refused, and neither client nor hub holds it in memory.</summary>
[Collection(HubCollection.Name)]
public sealed class LongLineTests(RunningHub hub)
{
    private const long MemoryGrowthMax = 384L << 20;
    private const long DiskFreeMin = 10L << 30;

    [Fact]
    public Task Push_OneLongLine_IsRefusedInBoundedMemory() => RefuseAsync(64L << 20);

    /// <summary>Needs the room twice: the file and the hub's spool.</summary>
    [FactWithDisk(DiskFreeMin)]
    public Task Push_OneLineOfTwoGiB_IsRefusedInBoundedMemory() => RefuseAsync(2L << 30);

    private async Task RefuseAsync(long bytes)
    {
        var path = hub.WriteFile(Electricity.Item, Electricity.Good(rows: 0));
        Fill(path, bytes);
        using var watch = new MemoryWatch();
        var result = await hub.RunAsync("gd", "push", path);
        File.Delete(path);
        Assert.True(result.Code == 2, result.ToString());
        Assert.Contains("IH-INT-206", result.All, StringComparison.Ordinal);
        Assert.Contains("请检查第 2 行的换行与引号。", result.All, StringComparison.Ordinal);
        Assert.True(watch.Growth < MemoryGrowthMax, FormattableString.Invariant($"memory grew by {watch.Growth >> 20} MiB"));
        var good = await hub.RunAsync("gd", "push", hub.WriteFile(Electricity.Item, Electricity.Good()));
        Assert.True(good.Code == 0, good.ToString());
    }

    private static void Fill(string path, long bytes)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, 0);
        var piece = new byte[8 << 20];
        piece.AsSpan().Fill((byte)'x');
        for (var left = bytes; left > 0; left -= piece.Length)
            file.Write(piece, 0, (int)Math.Min(left, piece.Length));
    }

    /// <summary>The most memory this process, hub and client in one, has had beyond the beginning.</summary>
    private sealed class MemoryWatch : IDisposable
    {
        private readonly long _before;
        private readonly Timer _timer;
        private long _peak;

        public MemoryWatch()
        {
            GC.Collect();
            _before = Environment.WorkingSet;
            _timer = new Timer(_ => _peak = Math.Max(_peak, Environment.WorkingSet), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        }

        public long Growth => _peak - _before;

        public void Dispose() => _timer.Dispose();
    }
}
