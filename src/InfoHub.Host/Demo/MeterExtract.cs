namespace InfoHub.Host.Demo;

/// <summary>GD-01: non-residential meters. Tab-delimited, as the supplier's billing system writes it.</summary>
internal sealed class MeterExtract(City city) : Extract(city)
{
    private const string Industrial = "100", Commercial = "200", Agricultural = "300";
    private const int KilowattHour = 100;

    public override string Item => "GD-01";

    public override SheetStyle Style => new(ChineseHeader: true, Tab, ByteOrderMark: false, CarriageReturn: false);

    protected override string Columns =>
        """
        用户编号:cust_no 用户名称:cust_name 用户统一社会信用代码/证件号:cust_id_no 用电地址:address 区划:region_code
        用电月份:data_month 用电类别:use_class 行业分类:industry_code 合同容量(kVA):capacity_kva 抄表电量(kWh):kwh
        其中光伏自发自用(kWh):pv_kwh 电费(元):fee 转供电标志:resale 立户日期:open_date 用户状态:status
        """;

    public override int Write(CsvSheet sheet, int month)
    {
        var first = -1;
        foreach (ref readonly var party in City.Population.All)
        {
            var meters = month >= party.Join ? MetersOf(party) : 0;
            for (var meter = 0; meter < meters; meter++)
            {
                Cells(sheet, party, month, meter, EnergyOf(party, month, meter));
                sheet.End();
            }
            first = first < 0 && meters > 0 ? party.Index : first;
        }
        return first;
    }

    public override void Compose(CsvSheet sheet, in Party party, int month) =>
        Cells(sheet, party, month, 0, EnergyOf(party, month, 0));

    private int MetersOf(in Party party) => party.Behaviour switch
    {
        Behaviour.Unregistered or Behaviour.NewFirm or Behaviour.StruckOff or Behaviour.BranchOfRegistered
            or Behaviour.OwnerTaxNumber or Behaviour.OutsideInsured or Behaviour.NoInsuredLeft
            or Behaviour.LateCorrection => 0,
        Behaviour.UnregisteredActive or Behaviour.TaxCancelledActive or Behaviour.AbnormalActive
            or Behaviour.CancelledThenActive =>
                party.Group == PartyGroup.Shop || City.Lifecycle.Variant(party) != 1 ? 1 : 0,
        Behaviour.Suspended => party.Group == PartyGroup.Shop ? 1 : 0,
        Behaviour.Clean when party.Group is PartyGroup.Outsider or PartyGroup.Street or PartyGroup.Branch => 0,
        Behaviour.Clean when !Dice.Percent(55, party.Index, Salt.Meter) => 0,
        Behaviour.Clean => Dice.Percent(8, party.Index, Salt.Meter, month: 1) ? 2 : 1,
        _ => 1,
    };

    /// <summary>kWh in hundredths.</summary>
    private long EnergyOf(in Party party, int month, int meter)
    {
        var (low, high) = party.Behaviour switch
        {
            // A few of these are unlike anybody in the registers; they stay below every threshold.
            Behaviour.LowUse or Behaviour.Illegible => (60, 240),
            Behaviour.InterruptedUse => month % 3 == 2 ? (20, 90) : (500, 900),
            Behaviour.ClearingPeriod => City.Lifecycle.IsAlive(party, month) ? (60, 240) : (0, 0),
            Behaviour.Clean when party.Group == PartyGroup.Shop => (60, 1_500),
            Behaviour.Clean => (200, 12_000),
            _ => (600, 6_000),
        };
        var reading = (month * 2) + meter;
        return Dice.Between(low * KilowattHour, high * KilowattHour, party.Index, Salt.Energy, reading);
    }

    private void Cells(CsvSheet sheet, in Party party, int month, int meter, long energy)
    {
        Digits(sheet, "42"u8, (10_000_000L + party.Index) * 10 + meter, length: 12);
        if (party.Group == PartyGroup.Street)
        {
            sheet.Text(City.Spellings.OnElectricity(party, month));
            sheet.Blank();
            sheet.Text(Book.Address(party));
        }
        else if (DoubtfulHolders.Has(party))
            City.DoubtfulHolders.Write(sheet, party, supplier: 0);
        else
        {
            Name(sheet, party);
            HolderCode(sheet, party);
            Address(sheet, party);
        }
        sheet.Text(Book.TownOf(party).District);
        sheet.Number(Calendar[month].Code);
        sheet.Text(party.Behaviour is Behaviour.VillageIrrigation or Behaviour.FarmPerson ? Agricultural
            : party.Group == PartyGroup.Enterprise && party.Index % 6 == 0 ? Industrial : Commercial);
        sheet.Text(party.Index % 2 == 0 ? PartyBook.IndustryOf(party) : "");
        sheet.Hundredths(Dice.Between(10, 400, party.Index, Salt.Meter, month: 2) * 100);
        sheet.Hundredths(energy);
        sheet.Blank();
        sheet.Hundredths(energy * 68 / 100);
        sheet.Text(party.Behaviour is Behaviour.LandlordUnit or Behaviour.LandlordPerson or Behaviour.StreetShared
            ? "Y" : "N");
        var opened = Calendar[0].Start.AddDays(-60 - (party.Index % 2_000));
        sheet.Date(party.Join == 0 && party.Index % 3 != 0 ? opened : null);
        sheet.Text(energy == 0 ? "3" : "1");
    }

    /// <summary>
    /// Persons by identity number, others by code. A quarter of the clean parties' meters carry none: they have a tax
    /// registration, so that nothing is expected of whoever they are taken for.
    /// </summary>
    private void HolderCode(CsvSheet sheet, in Party party)
    {
        if (party.Behaviour is Behaviour.LandlordPerson or Behaviour.FarmPerson)
            CitizenId(sheet, party);
        else if (party.Behaviour == Behaviour.Clean && Dice.Percent(25, party.Index, Salt.MeterCode))
            sheet.Blank();
        else
            Uscc(sheet, party);
    }
}
