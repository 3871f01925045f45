using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>所属期 of tax rows (skssqq..skssqz) and the deadlines that follow from them.</summary>
internal static class TaxPeriods
{
    /// <summary>
    /// The month or the whole quarter a span of days is about; a span inside one month is that month (代开, 按次). Null for
    /// any other span (a year, a stretch of 查补).
    /// </summary>
    public static Period? Of(DateOnly? from, DateOnly? to)
    {
        if (from is not { } start || to is not { } end || end < start)
            return null;
        var month = Period.MonthOf(start);
        if (end <= month.End)
            return month;
        var quarter = QuarterOf(month);
        return quarter.Start == start && quarter.End == end ? quarter : null;
    }

    /// <summary>
    /// The period of a return: as <see cref="Of"/>, and the quarter of which it is the first or last part (registered
    /// or cancelled within it). What is paid for such days without a return may as well be 查补.
    /// </summary>
    public static Period? OfReturn(DateOnly? from, DateOnly? to) => Of(from, to)
        ?? (from is { } start && to is { } end && start < end && QuarterOf(Period.MonthOf(start)) is var quarter
            && end <= quarter.End
            ? quarter : null);

    public static Period QuarterOf(Period month) => Period.Quarter(month.Year, ((month.Start.Month - 1) / 3) + 1);

    public static Period LastMonth(Period period) => Period.MonthOf(period.End);

    /// <summary>The period of the same kind that follows.</summary>
    public static Period Next(Period period) => period.AddMonths(period.Kind == PeriodKind.Quarter ? 3 : 1);

    /// <summary>
    /// The last day to file and pay: the parameterised day of the month after the period, moved as 细则109条, the
    /// year's notice or a bureau's extension in <paramref name="region"/> move it.
    /// </summary>
    public static LegalDay Due(Period period, ParameterSet parameters, string region = "")
    {
        var day = (int)parameters.At(Names.FilingDueDay, period.End).Value;
        return parameters.Calendar.Filing(period.End.AddDays(day), region);
    }

    /// <summary>The day of <see cref="Due"/>.</summary>
    public static DateOnly DueDate(Period period, ParameterSet parameters, string region = "") =>
        Due(period, parameters, region).Day;

    /// <summary>
    /// The last day on which a shortfall due on <paramref name="due"/> can be recovered, 征管法52条: three years, five
    /// when it reaches the amount of 细则82条 or when the amount of tax is not known (null). A last day that is a
    /// day off moves on (细则109条, first half: the term is not one in days).
    /// </summary>
    public static DateOnly RecoverableThrough(DateOnly due, Money? tax, ParameterSet parameters)
    {
        var special = tax is not { } amount || amount.Yuan >= parameters.At(Names.RecoverySpecialAmount, due).Value;
        var years = (int)parameters.At(special ? Names.RecoveryYearsSpecial : Names.RecoveryYears, due).Value;
        return parameters.Calendar.After(due.AddYears(years)).Day;
    }

    /// <summary>Parameters this class reads; a model that calls it lists them.</summary>
    internal static class Names
    {
        public const string FilingDueDay = "filing.due-day", RecoveryYears = "recovery.years",
            RecoveryYearsSpecial = "recovery.years-special", RecoverySpecialAmount = "recovery.special-amount";
    }
}
