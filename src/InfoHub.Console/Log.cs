using Microsoft.Extensions.Logging;

namespace InfoHub.Console;

/// <summary>Event ids 8000 to 8099.</summary>
internal static partial class Log
{
    [LoggerMessage(8001, LogLevel.Error, "Page {Path} failed, trace {TraceId}")]
    public static partial void PageFailed(ILogger logger, string path, string traceId, Exception exception);

    [LoggerMessage(8002, LogLevel.Information, "Consumer {Consumer} signed in to the console")]
    public static partial void SignedIn(ILogger logger, string consumer);

    [LoggerMessage(8003, LogLevel.Warning, "Sign-in to the console refused from {Address}")]
    public static partial void SignInRefused(ILogger logger, string address);

    [LoggerMessage(8004, LogLevel.Warning, "Too many sign-in attempts to the console from {Address}")]
    public static partial void SignInThrottled(ILogger logger, string address);
}
