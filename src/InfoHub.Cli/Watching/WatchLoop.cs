using InfoHub.Cli.Commands;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Watching;

/// <summary>How a folder is watched.</summary>
/// <param name="Schedule">When files are sent; null: at every poll.</param>
/// <param name="Settle">How long a file must not change before it counts as whole.</param>
/// <param name="Follow">How long one pass follows what it sent.</param>
internal sealed record WatchWishes(CronSchedule? Schedule, TimeSpan Settle, TimeSpan Follow);

/// <summary>
/// The loop: a sign of life, then what is due, then what is finished. A due time is over only when every file has gone:
/// until then the loop polls as if there were no schedule, also after a restart.
/// </summary>
internal sealed class WatchLoop(CommandRun run, WatchFolder folder, WatchWishes wishes)
{
    // A timer may come a little before the clock by which is measured.
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(50);

    private readonly long _started = run.Terminal.Clock.GetTimestamp();
    private readonly WatchLog _log = new(folder.Root, run.Terminal.Clock, run.Terminal.Out, run.IsJson);

    /// <summary>What is there now; waits once for files that may still be written to.</summary>
    public async Task<ExitCode> OnceAsync()
    {
        using var taken = folder.Take();
        Begin();
        var (jobs, pass) = Start();
        var (code, _) = await jobs.RunDueAsync(Now, wishes.Schedule);
        var ready = Ready();
        if (folder.Unsettled > 0)
        {
            await Task.Delay(wishes.Settle > TimeSpan.Zero ? wishes.Settle + TimerSlack : TimeSpan.Zero,
                run.Terminal.Clock, run.Cancellation);
            ready = Ready();
        }
        if (folder.Unsettled > 0)
            _log.Write($"in 中有 {folder.Unsettled} 个文件还在变化，下次再看");
        return ExitCodes.Worst([code, await pass.RunAsync(ready)]);
    }

    /// <summary>Until cancelled.</summary>
    public async Task<ExitCode> RunAsync(TimeSpan pause)
    {
        using var taken = folder.Take();
        Begin();
        var state = new WatchState(folder.Root);
        if (wishes.Schedule is { } schedule && state.Done is null)
            state.Done = schedule.Latest(Now.AddMinutes(-1)) ?? DateTime.MinValue;
        var (jobs, pass) = Start(state);
        try
        {
            while (true)
            {
                _log.Beat($"在值守，in 中 {Directory.EnumerateFiles(folder.In).Count()} 个文件");
                await SafelyAsync(() => PollAsync(state, jobs, pass));
                await Task.Delay(pause, run.Terminal.Clock, run.Cancellation);
            }
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            _log.Write("停止值守；没有处理完的文件留在 in 或 .work 中，下次继续");
            return ExitCode.Ok;
        }
    }

    private DateTime Now => run.Terminal.Clock.GetLocalNow().DateTime;

    private void Begin() => _log.Write($"值守 {folder.Root}，登录档案 {run.Settings.ProfileName}");

    private (ExtractJobs Jobs, WatchPass Pass) Start(WatchState? state = null) =>
        (new ExtractJobs(run, folder, _log, state ?? new WatchState(folder.Root)),
            new WatchPass(run, folder, _log, wishes.Follow));

    private async Task PollAsync(WatchState state, ExtractJobs jobs, WatchPass pass)
    {
        var due = wishes.Schedule?.Latest(Now);
        var (_, made) = await jobs.RunDueAsync(Now, wishes.Schedule);
        if (made > 0)
            state.IsOwed = true;
        // Looked at every time, so that what is due finds settled files.
        var ready = Ready();
        if (wishes.Schedule is not null && !state.IsOwed && !(due > state.Done) && !(made > 0))
            return;
        await pass.RunAsync(ready);
        if (wishes.Schedule is null || folder.Unsettled > 0 || pass.HasLater)
            return;
        if (due > state.Done)
            state.Done = due;
        state.IsOwed = false;
    }

    private IReadOnlyList<string> Ready()
    {
        var ready = folder.Ready(run.Terminal.Clock.GetElapsedTime(_started), wishes.Settle);
        foreach (var name in folder.FromTheFuture(run.Terminal.Clock.GetUtcNow().UtcDateTime))
            _log.WriteOnce(name, $"{name} 的修改时间在将来；以本机观察到的变化为准");
        return ready;
    }

    /// <summary>A service lives on: what keeps one pass from its end may be gone at the next.</summary>
    private async Task SafelyAsync(Func<Task> pass)
    {
        try
        {
            await pass();
        }
        catch (ProblemException failed)
        {
            _log.WriteOnce("", $"{failed.Problem.Code} {failed.Problem.Kind.TitleZh}：{failed.Problem.Detail}");
        }
        catch (Exception fault) when (!run.Cancellation.IsCancellationRequested)
        {
            _log.WriteOnce("", $"本轮没有完成：{fault.GetType().Name}：{fault.Message}");
        }
    }
}
