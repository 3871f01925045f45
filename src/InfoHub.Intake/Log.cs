using Microsoft.Extensions.Logging;

namespace InfoHub.Intake;

/// <summary>Event ids 1000-1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "Checking submission {Submission} failed and will be tried again")]
    public static partial void CheckFailed(ILogger logger, long submission, Exception fault);

    [LoggerMessage(1002, LogLevel.Warning, "Looking for received submissions failed and will be tried again")]
    public static partial void FeedFailed(ILogger logger, Exception fault);
}
