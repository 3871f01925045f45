using System.Collections.Immutable;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>A register whose rows hold from their period until a later one of the same key.</summary>
internal static class Register
{
    /// <summary>What the register said of each key in the period.</summary>
    /// <param name="key">The column that tells one entry from another; rows without it are one entry.</param>
    public static ImmutableArray<Fact> On(Dossier dossier, string item, string key, Period period) =>
        [.. dossier.Versions(item)
        .GroupBy(r => r.Text(key) ?? "").OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => On([.. g], period))];

    /// <summary>
    /// Of the versions of one entry, oldest first: the row sent for the period or, failing that, for the last period
    /// before it; before the first one ever sent, that first one.
    /// </summary>
    public static Fact On(IReadOnlyList<Fact> versions, Period period) =>
        versions.LastOrDefault(r => r.Period.End <= period.End) ?? versions[0];
}
