using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using Xunit;

namespace InfoHub.Rules.Tests.Reconciliation;

/// <summary>A finding that rests on a last day shows how the day came about and by which notice.</summary>
public sealed class LegalDayLineTests
{
    private const string Saturday = "申报期限末日是星期六，滞纳金自下一工作日的次日起算";

    [Theory]
    [InlineData("SZ-01", Saturday, "应缴之日", "2025-03-17", "3月15日为星期六，顺延至3月17日",
        "增值税暂行条例第二十三条", "实施细则第一百零九条", "税总办征科函〔2024〕71号")]
    [InlineData("HJ-01", "期限内有连续三天休假，按天数顺延", "办理期限的最后一日", "2025-04-14",
        "4月4日至6日连续休假3天，自4月9日起顺延3个工作日至4月14日",
        "税收征收管理法第十五条", "实施细则第一百零九条", "国办发明电〔2024〕12号")]
    public void Line_OfALastDayThatMoved_TellsWhyAndByWhat(string model, string name, string label, string day,
        string why, params string[] citations)
    {
        var line = LineOf(model, name, label);
        Assert.Equal((day, why), (line.Value, line.Expression));
        Assert.All(citations, c => Assert.Contains(c, line.Source, StringComparison.Ordinal));
    }

    /// <summary>0.05 % × the days from the day after the last day: 18 March to 20 July are 125.</summary>
    [Fact]
    public void LateFee_LastDayOnASaturday_CountsFromTheDayAfterTheWorkingDay() =>
        Assert.Equal("30768.72 × 0.05% × 125 天", LineOf("SZ-01", Saturday, "滞纳金").Expression);

    [Fact]
    public void Line_OfAYearThatIsNotKnown_SaysThatWeekendsAloneWereCounted() =>
        Assert.Contains("2019年放假安排未录入，只按周末推算", LineOf("SZ-01", "2019年1月起小规模减半", "应缴之日").Expression,
            StringComparison.Ordinal);

    private static ArithmeticLine LineOf(string model, string name, string label) => ModelCatalogue.Find(model)!
        .Decide(ModelCase.All().Single(c => c.Model == model && c.Name == name).Dossier, ParameterSet.Shipped)
        .Findings.Single().Arithmetic.Single(l => l.Label == label);
}
