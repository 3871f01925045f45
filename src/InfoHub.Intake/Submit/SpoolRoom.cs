using System.Globalization;
using InfoHub.Templates.Problems;

namespace InfoHub.Intake.Submit;

/// <summary>
/// The room on the spool's disk. Below <see cref="IntakeOptions.SpoolFreeBytesMin"/> nothing new is opened and no more
/// bytes are taken; what lies there stays, and goes on when there is room again.
/// </summary>
internal sealed class SpoolRoom(IntakeOptions options)
{
    private const int RetryAfterSeconds = 5;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private long _looked;
    private long _free = long.MaxValue;

    /// <exception cref="ProblemException">IH-INT-111, with what is free and what has to be.</exception>
    public void Require()
    {
        if (Free() is var free && free < options.SpoolFreeBytesMin)
            throw new ProblemException(Problem.Busy(RetryAfterSeconds,
                $"平台磁盘空间不足（可用 {MiB(free)} MB，至少须留 {MiB(options.SpoolFreeBytesMin)} MB），暂停接收"));
    }

    private long Free()
    {
        var now = Environment.TickCount64;
        if (now - Volatile.Read(ref _looked) < LookEvery.TotalMilliseconds)
            return Volatile.Read(ref _free);
        var free = new DriveInfo(options.SpoolFolder).AvailableFreeSpace;
        Volatile.Write(ref _free, free);
        Volatile.Write(ref _looked, now);
        return free;
    }

    private static string MiB(long bytes) => (bytes >> 20).ToString("N0", CultureInfo.InvariantCulture);
}
