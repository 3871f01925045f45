using System.Text.Json;
using System.Text.Json.Serialization;
using InfoHub.Cli.Commands;
using InfoHub.Cli.Extracting;
using InfoHub.Cli.Settings;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Cli.Watching;

/// <summary>One regular extract: which query, from where, for which item, for which period, when.</summary>
/// <param name="Query">A file, beside the job file when its path is relative.</param>
/// <param name="ConnectionEnv">The environment variable that holds the connection string.</param>
/// <param name="Period">previous-month, current-month, previous-quarter or previous-year, as of the time it is
/// due.</param>
/// <param name="Schedule">Five fields of cron; empty: that of the watch.</param>
internal sealed record ExtractJob(
    string Item, string Query, string ConnectionEnv, string Provider = "postgresql", string Period = "previous-month",
    string Schedule = "")
{
    public Period PeriodAt(DateTime due)
    {
        var month = Templates.Vocabulary.Period.Month(due.Year, due.Month);
        return Period switch
        {
            "current-month" => month,
            "previous-month" => month.AddMonths(-1),
            "previous-year" => Templates.Vocabulary.Period.FromCode((due.Year - 1) * 100),
            "previous-quarter" => due.AddMonths(-3) is var before
                ? Templates.Vocabulary.Period.Quarter(before.Year, ((before.Month - 1) / 3) + 1) : default,
            _ => throw ExtractJobs.Unsound(ExtractJobs.Name, $"period：看不懂“{Period}”"),
        };
    }
}

/// <summary>
/// The jobs of extract.json in a watched folder. A job is done for a period when its file was made, is there or was
/// sent; so a machine that slept through the hour makes up for it, and none runs twice. What is wrong with one job, or
/// with the whole file of jobs, keeps neither the others nor the files in the folder from going.
/// </summary>
internal sealed class ExtractJobs(CommandRun run, WatchFolder folder, WatchLog log, WatchState state)
{
    public const string Name = "extract.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling =
            JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    };

    private readonly WatchBackoff _backoff = new(run.Terminal.Clock);

    /// <summary>
    /// Runs what is due at <paramref name="now"/>; how many files were made. A job that fails is logged, and tried
    /// again later and later.
    /// </summary>
    /// <param name="schedule">For jobs that name none; null: they are due at once.</param>
    public async Task<(ExitCode Code, int Made)> RunDueAsync(DateTime now, CronSchedule? schedule)
    {
        var (codes, made) = (new List<ExitCode>(), 0);
        if (Read() is not { } jobs)
            return (ExitCode.Usage, 0);
        foreach (var job in jobs.Where(job => _backoff.IsDue(KeyOf(job))))
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var code = await GuardAsync(job, async () =>
            {
                var due = job.Schedule.Length > 0 ? CronSchedule.Parse(job.Schedule).Latest(now)
                    : schedule is null ? now : schedule.Latest(now);
                if (due is not { } at || FileOf(job, at) is not { } name)
                    return;
                await ExtractAsync(job, job.PeriodAt(at), name);
                state.AddExtract(name, now);
                made++;
            });
            codes.Add(code);
        }
        return (ExitCodes.Worst(codes), made);
    }

    private static string KeyOf(ExtractJob job) => $"{job.Item} {job.Query} {job.Schedule}";

    /// <summary>The file that is still to be made; null when it was.</summary>
    private string? FileOf(ExtractJob job, DateTime at)
    {
        var name = $"{job.Item}_{job.PeriodAt(at)}.csv";
        return folder.Has(name) || state.HasExtract(name) ? null : name;
    }

    private async Task ExtractAsync(ExtractJob job, Period period, string name)
    {
        var query = Path.Combine(folder.Root, job.Query);
        var source = new ExtractSource(job.Provider, ExtractSource.ConnectionFrom(run, job.ConnectionEnv, null));
        var template = new TemplateCache(run.Home).Get(job.Item);
        var made = await new Extraction(template, period).RunAsync(
            run, source, ExtractSource.ReadQuery(query), new ExtractTarget(Path.Combine(folder.In, name)));
        folder.Settle(name);
        log.Write($"取数 {name}：{made.Rows} 行");
    }

    private async Task<ExitCode> GuardAsync(ExtractJob job, Func<Task> action)
    {
        try
        {
            await action();
            _backoff.Succeeded(KeyOf(job));
            return ExitCode.Ok;
        }
        catch (ProblemException failed)
        {
            _backoff.Failed(KeyOf(job));
            var nil = failed.Problem.Code == ProblemCatalogue.NoRows.Code
                ? $"；若本期确实没有数据，请用 infohub nil {job.Item} 所属期 --reason 原因" : "";
            var (code, title) = (failed.Problem.Code, failed.Problem.Kind.TitleZh);
            log.WriteOnce(KeyOf(job), $"取数 {job.Item} 失败：{code} {title}：{failed.Problem.Detail}{nil}");
            return ExitCodes.Of(failed.Problem);
        }
        catch (Exception fault) when (!run.Cancellation.IsCancellationRequested)
        {
            _backoff.Failed(KeyOf(job));
            log.WriteOnce(KeyOf(job), $"取数 {job.Item} 失败：{fault.GetType().Name}：{fault.Message}");
            return ExitCode.SourceFailed;
        }
    }

    /// <summary>Null when the file of jobs is unsound, which is logged.</summary>
    private IReadOnlyList<ExtractJob>? Read()
    {
        var path = Path.Combine(folder.Root, Name);
        try
        {
            return !File.Exists(path) ? []
                : JsonSerializer.Deserialize<JobFile>(File.ReadAllText(path), Json)?.Jobs ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            var problem = Unsound(path, e.Message).Problem;
            log.WriteOnce(Name, $"{problem.Code} {problem.Kind.TitleZh}：{problem.Detail}");
            return null;
        }
    }

    public static ProblemException Unsound(string file, string reason) =>
        new(new Problem(ProblemCatalogue.JobUnsound, ("file", file), ("reason", reason)));

    private sealed record JobFile(IReadOnlyList<ExtractJob> Jobs);
}
