using System.Globalization;
using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.Flow;

/// <summary>The program that makes decisions again, beside a hub that goes on running.</summary>
[Collection(HubCollection.Name)]
public sealed class LinkReplayTests(RunningHub hub)
{
    private Task<CommandResult> ReplayAsync(params string[] arguments) => Programs.RunAsync(Programs.Own(
        "InfoHub.Host", "infohub-host", ["link-replay", "--store", hub.Hub.Store.ConnectionString, .. arguments]));

    [Fact]
    public async Task Replay_OfARunningHub_AgreesWithEveryDecision()
    {
        await using var command = hub.Hub.Store.CreateCommand(
            "select count(*), max(number) from hub.open_row where basis <> ''");
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        var (decided, row) = (reader.GetInt64(0), reader.GetInt64(1));
        Assert.True(decided > 100, $"{decided} decisions");

        var all = await ReplayAsync("--most", "1000000");
        Assert.True(all.Code == 0, all.ToString());
        Assert.Contains("不一致 0，", all.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("与存档一致 0", all.Out, StringComparison.Ordinal);

        var one = await ReplayAsync("--row", row.ToString(CultureInfo.InvariantCulture));
        Assert.True(one.Code == 0, one.ToString());
        Assert.Contains("用字统计第", one.Out, StringComparison.Ordinal);
        var none = await ReplayAsync("--row", "999999999");
        Assert.True(none.Code == 1, none.ToString());
    }

    [Fact]
    public async Task Replay_WithoutAStore_SaysWhatItNeeds()
    {
        var refused = await Programs.RunAsync(Programs.Own("InfoHub.Host", "infohub-host", "link-replay"));
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("--data DIR or --store CONNECTION", refused.All, StringComparison.Ordinal);
    }
}
