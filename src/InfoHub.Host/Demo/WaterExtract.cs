namespace InfoHub.Host.Demo;

/// <summary>GS-01: water meters, by which most of those who have no code are seen a second time.</summary>
internal sealed class WaterExtract(City city) : Extract(city)
{
    private const string NonResidential = "20", Special = "30";
    private const int CubicMetre = 100;
    private const int FenPerCubicMetre = 370;

    public override string Item => "GS-01";

    public override SheetStyle Style => new(ChineseHeader: true, Comma, ByteOrderMark: true, CarriageReturn: true);

    protected override string Columns =>
        """
        用户编号:cust_no 取水户/用户名称:cust_name 统一社会信用代码/证件号:cust_id_no 用水地址:address 用水月份:data_month
        用水性质:use_class 水量(立方米):volume_m3 水费(元):fee 合用标志:shared
        """;

    public override int Write(CsvSheet sheet, int month)
    {
        var first = -1;
        foreach (ref readonly var party in City.Population.All)
        {
            if (month < party.Join || !HasMeter(party))
                continue;
            Compose(sheet, party, month);
            sheet.End();
            first = first < 0 ? party.Index : first;
        }
        return first;
    }

    public override void Compose(CsvSheet sheet, in Party party, int month)
    {
        var volume = Dice.Between(4 * CubicMetre, 220 * CubicMetre, party.Index, Salt.Water, month + 2);
        Digits(sheet, "7"u8, 1_000_000_000L + party.Index, length: 11);
        if (DoubtfulHolders.Has(party))
            City.DoubtfulHolders.Write(sheet, party, supplier: 1);
        else
            Holder(sheet, party);
        sheet.Number(Calendar[month].Code);
        sheet.Text(Book.Scope(party).Contains("洗", StringComparison.Ordinal) ? Special : NonResidential);
        sheet.Hundredths(volume);
        sheet.Hundredths(volume * FenPerCubicMetre / CubicMetre);
        sheet.Text(party.Behaviour is Behaviour.LandlordUnit or Behaviour.StreetShared ? "Y" : "N");
    }

    private void Holder(CsvSheet sheet, in Party party)
    {
        sheet.Text(City.Spellings.OnWater(party));
        if (party.Group == PartyGroup.Street
            || (party.Behaviour == Behaviour.Clean && Dice.Percent(40, party.Index, Salt.MeterCode, month: 1)))
            sheet.Blank();
        else
            Uscc(sheet, party);
        sheet.Text(City.Spellings.WaterAddress(party));
    }

    private bool HasMeter(in Party party) => party.Behaviour switch
    {
        Behaviour.StreetShop or Behaviour.StreetPerson or Behaviour.StreetShared or Behaviour.LandlordUnit => true,
        Behaviour.UnregisteredActive => party.Group == PartyGroup.Shop,
        _ when DoubtfulHolders.Has(party) => Dice.Percent(35, party.Index, Salt.Water),
        Behaviour.Clean => party.Group is PartyGroup.Enterprise or PartyGroup.Shop
            && Dice.Percent(25, party.Index, Salt.Water),
        _ => false,
    };
}
