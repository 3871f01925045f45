using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>A row of totals is compared where a column has a sum; an average below a rate refuses no file.</summary>
public class TotalRowTests
{
    private const string File = HostileFiles.Header + """

        0001,甲公司,东湖路1号,370983,202503,200,100.50,80.00,1
        0002,乙公司,东湖路2号,370983,202503,200,200.25,160.10,1
        合计,,,,,,300.75,120.05,
        """;

    private static RowReader Read(string title, string unit)
    {
        var template = HostileFileTests.Load("GD", "GD-01");
        var fee = template.IndexOf("fee");
        template = template with
        {
            Fields = template.Fields.SetItem(fee, template.Fields[fee] with { Title = title, Unit = unit }),
        };
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42));
        reader.Read(Encoding.UTF8.GetBytes(File), isFinal: true, out _);
        return reader;
    }

    [Theory]
    [InlineData("单价(元)", "元")]
    [InlineData("单价", "")]
    [InlineData("均价（元）", "元")]
    [InlineData("平均工资", "元")]
    [InlineData("平均人数", "人")]
    [InlineData("人均费用", "元")]
    [InlineData("出资比例(%)", "")]
    [InlineData("持股比例", "")]
    [InlineData("变更比率", "")]
    [InlineData("税率/单位税额", "")]
    [InlineData("征收率（简易）", "")]
    [InlineData("调整系数", "")]
    [InlineData("完成情况", "%")]
    [InlineData("电价", "元/kWh")]
    public void Total_OfARate_IsNotCompared(string title, string unit)
    {
        var reader = Read(title, unit);
        Assert.Null(reader.Refusal);
        Assert.Equal("kwh", string.Join(" ", reader.Layout!.TotalRow!.Compared));
    }

    [Theory]
    [InlineData("电费(元)", "元")]
    [InlineData("适用税率销售额", "元")]
    [InlineData("比例税额", "元")]
    [InlineData("缴费基数合计(元)", "元")]
    public void Total_OfAnAmount_IsCompared(string title, string unit) =>
        Assert.Equal("IH-INT-215", Read(title, unit).Refusal?.Code);
}
