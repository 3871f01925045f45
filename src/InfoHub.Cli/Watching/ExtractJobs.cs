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
/// The jobs of extract.json in a watched folder. A job is done for a period when its file is there or was sent; so a
/// machine that slept through the hour makes up for it, and none runs twice.
/// </summary>
internal sealed class ExtractJobs(CommandRun run, WatchFolder folder, WatchLog log)
{
    public const string Name = "extract.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling =
            JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    };

    /// <summary>
    /// Runs what is due at <paramref name="now"/>. A job that fails is logged, and tried again at the next poll.
    /// </summary>
    /// <param name="schedule">For jobs that name none; null: they are due at once.</param>
    public async Task<ExitCode> RunDueAsync(DateTime now, CronSchedule? schedule)
    {
        var codes = new List<ExitCode>();
        foreach (var job in Read())
        {
            var due = job.Schedule.Length > 0 ? CronSchedule.Parse(job.Schedule).Latest(now)
                : schedule is null ? now : schedule.Latest(now);
            if (due is not { } at)
                continue;
            var name = $"{job.Item}_{job.PeriodAt(at)}.csv";
            if (folder.Has(name))
                continue;
            codes.Add(await RunAsync(job, job.PeriodAt(at), name));
        }
        return ExitCodes.Worst(codes);
    }

    private async Task<ExitCode> RunAsync(ExtractJob job, Period period, string name)
    {
        try
        {
            var query = Path.Combine(folder.Root, job.Query);
            var source = new ExtractSource(job.Provider, ExtractSource.ConnectionFrom(run, job.ConnectionEnv, null));
            var template = new TemplateCache(run.Home).Get(job.Item);
            var made = await new Extraction(template, period).RunAsync(
                run, source, ExtractSource.ReadQuery(query), Path.Combine(folder.In, name));
            log.Write($"取数 {name}：{made.Rows} 行");
            return ExitCode.Ok;
        }
        catch (ProblemException failed)
        {
            log.WriteOnce(name,
                $"取数 {name} 失败：{failed.Problem.Code} {failed.Problem.Kind.TitleZh}：{failed.Problem.Detail}");
            return ExitCodes.Of(failed.Problem);
        }
    }

    private IReadOnlyList<ExtractJob> Read()
    {
        var path = Path.Combine(folder.Root, Name);
        if (!File.Exists(path))
            return [];
        try
        {
            return JsonSerializer.Deserialize<JobFile>(File.ReadAllText(path), Json)?.Jobs ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Unsound(path, e.Message);
        }
    }

    public static ProblemException Unsound(string file, string reason) =>
        new(new Problem(ProblemCatalogue.JobUnsound, ("file", file), ("reason", reason)));

    private sealed record JobFile(IReadOnlyList<ExtractJob> Jobs);
}
