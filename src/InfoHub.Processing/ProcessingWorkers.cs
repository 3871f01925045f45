using InfoHub.Processing.Evaluate;
using InfoHub.Processing.Land;
using InfoHub.Processing.Resolve;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Landing;
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

/// <summary>The stage loop: work, wait, and after a fault of the plant try again, for ever.</summary>
internal abstract class StageWorker(ILogger logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected async Task LoopAsync(string stage, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await work(cancellation);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                Log.StageFailed(logger, stage, fault);
                await Task.Delay(RetryDelay, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}

/// <summary>Lands every partition of the log.</summary>
internal sealed class LandWorker(LandStage stage, LandingStore landing, IRecordLog log, ILogger<LandWorker> logger) : StageWorker(logger)
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, log.Partitions).Select(partition =>
        LoopAsync("land", async cancellation =>
        {
            var position = await landing.PositionAsync(log.Name, partition, cancellation);
            var reading = stage.ReadAsync(partition, position, cancellation);
            while (true)
            {
                // The next records are read while these land; a zombie finds itself elsewhere and reads anew.
                using var batch = await reading;
                var next = batch.Entries.Count > 0 ? batch.Entries[^1].Position + 1 : position;
                reading = stage.ReadAsync(partition, next, cancellation);
                position = await stage.LandAsync(partition, position, batch.Entries, cancellation);
                if (position == next)
                    continue;
                (await reading).Dispose();
                reading = stage.ReadAsync(partition, position, cancellation);
            }
        }, stoppingToken)));
}

/// <summary>Resolves sealed submissions in the order they were opened, then links the rows that wait.</summary>
internal sealed class ResolveWorker(
    ResolveStage stage, LinkStage linking, ResolutionStore resolution, ProcessingOptions options, WorkSignals signals,
    ILogger<ResolveWorker> logger) : StageWorker(logger)
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
    EvaluateStage stage, EvaluationStore evaluations, ProcessingOptions options, WorkSignals signals, ILogger<EvaluateWorker> logger) : StageWorker(logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await evaluations.PinRuleSetAsync(options.Parameters.Version, options.RuleSetContent, stoppingToken);
        await LoopAsync("evaluate", async cancellation =>
        {
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
