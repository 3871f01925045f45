using System.Data.Common;
using InfoHub.Storage.Submissions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InfoHub.Intake.Submit;

/// <summary>
/// Takes the bytes of uploads that were begun and never committed off the spool, at start and from time to time. The
/// submission is then as it was when it was opened: the same file, or another in its place, can be sent from the
/// beginning.
/// </summary>
internal sealed class UploadSweep(
    SubmissionStore submissions, FileSpool spool, UploadHolders holders, IntakeOptions options, TimeProvider clock,
    ILogger<UploadSweep> log) : BackgroundService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                if (await RunOnceAsync(stoppingToken) is > 0 and var swept)
                    Log.UploadsSwept(log, swept, options.UploadKept.TotalDays);
            }
            catch (Exception fault) when (fault is DbException or IOException)
            {
                Log.SweepFailed(log, fault);
            }
            await Task.Delay(LookAgain, stoppingToken);
        }
    }

    /// <summary>How many uploads were swept.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        var (before, swept) = (clock.GetUtcNow() - options.UploadKept, 0);
        foreach (var id in await submissions.IdleUploadsAsync(before, cancellation))
        {
            // A stream may have been sending for days: then nobody has taken the upload anew, but its file is young.
            if (spool.LastWritten(id) is not { } written || written >= before)
                continue;
            using var alone = await holders.AloneAsync(id, cancellation);
            if (!await submissions.ExpireUploadAsync(id, before, cancellation))
                continue;
            spool.Discard(id);
            swept++;
        }
        return swept;
    }
}
