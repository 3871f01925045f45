using System.Collections.Immutable;

namespace InfoHub.Domain.Reconciliation;

/// <summary>What one provider tells of the 医保占比 of its type in a calendar year.</summary>
/// <param name="ProviderType">YB-01 provider_type.</param>
/// <param name="Share">
/// Settled ÷ declared over the comparable periods of the year, to six digits, above 0 and at most 1. Null for a provider
/// that is compared and no member: it declared nothing or less than was settled, or is of several types.
/// </param>
public sealed record ProviderShare(string ProviderType, int Year, decimal? Share);

/// <summary>The city's median of a type and year, to four digits, and how many providers it is the median of.</summary>
public sealed record CityShare(string ProviderType, int Year, int Members, decimal Median);

/// <summary>The medians a dossier is judged with: a figure of all parties, made of what the models said of each.</summary>
public sealed class CityShares(IEnumerable<CityShare> shares)
{
    public static readonly CityShares None = new([]);

    private readonly ImmutableDictionary<(string, int), CityShare> _shares = shares.ToImmutableDictionary(s =>
        (s.ProviderType, s.Year));

    /// <summary>Null when no provider of the type has a share in the year.</summary>
    public CityShare? Find(string providerType, int year) => _shares.GetValueOrDefault((providerType, year));
}
