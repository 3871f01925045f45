using System.Collections.Frozen;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using InfoHub.Host.Composition;
using InfoHub.Storage;
using InfoHub.Storage.Parked;
using InfoHub.Storage.Submissions;
using InfoHub.Streaming;
using Status = InfoHub.Contracts.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace InfoHub.Host.Health;

/// <summary>A gRPC service and what it cannot work without, beside the store.</summary>
internal sealed record ServiceNeeds(string Service, bool NeedsSpool, bool NeedsStages = false)
{
    /// <summary>Not a gRPC service, but a name to ask for: the stages from the record log to the findings.</summary>
    public const string Processing = "infohub.processing";
}

/// <summary>
/// Looks once a second whether the store answers, the spool's disk has room and no stage is stuck, so that a question
/// costs nothing whoever asks. The empty name is the hub as a whole: it serves when everything does. What is set aside
/// does not keep the rest from being served: it is told in the log and the metrics.
/// </summary>
/// <param name="parked">Null on a host that does not process.</param>
/// <param name="postgres">Null where others run the store.</param>
internal sealed class HealthMonitor(
    DbDataSource store, IRecordLog recordLog, HubOptions options, IEnumerable<ServiceNeeds> services,
    ILogger<HealthMonitor> log,
    ParkedWork? parked = null, EmbeddedPostgres? postgres = null) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly FrozenDictionary<string, ServiceNeeds> _services = services.ToFrozenDictionary(s => s.Service);

    private static readonly Meter Meter = new(StageMetrics.MeterName);

    /// <summary>Of this process, for the gauges.</summary>
    private static volatile Facts _latest = new(null, null);

    private static readonly TimeSpan AskLogEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskLogPatience = TimeSpan.FromMilliseconds(200);

    private Task<string?> _askedLog = Task.FromResult<string?>(null);
    private string? _logFault;
    private long _logAsked;

    private volatile Facts _facts = new(StoreFault: "not looked at yet", SpoolFault: null);

    static HealthMonitor()
    {
        Meter.CreateObservableGauge("infohub.parked", () => new Measurement<long>[]
        {
            new(_latest.Parked.Records, KeyValuePair.Create("kind", (object?)"record")),
            new(_latest.Parked.Submissions, KeyValuePair.Create("kind", (object?)"submission")),
            new(_latest.Parked.Rows, KeyValuePair.Create("kind", (object?)"row")),
            new(_latest.Parked.Parties, KeyValuePair.Create("kind", (object?)"party")),
        }, "{unit}", "Set aside for a fault of the hub, to be tried again by command.");
        Meter.CreateObservableGauge("infohub.stage.stuck", () => _latest.StageFault is null ? 0L : 1L, "{stage}",
            "1 while a stage fails again and again on something it cannot set aside.");
    }

    /// <summary>Null is in order; else what is wrong, for the log.</summary>
    private sealed record Facts(string? StoreFault, string? SpoolFault)
    {
        public string? StageFault { get; init; }

        public string? LogFault { get; init; }

        public ParkedCounts Parked { get; init; } = ParkedCounts.None;

        public bool AreInOrder => this is { StoreFault: null, SpoolFault: null, StageFault: null, LogFault: null };
    }

    /// <summary><see cref="Status.ServiceUnknown"/> for a name this host does not serve.</summary>
    public Status Of(string service)
    {
        var facts = _facts;
        if (service.Length == 0)
            return facts.AreInOrder ? Status.Serving : Status.NotServing;
        if (!_services.TryGetValue(service, out var needs))
            return Status.ServiceUnknown;
        return facts.StoreFault is null && (facts.SpoolFault is null || !needs.NeedsSpool)
            && (facts.LogFault is null || needs is { NeedsSpool: false, NeedsStages: false })
            && (facts.StageFault is null || !needs.NeedsStages) ? Status.Serving : Status.NotServing;
    }

    /// <summary>Part by part, "ok" or what is wrong.</summary>
    public IReadOnlyDictionary<string, string> Told()
    {
        var facts = _facts;
        return new Dictionary<string, string>
        {
            ["status"] = facts.AreInOrder ? "ok" : "not serving",
            ["store"] = facts.StoreFault ?? "ok",
            ["spool"] = facts.SpoolFault ?? "ok",
            ["record_log"] = facts.LogFault ?? "ok",
            ["stages"] = facts.StageFault ?? "ok",
            ["set_aside"] = facts.Parked.ToString(),
        };
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>From here on nobody is sent to this host.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _facts = new Facts("the host is stopping", null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await LookAsync(stoppingToken);
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var facts = await FactsAsync(cancellation) with
        {
            SpoolFault = _services.Values.Any(s => s.NeedsSpool) ? SpoolFault() : null,
            LogFault = await LogFaultAsync(cancellation),
        };
        if (facts.StoreFault is null != _facts.StoreFault is null
            || facts.SpoolFault is null != _facts.SpoolFault is null
            || facts.LogFault is null != _facts.LogFault is null
            || facts.StageFault is null != _facts.StageFault is null)
            Log.HealthChanged(log, facts.AreInOrder ? LogLevel.Information : LogLevel.Warning, facts.StoreFault ?? "ok",
                facts.SpoolFault ?? "ok", facts.LogFault ?? "ok", facts.StageFault ?? "ok");
        if (facts.Parked.All > _facts.Parked.All)
            Log.MoreIsParked(log, facts.Parked.ToString());
        _facts = _latest = facts;
    }

    private async Task<Facts> FactsAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            await using var command = store.CreateCommand("select 1");
            await command.ExecuteScalarAsync(limit.Token);
            return parked is null ? new Facts(null, null) : new Facts(null, null)
            {
                StageFault = await parked.StuckAsync(limit.Token) is { } stuck ? $"{stuck.Stage}: {stuck.Reason}" : null,
                Parked = await parked.CountAsync(limit.Token),
            };
        }
        catch (Exception fault)
            when (fault is DbException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new Facts(
                postgres?.Fault is { } why ? why : fault is DbException
                    ? fault.Message : $"no answer within {AnswerTimeout.TotalSeconds} s", null);
        }
    }

    /// <summary>A broker that does not answer is asked seldom, and beside the rest: it takes its time.</summary>
    private async Task<string?> LogFaultAsync(CancellationToken cancellation)
    {
        if (_askedLog.IsCompleted && Stopwatch.GetElapsedTime(_logAsked) > AskLogEvery)
        {
            (_logFault, _logAsked) = (await _askedLog, Stopwatch.GetTimestamp());
            _askedLog = recordLog.FaultAsync(cancellation);
            // The store's own log is known at once.
            await Task.WhenAny(_askedLog, Task.Delay(AskLogPatience, cancellation));
        }
        return _askedLog.IsCompletedSuccessfully ? await _askedLog : _logFault;
    }

    private string? SpoolFault()
    {
        try
        {
            var room = DiskRoom.Of(options.DataFolder, options.SpoolFreeBytesMin);
            return room.IsEnough ? null : $"{room.Free} bytes free, {room.Least} needed";
        }
        catch (IOException fault)
        {
            return fault.Message;
        }
    }
}
