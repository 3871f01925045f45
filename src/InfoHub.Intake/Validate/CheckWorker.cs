using System.Data.Common;
using System.Threading.Channels;
using InfoHub.Intake.Submit;
using InfoHub.Storage.Submissions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InfoHub.Intake.Validate;

/// <summary>Checks received files in the order they came; at start it takes up what a stopped host left behind.</summary>
internal sealed class CheckWorker(
    CheckStage stage, SubmissionDesk desk, SubmissionStore submissions, Channel<long> queue, IntakeOptions options,
    ILogger<CheckWorker> log) : BackgroundService
{
    private const int AttemptsMax = 3;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What a stopped host left goes through the queue like any other file, so that none of it stands in the way.
        var feeding = FeedAsync(stoppingToken);
        await Parallel.ForEachAsync(Enumerable.Range(0, options.ChecksAtOnce),
            new ParallelOptions { MaxDegreeOfParallelism = options.ChecksAtOnce, CancellationToken = stoppingToken },
            async (_, cancellation) =>
            {
                await foreach (var id in queue.Reader.ReadAllAsync(cancellation))
                {
                    IntakeMetrics.Checked.Lag(queue.Reader.Count);
                    await RunOneAsync(id, cancellation);
                    desk.Checked();
                }
            });
        await feeding;
    }

    private async Task FeedAsync(CancellationToken cancellation)
    {
        foreach (var id in await submissions.UnfinishedChecksAsync(cancellation))
        {
            desk.Waiting();
            await queue.Writer.WriteAsync(id, cancellation);
        }
    }

    /// <summary>
    /// The stage loop's edge: a fault of the plant is logged and the work tried again until the host stops; a file on which
    /// the check itself fails is given up after a few tries, with a numbered problem, and holds nobody up.
    /// </summary>
    private async Task RunOneAsync(long id, CancellationToken cancellation)
    {
        for (var attempt = 1; !cancellation.IsCancellationRequested; attempt++)
        {
            try
            {
                await (attempt <= AttemptsMax ? stage.RunAsync(id, cancellation) : stage.GiveUpAsync(id, cancellation));
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                Log.CheckFailed(log, id, fault);
                if (fault is DbException { IsTransient: true } or IOException)
                    attempt = Math.Min(attempt, AttemptsMax - 1);
                await Task.Delay(RetryDelay, cancellation);
            }
        }
    }
}
