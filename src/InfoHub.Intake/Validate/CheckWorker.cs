using System.Data.Common;
using System.Globalization;
using InfoHub.Storage.Claims;
using InfoHub.Storage.Submissions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InfoHub.Intake.Validate;

/// <summary>
/// Checks received files, department by department in turn. It looks again and again for what is due: whatever has been
/// received is checked, also when the call that received it broke off, or the host that began it is no more. A check is
/// begun only with the claim on it, which one host has at a time.
/// </summary>
internal sealed class CheckWorker(CheckStage stage, SubmissionStore submissions, CheckQueue queue, ClaimStore claims,
    IntakeOptions options, ILogger<CheckWorker> log) : BackgroundService
{
    private const int AttemptsMax = 3;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

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
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                foreach (var (id, department) in await submissions.UnfinishedChecksAsync(cancellation))
                    queue.Put(id, department);
            }
            catch (DbException fault) when (!isFirst)
            {
                Log.Failed(log, "looking for received submissions", fault, () => Log.FeedFailed(log, fault));
            }
            await Task.Delay(LookAgain, cancellation);
        }
    }

    /// <summary>
    /// The stage loop's edge. False after a fault of the plant; a file on which the check itself fails, or that is
    /// gone, is given up after a few tries, with a numbered problem, and holds nobody up.
    /// </summary>
    private async Task<bool> RunOneAsync(long id, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunClaimedAsync(id, isLast: attempt > AttemptsMax, cancellation);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                Log.Failed(log, "a check", fault, () => Log.CheckFailed(log, id, fault));
                await Task.Delay(RetryDelay, cancellation);
                if (IsOfThePlant(fault) || attempt > AttemptsMax)
                    return false;
            }
        }
    }

    /// <summary>Nothing is left to do for this host when another has the check, before or while it runs.</summary>
    private async Task<bool> RunClaimedAsync(long id, bool isLast, CancellationToken cancellation)
    {
        var work = string.Create(CultureInfo.InvariantCulture, $"check:{id}");
        if (await claims.TryTakeAsync(work, cancellation) is not { } claim)
            return true;
        await using (claim)
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, claim.Lost);
                await (isLast ? stage.GiveUpAsync(id, claim, either.Token) : stage.RunAsync(id, claim, either.Token));
                await claim.DoneAsync(cancellation);
            }
            catch (Exception) when (claim.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                Log.CheckTakenOver(log, id);
            }
        return true;
    }

    private static bool IsOfThePlant(Exception fault) =>
        fault is DbException { IsTransient: true } or IOException and not (FileNotFoundException or DirectoryNotFoundException);
}
