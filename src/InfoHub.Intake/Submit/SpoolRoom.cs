using InfoHub.Storage.Submissions;
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
        if (Look() is { IsEnough: false } room)
            throw new ProblemException(Problem.Busy(RetryAfterSeconds,
                $"平台磁盘空间不足（可用 {DiskRoom.MiB(room.Free)} MB，至少须留 {DiskRoom.MiB(room.Least)} MB），暂停接收"));
    }

    private DiskRoom Look()
    {
        var now = Environment.TickCount64;
        if (now - Volatile.Read(ref _looked) < LookEvery.TotalMilliseconds)
            return new DiskRoom(Volatile.Read(ref _free), options.SpoolFreeBytesMin);
        var room = DiskRoom.Of(options.SpoolFolder, options.SpoolFreeBytesMin);
        Volatile.Write(ref _free, room.Free);
        Volatile.Write(ref _looked, now);
        return room;
    }
}
