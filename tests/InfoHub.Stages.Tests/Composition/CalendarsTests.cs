using InfoHub.Domain.Parameters;
using InfoHub.Host.Composition;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.Stages.Tests.Composition;

/// <summary>A year's notice or a bureau's extension does not wait for a release.</summary>
public sealed class CalendarsTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("infohub-calendar").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private void Write(string name, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_data, "calendar")).FullName;
        File.WriteAllText(Path.Combine(folder, name), text);
    }

    [Fact]
    public void Read_NoFolder_IsWhatShips() => Assert.Same(ParameterSet.Shipped, Calendars.Read(_data));

    [Fact]
    public void Read_AYearAndAnExtension_HoldUnderAVersionOfTheirOwn()
    {
        Write("2027.yaml",
            "years: [{ year: 2027, citation: 通知, off: [{ name: 元旦, from: 2027-01-01, to: 2027-01-03 }] }]");
        Write("typhoon.yaml", "extensions: [{ month: 2026-08, until: 2026-08-28, region: '33', citation: 公告 }]");
        var parameters = Calendars.Read(_data);

        Assert.Null(parameters.Calendar.Lacks(new DateOnly(2027, 6, 1)));
        Assert.Equal(2027, ParameterSet.Shipped.Calendar.Lacks(new DateOnly(2027, 6, 1)));
        Assert.Equal(new DateOnly(2026, 8, 28), parameters.Calendar.Filing(new DateOnly(2026, 8, 15), "330106").Day);
        Assert.Equal(new DateOnly(2026, 8, 17), parameters.Calendar.Filing(new DateOnly(2026, 8, 15), "420106").Day);
        Assert.NotEqual(ParameterSet.Shipped.Version, parameters.Version);
        Assert.Equal(ParameterSet.Shipped.All, parameters.All);
    }

    [Fact]
    public void Read_AnUnsoundFile_NamesItAndTheFault()
    {
        Write("2027.yaml", "years: [{ year: 2027 }]");
        var problem = Assert.Throws<ProblemException>(() => Calendars.Read(_data)).Problem;

        Assert.Equal(ProblemCatalogue.CalendarUnsound, problem.Kind);
        Assert.Contains("2027.yaml", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("lacks 'citation'", problem.Detail, StringComparison.Ordinal);
    }
}
