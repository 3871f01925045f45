using System.Collections.Frozen;
using System.Data.Common;
using InfoHub.Host.Composition;
using Status = InfoHub.Contracts.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace InfoHub.Host.Health;

/// <summary>A gRPC service and what it cannot work without, beside the store.</summary>
internal sealed record ServiceNeeds(string Service, bool NeedsSpool);

/// <summary>
/// Looks once a second whether the store answers and the spool's disk has room, so that a question costs nothing
/// whoever asks. The empty name is the hub as a whole: it serves when everything does.
/// </summary>
internal sealed class HealthMonitor(
    DbDataSource store, HubOptions options, IEnumerable<ServiceNeeds> services, ILogger<HealthMonitor> log)
        : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly FrozenDictionary<string, ServiceNeeds> _services = services.ToFrozenDictionary(s => s.Service);

    private volatile Facts _facts = new(StoreFault: "not looked at yet", SpoolFault: null);

    /// <summary>Null is in order; else what is wrong, for the log.</summary>
    private sealed record Facts(string? StoreFault, string? SpoolFault);

    /// <summary><see cref="Status.ServiceUnknown"/> for a name this host does not serve.</summary>
    public Status Of(string service)
    {
        var facts = _facts;
        if (service.Length == 0)
            return facts is { StoreFault: null, SpoolFault: null } ? Status.Serving : Status.NotServing;
        if (!_services.TryGetValue(service, out var needs))
            return Status.ServiceUnknown;
        return facts.StoreFault is null && (facts.SpoolFault is null || !needs.NeedsSpool) ? Status.Serving
            : Status.NotServing;
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
        var facts = new Facts(
            await StoreFaultAsync(cancellation), _services.Values.Any(s => s.NeedsSpool) ? SpoolFault() : null);
        if (facts.StoreFault is null != _facts.StoreFault is null
            || facts.SpoolFault is null != _facts.SpoolFault is null)
            Log.HealthChanged(
                log, facts is { StoreFault: null, SpoolFault: null } ? LogLevel.Information : LogLevel.Warning,
                facts.StoreFault ?? "ok", facts.SpoolFault ?? "ok");
        _facts = facts;
    }

    private async Task<string?> StoreFaultAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            await using var command = store.CreateCommand("select 1");
            await command.ExecuteScalarAsync(limit.Token);
            return null;
        }
        catch (Exception fault)
            when (fault is DbException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return fault is DbException ? fault.Message : $"no answer within {AnswerTimeout.TotalSeconds} s";
        }
    }

    private string? SpoolFault()
    {
        try
        {
            var free = new DriveInfo(options.DataFolder).AvailableFreeSpace;
            return free >= options.SpoolFreeBytesMin ? null : $"{free} bytes free, {options.SpoolFreeBytesMin} needed";
        }
        catch (IOException fault)
        {
            return fault.Message;
        }
    }
}
