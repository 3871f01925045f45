using System.Collections.Immutable;
using InfoHub.Domain.Reconciliation;
using InfoHub.Templates.Model;

namespace InfoHub.Domain.Identity;

/// <summary>
/// How a party is called and where it belongs, told by its facts: the tax register first, then the market register,
/// then
/// whoever else names it. The same facts give the same profile in whatever order they came.
/// </summary>
/// <param name="Name">"" when no fact names it.</param>
/// <param name="Region">Six-digit division a finding is routed by; "" when no fact tells.</param>
/// <param name="Town">Nine-digit township; "" when no fact tells.</param>
public sealed record PartyProfile(string Name, string Region, string Town)
{
    private const int DivisionDigits = 6;

    /// <summary>The items that say who exists: rows of other items are matched with theirs.</summary>
    public static ImmutableArray<string> Registers { get; } = ["SW-01", "SCJG-01"];

    /// <summary>Departments whose codes are their own: nobody has to compare names to believe them.</summary>
    public static ImmutableArray<string> Registrars { get; } = ["SW", "SCJG"];

    public static PartyProfile Of(IReadOnlyDictionary<string, ImmutableArray<Fact>> facts)
    {
        var ordered = Registers.Where(facts.ContainsKey).Concat(facts.Keys.Except(Registers).Order(StringComparer.Ordinal))
            .SelectMany(item => facts[item].OrderByDescending(f => f.Period.End)).ToArray();
        var town = First(ordered, IdentityRole.Town);
        var division = First(ordered, IdentityRole.Division);
        return new PartyProfile(First(ordered, IdentityRole.Name), town.Length >= DivisionDigits ? town[..DivisionDigits] : division, town);
    }

    private static string First(IEnumerable<Fact> facts, IdentityRole role) => facts
        .Select(f => f.Template.IndexOf(role) is >= 0 and var index ? (string?)f.Values[index] : null).FirstOrDefault(v => v is { Length: > 0 }) ?? "";
}
