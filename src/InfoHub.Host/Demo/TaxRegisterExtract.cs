namespace InfoHub.Host.Demo;

/// <summary>
/// SW-01: the whole register every month or, where asked, later new registrations and changes of status only.
/// </summary>
internal sealed class TaxRegisterExtract(City city) : Extract(city)
{
    private readonly byte[] _djxh = new byte[20];

    public override string Item => "SW-01";

    public override SheetStyle Style => new(ChineseHeader: false, Comma, ByteOrderMark: false, CarriageReturn: false);

    protected override string Columns =>
        """
        登记序号:djxh 纳税人识别号:nsrsbh 社会信用代码:uscc 纳税人名称:nsrmc 课征主体登记类型:kzztdjlx_dm
        登记注册类型:djzclx_dm 纳税人状态:nsrzt_dm 法定代表人姓名:fddbrxm 法定代表人证件类型:fddbrsfzjlx_dm
        法定代表人证件号码:fddbrsfzjhm 行业代码:hy_dm 注册地址:zcdz 生产经营地址:scjydz 街道乡镇:jdxz_dm
        主管税务局:zgswj_dm 主管税务所(科、分局):zgswskfj_dm 登记日期:djrq 开业设立日期:kyslrq
        跨区财产税主体标志:kqccsztdjbz 总机构识别号:parent_nsrsbh 增值税纳税人类型:vat_type 一般纳税人有效期起:ybnsr_from
        征收方式:zsfs 核定月营业额(元):quota 小型微利标志:small_flag
        """;

    public override int Write(CsvSheet sheet, int month)
    {
        var first = -1;
        foreach (ref readonly var party in City.Population.All)
        {
            var stands = City.IsRegisterFull ? Lifecycle.InTaxRegister(party) && party.Join <= month
                : City.Lifecycle.IsTaxRegisterNews(party, month);
            if (!stands)
                continue;
            Compose(sheet, party, month);
            sheet.End();
            first = first < 0 ? party.Index : first;
        }
        return first;
    }

    public override void Compose(CsvSheet sheet, in Party party, int month)
    {
        var (town, established) = (Book.TownOf(party), Book.Established(party));
        PartyBook.WriteDjxh(party, _djxh);
        sheet.Ascii(_djxh);
        TaxpayerNumbers(sheet, party);
        Name(sheet, party);
        sheet.Text(party.Group == PartyGroup.Shop ? "1120" : "1110");
        sheet.Text(party.Group == PartyGroup.Shop ? "410" : "173");
        sheet.Text(City.Lifecycle.TaxStatus(party, month));
        sheet.Text(Book.Representative(party));
        sheet.Text(Codes.IdCard);
        CitizenId(sheet, party);
        sheet.Text(PartyBook.IndustryOf(party)[1..]);
        sheet.Text(party.Index % 3 == 0 ? Book.Address(party) : "");
        Address(sheet, party);
        Offices(sheet, town);
        sheet.Date(established.AddDays(party.Join > 0 ? 0 : 10));
        sheet.Date(established);
        sheet.Text("N");
        sheet.Text(Book.ParentUscc(party));
        Taxation(sheet, party, established);
    }

    /// <summary>The number and the code; the code is blank where an older number is all there is.</summary>
    private void TaxpayerNumbers(CsvSheet sheet, in Party party)
    {
        var number = Book.TaxpayerNumber(party);
        sheet.Text(number);
        sheet.Text(number.Length == Codes.UsccLength ? number : "");
    }

    private static void Offices(CsvSheet sheet, Town town)
    {
        sheet.Text(town.Code);
        sheet.Text(TaxOffice.BureauOf(town));
        sheet.Text(TaxOffice.OfficeOf(town));
    }

    private void Taxation(CsvSheet sheet, in Party party, DateOnly established)
    {
        var kind = City.Returns.KindOf(party);
        sheet.Number((int)kind);
        sheet.Date(kind == VatKind.General ? established.AddMonths(1) : null);
        sheet.Text(kind == VatKind.BelowThreshold ? "2" : "1");
        if (kind == VatKind.BelowThreshold)
            sheet.Hundredths(Dice.Between(5, 90, party.Index, Salt.Scale) * 100_000);
        else
            sheet.Blank();
        sheet.Text(City.Returns.IsSmallProfit(party) ? "Y" : "N");
    }
}

/// <summary>Eleven-digit codes of tax bureau and office, made from the town.</summary>
internal static class TaxOffice
{
    public static string BureauOf(Town town) => $"1{town.District}0000";

    public static string OfficeOf(Town town) => $"1{town.District}0{town.Code[6..]}";
}
