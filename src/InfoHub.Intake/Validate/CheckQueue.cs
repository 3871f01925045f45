namespace InfoHub.Intake.Validate;

/// <summary>
/// Submissions that wait for their check or are being checked, each once however often it is put in. It holds ids
/// only; what is due stands in the store, and is put in again from there. Departments take turns, each its files in the
/// order they came; and no department holds all workers at once, so that a slow file of one never stops another's.
/// </summary>
internal sealed class CheckQueue(IntakeOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (string Department, bool IsTaken)> _known = [];

    /// <summary>Departments with files waiting, the next first.</summary>
    private readonly LinkedList<string> _turns = [];

    private TaskCompletionSource _changed = New();

    private sealed class Line
    {
        public Queue<long> Waiting { get; } = [];

        public int Running { get; set; }
    }

    /// <summary>How many workers one department may hold.</summary>
    private int RunningMax => Math.Max(1, options.ChecksAtOnce - 1);

    /// <summary>Waiting or under way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    public void Put(long submission, string department)
    {
        lock (_lock)
        {
            if (!_known.TryAdd(submission, (department, false)))
                return;
            if (!_lines.TryGetValue(department, out var line))
                _lines[department] = line = new Line();
            if (line.Waiting.Count == 0)
                _turns.AddLast(department);
            line.Waiting.Enqueue(submission);
            Change();
        }
    }

    /// <summary>Waits for the next whose turn it is.</summary>
    public async Task<(long Submission, string Department)> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Next() is { } next)
                    return next;
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>The check has ended, or is to be begun anew: the submission may be put in again.</summary>
    public void Leave(long submission)
    {
        lock (_lock)
        {
            if (!_known.Remove(submission, out var known) || !known.IsTaken)
                return;
            var line = _lines[known.Department];
            if (--line.Running == 0 && line.Waiting.Count == 0)
                _lines.Remove(known.Department);
            Change();
        }
    }

    private (long Submission, string Department)? Next()
    {
        for (var turn = _turns.First; turn is not null; turn = turn.Next)
        {
            var (department, line) = (turn.Value, _lines[turn.Value]);
            if (line.Running >= RunningMax)
                continue;
            var submission = line.Waiting.Dequeue();
            line.Running++;
            _known[submission] = (department, true);
            _turns.Remove(turn);
            if (line.Waiting.Count > 0)
                _turns.AddLast(department);
            return (submission, department);
        }
        return null;
    }

    private void Change()
    {
        var changed = _changed;
        _changed = New();
        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
