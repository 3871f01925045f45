namespace InfoHub.Host.Demo;

/// <summary>YB-01: what each provider settled in the month, by kind of settlement.</summary>
internal sealed class SettlementExtract(City city) : Extract(city)
{
    private const string PersonalAccount = "1", OutpatientPool = "2", Inpatient = "3";

    public override string Item => "YB-01";

    public override SheetStyle Style => new(ChineseHeader: true, Comma, ByteOrderMark: true, CarriageReturn: true);

    protected override string Columns =>
        """
        定点机构编码:provider_code 机构名称(店名):provider_name 统一社会信用代码:uscc 总部统一社会信用代码:parent_uscc
        机构类别:provider_type 经营地址:address 负责人:rep_name 商户号:merchant_no 结算月份:data_month 结算类别:settle_kind
        结算人次:visit_cnt 医疗总费用(元):total_fee 个人账户支付(元):acct_pay 统筹基金支付(元):fund_pay
        个人现金支付(元):cash_pay 冲正金额(元):reverse_amt 拨付日期:pay_date
        """;

    public override int Write(CsvSheet sheet, int month)
    {
        var first = -1;
        foreach (ref readonly var party in City.Population.All)
        {
            if (party.Behaviour == Behaviour.ChainHeadBelow)
                Expect(party, month);
            if (!Provision.IsProvider(party))
                continue;
            var settled = City.Provision.Settled(party, month);
            var account = Provision.IsHospital(party) ? 0 : settled.Gross * 6 / 10;
            if (account > 0)
                Row(sheet, party, month, PersonalAccount, new Settlement(account, settled.Reversed));
            var pool = account > 0 ? OutpatientPool : Inpatient;
            Row(sheet, party, month, pool, new Settlement(settled.Gross - account, 0));
            Expect(party, month);
            first = first < 0 ? party.Index : first;
        }
        return first;
    }

    public override void Compose(CsvSheet sheet, in Party party, int month) =>
        Cells(sheet, party, month, PersonalAccount, new Settlement(3_000_000, 0));

    /// <summary>A month, or the quarter that ends with it, below its settlements; thin cover is told once.</summary>
    private void Expect(in Party party, int month)
    {
        var period = party.Behaviour switch
        {
            Behaviour.PharmacyBelow or Behaviour.ClinicBelow or Behaviour.ChainHeadBelow when City.Provision.IsFaultMonth(party, month) =>
                ExpectationBook.PeriodOf(Calendar, month, month),
            Behaviour.PharmacyBelowQuarter
                when Calendar.EndsQuarter(month) && City.Provision.IsFaultMonth(party, month) =>
                ExpectationBook.PeriodOf(Calendar, month - 2, month),
            Behaviour.PharmacyThinCover or Behaviour.ClinicThinCover when month == Calendar.Last =>
                $"{Calendar[0]}-{Calendar[month]}",
            _ => null,
        };
        if (period is not null)
            City.Expectations.Found(City, "SZ-14", party, period);
    }

    private void Row(CsvSheet sheet, in Party party, int month, string kind, Settlement settled)
    {
        Cells(sheet, party, month, kind, settled);
        sheet.End();
    }

    private void Cells(CsvSheet sheet, in Party party, int month, string kind, Settlement settled)
    {
        var (hospital, fund) = (Provision.IsHospital(party), kind == PersonalAccount ? 0 : settled.Gross * 7 / 10);
        Digits(sheet, hospital ? "H42"u8 : "P42"u8, 100_000_000L + party.Index, length: 12);
        Name(sheet, party);
        Uscc(sheet, party);
        sheet.Text(Book.ParentUscc(party));
        sheet.Number((int)Provision.TypeOf(party));
        Address(sheet, party);
        sheet.Text(party.Index % 3 == 0 ? "" : Book.Representative(party));
        sheet.Blank();
        sheet.Number(Calendar[month].Code);
        sheet.Text(kind);
        sheet.Number(1 + (settled.Gross / 8_000));
        sheet.Hundredths(settled.Gross);
        sheet.Hundredths(kind == PersonalAccount ? settled.Gross : 0);
        sheet.Hundredths(fund);
        sheet.Hundredths(kind == PersonalAccount ? 0 : settled.Gross - fund);
        if (settled.Reversed == 0)
            sheet.Blank();
        else
            sheet.Hundredths(settled.Reversed);
        sheet.Date(Calendar[month + 1].Start.AddDays(8));
    }
}
