using System.Globalization;
using System.Text;
using InfoHub.Linkage.Reading;
using InfoHub.Rules.Tests.Linkage;

namespace InfoHub.Bench;

/// <summary>A made-up trader: the register's entry, and the parts its name is made of.</summary>
/// <param name="Kind">surname, sign, owner, bare, outlet, stall or village.</param>
/// <param name="Sign">What tells it from others: 陈记, 鑫源, 王建国, a brand.</param>
/// <param name="Trade">What it cooks or sells; "" for none.</param>
/// <param name="End">馆, 店, 经营部; "" for none.</param>
/// <param name="Place">Of an outlet its branch without 店, of a stall its number; "" for none.</param>
internal sealed record Shop(PartyText Entry, string Kind, string County, string Region, string Sign, string Trade,
    string End, string Place);

/// <summary>
/// Small shops with the names real ones have. Names are each once within a district, as the law has it; over a city
/// signs come again, owners have second shops, and shops follow each other at one address, some in one trade. The
/// same seed gives the same shops.
/// </summary>
internal sealed class ShopCity(ShopTables tables, int seed)
{
    private const string Before = "老小阿大";
    private static readonly string[] Behind = ["记", "氏", "家", "记", "姐", "哥", "师傅", "嫂"];
    private static readonly string[] Outlets = ["店", "分店", "便利店", "加盟店"];

    private readonly Random _dice = new(seed);
    private readonly List<Shop> _shops = [];
    private readonly HashSet<string> _names = [];

    public static List<Shop> Of(ShopTables tables, int shops, int seed)
    {
        var city = new ShopCity(tables, seed);
        while (city._shops.Count < shops)
            city.Add();
        return city._shops;
    }

    private void Add()
    {
        var county = Any(tables.County).Name;
        // Nine owners in ten are met once.
        var owner = _dice.Next(10) == 0 && _shops.Count > 0 ? Any(_shops).Entry.Person : Person();
        // One in twelve stands where another does or did, half of those in its trade and under a sign of its own.
        var former = _dice.Next(12) == 0 && _shops.Count > 0 ? Any(_shops) : null;
        county = former?.County ?? county;
        var address = former?.Entry.Address ?? Address(county);
        var region = _dice.Next(10) switch { < 6 => county, < 8 => $"{tables.City}市{county}", _ => "" };
        var shop = Named(owner, county, ref address) with { County = county, Region = region };
        if (former is not null && HasSign(shop) && HasSign(former) && _dice.Next(2) == 0)
            shop = shop with { Trade = former.Trade, End = former.End };
        if (!_names.Add($"{county}{NameOf(shop)}"))
            return;
        var name = $"{region}{NameOf(shop)}";
        var (id, code) = (string.Create(CultureInfo.InvariantCulture, $"S{_shops.Count:0000000}"),
            tables.County.First(c => c.Name == county).Code);
        // Since November 2022 a new one bears the remark.
        var entry = new PartyText(id, _dice.Next(3) == 0 ? name + "（个体工商户）" : name, owner, address, tables.City,
            GeneratedCity.Codes(code[..4], _shops.Count + (seed % 800 * 100_003), "92" + code));
        _shops.Add(shop with { Entry = entry });
    }

    private static bool HasSign(Shop shop) => shop.Kind is "surname" or "sign" or "owner";

    /// <summary>The name as it is registered, without its district.</summary>
    public static string NameOf(Shop shop) => shop.Kind switch
    {
        "outlet" => $"{shop.Sign}{shop.Trade}{shop.Place}{shop.End}",
        "stall" or "village" => $"{shop.Place}{shop.Sign}{shop.Trade}{shop.End}",
        _ => $"{shop.Sign}{shop.Trade}{shop.End}",
    };

    private Shop Named(string owner, string county, ref string address)
    {
        var trade = Any(_dice.Next(2) == 0 ? tables.Dishes : tables.Goods).Split(' ');
        Shop Of(string kind, string sign, string place = "") =>
            new(default, kind, "", "", sign, trade[0], trade[1], place);
        switch (_dice.Next(100))
        {
            case < 28:
                var surname = _dice.Next(5) == 0 ? Pick(tables.Surnames, 1) : owner[..1];
                return Of("surname", _dice.Next(3) == 0 ? Pick(Before, 1) + surname : surname + Any(Behind));
            case < 60:
                return Of("sign", Pick(tables.Signs, _dice.Next(5) == 0 ? 3 : 2));
            case < 72:
                return Of("owner", owner);
            case < 75:
                return Of("bare", owner) with { Trade = "", End = "" };
            case < 85:
                // An outlet names its road or its quarter.
                return Of("outlet", Any(tables.Brands), RoadOf(address)) with
                {
                    Trade = _dice.Next(2) == 0 ? "" : trade[0], End = Any(Outlets),
                };
            case < 93:
                var market = Any(tables.Markets);
                var number = string.Create(CultureInfo.InvariantCulture,
                    $"{(char)('A' + _dice.Next(6))}区{_dice.Next(1, 240)}号");
                address = $"{tables.City}市{county}{market}{number}";
                return Of("stall", _dice.Next(2) == 0 ? owner : Pick(tables.Signs, 2),
                    _dice.Next(2) == 0 ? market + number : market);
            default:
                var village = Any(tables.Villages);
                address = string.Create(CultureInfo.InvariantCulture, $"{county}{village}{_dice.Next(1, 15)}组");
                return Of("village", _dice.Next(2) == 0 ? owner : Pick(tables.Signs, 2), village);
        }
    }

    public string Person() => Pick(tables.Surnames, 1) + Pick(tables.Given, _dice.Next(4) == 0 ? 1 : 2);

    private string Address(string county)
    {
        var address = new StringBuilder(_dice.Next(3) == 0 ? "" : tables.City + "市").Append(county)
            .Append(Pick(tables.Roads, 2)).Append(_dice.Next(4) switch { 0 => "街", 1 => "大道", _ => "路" });
        address.Append(_dice.Next(1, 600)).Append('号');
        return _dice.Next(3) switch
        {
            0 => address.Append(_dice.Next(1, 20)).Append('栋').Append(_dice.Next(1, 30)).Append("号门面").ToString(),
            1 => address.Append("附").Append(_dice.Next(1, 40)).Append('号').ToString(),
            _ => address.ToString(),
        };
    }

    private static string RoadOf(string address)
    {
        var end = address.IndexOfAny(['路', '街', '道']);
        return end < 2 ? "中心" : address[Math.Max(0, end - 2)..(end + 1)].Replace("大道", "", StringComparison.Ordinal);
    }

    private T Any<T>(IReadOnlyList<T> of) => of[_dice.Next(of.Count)];

    private string Pick(string from, int count) => GeneratedCity.Pick(_dice, from, count);
}
