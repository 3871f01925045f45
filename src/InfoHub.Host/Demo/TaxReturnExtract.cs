namespace InfoHub.Host.Demo;

/// <summary>
/// SW-03: the returns of the periods that end with the month, and corrections of earlier ones. A correction has the
/// original's key and stands in a later file.
/// </summary>
internal sealed class TaxReturnExtract(City city) : Extract(city)
{
    /// <summary>The file in which a cancelled party's correction turns up, long after the cancellation.</summary>
    public const int LateFileMonth = 3;

    private readonly byte[] _djxh = new byte[20];

    public override string Item => "SW-03";

    public override SheetStyle Style => new(ChineseHeader: false, Comma, ByteOrderMark: false, CarriageReturn: true);

    protected override string Columns =>
        """
        登记序号:djxh 表种:form_kind 所属期起:skssqq 所属期止:skssqz 适用税率销售额:sales_std 简易计税销售额:sales_simple
        免抵退销售额:sales_export 免税销售额:sales_exempt 销项税额:output 实际抵扣税额:input_used 上期留抵:carry_in
        期末留抵:carry_out 免抵税额:mdse 留抵退税额:ldts 应纳税额减征额:reduce 应纳税额合计:tax_due 分次预缴税额:prepaid
        本期应补(退)税额:tax_topay 申报日期:sbrq 更正标志:revise
        """;

    public override int Write(CsvSheet sheet, int month)
    {
        var first = -1;
        foreach (ref readonly var party in City.Population.All)
        {
            if (City.Returns.TryGet(party, month, corrected: false, out var filed))
            {
                Row(sheet, party, filed, fileMonth: month, Codes.FirstReturn);
                first = first < 0 ? party.Index : first;
            }
            if (month > 0 && City.Returns.CorrectedMonth(party) == month - 1
                && City.Returns.TryGet(party, month - 1, corrected: true, out var corrected))
                Row(sheet, party, corrected, fileMonth: month, Codes.CorrectedReturn);
            if (party.Behaviour == Behaviour.LateCorrection && month == LateFileMonth)
                Row(sheet, party, City.Returns.BeforeCancellation(party), fileMonth: month, Codes.CorrectedReturn);
        }
        return first;
    }

    public override void Compose(CsvSheet sheet, in Party party, int month)
    {
        if (!City.Returns.TryGet(party, month, corrected: false, out var filed))
            filed = new VatReturn(month, month, VatKind.General);
        Cells(sheet, party, filed, month, Codes.FirstReturn);
    }

    private void Row(CsvSheet sheet, in Party party, in VatReturn filed, int fileMonth, string revise)
    {
        Cells(sheet, party, filed, fileMonth, revise);
        sheet.End();
    }

    private void Cells(CsvSheet sheet, in Party party, in VatReturn filed, int fileMonth, string revise)
    {
        PartyBook.WriteDjxh(party, _djxh);
        sheet.Ascii(_djxh);
        sheet.Number(filed.Kind == VatKind.General ? 1 : 2);
        sheet.Date(Calendar[filed.FirstMonth].Start);
        sheet.Date(Calendar[filed.LastMonth].End);
        sheet.Hundredths(filed.Standard);
        sheet.Hundredths(filed.Simple);
        Optional(sheet, filed.Export);
        sheet.Hundredths(filed.Exempt);
        Optional(sheet, filed.Output);
        Optional(sheet, filed.InputUsed);
        Optional(sheet, filed.CarryIn);
        sheet.Hundredths(0);
        Optional(sheet, filed.ExportCredit);
        Optional(sheet, filed.CreditRefunded);
        Optional(sheet, filed.Reduction);
        sheet.Hundredths(filed.ToPay);
        sheet.Blank();
        sheet.Hundredths(filed.ToPay);
        sheet.Date(Calendar[fileMonth + 1].Start.AddDays(PaidOnDay(party, fileMonth)));
        sheet.Text(revise);
    }

    private static void Optional(CsvSheet sheet, long amount)
    {
        if (amount == 0)
            sheet.Blank();
        else
            sheet.Hundredths(amount);
    }
}
