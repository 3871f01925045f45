using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using InfoHub.Streaming;
using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.Flow;

/// <summary>Every stage counts in, out, rejected, lag and duration, and says nothing of a person.</summary>
[Collection(HubCollection.Name)]
public sealed class StageMetricsTests(RunningHub hub)
{
    private static readonly string[] Stages = ["receive", "check", "land", "resolve", "evaluate", "deliver"];
    private static readonly string[] Figures = ["in", "out", "rejected", "lag", "duration"];

    [Fact]
    public async Task File_OnItsWay_IsCountedByEveryStage()
    {
        var seen = new ConcurrentDictionary<string, double>();
        var tags = new ConcurrentDictionary<string, bool>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == StageMetrics.MeterName)
                own.EnableMeasurementEvents(instrument);
        };
        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
        {
            var stage = "";
            foreach (var (key, label) in labels)
            {
                tags[key] = true;
                if (key == "stage")
                    stage = (string)label!;
            }
            seen.AddOrUpdate($"{stage}.{instrument.Name.Split('.')[^1]}", value, (_, sum) => sum + value);
        }
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Take(instrument, value, labels));
        listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Take(instrument, value, labels));
        listener.Start();

        var rows = new[] { Electricity.Row(1), Electricity.Row(2, kwh: "-1"), Electricity.Row(3) };
        await hub.RunAsync("gd", "push", hub.WriteFile(Electricity.Item, Electricity.Bytes(Electricity.Header, rows)));
        await hub.RunAsync(RunningHub.CityConsumer, "findings", "--json");
        listener.RecordObservableInstruments();

        Assert.Empty(Stages.SelectMany(stage => Figures.Select(figure => $"{stage}.{figure}")).Except(seen.Keys));
        Assert.Equal((3, 2, 1), (seen["check.in"], seen["check.out"], seen["check.rejected"]));
        Assert.Equal((2, 2), (seen["land.in"], seen["land.out"]));
        Assert.Equal(["item", "kind", "stage"], tags.Keys.Order());
    }
}
