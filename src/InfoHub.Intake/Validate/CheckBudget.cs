using System.Diagnostics;
using System.Globalization;
using InfoHub.Templates.Problems;

namespace InfoHub.Intake.Validate;

/// <summary>
/// The time that reading one file may take. Only the reading counts: what the check waits for the store or the log is
/// the plant's time, for which no file is refused.
/// </summary>
internal sealed class CheckBudget(TimeSpan max, int sequence, CancellationToken cancellation)
{
    private long _spent;
    private long _since;

    /// <summary>Time counts until the result is disposed of.</summary>
    public Spending Spend()
    {
        _since = Stopwatch.GetTimestamp();
        return new Spending(this);
    }

    /// <summary>Breaks off when the host stops, or when the time is used up.</summary>
    /// <exception cref="ProblemException">IH-INT-233.</exception>
    public void Look()
    {
        cancellation.ThrowIfCancellationRequested();
        var running = _since == 0 ? 0 : Stopwatch.GetTimestamp() - _since;
        if (Stopwatch.GetElapsedTime(0, _spent + running) > max)
            throw new ProblemException(new Problem(ProblemCatalogue.CheckTooLong,
                ("seconds", ((long)max.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
                ("next", (sequence + 1).ToString(CultureInfo.InvariantCulture))));
    }

    private void Stop()
    {
        _spent += Stopwatch.GetTimestamp() - _since;
        _since = 0;
    }

    public readonly struct Spending(CheckBudget budget) : IDisposable
    {
        public void Dispose() => budget.Stop();
    }
}
