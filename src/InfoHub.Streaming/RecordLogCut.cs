using System.Data.Common;
using InfoHub.Storage.Claims;
using InfoHub.Storage.Parked;
using InfoHub.Storage.RecordLog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InfoHub.Streaming;

/// <summary>
/// Cuts the embedded record log behind what has landed and is past its time, a little at a time, on one host. Rows that
/// an earlier log of this store left, before Kafka took its place, go the same way.
/// </summary>
internal sealed partial class RecordLogCut(
    RecordLogTable table, ClaimStore claims, TimeSpan kept, ILogger<RecordLogCut> log) : BackgroundService
{
    private const string Work = "log-cut";

    /// <summary>Of up to 900 kB each: a cut is a short transaction, and lets others at the disk.</summary>
    private const int RecordsAtOnce = 50;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookAgain);
        do
        {
            try
            {
                if (await RunOnceAsync(stoppingToken) is > 0 and var gone)
                    LogCut(log, gone, kept.TotalHours);
            }
            catch (Exception fault) when (fault is DbException or ClaimLostException)
            {
                if (!Outage.IsOfStore(fault))
                    LogFailed(log, fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>How many records are forgotten.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        await using var claim = await claims.TryTakeAsync(Work, cancellation);
        if (claim is null)
            return 0;
        var gone = 0;
        while (await table.CutAsync(kept, RecordsAtOnce, claim, cancellation) is > 0 and var some)
        {
            gone += some;
            await Task.Delay(Breath, cancellation);
        }
        await claim.DoneAsync(cancellation);
        return gone;
    }

    [LoggerMessage(3001, LogLevel.Information, "{Records} records that landed more than {Hours} h ago were cut off the log")]
    private static partial void LogCut(ILogger logger, int records, double hours);

    [LoggerMessage(3002, LogLevel.Warning, "Cutting the record log failed and will be tried again")]
    private static partial void LogFailed(ILogger logger, Exception fault);
}
