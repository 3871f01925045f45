namespace InfoHub.Intake;

/// <summary>Bounds of the intake. Every buffer and queue has one.</summary>
public sealed record IntakeOptions
{
    public const long FileBytesMaxDefault = 4L << 30;
    public const int ChecksAtOnceDefault = 2;
    public const int EnvelopesAheadMaxDefault = 48;
    public const int OpenSubmissionsMaxDefault = 1000;
    public const int UploadKeptDaysDefault = 7;
    public const int CheckSecondsMaxDefault = 300;
    public const int UnfinishedMaxDefault = 100;
    public const long UnfinishedBytesMaxDefault = 16L << 30;
    public const long SpoolFreeBytesMinDefault = 1L << 30;

    /// <summary>Where uploaded files lie until their rows are stored.</summary>
    public required string SpoolFolder { get; init; }

    /// <summary>A hub to rehearse against: takes only data marked as test, and no other hub does. Default
    /// false.</summary>
    public bool IsTest { get; init; }

    /// <summary>Default 4 GiB, at least 1 MiB.</summary>
    public long FileBytesMax { get; init; } = FileBytesMaxDefault;

    /// <summary>
    /// Files checked at the same time. Default 2, so that one department's slow file leaves the others a worker: of two
    /// or more, one department holds all but one at most.
    /// </summary>
    public int ChecksAtOnce { get; init; } = ChecksAtOnceDefault;

    /// <summary>
    /// How long reading one file may take, waiting for the store and the log not counted; then it is refused with
    /// IH-INT-233. Default 300 seconds.
    /// </summary>
    public TimeSpan CheckTimeMax { get; init; } = TimeSpan.FromSeconds(CheckSecondsMaxDefault);

    /// <summary>Envelopes of one submission that may be on the log and not yet landed (up to 640 kB each). Default
    /// 48.</summary>
    public int EnvelopesAheadMax { get; init; } = EnvelopesAheadMaxDefault;

    /// <summary>How long an upload that nobody goes on with, and a file that was refused, are kept. Default 7 days.</summary>
    public TimeSpan UploadKept { get; init; } = TimeSpan.FromDays(UploadKeptDaysDefault);

    /// <summary>Submissions waiting to be checked beyond which new ones are told to come back later. Default
    /// 1000.</summary>
    public int OpenSubmissionsMax { get; init; } = OpenSubmissionsMaxDefault;

    /// <summary>
    /// Room that stays free on the spool's disk: below it nothing new is opened and an upload under way stands still.
    /// Default 1 GiB.
    /// </summary>
    public long SpoolFreeBytesMin { get; init; } = SpoolFreeBytesMinDefault;

    /// <summary>Uploads of one department that are opened and not committed. Default 100.</summary>
    public int UnfinishedMax { get; init; } = UnfinishedMaxDefault;

    /// <summary>Bytes that those have declared. Default 16 GiB.</summary>
    public long UnfinishedBytesMax { get; init; } = UnfinishedBytesMaxDefault;
}
