using System.Collections.Immutable;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// Whose branch a party was in a month. Three items may name the head office (SCJG-01 and YB-01 parent_uscc, SW-01
/// parent_nsrsbh); each holds for its own time, and one of them is enough. A row that names its own code is the head
/// office; a franchise shop (连锁加盟) is a taxpayer of its own.
/// </summary>
internal static class HeadOffice
{
    private const string Licences = "SCJG-01", Settlements = "YB-01";

    /// <summary>A month after every row: asks for the last that is known.</summary>
    public static readonly Period Latest = Period.MonthOf(new DateOnly(2100, 12, 1));

    /// <summary>The codes of the head offices that are named for the month; empty for a party on its own.</summary>
    public static ImmutableArray<string> In(Dossier dossier, Period month) =>
    [
        .. Named(Register.On(dossier, Licences, "uscc", month), "parent_uscc", "uscc")
            .Concat(Named(TaxRegister.RowsOn(dossier, month), "parent_nsrsbh", "nsrsbh"))
            .Concat(BySettlements(dossier, month)).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>By what a branch may name the party.</summary>
    public static ImmutableArray<string> CodesOf(Dossier dossier) => [.. dossier.Versions(TaxRegister.Item)
        .SelectMany(r => new[] { r.Text("nsrsbh"),
            r.Text("uscc") }).Append(dossier.Party.Uscc).OfType<string>().Distinct()];

    public static bool Names(Fact registration) => Named([registration], "parent_nsrsbh", "nsrsbh").Any();

    /// <summary>
    /// By the rows of the month or, in a month without, by those of the last month before. The column is optional: a
    /// blank cell between two that name the same head office is that one, and so is one of a 直营 shop; of any other the
    /// blank cell names nobody.
    /// </summary>
    private static IEnumerable<string> BySettlements(Dossier dossier, Period month)
    {
        var rows = dossier.Of(Settlements).Where(r => r.Text("provider_type") != Codes.ChainFranchise
            && r.PeriodOf("data_month") is not null)
            .OrderBy(r => r.PeriodOf("data_month")).ToArray();
        if (rows.Length == 0)
            return [];
        var told = (rows.LastOrDefault(r => r.PeriodOf(
            "data_month") <= month) ?? rows[0]).PeriodOf("data_month")!.Value;
        var here = rows.Where(r => r.PeriodOf("data_month") == told).ToArray();
        if (Named(here).Any())
            return Named(here);
        var (before, after) = (Named(rows.Where(r => r.PeriodOf("data_month") < told)).LastOrDefault(),
            Named(rows.Where(r => r.PeriodOf("data_month") > told)).FirstOrDefault());
        var isOwned = here.Any(r => r.Text("provider_type") == Codes.ChainOwned);
        return (isOwned ? before ?? after : before == after ? before : null) is { } head ? [head] : [];
    }

    private static IEnumerable<string> Named(IEnumerable<Fact> settlements) => Named(settlements, "parent_uscc",
        "uscc");

    private static IEnumerable<string> Named(IEnumerable<Fact> rows, string parent, string own) =>
        rows.Where(r => r.Text(parent) is { Length: > 0 } code && code != r.Text(own)).Select(r => r.Text(parent)!);
}
