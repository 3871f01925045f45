using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// What stands behind the data and between its pages is known by kind and told of; a row of data is never taken for it.
/// </summary>
public class FootTests
{
    private const string Header = "用户编号,用户名称,用电地址,区划,用电月份,用电类别,抄表电量(kWh),电费(元),用户状态";
    private const string Row1 = "370983000001,甲公司,东湖路1号,370983,202503,200,100.50,80.00,1";
    private const string Row2 = "370983000002,乙公司,东湖路2号,370983,202503,200,200.25,160.10,1";

    private static RowReader Read(string rows)
    {
        var reader = new RowReader(HostileFileTests.Load("GD", "GD-01"),
            new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42));
        reader.Read(Encoding.UTF8.GetBytes($"{Header}\n{rows}\n"), isFinal: true, out _);
        return reader;
    }

    [Theory]
    [InlineData("制表人：张三,,,审核：李四,,,,,")]
    [InlineData("制表人:,张三,,审核人:,李四,,,,")]
    [InlineData("单位（盖章）：,,,,,,,,")]
    [InlineData("单位（盖章）：\n负责人（签字）：\n填表日期：2025年4月1日")]
    [InlineData("共 2 条记录,,,,,,,,")]
    [InlineData("共2条")]
    [InlineData("共计：2 行,,,,,,,,")]
    [InlineData("(2 rows)")]
    [InlineData("已选择 2 行。")]
    [InlineData("记录总数：2,,,,,,,,")]
    [InlineData("第 1 页 共 3 页,,,,,,,,")]
    [InlineData("第 1 页,,,,共 3 页,,,,")]
    [InlineData("Page 1 of 3,,,,,,,,")]
    [InlineData(",1,,,,,,,")]
    [InlineData(",,,,,,,审核：,")]
    [InlineData("以上数据由供电公司提供,,,,2025年4月1日,,,,")]
    [InlineData("注1：居民用户不在其中；2：单位为元。,,,,,,,,")]
    [InlineData("老王面馆,,,,,,,,")]
    [InlineData("—— 以下空白 ——")]
    [InlineData("EOF")]
    [InlineData("- 1 -")]
    [InlineData("1/3")]
    [InlineData("2025-04-01 08:30:00")]
    [InlineData("平均值,,,,,,150.38,120.05,")]
    [InlineData("总户数,2,,,,,,,")]
    [InlineData("小计,,,,,,300.75,240.10,\n合计,,,,,,300.75,240.10,\n制表人：张三")]
    [InlineData("东湖区合计,,,,,,300.75,240.10,")]
    [InlineData(",,,,,,300.75,240.10,")]
    [InlineData(Header)]
    [InlineData("用 户编号,用户名称,用电地址,区划,用电月份,用电类别,抄表电量（KWH）,电费（元）,用户状态")]
    public void Foot_IsToldOfAndNoRow(string foot)
    {
        var read = Read($"{Row1}\n{Row2}\n{foot}");

        Assert.Null(read.Refusal);
        Assert.Equal((2, 0), (read.RowsReceived, read.RowsRejected));
        Assert.All(read.Errors.Details(), e => Assert.Equal("IH-INT-408", e.Kind.Code));
        Assert.True(read.Layout!.TotalRow is not null || read.Errors.Count == foot.Split('\n').Length);
        Assert.DoesNotContain(read.Errors.Details(), e => e.Observed.Contains("张三", StringComparison.Ordinal)
            || e.Observed.Contains("面馆", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("本页小计,,,,,,100.50,80.00,\n第 1 页 共 2 页\n2025年3月用电明细表,,,,,,,,\n" + Header,
        "IH-INT-408 IH-INT-408 IH-INT-408 IH-INT-408")]
    [InlineData(Header, "IH-INT-408")]
    [InlineData("cust_no,cust_name,address,region_code,data_month,use_class,kwh,fee,status", "IH-INT-408")]
    public void PageBreak_InTheMiddle_IsToldOfAndNoRow(string between, string codes)
    {
        var read = Read($"{Row1}\n{between}\n{Row2}");

        Assert.Null(read.Refusal);
        Assert.Equal((2, 0), (read.RowsReceived, read.RowsRejected));
        Assert.Equal(codes, string.Join(' ', read.Errors.Details().Select(e => e.Kind.Code)));
    }

    [Theory]
    [InlineData("370983000003,,,,,,,,")]
    [InlineData("370983000003,丙公司,,,,,,,")]
    [InlineData("370983000003")]
    [InlineData("1,,,,,,,,")]
    [InlineData("3709")]
    [InlineData(",丙公司,东湖路3号,370983,202503,200,1,1,1")]
    [InlineData("合计商贸,丙公司,东湖路3号,370983,202503,900,1,1,1")]
    [InlineData(",,,,,,300.76,240.10,")]
    [InlineData("370983000003,合计,东湖路3号,370983,202503,900,1,1,1")]
    public void RowOfData_AtTheEnd_IsABadRow(string row)
    {
        var read = Read($"{Row1}\n{Row2}\n{row}");

        Assert.Null(read.Refusal);
        Assert.Equal((3, 1), (read.RowsReceived, read.RowsRejected));
        Assert.DoesNotContain(read.Errors.Details(), e => e.Kind.Code == "IH-INT-408");
    }

    [Theory]
    [InlineData("370983000003,,,,,,,,")]
    [InlineData("老王面馆,,,,,,,,")]
    [InlineData("制表人：张三,,,,,,,,")]
    public void SparseRow_WithDataBehindIt_IsABadRow(string row)
    {
        var read = Read($"{Row1}\n{row}\n{Row2}");

        Assert.Equal((3, 1), (read.RowsReceived, read.RowsRejected));
    }

    [Theory]
    [InlineData("共 3 条记录", "3")]
    [InlineData("合计：1 条,,,,,,,,", "1")]
    [InlineData("(20 rows)", "20")]
    [InlineData("\"第 1-2 条，共 1,045 条\"", "1045")]
    public void StatedCount_ThatDiffers_RefusesTheFile(string foot, string stated)
    {
        var refusal = Read($"{Row1}\n{Row2}\n{foot}").Refusal;

        Assert.Equal("IH-INT-241", refusal?.Code);
        Assert.Contains(refusal!.Values, v => v.Key == "stated" && v.Value == stated);
        Assert.Contains("表格第 4 行", refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("本页共 1 条")]
    [InlineData("每页 20 条")]
    [InlineData("共 3 页")]
    [InlineData("合计（共1户）,,,,,,300.75,240.10,")]
    public void CountOfSomethingElse_IsNotCompared(string foot) => Assert.Null(Read($"{Row1}\n{Row2}\n{foot}").Refusal);

    [Theory]
    [InlineData("202502", "202502", "IH-INT-242", "202502")]
    [InlineData("202502", "202503", "", "")]
    [InlineData("202502", "202501", "IH-INT-242", "202502")]
    [InlineData("202504", "202504", "IH-INT-242", "202504")]
    public void Rows_AllOfAnotherMonth_RefuseTheFile(string first, string second, string code, string seems)
    {
        var refusal = Read($"{Row1.Replace("202503", first, StringComparison.Ordinal)}\n"
            + Row2.Replace("202503", second, StringComparison.Ordinal)).Refusal;

        Assert.Equal(code, refusal?.Code ?? "");
        if (refusal is not null)
            Assert.Contains($"GD-01_{seems}.csv", refusal.Remedy, StringComparison.Ordinal);
    }
}
