using System.Collections.Immutable;
using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>What SW-01 says about the party: one row per djxh, under any of the party's aliases.</summary>
internal static class TaxRegister
{
    public const string Item = "SW-01";

    /// <summary>The day of the next month on which SW-01 is due.</summary>
    public const string DueDay = "register.due-day";

    public static ImmutableArray<Fact> Rows(Dossier dossier) => dossier.Of(Item);

    /// <summary>非正常 or 注销. Every other state, 停业 among them, is known to the tax bureau.</summary>
    public static bool Lapsed(Fact row) => row.Text("nsrzt_dm") is Codes.TaxpayerNotNormal or Codes.TaxpayerCancelled;

    /// <summary>What the register said in the period of each registration it has now or had then.</summary>
    public static ImmutableArray<Fact> RowsOn(Dossier dossier, Period period) => Register.On(dossier, Item, "djxh",
        period);

    /// <summary>
    /// At least one row whose taxpayer was bound to file for the period: 正常, and registered from its beginning on.
    /// </summary>
    public static Fact? Filer(Dossier dossier, Period period) => RowsOn(dossier, period)
        .FirstOrDefault(r => r.Text("nsrzt_dm") == Codes.TaxpayerNormal && r.Date("djrq") <= period.Start);

    /// <summary>
    /// What the register said of the registration in the period: the row sent for it or, failing that, for the last
    /// period before it; before the first one ever sent, that first one. Null when the registration was never sent.
    /// </summary>
    public static Fact? On(Dossier dossier, string djxh, Period period)
    {
        var versions = dossier.Versions(Item).Where(r => r.Text("djxh") == djxh).ToArray();
        return versions.Length == 0 ? null : Register.On(versions, period);
    }

    /// <summary>The row in force now; null when there is none.</summary>
    public static Fact? Now(Dossier dossier, string djxh) => Rows(dossier).FirstOrDefault(r => r.Text("djxh") == djxh);

    /// <summary>
    /// The register has been received for a period that reaches the day: only then does absence mean something.
    /// </summary>
    public static bool ReceivedThrough(Dossier dossier, DateOnly day) => dossier.Coverage.Latest(Item)?.End >= day;

    /// <summary>
    /// Whether the register can be asked for a firm whose term ended on <paramref name="lastDay"/>: it has been
    /// received
    /// through that day or, when the month of that day is not due yet, for the last month that is.
    /// </summary>
    public static RegisterAnswer AnswerFor(Dossier dossier, ParameterSet parameters, DateOnly lastDay)
    {
        if (ReceivedThrough(dossier, lastDay))
            return new RegisterAnswer(null, null);
        var month = Period.MonthOf(dossier.AsOf);
        var isPast = dossier.AsOf >= DueIn(month, parameters);
        var lastDue = month.AddMonths(isPast ? -1 : -2);
        if (lastDue.End >= lastDay)
            return new RegisterAnswer(Period.MonthOf(lastDay), null);
        return new RegisterAnswer(ReceivedThrough(dossier, lastDue.End) ? null : lastDue,
            DueIn(isPast ? month.AddMonths(1) : month, parameters));
    }

    /// <summary>
    /// The day in a month on which the month before is due. Agreed with the bureau, not a term of 征管法: it moves off a
    /// day off and is not prolonged.
    /// </summary>
    private static DateOnly DueIn(Period month, ParameterSet parameters)
    {
        var dueDay = (int)parameters.At(DueDay, month.Start).Value;
        return parameters.Calendar.After(month.Start.AddDays(dueDay - 1)).Day;
    }

    /// <summary>A return of the month, or of the quarter around it, declares sales.</summary>
    public static bool DeclaredSales(Dossier dossier, Period month) => Declarations.Rows(dossier).Any(r =>
        r.Date("skssqq") <= month.End && r.Date("skssqz") >= month.Start && Declarations.Sales(r) > Money.Zero);

    /// <summary>The township (or division) parameters are looked up by; "" when no row tells.</summary>
    public static string Region(Dossier dossier) =>
        First(dossier, Item, "jdxz_dm") ?? First(dossier, "SCJG-01", "town_code") ?? First(dossier, "SCJG-01", "region_code") ?? "";

    private static string? First(Dossier dossier, string item, string field) =>
        dossier.Of(item).Select(r => r.Text(field)).Where(v => v is not null).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>A declaration or payment of the party has a 所属期 that touches the month.</summary>
    public static bool FiledOrPaid(Dossier dossier, Period month) =>
        dossier.Of("SW-03").Concat(dossier.Of("SW-02")).Any(r => r.Date("skssqq") <= month.End && r.Date("skssqz") >= month.Start);
}

/// <summary>What the tax register says of a day.</summary>
/// <param name="Awaits">Without this month it says nothing; null when it can be asked.</param>
/// <param name="RevisitOn">From this day on another month of it is due, and the answer may be another.</param>
internal readonly record struct RegisterAnswer(Period? Awaits, DateOnly? RevisitOn);
