using System.Globalization;
using InfoHub.Client;
using InfoHub.Client.Sending;
using InfoHub.Host.Composition;
using InfoHub.Storage.Figures;
using InfoHub.Storage.Parked;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Host.Batch;

/// <summary>What became of one pushed file.</summary>
/// <param name="Problem">Set when the file never became a submission: unknown item, unclear name, conflict.</param>
public sealed record PushedFile(string Name, string? Submission, Problem? Problem);

/// <summary>
/// Pushes a folder of extracts through the real client and the real endpoint, each with the credentials of the
/// department that owns it, and waits until the hub has used them all.
/// </summary>
public sealed class BatchFeed(Hub hub, IBatchDisplay display) : IDisposable
{
    private const int UnderWayMax = 100;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Registers first: fewer parties have to be merged later. The outcome does not depend on it.</summary>
    private static readonly string[] RegistersFirst = ["SW-01", "SCJG-01"];

    private readonly Dictionary<string, HubConnection> _connections = [];
    private readonly RunFigures _figures = new(hub.Store);
    private readonly ParkedWork _parked = new(hub.Store, TimeProvider.System);

    /// <summary>
    /// The extracts of a folder in period order; files with names of another form come last, to be named as problems.
    /// </summary>
    public static IReadOnlyList<string> Extracts(string folder) => !Directory.Exists(folder)
        ? throw new ProblemException(new Problem(ProblemCatalogue.FileUnreadable, ("file", folder), ("reason", "目录不存在")))
        : [.. Directory.GetFiles(folder)
        .Where(f => Path.GetExtension(f).ToUpperInvariant() is ".CSV" or ".XLSX")
        .Order(StringComparer.Ordinal).OrderBy(SortKey)];

    private static (DateOnly, int, string, int) SortKey(string path)
    {
        try
        {
            var file = SubmissionFile.FromPath(path);
            return (file.Period.End, Array.IndexOf(RegistersFirst, file.Item) is >= 0 and var first ? first : RegistersFirst.Length, file.Item, file.Sequence);
        }
        catch (ProblemException)
        {
            return (DateOnly.MaxValue, 0, "", 0);
        }
    }

    public async Task<IReadOnlyList<PushedFile>> PushAsync(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        var pushed = new List<PushedFile>(files.Count);
        display.Begin("报送", files.Count);
        foreach (var path in files)
        {
            await WaitAsync(f => f.Checking < UnderWayMax, cancellation);
            pushed.Add(await PushOneAsync(path, cancellation));
            display.Advance(1, Path.GetFileName(path));
        }
        display.End();
        await FollowAsync("入库", f => f.Checking, cancellation);
        hub.Options.ResolutionGate.Open();
        await FollowAsync("归户", f => f.Unresolved, cancellation);
        hub.Options.EvaluationGate.Open();
        await FollowEvaluationAsync(cancellation);
        return pushed;
    }

    private async Task<PushedFile> PushOneAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var file = SubmissionFile.FromPath(path);
            var department = hub.Templates.Get(file.Item, file.TemplateVersion).Department;
            var status = await new SubmissionSender(Connection(department)).SendAsync(file, SendUntil.Committed, null, cancellation);
            return new PushedFile(file.Name, status.Submission, null);
        }
        catch (ProblemException refused)
        {
            display.Problem(Path.GetFileName(path), refused.Problem);
            return new PushedFile(Path.GetFileName(path), null, refused.Problem);
        }
    }

    private HubConnection Connection(string department) => _connections.TryGetValue(department, out var known)
        ? known : _connections[department] = hub.Connect(department.ToLowerInvariant());

    private async Task WaitAsync(Func<FlowFigures, bool> until, CancellationToken cancellation)
    {
        while (!until(await _figures.FlowAsync(cancellation)))
            await PauseAsync(cancellation);
    }

    /// <summary>Between two looks.</summary>
    /// <exception cref="ProblemException">IH-STO-002: a stage is stuck, and waiting would not end.</exception>
    private async Task PauseAsync(CancellationToken cancellation)
    {
        await Task.Delay(Poll, cancellation);
        if (await _parked.StuckAsync(cancellation) is { } stuck)
            throw new ProblemException(Commands.ParkedCommand.ProblemOf(stuck));
    }

    /// <exception cref="ProblemException">IH-STO-001: not everything could be worked.</exception>
    public async Task RequireAllWorkedAsync(CancellationToken cancellation)
    {
        if (await Commands.ParkedCommand.ProblemAsync(_parked, cancellation) is { } problem)
            throw new ProblemException(problem);
    }

    private async Task FollowAsync(string phase, Func<FlowFigures, long> left, CancellationToken cancellation)
    {
        var total = left(await _figures.FlowAsync(cancellation));
        display.Begin(phase, total);
        for (var rest = total; rest > 0;)
        {
            await PauseAsync(cancellation);
            var now = left(await _figures.FlowAsync(cancellation));
            display.Advance(rest - now, "");
            rest = now;
        }
        display.End();
    }

    private async Task FollowEvaluationAsync(CancellationToken cancellation)
    {
        var evaluations = hub.Services.GetRequiredService<Storage.Findings.EvaluationStore>();
        var rest = await evaluations.WaitingAsync(cancellation);
        display.Begin("比对（户）", rest);
        while (await _figures.FlowAsync(cancellation) is { Unused: > 0 })
        {
            await PauseAsync(cancellation);
            var now = await evaluations.WaitingAsync(cancellation);
            display.Advance(Math.Max(0, rest - now), "");
            rest = Math.Min(rest, now);
        }
        display.End();
    }

    /// <summary>Why files were refused by the checks, for the summary.</summary>
    public async Task<IReadOnlyList<(string Submission, Problem Problem)>> RefusedAsync(IEnumerable<PushedFile> pushed, CancellationToken cancellation)
    {
        var submissions = hub.Services.GetRequiredService<Storage.Submissions.SubmissionStore>();
        var refused = new List<(string, Problem)>();
        foreach (var file in pushed.Where(p => p.Submission is not null))
            if (await submissions.FindAsync(file.Submission!, cancellation) is { Problems: [var problem, ..] })
                refused.Add((file.Submission!, problem));
        return refused;
    }

    public void Dispose()
    {
        foreach (var connection in _connections.Values)
            connection.Dispose();
    }

    internal static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
