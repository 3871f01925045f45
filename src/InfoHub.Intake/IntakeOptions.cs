namespace InfoHub.Intake;

/// <summary>Bounds of the intake. Every buffer and queue has one.</summary>
public sealed record IntakeOptions
{
    public const long FileBytesMaxDefault = 4L << 30;
    public const int ChecksAtOnceDefault = 1;
    public const int EnvelopesAheadMaxDefault = 48;
    public const int OpenSubmissionsMaxDefault = 1000;
    public const int UploadKeptDaysDefault = 7;

    /// <summary>Where uploaded files lie until their rows are stored.</summary>
    public required string SpoolFolder { get; init; }

    /// <summary>A hub to rehearse against: takes only data marked as test, and no other hub does. Default
    /// false.</summary>
    public bool IsTest { get; init; }

    /// <summary>Default 4 GiB, at least 1 MiB.</summary>
    public long FileBytesMax { get; init; } = FileBytesMaxDefault;

    /// <summary>Files checked at the same time. Default 1: with two cores the other one is PostgreSQL's.</summary>
    public int ChecksAtOnce { get; init; } = ChecksAtOnceDefault;

    /// <summary>Envelopes of one submission that may be on the log and not yet landed (up to 640 kB each). Default
    /// 48.</summary>
    public int EnvelopesAheadMax { get; init; } = EnvelopesAheadMaxDefault;

    /// <summary>How long an upload that nobody goes on with, and a file that was refused, are kept. Default 7 days.</summary>
    public TimeSpan UploadKept { get; init; } = TimeSpan.FromDays(UploadKeptDaysDefault);

    /// <summary>Submissions waiting to be checked beyond which new ones are told to come back later. Default
    /// 1000.</summary>
    public int OpenSubmissionsMax { get; init; } = OpenSubmissionsMaxDefault;
}
