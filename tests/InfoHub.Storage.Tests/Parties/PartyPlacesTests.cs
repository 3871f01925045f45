using InfoHub.Domain.Identity;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>Where an officer finds a party, from whatever department said so.</summary>
[Collection(ClusterTests.Name)]
public sealed class PartyPlacesTests(Cluster cluster)
{
    private const string Name = "云山市禾木五金有限公司";

    private static readonly CancellationToken None = CancellationToken.None;

    private static Task<IReadOnlyList<PartyPlace>> PlacesAsync(Flow hub, PartyId party) => new PartyPlaces(hub.Store)
        .OfAsync(party, [.. hub.Templates.All.Select(t => t.Template)], None);

    [Fact]
    public async Task Places_RowsOfSeveralMonthsAndItems_AreToldOnceTheLatestFirst()
    {
        await using var hub = await Flow.OpenAsync(await cluster.NewHubAsync());
        var uscc = Partner.Uscc(1);
        Dictionary<string, string> Meter(string address) => Partner.Row("GD-01", ("cust_no", "3709830000001"),
            ("cust_name", Name), ("cust_id_no", uscc), ("address", address), ("data_month", ""));
        Dictionary<string, string> In(Dictionary<string, string> row, string month) =>
            new(row) { ["data_month"] = month };
        await hub.SendAsync("SCJG-01", "202501", 1, [Partner.Row("SCJG-01", ("uscc", uscc), ("ent_name", Name),
            ("legal_rep_name", "周木禾"), ("phone", "0538-0000101"), ("address", "云山市东湖区禾木路1号"))]);
        await hub.SendAsync("GD-01", "202502", 1, [In(Meter("云山市东湖区禾木路1号一楼"), "202502")]);
        await hub.SendAsync("GD-01", "202503", 1, [In(Meter("云山市东湖区禾木路1号一楼"), "202503")]);
        await hub.ResolveAllAsync();

        var places = await PlacesAsync(hub, PartyId.FoundedBy(new Alias(AliasKind.Uscc, uscc)));

        Assert.Equal(
            [("GD-01", Name, "云山市东湖区禾木路1号一楼", "", ""), ("SCJG-01", Name, "云山市东湖区禾木路1号", "周木禾", "0538-0000101")],
            places.Select(p => (p.Item, p.Name, p.Address, p.Person, p.Phone)));
    }

    [Fact]
    public async Task Places_OfAPartyNobodyKnows_AreNone()
    {
        await using var hub = await Flow.OpenAsync(await cluster.NewHubAsync());
        Assert.Empty(await PlacesAsync(hub, new PartyId(404)));
    }
}
