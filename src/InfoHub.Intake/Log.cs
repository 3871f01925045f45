using InfoHub.Storage.Parked;
using Microsoft.Extensions.Logging;

namespace InfoHub.Intake;

/// <summary>Event ids 1000-1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "Checking submission {Submission} failed and will be tried again")]
    public static partial void CheckFailed(ILogger logger, long submission, Exception fault);

    [LoggerMessage(1002, LogLevel.Warning, "Looking for received submissions failed and will be tried again")]
    public static partial void FeedFailed(ILogger logger, Exception fault);

    [LoggerMessage(1007, LogLevel.Debug, "{Work} waits for the store, which does not answer: {Reason}")]
    private static partial void StoreAway(ILogger logger, string work, string reason);

    /// <summary>That the store is away is said once, by who looks after it; another fault has its own line.</summary>
    public static void Failed(ILogger logger, string work, Exception fault, Action tell)
    {
        if (Outage.IsOfStore(fault))
            StoreAway(logger, work, Outage.ReasonOf(fault));
        else
            tell();
    }

    [LoggerMessage(1003, LogLevel.Information,
        "{Uploads} uploads with nothing new for {Days} days were taken off the spool")]
    public static partial void UploadsSwept(ILogger logger, int uploads, double days);

    [LoggerMessage(1004, LogLevel.Warning, "Sweeping the spool failed and will be tried again")]
    public static partial void SweepFailed(ILogger logger, Exception fault);

    [LoggerMessage(1005, LogLevel.Information, "{Files} files of which nothing is made any more were taken off the spool")]
    public static partial void FilesDiscarded(ILogger logger, int files);

    [LoggerMessage(1006, LogLevel.Warning, "Submission {Submission} is being checked by another host, which took it up")]
    public static partial void CheckTakenOver(ILogger logger, long submission);
}
