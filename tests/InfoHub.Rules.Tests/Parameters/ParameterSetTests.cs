using InfoHub.Domain.Parameters;
using Xunit;

namespace InfoHub.Rules.Tests.Parameters;

public sealed class ParameterSetTests
{
    /// <summary>
    /// Reliefs begin and end by law; every other parameter must hold on every day the models can judge.
    /// </summary>
    private const string DatedRelief = "six-taxes-relief.";

    private static readonly DateOnly JudgedFrom = new(2016, 5, 1);

    public static TheoryData<string> ParameterNames => [.. ParameterSet.Shipped.All.Keys];

    [Theory]
    [MemberData(nameof(ParameterNames))]
    public void Shipped_EveryParameter_HasUnitAndCitation(string name)
    {
        var parameter = ParameterSet.Shipped.All[name];
        Assert.NotEmpty(parameter.Title);
        Assert.NotEmpty(parameter.Unit);
        Assert.All(parameter.Values, v => Assert.NotEmpty(v.Citation));
    }

    [Theory]
    [MemberData(nameof(ParameterNames))]
    public void Shipped_EveryParameterButRelief_HasNoGap(string name)
    {
        var values = ParameterSet.Shipped.All[name].Values.Where(v => v.Region.Length == 0).OrderBy(v => v.From).ToArray();
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.Equal(pair.First.To?.AddDays(1), pair.Second.From));
        // Kept by each city; nothing is assumed where it is not.
        if (name.StartsWith(DatedRelief, StringComparison.Ordinal) || name == "urban-maintenance.rate")
            return;
        Assert.Null(values[^1].To);
        if (name != "small-profit.window-month")
            Assert.True(values[0].From <= JudgedFrom);
    }

    [Theory]
    [InlineData("six-taxes-relief.small-scale", "2018-12-31", null)]
    [InlineData("six-taxes-relief.small-scale", "2019-01-01", "0.5")]
    [InlineData("six-taxes-relief.small-profit", "2021-12-31", null)]
    [InlineData("six-taxes-relief.small-profit", "2022-01-01", "0.5")]
    [InlineData("six-taxes-relief.individual", "2027-12-31", "0.5")]
    [InlineData("six-taxes-relief.individual", "2028-01-01", null)]
    [InlineData("surcharge-exemption.sales-month", "2016-01-31", "30000")]
    [InlineData("surcharge-exemption.sales-month", "2016-02-01", "100000")]
    public void Find_OnEitherSideOfARegime_GivesTheValueOfThatDay(string name, string day, string? value) =>
        Assert.Equal(value is null ? null : decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
            ParameterSet.Shipped.Find(name, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))?.Value);

    [Fact]
    public void At_RegionOfTheValue_LongestPrefixWins()
    {
        var set = ParameterReader.Read("""
            parameters:
              - name: r
                title: t
                unit: u
                values:
                  - { from: 2020-01-01, value: 7, citation: c }
                  - { from: 2020-01-01, value: 5, citation: c, region: '370983' }
                  - { from: 2020-01-01, value: 1, citation: c, region: '370983101' }
            """);
        Assert.Equal(7m, set.At("r", new DateOnly(2025, 1, 1), "110000").Value);
        Assert.Equal(5m, set.At("r", new DateOnly(2025, 1, 1), "370983001").Value);
        Assert.Equal(1m, set.At("r", new DateOnly(2025, 1, 1), "370983101").Value);
    }

    [Fact]
    public void Version_OfTheSameTexts_DoesNotDependOnOrderOrLineEnds()
    {
        const string a = "parameters: [{ name: a, title: t, unit: u, values: [{ from: 2020-01-01, value: 1, citation: c }] }]\n";
        const string b = "parameters: [{ name: b, title: t, unit: u, values: [{ from: 2020-01-01, value: 2, citation: c }] }]\n";
        Assert.Equal(ParameterReader.Read(a, b).Version, ParameterReader.Read(b.ReplaceLineEndings("\r\n"), a).Version);
        Assert.NotEqual(ParameterReader.Read(a).Version, ParameterReader.Read(b).Version);
        Assert.Matches("^[0-9a-f]{12}$", ParameterSet.Shipped.Version);
    }

    [Theory]
    [InlineData("parameters: {", "not YAML")]
    [InlineData("rates: []", "parameters:")]
    [InlineData("parameters: [{ name: a, title: t, unit: u, values: 1 }]", "list of values")]
    [InlineData("parameters: [{ name: a, title: t, unit: u, valeus: [] }]", "unknown key 'valeus'")]
    [InlineData("parameters: [{ name: a, title: t, values: [{ from: 2020-01-01, value: 1, citation: c }] }]", "lacks 'unit'")]
    [InlineData("parameters: [{ name: a, title: t, unit: u, values: [{ from: 2020-01-01, value: 1 }] }]", "lacks 'citation'")]
    [InlineData("parameters: [{ name: a, title: t, unit: u, values: [{ from: 2020-01-01, value: 7%, citation: c }] }]", "not a number")]
    [InlineData("parameters: [{ name: a, title: t, unit: u, values: [{ from: 2020/01/01, value: 1, citation: c }] }]", "not a date")]
    [InlineData("parameters: [{ name: a, title: t, unit: u, values: [{ from: 2020-01-02, to: 2020-01-01, value: 1, citation: c }] }]", "before it begins")]
    [InlineData("parameters: [{ name: a, title: t, unit: u, values: [{ from: 2020-01-01, to: 2020-12-31, value: 1, citation: c }, { from: 2020-12-31, value: 2, citation: c }] }]", "in force on 2020-12-31")]
    [InlineData("parameters: [{ name: a, title: t, unit: u, values: [{ from: 2020-01-01, value: 1, citation: c }] }, { name: a, title: t, unit: u, values: [{ from: 2020-01-01, value: 1, citation: c }] }]", "twice")]
    [InlineData("parameters: [{ name: a, title: t, unit: u, values: [{ from: 2020-01-01, value: 1, citation: c, region: 北京 }] }]", "division prefix")]
    public void Read_UnsoundText_SaysWhatIsWrong(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<FormatException>(() => ParameterReader.Read(text)).Message, StringComparison.Ordinal);
}
