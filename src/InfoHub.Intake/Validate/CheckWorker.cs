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
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var id in await submissions.UnfinishedChecksAsync(stoppingToken))
            await RunOneAsync(id, stoppingToken);
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
    }

    /// <summary>The stage loop's edge: a fault of the plant is logged and the work tried again until the host stops.</summary>
    private async Task RunOneAsync(long id, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await stage.RunAsync(id, cancellation);
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                Log.CheckFailed(log, id, fault);
                await Task.Delay(RetryDelay, cancellation);
            }
        }
    }
}
