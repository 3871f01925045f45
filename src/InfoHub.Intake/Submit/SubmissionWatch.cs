using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Submissions;
using Microsoft.Extensions.Hosting;

namespace InfoHub.Intake.Submit;

/// <summary>
/// Tells watchers when a submission has moved on, whichever host moved it. One small query looks for all of them, often
/// while something happens and ever more seldom while nothing does; nobody watching, it sleeps.
/// </summary>
internal sealed class SubmissionWatch(SubmissionStore submissions) : BackgroundService
{
    private static readonly TimeSpan PollMin = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan PollMax = TimeSpan.FromSeconds(1);

    /// <summary>News is late by this share of the time there was none.</summary>
    private const int QuietShare = 16;

    private readonly ConcurrentDictionary<Watcher, bool> _watchers = new();
    private readonly SemaphoreSlim _joined = new(0);

    private sealed class Watcher(long submission, SubmissionState known)
    {
        public long Submission => submission;

        public SubmissionState Known => known;

        public TaskCompletionSource Moved { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends when the submission is in another state than <paramref name="known"/>.</summary>
    /// <exception cref="DbException">The store could not be asked.</exception>
    public async Task MovedAsync(long submission, SubmissionState known, CancellationToken cancellation)
    {
        var watcher = new Watcher(submission, known);
        _watchers.TryAdd(watcher, true);
        _joined.Release();
        try
        {
            await watcher.Moved.Task.WaitAsync(cancellation);
        }
        finally
        {
            _watchers.TryRemove(watcher, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var news = Stopwatch.GetTimestamp(); ;)
        {
            var delay = Stopwatch.GetElapsedTime(news) / QuietShare;
            var wait = _watchers.IsEmpty ? Timeout.InfiniteTimeSpan : delay < PollMax ? delay : PollMax;
            if (await _joined.WaitAsync(wait, stoppingToken))
                news = Stopwatch.GetTimestamp();
            // Whoever joins within this time is looked for together.
            await Task.Delay(PollMin, stoppingToken);
            while (_joined.CurrentCount > 0)
                await _joined.WaitAsync(stoppingToken);
            if (await LookAsync(stoppingToken))
                news = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>True when anything has moved.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellation)
    {
        var watchers = _watchers.Keys.ToArray();
        try
        {
            long[] ids = [.. watchers.Select(w => w.Submission).Distinct()];
            var states = await submissions.StatesAsync(ids, cancellation);
            var moved = watchers.Where(w => states.GetValueOrDefault(w.Submission) != w.Known).ToArray();
            foreach (var watcher in moved)
                watcher.Moved.TrySetResult();
            return moved.Length > 0;
        }
        catch (DbException fault)
        {
            foreach (var watcher in watchers)
                watcher.Moved.TrySetException(fault);
            return false;
        }
    }

    public override void Dispose()
    {
        _joined.Dispose();
        base.Dispose();
    }
}
