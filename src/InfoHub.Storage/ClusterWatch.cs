using System.Diagnostics;
using InfoHub.Templates.Problems;
using Microsoft.Extensions.Logging;

namespace InfoHub.Storage;

/// <summary>
/// Starts a server again that has ended. It is told once that it ended, once for each reason that it cannot be started,
/// and once that it is back.
/// </summary>
/// <param name="lastWords">What the server said of its end.</param>
internal sealed partial class ClusterWatch(
    Func<bool> isRunning, Func<CancellationToken, Task> start, Func<string> lastWords, ILogger log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    /// <summary>Ends when it is cancelled.</summary>
    /// <param name="tell">Takes in zh-CN why the server does not run, null when it does.</param>
    /// <param name="cancellation">The host stops, and stops the server.</param>
    public async Task RunAsync(Action<string?> tell, CancellationToken cancellation)
    {
        try
        {
            for (; ; await Task.Delay(LookEvery, cancellation))
                if (!isRunning())
                {
                    await StartAgainAsync(tell, cancellation);
                    tell(null);
                }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task StartAgainAsync(Action<string?> tell, CancellationToken cancellation)
    {
        var (began, told) = (Stopwatch.GetTimestamp(), lastWords());
        tell("内嵌数据库已停止，正在重新启动");
        LogEnded(log, told);
        for (var pause = PauseMin; !isRunning(); pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
            try
            {
                await start(cancellation);
            }
            catch (ProblemException)
            {
                var words = lastWords();
                tell($"内嵌数据库已停止，重新启动未成功：{words}");
                if (words != told)
                    LogCannotStart(log, words);
                told = words;
                await Task.Delay(pause, cancellation);
            }
        LogBack(log, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    [LoggerMessage(4101, LogLevel.Error,
        "The embedded PostgreSQL has ended and is started again. It said last: {Words}")]
    private static partial void LogEnded(ILogger logger, string words);

    [LoggerMessage(4102, LogLevel.Error,
        "The embedded PostgreSQL cannot be started and is tried ever more seldom, at least once a minute: {Words}")]
    private static partial void LogCannotStart(ILogger logger, string words);

    [LoggerMessage(4103, LogLevel.Warning, "The embedded PostgreSQL is back after {Seconds:0.0} s")]
    private static partial void LogBack(ILogger logger, double seconds);
}
