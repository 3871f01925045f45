using System.Text;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Host.Demo;

/// <summary>
/// What a party is called, where it sits and by which codes it goes: read from the real enterprise it stands for, else
/// made up from its index. Nothing is kept, so a million parties cost no memory.
/// </summary>
internal sealed class PartyBook(Population population, Calendar calendar, Dice dice, RealEnterprises real)
{
    private const int OldestDay = 5 * 365;
    private static readonly string[] CompanyForms = ["有限公司", "有限公司", "有限公司", "有限责任公司"];

    public string Uscc(in Party party)
    {
        Span<byte> code = stackalloc byte[Codes.UsccLength];
        WriteUscc(party, code);
        return Encoding.ASCII.GetString(code);
    }

    public void WriteUscc(in Party party, Span<byte> uscc)
    {
        if (party.IsReal)
        {
            real[party.Real].Uscc.CopyTo(uscc);
            return;
        }
        var prefix = Prefix(party);
        Encoding.ASCII.GetBytes(prefix.AsSpan(0, 2), uscc);
        Encoding.ASCII.GetBytes(IsElsewhere(party) ? ElsewhereOf(party).Division : TownOf(party).District, uscc[2..]);
        Encoding.ASCII.GetBytes(prefix.AsSpan(2), uscc[8..]);
        Codes.CompleteUscc(uscc, party.Index);
    }

    /// <summary>纳税人识别号: the code, but for two kinds of party known to the tax bureau by an older number.</summary>
    public string TaxpayerNumber(in Party party)
    {
        if (party.Behaviour == Behaviour.LegacyTaxNumber)
            return TownOf(party).District + Uscc(party)[8..17];
        if (party.Behaviour != Behaviour.OwnerTaxNumber)
            return Uscc(party);
        Span<byte> id = stackalloc byte[Codes.UsccLength];
        WriteCitizenId(party, id);
        return Encoding.ASCII.GetString(id) + "01";
    }

    /// <summary>The head office's code, or empty.</summary>
    public string ParentUscc(in Party party) => party.Parent < 0 ? "" : Uscc(population[party.Parent]);

    public string Name(in Party party)
    {
        if (party.IsReal)
            return real[party.Real].Name;
        var (trade, number) = TradeOf(party);
        return party.Group switch
        {
            PartyGroup.Outsider => OutsiderName(party, trade, number),
            PartyGroup.Street when party.Behaviour == Behaviour.StreetPerson => NameParts.Person(dice, party.Index),
            PartyGroup.Street when party.Behaviour == Behaviour.StreetShop && party.Ordinal % 2 == 1 =>
                TownOf(party).DistrictName + NameParts.MarkedSign(party.Ordinal),
            PartyGroup.Street => TownOf(party).DistrictName + NameParts.Sign(party.Ordinal),
            PartyGroup.Branch => BranchName(party),
            PartyGroup.ChainHead => $"{Places.City}{NameParts.Mark(number)}大药房连锁有限公司",
            PartyGroup.ChainStore => StoreName(party),
            PartyGroup.Shop => $"{TownOf(party).DistrictName}{NameParts.Mark(number)}{trade.Name}",
            PartyGroup.Cooperative => $"{Places.City}市{TownOf(party).DistrictName}{NameParts.Mark(number)}{trade.Name}",
            PartyGroup.Provider => ProviderName(party, number),
            _ => CompanyName(party, trade, number),
        };
    }

    public string Representative(in Party party) =>
        party.IsReal ? real[party.Real].Representative : NameParts.Person(dice, OperatorOf(party));

    /// <summary>The representative's 公民身份号码, made up and check-valid.</summary>
    public void WriteCitizenId(in Party party, Span<byte> id)
    {
        Encoding.ASCII.GetBytes(TownOf(party).District, id);
        var person = OperatorOf(party);
        var born = new DateOnly(1955, 1, 1).AddDays(dice.Below(45 * 365, person, Salt.Birth));
        Codes.WriteDigits(id.Slice(6, 8), (born.Year * 10000) + (born.Month * 100) + born.Day);
        Codes.WriteDigits(id.Slice(14, 3), dice.Below(1000, person, Salt.Birth, month: 1));
        id[17] = CitizenId.CheckCharacter(id[..17]);
    }

    public void WritePhone(in Party party, Span<byte> phone)
    {
        Codes.WriteDigits(phone, 13_000_000_000 + dice.Between(500_000_000, 999_999_999, party.Index, Salt.Phone));
    }

    public Town TownOf(in Party party)
    {
        if (party.Group == PartyGroup.Street)
            return TownOf(Neighbour(party));
        var district = party.IsReal ? Places.IndexOf(real[party.Real].Uscc.AsSpan(2, 6)) : -1;
        if (district < 0)
            district = dice.Below(Places.DistrictCount, OperatorOf(party), Salt.District);
        return Places.TownAt(district, dice.Below(Places.TownsPerDistrict, OperatorOf(party), Salt.Town));
    }

    /// <summary>
    /// Whose rolls make up who runs it and in which street: two outlets of one operator have both in common.
    /// </summary>
    private static int OperatorOf(in Party party) =>
        party.Behaviour == Behaviour.TwoOutlets ? -1 - (party.Ordinal / 2) : party.Index;

    public string Address(in Party party)
    {
        if (party.IsReal)
            return real[party.Real].Address;
        var town = TownOf(party);
        var place = party.Group == PartyGroup.Street ? Neighbour(party) : party;
        var road = Places.Roads[dice.Below(Places.Roads.Length, OperatorOf(place), Salt.Road)];
        var house = dice.Roll(place.Index, Salt.House);
        var room = party.Group == PartyGroup.Street ? $"{31 + (party.Index % 30)}号门面"
            : party.Group == PartyGroup.Shop ? $"{1 + (house / 900 % 30)}号门面"
            : $"{1 + (house / 900 % 20)}栋{1 + (house / 18000 % 28)}层{101 + (house / 504000 % 20)}室";
        return $"{Places.City}市{town.DistrictName}{town.Name}{road}{1 + (house % 900)}号{room}";
    }

    /// <summary>The shop in the register that a 无照户 has its door beside.</summary>
    private Party Neighbour(in Party party) => population[population.Count - 1 - party.Ordinal];

    public static string IndustryOf(in Party party) => TradeOf(party).Trade.Industry;

    public string Scope(in Party party) =>
        party.IsReal && real[party.Real].Scope.Length > 0 ? real[party.Real].Scope : TradeOf(party).Trade.Scope;

    public DateOnly Established(in Party party)
    {
        if (party.IsReal)
            return real[party.Real].Established;
        if (party.Behaviour == Behaviour.NewFirm)
        {
            var (from, to) = calendar.NewFirmWindow();
            return from.AddDays(dice.Below(to.DayNumber - from.DayNumber + 1, party.Index, Salt.Established));
        }
        return party.Join > 0
            ? calendar[party.Join].Start.AddDays(dice.Below(28, party.Index, Salt.Established))
            : calendar[0].Start.AddDays(-90 - dice.Below(OldestDay, party.Index, Salt.Established));
    }

    /// <summary>登记序号: the tax bureau's own key.</summary>
    public static void WriteDjxh(in Party party, Span<byte> djxh)
    {
        "10114201"u8.CopyTo(djxh);
        Codes.WriteDigits(djxh[8..], 10_000_000 + party.Index);
    }

    private static (Trade Trade, int Number) TradeOf(in Party party) => party.Group switch
    {
        PartyGroup.Shop when party.Behaviour == Behaviour.TwoOutlets =>
            Spread(NameParts.ShopTrades, party.Ordinal - (party.Ordinal % 2)),
        PartyGroup.Shop => Spread(NameParts.ShopTrades, party.Ordinal),
        PartyGroup.Cooperative => (NameParts.CooperativeTrade, party.Ordinal),
        PartyGroup.ChainHead or PartyGroup.ChainStore => (NameParts.PharmacyTrade, party.Index),
        PartyGroup.Provider => (ProviderTrade(party), party.Ordinal),
        PartyGroup.Outsider when party.Behaviour == Behaviour.VillageIrrigation =>
            (NameParts.VillageTrade, party.Ordinal),
        _ => Spread(NameParts.CompanyTrades, party.Ordinal),
    };

    private static (Trade Trade, int Number) Spread(Trade[] trades, int ordinal) =>
        (trades[ordinal % trades.Length], ordinal / trades.Length);

    private static Trade ProviderTrade(in Party party) => Provision.TypeOf(party) switch
    {
        ProviderType.Clinic => NameParts.ClinicTrade,
        _ when Provision.IsHospital(party) => NameParts.HospitalTrade,
        _ => NameParts.PharmacyTrade,
    };

    /// <summary>Registering authority and kind (2), start of the body (3).</summary>
    private static string Prefix(in Party party) => (party.Group, party.Behaviour) switch
    {
        (PartyGroup.Shop, _) => "92MAD",
        (PartyGroup.Cooperative, _) => "93MAD",
        (_, Behaviour.PublicHospital or Behaviour.LandlordUnit) => "12MB2",
        (_, Behaviour.NonProfitHospital) => "52MJE",
        (_, Behaviour.VillageIrrigation) => "N2MF1",
        _ => "91MAD",
    };

    private static bool IsElsewhere(in Party party) => party.Group == PartyGroup.Outsider && party.Behaviour is
        Behaviour.OutsideMeter or Behaviour.OutsideInsured or Behaviour.LowUse or Behaviour.InterruptedUse
        or Behaviour.NoInsuredLeft;

    private static (string Division, string Name) ElsewhereOf(in Party party) =>
        Places.OtherCities[party.Ordinal % Places.OtherCities.Length];

    private string CompanyName(in Party party, Trade trade, int number)
    {
        var form = CompanyForms[party.Ordinal % CompanyForms.Length];
        var mark = NameParts.Mark(number);
        return dice.Percent(5, party.Index, Salt.Variant, month: 9)
            ? $"{mark}（{Places.City}）{trade.Name}{form}" : $"{Places.City}{mark}{trade.Name}{form}";
    }

    private string StoreName(in Party party) =>
        $"{Name(population[party.Parent])}{TownOf(party).Name[..2]}第{(party.Ordinal % 900) + 1}店";

    private string BranchName(in Party party)
    {
        var head = Name(population[party.Parent]);
        return $"{head}{TownOf(party).Name[..2]}{(party.Ordinal % 97) + 1}分公司";
    }

    private string ProviderName(in Party party, int number) => Provision.TypeOf(party) switch
    {
        ProviderType.Clinic => $"{Places.City}{TownOf(party).DistrictName}{NameParts.Mark(number)}诊所",
        ProviderType.PublicHospital => $"{Places.City}市{TownOf(party).DistrictName}第{number + 1}人民医院",
        ProviderType.PrivateHospital => $"{Places.City}{NameParts.Mark(number)}医院有限公司",
        ProviderType.NonProfitHospital => $"{Places.City}{NameParts.Mark(number)}康复医院",
        _ => $"{Places.City}市{NameParts.Mark(number)}大药房有限公司",
    };

    private string OutsiderName(in Party party, Trade trade, int number) => party.Behaviour switch
    {
        Behaviour.LandlordPerson or Behaviour.FarmPerson => NameParts.Person(dice, party.Index),
        Behaviour.LandlordUnit => $"{Places.City}市{TownOf(party).DistrictName}{NameParts.Mark(party.Ordinal)}服务中心",
        Behaviour.VillageIrrigation =>
            $"{TownOf(party).DistrictName}{TownOf(party).Name}{NameParts.Mark(number)}{trade.Name}",
        _ => $"{ElsewhereOf(party).Name}{NameParts.Mark(number)}{trade.Name}有限公司",
    };
}
