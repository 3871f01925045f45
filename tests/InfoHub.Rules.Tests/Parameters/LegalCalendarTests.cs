using InfoHub.Domain.Parameters;
using Xunit;

namespace InfoHub.Rules.Tests.Parameters;

public sealed class LegalCalendarTests
{
    private static readonly LegalCalendar Shipped = LegalCalendar.Shipped;

    /// <summary>As 税务总局办公厅 published them (税总办征科函〔2022〕245号, 〔2024〕71号, 〔2025〕64号).</summary>
    private static readonly Dictionary<int, int[]> Published = new()
    {
        [2023] = [16, 15, 15, 17, 18, 15, 17, 15, 15, 23, 15, 15],
        [2024] = [15, 23, 15, 18, 22, 19, 15, 15, 18, 24, 15, 16],
        [2025] = [15, 20, 17, 18, 22, 16, 15, 15, 15, 27, 17, 15],
        [2026] = [20, 24, 16, 20, 22, 15, 15, 17, 15, 26, 16, 15],
    };

    public static TheoryData<int, int, int> PublishedDays()
    {
        var days = new TheoryData<int, int, int>();
        foreach (var (year, months) in Published)
            for (var month = 1; month <= months.Length; month++)
                days.Add(year, month, months[month - 1]);
        return days;
    }

    /// <summary>Article 109 alone comes to what the notice says: it may be trusted for other terms.</summary>
    [Theory]
    [MemberData(nameof(PublishedDays))]
    public void Within_FirstToFifteenth_ComesToThePublishedFilingDay(int year, int month, int day)
    {
        var (first, last) = (new DateOnly(year, month, 1), new DateOnly(year, month, 15));
        Assert.Equal(new DateOnly(year, month, day), Shipped.Within(first, last).Day);
        Assert.Equal(new DateOnly(year, month, day), Shipped.Filing(last).Day);
    }

    /// <summary>Days known from practice in the years without a notice in the data.</summary>
    [Theory]
    [InlineData("2021-02-15", "2021-02-23")]
    [InlineData("2022-01-15", "2022-01-19")]
    [InlineData("2022-02-15", "2022-02-23")]
    [InlineData("2022-10-15", "2022-10-25")]
    public void Filing_YearWithoutANotice_IsComputed(string counted, string day) =>
        Assert.Equal(Day(day), Shipped.Filing(Day(counted)).Day);

    [Theory]
    [InlineData("2025-03-15", "2025-03-17", "3月15日为星期六，顺延至3月17日")]
    [InlineData("2025-04-15", "2025-04-18", "4月4日至6日连续休假3天，自4月15日起顺延3个工作日至4月18日")]
    [InlineData("2025-06-15", "2025-06-16", "6月15日为星期日，顺延至6月16日")]
    [InlineData("2026-02-15", "2026-02-24", "2月15日为春节休假日，顺延至2月24日")]
    [InlineData("2025-07-15", "2025-07-15", "")]
    public void Filing_DayThatMoved_SaysWhy(string counted, string day, string reason)
    {
        var last = Shipped.Filing(Day(counted));
        Assert.Equal((Day(day), reason), (last.Day, last.Reason));
        Assert.Contains(reason.Length > 0 ? "第一百零九条" : "申报纳税期限", last.Citation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-01-26", false)]
    [InlineData("2025-01-27", false)]
    [InlineData("2025-01-28", true)]
    [InlineData("2025-05-02", true)]
    [InlineData("2024-02-09", false)]
    [InlineData("2024-05-11", false)]
    [InlineData("2026-09-20", false)]
    [InlineData("2022-12-31", true)]
    [InlineData("2025-11-22", true)]
    public void IsOff_NoticesAndWeekends_AreKnown(string day, bool isOff) =>
        Assert.Equal(isOff, Shipped.IsOff(Day(day)));

    [Fact]
    public void EveryYear_DaysOffOnWorkingDays_AreAsManyAsTheLawGivesAndTheMakeUpDays()
    {
        // 全国年节及纪念日放假办法: 11 days until 2024, 13 from 2025; what is off beyond them is made up for. A public
        // holiday on a weekend is moved to a working day, so weekdays off come to the legal days and the make-up days.
        foreach (var (year, legal) in new[] { (2023, 11), (2024, 11), (2025, 13), (2026, 13) })
        {
            var days = Enumerable.Range(0, 366).Select(n => new DateOnly(year, 1, 1).AddDays(n))
                .Where(d => d.Year == year).ToArray();
            var weekdaysOff = days.Count(d => !IsWeekend(d) && Shipped.IsOff(d));
            var weekendsWorked = days.Count(d => IsWeekend(d) && !Shipped.IsOff(d));
            Assert.InRange(weekdaysOff - weekendsWorked, legal - 1, legal);
        }
    }

    /// <summary>Every term of 1 to 60 days: on a working day, never early, never before a shorter one.</summary>
    [Fact]
    public void Within_EveryTerm_EndsOnAWorkingDayAndIsMonotone()
    {
        for (var first = new DateOnly(2021, 1, 1); first.Year < 2027; first = first.AddDays(1))
        {
            var before = DateOnly.MinValue;
            for (var length = 0; length < 60; length++)
            {
                var last = first.AddDays(length);
                var within = Shipped.Within(first, last);
                Assert.False(Shipped.IsOff(within.Day), $"{first} + {length}: {within}");
                Assert.True(within.Day >= Shipped.After(last).Day, $"{first} + {length}: {within}");
                Assert.True(within.Day >= before, $"{first} + {length}: {within}");
                Assert.Equal(within.Day != last, within.Reason.Contains("顺延", StringComparison.Ordinal));
                before = within.Day;
            }
        }
    }

    [Fact]
    public void Within_YearNotKnown_CountsWeekendsAndSaysSo()
    {
        var last = Shipped.Within(new DateOnly(2031, 5, 1), new DateOnly(2031, 5, 31));
        Assert.Equal(new DateOnly(2031, 6, 2), last.Day);
        Assert.Equal("5月31日为星期六，顺延至6月2日；2031年放假安排未录入，只按周末推算", last.Reason);
        Assert.Equal("2031年放假安排未录入，只按周末推算",
            Shipped.Within(new DateOnly(2031, 5, 1), new DateOnly(2031, 5, 29)).Reason);
    }

    [Theory]
    [InlineData("2026-11-30", null)]
    [InlineData("2026-12-01", 2027)]
    [InlineData("2027-01-01", 2027)]
    [InlineData("2025-12-01", null)]
    public void Lacks_YearToBeAdded_IsToldFromDecember(string day, int? year) =>
        Assert.Equal(year, Shipped.Lacks(Day(day)));

    [Fact]
    public void Filing_ExtensionOfABureau_HoldsInItsRegionAndNeverShortens()
    {
        var calendar = Shipped.With("""
            extensions:
              - { month: 2025-08, until: 2025-08-25, region: '3301', citation: 浙江省税务局公告2025年第9号 }
              - { month: 2025-09, until: 2025-09-10, region: '', citation: 早于期限 }
            """);
        var put = calendar.Filing(new DateOnly(2025, 8, 15), "330106002");
        Assert.Equal((new DateOnly(2025, 8, 25), "税务机关公告延期至8月25日", "浙江省税务局公告2025年第9号"),
            (put.Day, put.Reason, put.Citation));
        Assert.Equal(new DateOnly(2025, 8, 15), calendar.Filing(new DateOnly(2025, 8, 15), "3302").Day);
        Assert.Equal(new DateOnly(2025, 8, 15), calendar.Filing(new DateOnly(2025, 8, 15)).Day);
        Assert.Equal(new DateOnly(2025, 9, 15), calendar.Filing(new DateOnly(2025, 9, 15), "330106").Day);
    }

    [Fact]
    public void With_AnotherYear_IsKnownAndChangesTheVersion()
    {
        var calendar = Shipped.With("""
            years:
              - year: 2027
                citation: 某通知
                off: [{ name: 元旦, from: 2027-01-01, to: 2027-01-03 }]
                work: [2027-01-09]
                filing: { citation: 某期限通知, days: [21, 22, 15, 15, 17, 15, 15, 16, 15, 15, 15, 15] }
            """);
        Assert.Null(calendar.Lacks(new DateOnly(2027, 11, 1)));
        Assert.False(calendar.IsOff(new DateOnly(2027, 1, 9)));
        Assert.Equal(new DateOnly(2027, 1, 21), calendar.Filing(new DateOnly(2027, 1, 15)).Day);
        Assert.Equal("税务总局通知明确为1月21日", calendar.Filing(new DateOnly(2027, 1, 15)).Reason);
        Assert.NotEqual(Shipped.Version, calendar.Version);
        Assert.NotEqual(ParameterSet.Shipped.Version, ParameterSet.Shipped.With(calendar).Version);
        Assert.Equal(Shipped.Version, Shipped.With().Version);
    }

    [Theory]
    [InlineData("years: {", "not YAML")]
    [InlineData("- 1", "mapping")]
    [InlineData("holidays: []", "unknown key 'holidays'")]
    [InlineData("years: [{ year: 2027, off: [], work: [] }]", "lacks 'citation'")]
    [InlineData(Year + "off: [{ name: n, from: 2027-01-03, to: 2027-01-01 }] }]", "before it begins")]
    [InlineData(Year + "work: [2027-01-04] }]", "make-up day")]
    [InlineData(Year + "off: [{ name: n, from: 2026-01-03, to: 2026-01-03 }] }]", "another year")]
    [InlineData(Year + "filing: { citation: c, days: [15] } }]", "1 filing days instead of 12")]
    [InlineData(Year + "filing: { citation: c, days: [16, 15, 15, 15, 17, 15, 15, 16, 15, 15, 15, 15] } }]", "1-16 is")]
    [InlineData("years: [{ year: 2027, citation: c }, { year: 2027, citation: c }]", "twice")]
    [InlineData("extensions: [{ month: 2027-01, until: 2026-12-31, citation: c }]", "before its month")]
    [InlineData("extensions: [{ month: 2027-01, until: 2027-01-20, region: 杭州, citation: c }]", "division prefix")]
    public void With_UnsoundText_SaysWhatIsWrong(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<FormatException>(() => Shipped.With(text)).Message,
            StringComparison.Ordinal);

    private const string Year = "years: [{ year: 2027, citation: c, ";

    private static bool IsWeekend(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
