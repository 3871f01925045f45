using System.Globalization;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Findings;

/// <summary>
/// Increments and a full run over the same files come to the same findings in the real store, whatever order the files
/// arrive
/// in, whenever parties are judged in between, and however the days pass: every model, corrections, rejected rows, one
/// of them sent again as it should be, nil returns, a withdrawal, a shop that left its chain and the city's medians
/// among
/// them.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class CityOrderTests(Cluster cluster)
{
    private const int Orders = 4;

    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly ModelCity City = new();

    private static readonly Dictionary<string, int> Numbers = Enumerable.Range(1, 40).ToDictionary(
        n => Partner.PartyOf(Partner.Uscc(n)).Value.ToString(CultureInfo.InvariantCulture), n => n);

    [Fact]
    public async Task FullRun_MonthlyRegister_FindsWhatIsPlantedAndNothingElse()
    {
        var lines = await FullRunAsync();
        Assert.Equal(ModelCity.Truth.Order(StringComparer.Ordinal), lines.Where(l =>
            l[0] == 'F').Select(Key).Order(StringComparer.Ordinal));
        Assert.Equal(ModelCity.NotJudged.Order(StringComparer.Ordinal), lines.Where(l =>
            l[0] == 'U').Select(Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Increments_InRandomOrder_FindWhatAFullRunFinds()
    {
        var expected = string.Join('\n', await FullRunAsync());
        var seed = Environment.TickCount;
        for (var order = 0; order < Orders; order++)
            Assert.Equal($"seed {seed + order}\n{expected}",
                $"seed {seed + order}\n{string.Join('\n', await IncrementsAsync(new Random(seed + order)))}");
    }

    private async Task<List<string>> FullRunAsync()
    {
        await using var store = await cluster.NewHubAsync();
        await using var hub = await Flow.OpenAsync(store, new SteppedClock(ModelCity.AsOf));
        foreach (var file in City.Files)
        {
            await hub.SendFileAsync(file, ModelCity.AsOf);
            await hub.ResolveAllAsync();
        }
        await hub.EvaluateAllAsync();
        Assert.True(await WithdrawAsync(hub));
        await hub.Evaluations.TouchAllAsync(None);
        await hub.EvaluateAllAsync();
        return await ToldAsync(hub);
    }

    private async Task<List<string>> IncrementsAsync(Random random)
    {
        await using var store = await cluster.NewHubAsync();
        var clock = new SteppedClock(ModelCity.AsOf.AddDays(-random.Next(120)));
        await using var hub = await Flow.OpenAsync(store, clock);
        var files = City.Files.ToArray();
        random.Shuffle(files);
        var isWithdrawn = false;
        foreach (var file in files)
        {
            await hub.SendFileAsync(file, ModelCity.AsOf);
            await hub.ResolveAllAsync();
            if (random.Next(4) == 0)
                clock.Day = clock.Day.AddDays(random.Next(1 + ModelCity.AsOf.DayNumber - clock.Day.DayNumber));
            if (random.Next(2) == 0)
            {
                await hub.Evaluations.WakeAsync(clock.Day, None);
                await hub.EvaluateAllAsync();
            }
            if (!isWithdrawn && random.Next(8) == 0)
                isWithdrawn = await WithdrawAsync(hub);
        }
        clock.Day = ModelCity.AsOf;
        await hub.Evaluations.WakeAsync(clock.Day, None);
        await hub.EvaluateAllAsync();
        if (!isWithdrawn)
            Assert.True(await WithdrawAsync(hub));
        await hub.EvaluateAllAsync();
        return await ToldAsync(hub);
    }

    /// <summary>False while the submission is not there or still under way.</summary>
    private static async Task<bool> WithdrawAsync(Flow hub)
    {
        var (item, period) = ModelCity.Withdrawn;
        var ids = await hub.LinesAsync($"select id from hub.submission where item = '{item}' and period = {period}");
        return ids is [var id] && await hub.Withdrawals.WithdrawAsync(
            await hub.Submissions.GetAsync(long.Parse(id, CultureInfo.InvariantCulture), None),
                Partner.Template(item), "报错了月份", None);
    }

    /// <summary>What does not grow with the day alone: late fees and the days since do.</summary>
    private static async Task<List<string>> ToldAsync(Flow hub)
    {
        var lines = await hub.LinesAsync("""
            select 'F', model, party, business_key, period, expected_fen, actual_fen, gap_fen, confidence, single_source, title,
                jsonb_array_length(evidence) from hub.finding where state <> 5
            union all select 'U', model, party, '', null, null, null, null, null, null, needs, null from hub.unjudged
            """);
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static string Key(string line)
    {
        var cells = line.Split('|');
        var key = $"{cells[1]} {(Numbers.TryGetValue(cells[2], out var number) ? number : cells[2])} {cells[3]}";
        return key.TrimEnd();
    }
}
