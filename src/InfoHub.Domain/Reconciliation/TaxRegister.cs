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

    /// <summary>
    /// At least one row whose taxpayer is bound to file: 正常, and from <paramref name="day"/> on registered.
    /// </summary>
    public static Fact? Filer(Dossier dossier, DateOnly day) =>
        Rows(dossier).Where(r => r.Text("nsrzt_dm") == Codes.TaxpayerNormal && r.Date("djrq") <= day)
            .OrderBy(r => r.Text("djxh"), StringComparer.Ordinal).FirstOrDefault();

    public static Fact? Of(Dossier dossier, string djxh) => Rows(dossier).FirstOrDefault(r => r.Text("djxh") == djxh);

    /// <summary>
    /// The register has been received for a period that reaches the day: only then does absence mean something.
    /// </summary>
    public static bool ReceivedThrough(Dossier dossier, DateOnly day) => dossier.Coverage.Latest(Item)?.End >= day;

    /// <summary>
    /// The register can be asked for a firm whose term ended on <paramref name="lastDay"/>: it has been received
    /// through that
    /// day, or, when the month of that day is not due yet, for the last month that is.
    /// </summary>
    public static bool AnswersFor(Dossier dossier, ParameterSet parameters, DateOnly lastDay)
    {
        if (ReceivedThrough(dossier, lastDay))
            return true;
        var month = Period.MonthOf(dossier.AsOf);
        var dueDay = (int)parameters.At(DueDay, dossier.AsOf).Value;
        // Agreed with the bureau, not a term of 征管法: it moves off a day off and is not prolonged.
        var due = parameters.Calendar.After(month.Start.AddDays(dueDay - 1)).Day;
        var lastDue = month.AddMonths(dossier.AsOf >= due ? -1 : -2);
        return lastDue.End < lastDay && ReceivedThrough(dossier, lastDue.End);
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
