using System.Globalization;
using System.Text;
using InfoHub.Linkage.Reading;
using InfoHub.Rules.Tests.Linkage;

namespace InfoHub.Bench;

/// <summary>
/// Writes shops as departments that see a sign, a meter or a licence write them. Rows carry no code. The same seed and
/// shops give the same rows.
/// </summary>
/// <param name="strength">1 for the rates of the hand, 2 for double.</param>
internal sealed class ShopNoise(ShopTables tables, IReadOnlyList<Shop> shops, int seed, double strength)
{
    private const double KeptNotesShare = .3;

    private static readonly Dictionary<string, string[]> OtherEnds = new()
    {
        ["馆"] = ["店", "铺", "坊", "餐馆"], ["店"] = ["馆", "铺", "商店", "行"], ["铺"] = ["店", "坊"], ["院"] = ["店", "中心"],
        ["经营部"] = ["商行", "店", "门市部"], ["商行"] = ["经营部", "店"], ["部"] = ["店", "行"], ["行"] = ["店", "部"],
        ["超市"] = ["商店", "店"], ["室"] = ["馆"], ["社"] = ["店", "部"], ["分店"] = ["店"], ["便利店"] = ["店", "超市"],
        ["加盟店"] = ["店"],
    };

    private static readonly string[] Landmarks = ["一楼", "旁", "对面", "（菜场门口）", "1层", "门面"];

    private static readonly Dictionary<char, string> Alike = LinkageTables.Lines("lookalikes.txt")
        .GroupBy(line => line[0])
        .ToDictionary(g => g.Key, g => string.Concat(g.Select(line => line[2..].TrimStart('G'))));

    private readonly Random _dice = new(seed);
    private readonly ShopCity _others = new(tables, seed + 1);

    /// <summary>A fifth of the rows are of shops that the register does not have.</summary>
    public static (List<PartyText> Register, List<NoisyRow> Rows) Bed(ShopTables tables, int count, int seed,
        double strength)
    {
        count -= count % 5;
        var shops = ShopCity.Of(tables, count, seed);
        var shuffled = shops.ToArray();
        new Random(seed).Shuffle(shuffled);
        var unregistered = shuffled[..(count / 5)];
        var register = shuffled[(count / 5)..];
        var noise = new ShopNoise(tables, shops, seed + 1, strength);
        var rows = Enumerable.Range(0, count).Select(i =>
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"D{i:0000000}");
            var shop = i % 5 == 0 ? unregistered[i / 5] : register[i - (i / 5) - 1];
            return noise.Write(shop, id, i % 5 == 0 ? "" : shop.Entry.Id);
        }).ToList();
        return ([.. register.Select(s => s.Entry).OrderBy(e => e.Id, StringComparer.Ordinal)], rows);
    }

    private NoisyRow Write(Shop shop, string id, string truth)
    {
        var tags = new List<string> { shop.Kind };
        var (name, person, address) = (Name(shop, tags), Person(shop, tags), Address(shop, tags));
        if (Happens(tables.Rates.PhoneOnly, tags, "phone_only"))
            (person, address) = ("", "");
        return new NoisyRow(new PartyText(id, name, person, address, tables.City, ""), truth, tags);
    }

    private string Name(Shop shop, List<string> tags)
    {
        var rates = tables.Rates;
        var written = shop;
        if (shop.Kind != "bare" && Happens(rates.OwnerForName, tags, "owner_for_name"))
            return shop.Entry.Person;
        if (shop.Kind is not ("bare" or "owner" or "outlet") && Happens(rates.Renamed, tags, "renamed"))
            written = written with { Sign = GeneratedCity.Pick(_dice, tables.Signs, 2) };
        if (written.Trade.Length > 0 && written.Sign.Length > 1 && Happens(rates.TradeLeft, tags, "trade_left"))
            written = written with { Trade = "", End = Any(["店", ""]) };
        else if (written.End.Length > 0 && Happens(rates.OtherEnd, tags, "other_end"))
            written = written with { End = Any(OtherEnds[written.End]) };
        else if (written.Trade.Length + written.Place.Length > 1 && Happens(rates.Short, tags, "short"))
            written = written with { End = "" };
        if (written.Place.Length > 0 && Happens(.15, tags, "place_otherwise"))
            written = written with { Place = PlaceOtherwise(written) };
        var bare = ShopCity.NameOf(written);
        if (bare.Length > 3 && Happens(rates.Typo, tags, "typo"))
            bare = Replaced(bare, _dice.Next(bare.Length));
        if (bare.Length > 3 && Happens(rates.Lost, tags, "lost"))
            bare = bare.Remove(_dice.Next(bare.Length), 1);
        if (shop.Entry.Person.Length > 0 && !bare.Contains(shop.Entry.Person, StringComparison.Ordinal)
            && Happens(rates.OwnerBehind, tags, "owner_behind"))
            bare = $"{bare}（{shop.Entry.Person}）";
        var isRemarked = shop.Entry.Name.EndsWith('）') && _dice.NextDouble() < KeptNotesShare;
        var region = shop.Region.Length > 0 && Happens(rates.RegionLeft, tags, "region_left") ? "" : shop.Region;
        return region + bare + (isRemarked ? "（个体工商户）" : "");
    }

    private string Person(Shop shop, List<string> tags)
    {
        var person = shop.Entry.Person;
        if (Happens(tables.Rates.PersonMissing, tags, "l_missing"))
            return "";
        if (Happens(tables.Rates.Relative, tags, "l_relative"))
            return person[..1] + _others.Person()[1..];
        return Happens(.02, tags, "l_typo") ? Replaced(person, person.Length - 1) : person;
    }

    private string Address(Shop shop, List<string> tags)
    {
        var (rates, address) = (tables.Rates, shop.Entry.Address);
        if (Happens(rates.AddressMissing, tags, "a_missing"))
            return "";
        if (Happens(rates.Moved, tags, "a_moved"))
            return shops[_dice.Next(shops.Count)].Entry.Address;
        if (Happens(.36, tags, "a_region_left"))
            foreach (var prefix in tables.County.Select(c => c.Name).Prepend(tables.City + "市"))
                if (address.StartsWith(prefix, StringComparison.Ordinal))
                    address = address[prefix.Length..];
        if (Happens(rates.NumberMissing, tags, "a_number_missing"))
            address = address[..Math.Max(2, address.AsSpan().IndexOfAnyInRange('0', '9'))];
        else if (Happens(.15, tags, "a_number_format"))
            address = FullWidth(address).Replace('栋', '幢');
        return Happens(rates.Landmark, tags, "a_landmark") ? address + Any(Landmarks) : address;
    }

    /// <summary>The market without the stall's number, 光谷店 in brackets, a number with a hyphen.</summary>
    private string PlaceOtherwise(Shop shop) => shop.Kind switch
    {
        "outlet" => $"（{shop.Place}）",
        "stall" when shop.Place.EndsWith('号') => shop.Place[..^1].Replace("区", "-", StringComparison.Ordinal),
        _ => "",
    };

    private bool Happens(double share, List<string> tags, string tag)
    {
        if (_dice.NextDouble() >= share * strength)
            return false;
        tags.Add(tag);
        return true;
    }

    private string Any(string[] of) => of[_dice.Next(of.Length)];

    /// <summary>Two times in three a character of the same sound or shape, as people type.</summary>
    private string Replaced(string text, int at)
    {
        var alike = Alike.GetValueOrDefault(text[at], "");
        var other = alike.Length > 0 && _dice.Next(3) > 0 ? GeneratedCity.Pick(_dice, alike, 1)
            : GeneratedCity.AnyCharacter(_dice);
        return text[..at] + other + text[(at + 1)..];
    }

    private static string FullWidth(string text)
    {
        var wide = new StringBuilder(text.Length);
        foreach (var character in text)
            wide.Append(char.IsAsciiDigit(character) ? (char)(character + 0xFEE0) : character);
        return wide.ToString();
    }
}
