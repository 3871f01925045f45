using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace InfoHub.Streaming;

/// <summary>
/// The five figures every stage of the flow has: in, out, rejected, lag, duration. Instruments are named
/// <c>infohub.stage.*</c> and carry the stage and, where it makes sense, the item; never anything of a person.
/// </summary>
public sealed class StageMetrics
{
    public const string MeterName = "InfoHub";
    public const string DurationName = "infohub.stage.duration";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> In = Meter.CreateCounter<long>(
        "infohub.stage.in", "{unit}", "Files, rows, identities, parties or requests taken in.");
    private static readonly Counter<long> Out = Meter.CreateCounter<long>(
        "infohub.stage.out", "{unit}", "Files, rows, identities or findings handed on.");
    private static readonly Counter<long> Rejected = Meter.CreateCounter<long>(
        "infohub.stage.rejected", "{unit}", "Files, rows or requests refused, records parked.");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>(
        DurationName, "s", "Time per unit of work.");
    private static readonly ConcurrentDictionary<string, long> Lags = new();

    private readonly string _stage;
    private long _in;
    private long _out;
    private long _rejected;
    private double _seconds;

    static StageMetrics() => Meter.CreateObservableGauge("infohub.stage.lag",
        () => Lags.Select(l => new Measurement<long>(l.Value, new KeyValuePair<string, object?>("stage", l.Key))), "{unit}", "Units of work waiting.");

    public StageMetrics(string stage)
    {
        _stage = stage;
        Lags[stage] = 0;
    }

    /// <summary>Sums since the process began, for the summary of a batch run.</summary>
    public (long In, long Out, long Rejected, double Seconds) Sums => (_in, _out, _rejected, _seconds);

    public void Rows(long taken, long handedOn, long rejected, string item)
    {
        var tags = new TagList { { "stage", _stage }, { "item", item } };
        In.Add(taken, tags);
        Out.Add(handedOn, tags);
        Rejected.Add(rejected, tags);
        Interlocked.Add(ref _in, taken);
        Interlocked.Add(ref _out, handedOn);
        Interlocked.Add(ref _rejected, rejected);
    }

    public void Duration(TimeSpan spent, string item)
    {
        Seconds.Record(spent.TotalSeconds, new TagList { { "stage", _stage }, { "item", item } });
        lock (Lags)
            _seconds += spent.TotalSeconds;
    }

    public void Lag(long waiting) => Lags[_stage] = waiting;
}
