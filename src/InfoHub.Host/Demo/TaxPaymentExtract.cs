namespace InfoHub.Host.Demo;

/// <summary>Why money came in or went out: each filing has a slip (电子税票号码) of its own.</summary>
internal enum Slip
{
    Filing = 1, Correction = 2, Refund = 3, LateFee = 4, Reassignment = 5, ExportRefund = 6, Wages = 7,
}

/// <summary>
/// SW-02: taxes paid for the periods that end with the month; refunds and payments on corrections for earlier periods
/// stand in the later file, under the period they belong to.
/// </summary>
internal sealed class TaxPaymentExtract(City city) : Extract(city)
{
    private const string Standard = "0.13";

    private readonly byte[] _djxh = new byte[20];

    /// <summary>One payment, in fen.</summary>
    private readonly record struct Payment(string Tax, long Basis, string Rate, long Amount, Slip Slip)
    {
        public string Nature { get; init; } = Codes.TaxProper;

        public string Reassigned { get; init; } = Codes.NotReassigned;

        public string Refund { get; init; } = "";
    }

    private readonly record struct Span(int First, int Last, int FileMonth);

    public override string Item => "SW-02";

    public override SheetStyle Style => new(ChineseHeader: false, Comma, ByteOrderMark: false, CarriageReturn: false);

    protected override string Columns =>
        """
        登记序号:djxh 纳税人识别号:nsrsbh 纳税人名称:nsrmc 电子税票号码:dzsphm 票证号码:pzhm 征收项目:zsxm_dm 征收品目:zspm_dm
        税款所属期起:skssqq 税款所属期止:skssqz 行业:hy_dm 计税依据(元):jsyj 课税数量:kssl 税率/单位税额:sl 实缴金额(元):sjje
        入库日期:rkrq 预算科目:yskm 预算分配比例:ysfpbl 税款属性:sksx 税款种类:skzl 调账类型:tzlx 退库类型:tklx 申报方式:sbfs
        征收方式:zsfs 征收代理方式:zsdlfs 主管税务所:zgswskfj_dm 街道乡镇:jdxz_dm 税款所属税务机关:skssswjg_dm
        """;

    public override int Write(CsvSheet sheet, int month)
    {
        var first = -1;
        foreach (ref readonly var party in City.Population.All)
        {
            var before = sheet.Records;
            if (City.Returns.TryGet(party, month, corrected: false, out var filed))
                PayFiling(sheet, party, filed);
            if (month > 0)
                PayLater(sheet, party, month);
            first = first < 0 && sheet.Records > before ? party.Index : first;
        }
        return first;
    }

    public override void Compose(CsvSheet sheet, in Party party, int month) =>
        Cells(sheet, party, new Span(month, month, month),
            new Payment(Codes.Vat, 10_000_000, Standard, 1_300_000, Slip.Filing));

    private void PayFiling(CsvSheet sheet, in Party party, in VatReturn filed)
    {
        var span = new Span(filed.FirstMonth, filed.LastMonth, filed.LastMonth);
        var halved = City.Returns.IsSmallProfit(party);
        var faultMonth = party.Behaviour == Behaviour.HalvedWrongly
            ? Calendar.InFirstReliefYear(filed.LastMonth) : City.Provision.IsFaultMonth(party, filed.LastMonth);
        var paid = Surcharges.Paid(party, filed, halved, faultMonth);
        if (paid != Surcharges.Due(filed, halved))
            Expect(party, filed.LastMonth);
        PayVat(sheet, party, span, filed);
        if (filed.ConsumptionTax > 0)
        {
            var amount = filed.ConsumptionTax;
            Row(sheet, party, span, new Payment(Codes.ConsumptionTax, amount * 10, "0.1", amount, Slip.Filing));
        }
        PaySurcharges(sheet, party, span, Surcharges.LegalBase(filed), paid, Slip.Filing);
        PayExtras(sheet, party, span, filed);
    }

    /// <summary>
    /// 免抵税额 may be taken up in the next period, so which month of an exporter is short can be argued: it is told once,
    /// for all months.
    /// </summary>
    private void Expect(in Party party, int month)
    {
        if (party.Behaviour != Behaviour.ExportCreditIgnored && Calendar.IsOverdue(month))
            City.Expectations.Found(City, "SZ-01", party, Calendar[month].ToString());
        if (party.Behaviour == Behaviour.ExportCreditIgnored && month == Calendar.Last)
            City.Expectations.Found(City, "SZ-01", party, $"{Calendar[0]}-{Calendar[month]}");
    }

    /// <summary>VAT as filed; of a reassigned one first the payment that counts no more.</summary>
    private void PayVat(CsvSheet sheet, in Party party, Span span, in VatReturn filed)
    {
        if (filed.ToPay == 0)
            return;
        var rate = filed.Kind == VatKind.General ? Standard : "0.01";
        var vat = new Payment(Codes.Vat, filed.Standard + filed.Simple, rate, filed.ToPay, Slip.Filing);
        var reassigned = party.Behaviour == Behaviour.Reassigned && City.Provision.IsFaultMonth(party, span.Last);
        if (reassigned)
        {
            Row(sheet, party, span, vat with { Amount = filed.ToPay * 3, Reassigned = Codes.ReassignedAway });
            vat = vat with { Slip = Slip.Reassignment, Reassigned = Codes.ReassignedTo };
        }
        Row(sheet, party, span, vat);
    }

    private void PaySurcharges(CsvSheet sheet, in Party party, Span span, long basis, Surcharges paid, Slip slip)
    {
        var refund = slip == Slip.Refund ? Codes.MistakenPaymentRefund : "";
        var city = new Payment(Codes.CityTax, basis, "0.07", paid.City, slip);
        var education = new Payment(Codes.EducationSurcharge, basis, "0.03", paid.Education, slip);
        var local = new Payment(Codes.LocalEducationSurcharge, basis, "0.02", paid.LocalEducation, slip);
        Pay(sheet, party, span, city with { Refund = refund });
        Pay(sheet, party, span, education with { Refund = refund });
        Pay(sheet, party, span, local with { Refund = refund });
    }

    /// <summary>Late fees, refunded export tax and withheld income tax: none of them is a base of surcharges.</summary>
    private void PayExtras(CsvSheet sheet, in Party party, Span span, in VatReturn filed)
    {
        if (party.Behaviour == Behaviour.LateFee && City.Provision.IsFaultMonth(party, span.Last))
        {
            var fee = new Payment(Codes.Vat, filed.ToPay, "0.0005", filed.ToPay / 10, Slip.LateFee);
            Row(sheet, party, span, fee with { Nature = Codes.LatePayment });
        }
        if (party.Behaviour == Behaviour.Exporter)
        {
            var back = new Payment(Codes.Vat, filed.Export, Standard, -filed.ToPay / 2, Slip.ExportRefund);
            Row(sheet, party, span, back with { Refund = Codes.ExportRefund });
        }
        if (party.Group == PartyGroup.Enterprise && party.Index % 3 != 0)
        {
            var wages = Dice.Between(20_000, 800_000, party.Index, Salt.Staff, span.Last) * 100;
            Row(sheet, party, span, new Payment(Codes.IncomeTaxOfPersons, wages, "0.03", wages * 3 / 100, Slip.Wages));
        }
    }

    private void PayLater(CsvSheet sheet, in Party party, int month)
    {
        if (City.Returns.CorrectedMonth(party) == month - 1)
            PayCorrection(sheet, party, month);
        if (party.Behaviour == Behaviour.Refund && month == 2)
            PayRefund(sheet, party, month);
        if (party.Behaviour != Behaviour.LateCorrection || month != TaxReturnExtract.LateFileMonth)
            return;
        var late = City.Returns.BeforeCancellation(party);
        var span = new Span(late.FirstMonth, late.LastMonth, month);
        PayVat(sheet, party, span, late);
        var due = Surcharges.Due(late, City.Returns.IsSmallProfit(party));
        PaySurcharges(sheet, party, span, late.ToPay, due, Slip.Filing);
    }

    /// <summary>What the corrected return owes beyond the first.</summary>
    private void PayCorrection(CsvSheet sheet, in Party party, int month)
    {
        City.Returns.TryGet(party, month - 1, corrected: false, out var first);
        City.Returns.TryGet(party, month - 1, corrected: true, out var corrected);
        var (span, halved) = (new Span(first.FirstMonth, first.LastMonth, month), City.Returns.IsSmallProfit(party));
        var more = corrected.ToPay - first.ToPay;
        var basis = corrected.Standard - first.Standard;
        Row(sheet, party, span, new Payment(Codes.Vat, basis, Standard, more, Slip.Correction));
        var rest = Surcharges.Due(corrected, halved) - Surcharges.Due(first, halved);
        PaySurcharges(sheet, party, span, more, rest, Slip.Correction);
    }

    /// <summary>A fifth of the second month's tax was paid by mistake and goes back, surcharges likewise.</summary>
    private void PayRefund(CsvSheet sheet, in Party party, int month)
    {
        if (!City.Returns.TryGet(party, month - 1, corrected: false, out var filed) || filed.ToPay == 0)
            return;
        var (span, halved) = (new Span(filed.FirstMonth, filed.LastMonth, month), City.Returns.IsSmallProfit(party));
        var back = filed.ToPay / 5;
        var rest = Surcharges.Due(filed with { ToPay = filed.ToPay - back }, halved) - Surcharges.Due(filed, halved);
        var refund = new Payment(Codes.Vat, filed.Standard, Standard, -back, Slip.Refund);
        Row(sheet, party, span, refund with { Refund = Codes.MistakenPaymentRefund });
        PaySurcharges(sheet, party, span, -back, rest, Slip.Refund);
    }

    private void Pay(CsvSheet sheet, in Party party, Span span, in Payment payment)
    {
        if (payment.Amount != 0)
            Row(sheet, party, span, payment);
    }

    private void Row(CsvSheet sheet, in Party party, Span span, in Payment payment)
    {
        Cells(sheet, party, span, payment);
        sheet.End();
    }

    private void Cells(CsvSheet sheet, in Party party, Span span, in Payment payment)
    {
        var town = Book.TownOf(party);
        PartyBook.WriteDjxh(party, _djxh);
        sheet.Ascii(_djxh);
        sheet.Text(Book.TaxpayerNumber(party));
        sheet.Text(Book.Name(party));
        var number = ((((long)Calendar[span.FileMonth].Code % 10_000) * 100_000_000) + party.Index) * 1_000;
        Digits(sheet, "342"u8, number + (int)payment.Slip, length: 18);
        sheet.Blank();
        sheet.Text(payment.Tax);
        sheet.Text(payment.Tax + "0101");
        sheet.Date(Calendar[span.First].Start);
        sheet.Date(Calendar[span.Last].End);
        sheet.Text(PartyBook.IndustryOf(party)[1..]);
        sheet.Hundredths(payment.Basis);
        sheet.Blank();
        sheet.Text(payment.Rate);
        sheet.Hundredths(payment.Amount);
        sheet.Date(Calendar[span.FileMonth + 1].Start.AddDays(PaidOnDay(party, span.FileMonth)));
        Blanks(sheet, 2);
        sheet.Text("101");
        sheet.Text(payment.Nature);
        sheet.Text(payment.Reassigned);
        sheet.Text(payment.Refund);
        Blanks(sheet, 3);
        sheet.Text(TaxOffice.OfficeOf(town));
        sheet.Text(town.Code);
        sheet.Text(TaxOffice.BureauOf(town));
    }
}
