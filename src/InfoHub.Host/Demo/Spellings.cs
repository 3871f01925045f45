namespace InfoHub.Host.Demo;

/// <summary>
/// How suppliers write the operators that gave them no code. Each way of writing is one that departments have; a
/// department keeps to its own for a while, and the two never agree.
/// </summary>
internal sealed class Spellings(Dice dice, PartyBook book, Calendar calendar)
{
    private const string City = Places.City + "市";

    /// <summary>By the power company; some are written anew from the middle of the months on.</summary>
    public string OnElectricity(in Party party, int month)
    {
        var name = book.Name(party);
        if (party.Behaviour == Behaviour.StreetPerson)
            return name;
        var anew = month * 2 >= calendar.Count && dice.Percent(30, party.Index, Salt.Spelling);
        return (dice.Below(2, party.Index, Salt.Spelling, month: 1), anew) switch
        {
            (0, false) => name,
            (0, true) => WithoutDistrict(party, name),
            (_, false) => $"{City}{name}",
            (_, true) => Elsewhere(name),
        };
    }

    /// <summary>By the water company, in all months alike.</summary>
    public string OnWater(in Party party)
    {
        var name = book.Name(party);
        if (party.Behaviour == Behaviour.StreetPerson)
            return name;
        if (party.Group != PartyGroup.Street)
            return party.Group == PartyGroup.Shop && dice.Percent(50, party.Index, Salt.Spelling)
                ? WithoutDistrict(party, name) : name;
        var bare = WithoutDistrict(party, name);
        return dice.Below(4, party.Index, Salt.Spelling, month: 2) switch
        {
            0 => bare[..^1],
            1 => Elsewhere(bare),
            2 => $"{bare[..2]} {bare[2..]}",
            _ => $"{bare[..^1]}{(bare.EndsWith('馆') ? "餐馆" : "商店")}",
        };
    }

    /// <summary>The water company's address: other divisions, or digits left in full width.</summary>
    public string WaterAddress(in Party party)
    {
        var address = book.Address(party);
        var town = book.TownOf(party);
        return dice.Below(4, party.Index, Salt.Spelling, month: 3) switch
        {
            0 when address.StartsWith(City, StringComparison.Ordinal) => address[City.Length..],
            1 => Extract.FullWidth(address),
            2 => address.Replace(town.Name, "", StringComparison.Ordinal),
            _ => address,
        };
    }

    private string WithoutDistrict(in Party party, string name)
    {
        var district = book.TownOf(party).DistrictName;
        return name.StartsWith(district, StringComparison.Ordinal) ? name[district.Length..] : name;
    }

    /// <summary>The same under another place of trade: 馆 for 店.</summary>
    private static string Elsewhere(string name) => name[..^1] + (name.EndsWith('店') ? "馆" : "店");
}
