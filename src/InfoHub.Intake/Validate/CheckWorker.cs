using System.Data.Common;
using InfoHub.Storage.Submissions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InfoHub.Intake.Validate;

/// <summary>
/// Checks received files, department by department in turn. At start it takes up what a stopped host left behind, and looks
/// again from
/// time to time: whatever has been received is checked, also when the call that received it broke off.
/// </summary>
internal sealed class CheckWorker(
    CheckStage stage, SubmissionStore submissions, CheckQueue queue, IntakeOptions options, ILogger<CheckWorker> log) : BackgroundService
{
    private const int AttemptsMax = 3;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var feeding = FeedAsync(stoppingToken);
        await Parallel.ForEachAsync(Enumerable.Range(0, options.ChecksAtOnce),
            new ParallelOptions { MaxDegreeOfParallelism = options.ChecksAtOnce, CancellationToken = stoppingToken },
            async (_, cancellation) =>
            {
                while (true)
                {
                    var (id, department) = await queue.TakeAsync(cancellation);
                    IntakeMetrics.Checked.Lag(queue.Count);
                    var isDone = await RunOneAsync(id, cancellation);
                    queue.Leave(id);
                    // The plant is at fault: the others have their turn, and this one comes again behind them.
                    if (!isDone)
                        queue.Put(id, department);
                }
            });
        await feeding;
    }

    private async Task FeedAsync(CancellationToken cancellation)
    {
        for (var atStart = true; ; atStart = false)
        {
            try
            {
                foreach (var (id, department) in await submissions.UnfinishedChecksAsync(atStart, cancellation))
                    queue.Put(id, department);
            }
            catch (DbException fault) when (!atStart)
            {
                Log.FeedFailed(log, fault);
            }
            await Task.Delay(LookAgain, cancellation);
        }
    }

    /// <summary>
    /// The stage loop's edge. False after a fault of the plant; a file on which the check itself fails, or that is
    /// gone, is given
    /// up after a few tries, with a numbered problem, and holds nobody up.
    /// </summary>
    private async Task<bool> RunOneAsync(long id, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await (attempt <= AttemptsMax ? stage.RunAsync(id, cancellation) : stage.GiveUpAsync(id, cancellation));
                return true;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                Log.CheckFailed(log, id, fault);
                await Task.Delay(RetryDelay, cancellation);
                if (IsOfThePlant(fault) || attempt > AttemptsMax)
                    return false;
            }
        }
    }

    private static bool IsOfThePlant(Exception fault) =>
        fault is DbException { IsTransient: true } or IOException and not (FileNotFoundException or DirectoryNotFoundException);
}
