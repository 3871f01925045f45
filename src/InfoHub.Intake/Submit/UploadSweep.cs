using System.Data.Common;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Claims;
using InfoHub.Storage.Submissions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InfoHub.Intake.Submit;

/// <summary>
/// Takes off the spool, at start and from time to time, what lies there to no purpose. A file whose rows are stored goes
/// at once: everything that is made of it is made of the rows. One that was refused is kept for a while, for whoever is
/// asked why. An upload that was begun and never committed goes after the same time; its submission is then as it was
/// when it was opened: the same file, or another in its place, can be sent from the beginning.
/// </summary>
internal sealed class UploadSweep(
    SubmissionStore submissions, FileSpool spool, UploadHolders holders, ClaimStore claims, IntakeOptions options,
    TimeProvider clock, ILogger<UploadSweep> log) : BackgroundService
{
    private const string Work = "sweep";
    private const int SubmissionsAtOnce = 1000;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is DbException or IOException)
            {
                Log.Failed(log, Work, fault, () => Log.SweepFailed(log, fault));
            }
            await Task.Delay(LookAgain, stoppingToken);
        }
    }

    /// <summary>How many files were taken away that nothing is made of any more.</summary>
    public async Task<int> DiscardUsedAsync(CancellationToken cancellation)
    {
        var (refusedBefore, gone) = (clock.GetUtcNow() - options.UploadKept, 0);
        foreach (var lot in spool.Submissions().Chunk(SubmissionsAtOnce))
            foreach (var (id, (state, since)) in await submissions.StandingsAsync(lot, cancellation))
            {
                var isDone = state is SubmissionState.Stored or SubmissionState.Used or SubmissionState.Withdrawn
                    || (state is SubmissionState.FileRefused or SubmissionState.AllRowsRejected && since < refusedBefore);
                if (!isDone)
                    continue;
                spool.Discard(id);
                gone++;
            }
        return gone;
    }

    /// <summary>One host at a time: what it would find is found by the one that is at it.</summary>
    private async Task SweepAsync(CancellationToken cancellation)
    {
        await using var claim = await claims.TryTakeAsync(Work, cancellation);
        if (claim is null)
            return;
        if (await RunOnceAsync(cancellation) is > 0 and var swept)
            Log.UploadsSwept(log, swept, options.UploadKept.TotalDays);
        if (await DiscardUsedAsync(cancellation) is > 0 and var used)
            Log.FilesDiscarded(log, used);
        await claim.DoneAsync(cancellation);
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
            swept += await DiscardAsync(id, before, cancellation) ? 1 : 0;
        }
        return swept;
    }

    /// <summary>
    /// While the file is held no stream of any host writes into it; one that begins meanwhile finds no file, and makes
    /// a new one.
    /// </summary>
    private async Task<bool> DiscardAsync(long id, DateTimeOffset before, CancellationToken cancellation)
    {
        try
        {
            using var held = spool.OpenWriter(id);
            if (!await submissions.ExpireUploadAsync(id, before, cancellation))
                return false;
            spool.Discard(id);
            return true;
        }
        catch (IOException)
        {
            // Another host writes to it: then nobody has left it.
            return false;
        }
    }
}
