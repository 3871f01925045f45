using System.Collections.Immutable;
using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Identity;

/// <summary>
/// What one row says of whose it is: its aliases, strongest first, and its name. Codes that fail their check give
/// no alias, nor do fillers, words for nothing and codes that cannot be: they identify nobody. A number that a
/// citizen's
/// identity number fits is one, whatever else it passes for.
/// </summary>
public sealed record IdentityClaim(ImmutableArray<Alias> Aliases, string Name)
{
    /// <summary>
    /// Reads the identifying cells of a row of <paramref name="template"/>; <paramref name="cells"/> belong to the
    /// fields by index.
    /// </summary>
    public static IdentityClaim Read(Template template, IReadOnlyList<string?> cells)
    {
        var name = NameKey.Of(Cell(template, cells, IdentityRole.Name));
        var aliases = new SortedSet<Alias>(Comparer<Alias>.Create((a, b) =>
            a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Value, b.Value)));
        for (var i = 0; i < template.Fields.Length; i++)
            if (cells[i] is { Length: > 0 } cell)
                foreach (var alias in Aliases(template, template.Fields[i].Identity, cell, name))
                    aliases.Add(alias);
        return new IdentityClaim([.. aliases], name);

        static IEnumerable<Alias> Aliases(Template template, IdentityRole role, string cell, string name) => role switch
        {
            IdentityRole.Uscc => OfUscc(cell),
            IdentityRole.TaxpayerNumber => OfTaxpayerNumber(cell, name),
            IdentityRole.TaxRegistrationKey => IsSomebodys(cell) ? [new Alias(AliasKind.TaxRegistrationKey, cell)] : [],
            IdentityRole.OrganisationCode when OrganisationCode.IsValid(Ascii(cell)) => [new Alias(AliasKind.OrganisationCode, cell)],
            IdentityRole.RegistrationNumber when RegistrationNumber.IsValid(Ascii(cell)) => [new Alias(AliasKind.RegistrationNumber, cell)],
            IdentityRole.RepresentativeId => OfCitizen(cell, name),
            IdentityRole.AnyCode => CitizenId.IsValid(Ascii(cell)) ? OfCitizen(cell, name) : OfUscc(cell),
            IdentityRole.SourceKey => IsSomebodys(cell)
                ? [new Alias(AliasKind.SourceKey, $"{template.Item}|{cell}|{name}")] : [],
            _ => [],
        };
    }

    private static string? Cell(Template template, IReadOnlyList<string?> cells, IdentityRole role) =>
        template.IndexOf(role) is >= 0 and var index ? cells[index] : null;

    private static IEnumerable<Alias> OfUscc(string code) => Uscc.IsValid(code)
        ? [new Alias(AliasKind.Uscc, code), new Alias(AliasKind.OrganisationCode, code[8..17])] : [];

    private static IEnumerable<Alias> OfTaxpayerNumber(string number, string name)
    {
        var bare = Encoding.ASCII.GetString(TaxpayerNumber.WithoutPrefix(Ascii(number)));
        IEnumerable<Alias> inner = TaxpayerNumber.FormOf(Ascii(number)) switch
        {
            TaxpayerNumberForm.Uscc when Uscc.IsValid(bare) => OfUscc(bare),
            TaxpayerNumberForm.Uscc when CitizenId.IsValid(Ascii(bare)) =>
                [new Alias(AliasKind.TaxpayerNumber, number), .. OfCitizen(bare, name)],
            TaxpayerNumberForm.Uscc => [],
            TaxpayerNumberForm.Organisation => [new Alias(AliasKind.TaxpayerNumber, number), new Alias(AliasKind.OrganisationCode, bare[6..])],
            TaxpayerNumberForm.Citizen => [new Alias(AliasKind.TaxpayerNumber, number), .. OfCitizen(bare.Length is 17 or 20 ? bare[..^2] : bare, name)],
            _ => IsSomebodys(number) && !FillerCode.Is(Ascii(number)) ? [new Alias(AliasKind.TaxpayerNumber, number)]
                : [],
        };
        return inner;
    }

    /// <summary>No filler and no word for nothing: everybody who lacks a key has those.</summary>
    private static bool IsSomebodys(string key) => !FillerCode.IsKey(Ascii(key)) && !NothingWords.IsNothing(key);

    /// <summary>An identity number speaks only together with the name: one person runs several shops.</summary>
    private static IEnumerable<Alias> OfCitizen(string number, string name)
    {
        if (name.Length == 0 || !CitizenId.IsValid(Ascii(number)))
            return [];
        if (number.Length == CitizenId.LegacyLength)
        {
            Span<byte> upgraded = stackalloc byte[CitizenId.Length];
            CitizenId.Upgrade(Ascii(number), upgraded);
            number = Encoding.ASCII.GetString(upgraded);
        }
        return [new Alias(AliasKind.CitizenIdAndName, $"{number}|{name}")];
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
