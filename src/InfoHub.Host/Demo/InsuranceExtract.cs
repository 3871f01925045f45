namespace InfoHub.Host.Demo;

/// <summary>RS-01: insured staff of each unit by kind of insurance.</summary>
internal sealed class InsuranceExtract(City city) : Extract(city)
{
    /// <summary>险种 and the share of the wage base the unit owes, per mille.</summary>
    private static readonly (string Kind, int PerMille)[] Kinds = [("110", 160), ("210", 7), ("410", 4)];

    public override string Item => "RS-01";

    public override SheetStyle Style => new(ChineseHeader: true, Comma, ByteOrderMark: false, CarriageReturn: false);

    protected override string Columns =>
        """
        单位编号:unit_no 统一社会信用代码:uscc 单位名称:unit_name 单位类型:unit_type 险种:ins_type 费款所属期:data_month
        参保人数:insured_cnt 其中本月新增:new_cnt 缴费基数合计(元):base_sum 应缴金额(元):due_amt 实缴金额(元):paid_amt
        欠费金额(元):owed_amt 首次参保日期:first_date 参保状态:status 劳务派遣标志:dispatch
        """;

    public override int Write(CsvSheet sheet, int month)
    {
        var first = -1;
        foreach (ref readonly var party in City.Population.All)
        {
            if (!Reports(party, month))
                continue;
            for (var kind = 0; kind < Kinds.Length; kind++)
            {
                Cells(sheet, party, month, kind);
                sheet.End();
            }
            first = first < 0 ? party.Index : first;
        }
        return first;
    }

    public override void Compose(CsvSheet sheet, in Party party, int month) => Cells(sheet, party, month, 0);

    private bool Reports(in Party party, int month) => month >= party.Join && party.Behaviour switch
    {
        Behaviour.UnregisteredActive or Behaviour.TaxCancelledActive or Behaviour.AbnormalActive =>
            party.Group == PartyGroup.Enterprise && City.Lifecycle.Variant(party) != 0,
        Behaviour.OutsideInsured or Behaviour.NoInsuredLeft => true,
        Behaviour.LegacyTaxNumber or Behaviour.BackToNormal => true,
        Behaviour.Suspended => party.Group == PartyGroup.Enterprise,
        Behaviour.Clean => party.Group is PartyGroup.Enterprise && Dice.Percent(55, party.Index, Salt.Staff),
        _ => false,
    };

    /// <summary>Of a few clean units typed by hand: full-width, lower case or with blanks; all load well.</summary>
    private void Code(CsvSheet sheet, in Party party)
    {
        switch (party.Behaviour == Behaviour.Clean ? Dice.Below(100, party.Index, Salt.Dirt) : 99)
        {
            case 0:
                sheet.Text(FullWidth(Book.Uscc(party)));
                break;
            case 1:
                sheet.Text(Book.Uscc(party).ToLowerInvariant());
                break;
            case 2:
                sheet.Text($" {Book.Uscc(party)} ");
                break;
            default:
                Uscc(sheet, party);
                break;
        }
    }

    private void Cells(CsvSheet sheet, in Party party, int month, int kind)
    {
        var roll = Dice.Below(8, party.Index, Salt.Staff, month: 1);
        var staff = party.Behaviour == Behaviour.NoInsuredLeft ? 0 : 1 + (roll * roll);
        var basis = staff * Dice.Between(450_000, 900_000, party.Index, Salt.Staff, month: 2);
        var due = basis * Kinds[kind].PerMille / 1_000;
        Digits(sheet, "4201"u8, 10_000_000 + party.Index, length: 12);
        Code(sheet, party);
        Name(sheet, party);
        sheet.Blank();
        sheet.Text(Kinds[kind].Kind);
        sheet.Number(Calendar[month].Code);
        sheet.Number(staff);
        sheet.Number(staff > 10 && month % 3 == 1 ? 1 : 0);
        sheet.Hundredths(basis);
        sheet.Hundredths(due);
        sheet.Hundredths(due);
        sheet.Blank();
        var since = Calendar[0].Start.AddDays(-45 - (party.Index % 1_500));
        sheet.Date(party.Index % 2 == 0 && party.Join == 0 ? since : null);
        sheet.Text(staff == 0 ? "3" : "1");
        sheet.Text("N");
    }
}
