using InfoHub.Processing.Evaluate;
using InfoHub.Processing.Land;
using InfoHub.Processing.Resolve;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Parked;
using InfoHub.Storage.Parties;
using InfoHub.Streaming;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InfoHub.Processing;

/// <summary>Wakes a worker early; without a signal it looks again after its poll delay.</summary>
internal sealed class WorkSignal
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    public void Set()
    {
        if (_signal.CurrentCount == 0)
            try
            {
                _signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another thread was quicker: the worker wakes all the same.
            }
    }

    public Task WaitAsync(TimeSpan poll, CancellationToken cancellation) => _signal.WaitAsync(poll, cancellation);
}

/// <summary>
/// The stage loop: work, wait, and after a failure try again, ever more slowly. What a stage could not set aside itself
/// is kept where whoever looks can see it, until the stage works again.
/// </summary>
internal abstract class StageWorker(ParkedWork parked, TimeProvider clock, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromMinutes(1);

    protected async Task LoopAsync(string stage, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        // What another process left behind is taken back by the first time that works.
        var hasFailed = true;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await work(cancellation);
                if (hasFailed)
                    await parked.WorkedAsync(stage, cancellation);
                hasFailed = false;
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                hasFailed = true;
                await Task.Delay(await TellAsync(stage, fault, cancellation), clock, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Keeps the failure, and returns how long to wait. A store that is away is waited for.</summary>
    private async Task<TimeSpan> TellAsync(string stage, Exception fault, CancellationToken cancellation)
    {
        try
        {
            var tries = await parked.FailedAsync(stage, Outage.ReasonOf(fault), cancellation);
            var delay = RetryDelayMin * Math.Pow(2, Math.Min(tries - 1, 10));
            delay = delay < RetryDelayMax ? delay : RetryDelayMax;
            Log.StageFailed(logger, stage, tries, delay.TotalSeconds, fault);
            return delay;
        }
        catch (Exception away) when (!cancellation.IsCancellationRequested)
        {
            // Said once for all stages by who looks after the store; another fault has its own line.
            if (Outage.IsOfStore(fault))
                Log.StoreAway(logger, stage, Outage.ReasonOf(away));
            else
                Log.StageFailed(logger, stage, 1, RetryDelayMin.TotalSeconds, fault);
            return RetryDelayMin;
        }
    }
}

/// <summary>Lands every partition of the log.</summary>
internal sealed class LandWorker(LandStage stage, LandingStore landing, IRecordLog log, ParkedWork parked,
    TimeProvider clock, ILogger<LandWorker> logger) : StageWorker(parked, clock, logger)
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, log.Partitions).Select(partition =>
    {
        var (position, reading) = (0L, (Task<LogBatch>?)null);
        return LoopAsync($"land-{partition}", async cancellation =>
        {
            if (reading is null)
            {
                position = await landing.PositionAsync(log.Name, partition, cancellation);
                reading = stage.ReadAsync(partition, position, cancellation);
            }
            var (read, next) = (reading, position);
            // Whatever fails from here on, the position is asked for anew.
            reading = null;
            using var batch = await read;
            if (batch.Entries.Count > 0)
                next = batch.Entries[^1].Position + 1;
            else
                while (await stage.RetryAsync(partition, cancellation))
                    cancellation.ThrowIfCancellationRequested();
            // The next records are read while these land; a zombie finds itself elsewhere and reads anew.
            var ahead = stage.ReadAsync(partition, next, cancellation);
            position = await stage.LandAsync(partition, position, batch.Entries, cancellation);
            if (position == next)
                reading = ahead;
            else
                (await ahead).Dispose();
        }, stoppingToken);
    }));
}

/// <summary>Resolves sealed submissions in the order they were opened, then links the rows that wait.</summary>
internal sealed class ResolveWorker(
    ResolveStage stage, LinkStage linking, ResolutionStore resolution, ProcessingOptions options, WorkSignals signals,
    ParkedWork parked, ILogger<ResolveWorker> logger) : StageWorker(parked, options.Clock, logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => LoopAsync("resolve", async cancellation =>
    {
        var waiting = options.ResolutionGate.IsOpen ? await resolution.UnresolvedAsync(cancellation) : [];
        ProcessingMetrics.Resolve.Lag(waiting.Count);
        foreach (var submission in waiting)
        {
            await stage.RunAsync(submission, cancellation);
            signals.Evaluate.Set();
        }
        if (waiting.Count > 0)
            return;
        // Rows are placed when the submissions that lie ready are resolved: a register that came with them counts already.
        if (options.ResolutionGate.IsOpen && await linking.RunOnceAsync(cancellation))
            signals.Evaluate.Set();
        else
            await signals.Resolve.WaitAsync(Poll, cancellation);
    }, stoppingToken);
}

/// <summary>
/// Evaluates touched parties, one batch after the other, and marks submissions used when nothing of them is left.
/// </summary>
internal sealed class EvaluateWorker(
    EvaluateStage stage, EvaluationStore evaluations, ProcessingOptions options, WorkSignals signals, ParkedWork parked,
    ILogger<EvaluateWorker> logger) : StageWorker(parked, options.Clock, logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isPinned = false;
        return LoopAsync("evaluate", async cancellation =>
        {
            if (!isPinned)
                await evaluations.PinRuleSetAsync(options.Parameters.Version, options.RuleSetContent, cancellation);
            isPinned = true;
            if (!options.Gate.IsOpen)
            {
                await signals.Evaluate.WaitAsync(Poll, cancellation);
                return;
            }
            ProcessingMetrics.Evaluate.Lag(await evaluations.WaitingAsync(cancellation));
            var looked = await evaluations.WakeAsync(options.AsOf(), cancellation);
            await Task.WhenAll(Enumerable.Range(0, options.EvaluatorsAtOnce).Select(async _ =>
            {
                while (await stage.RunOnceAsync(cancellation))
                    cancellation.ThrowIfCancellationRequested();
            }));
            if (await evaluations.MarkUsedAsync(options.Models.Length, looked, cancellation) == 0)
                await signals.Evaluate.WaitAsync(Poll, cancellation);
        }, stoppingToken);
    }
}

/// <summary>Sealed → resolve, resolved → evaluate.</summary>
internal sealed class WorkSignals
{
    public WorkSignal Resolve { get; } = new();

    public WorkSignal Evaluate { get; } = new();
}
