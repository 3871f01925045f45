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
        var names = name.Length == 0 ? [] : (string[])[name, .. NamesInPlace(template, cells, name)];
        // A name as it stands founds a party before one without its place does.
        var aliases = new SortedSet<Alias>(Comparer<Alias>.Create((a, b) =>
            a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind)
            : a.Value.Contains(InPlace) != b.Value.Contains(InPlace) ? (a.Value.Contains(InPlace) ? 1 : -1)
            : string.CompareOrdinal(a.Value, b.Value)));
        for (var i = 0; i < template.Fields.Length; i++)
            if (cells[i] is { Length: > 0 } cell)
                foreach (var alias in Aliases(template, template.Fields[i].Identity, cell, names))
                    aliases.Add(alias);
        return new IdentityClaim([.. aliases], name);

        static IEnumerable<Alias> Aliases(
            Template template, IdentityRole role, string cell, string[] names) => role switch
        {
            IdentityRole.Uscc => OfUscc(cell),
            IdentityRole.TaxpayerNumber => OfTaxpayerNumber(cell, names),
            IdentityRole.TaxRegistrationKey => IsSomebodys(cell) ? [new Alias(AliasKind.TaxRegistrationKey, cell)] : [],
            IdentityRole.OrganisationCode when OrganisationCode.IsValid(Ascii(cell)) => [new Alias(AliasKind.OrganisationCode, cell)],
            IdentityRole.RegistrationNumber when RegistrationNumber.IsValid(Ascii(cell)) => [new Alias(AliasKind.RegistrationNumber, cell)],
            IdentityRole.RepresentativeId => OfCitizen(cell, names),
            IdentityRole.AnyCode => CitizenId.IsValid(Ascii(cell)) ? OfCitizen(cell, names) : OfUscc(cell),
            IdentityRole.SourceKey => IsSomebodys(cell)
                ? [new Alias(AliasKind.SourceKey, $"{template.Item}|{cell}|{names.FirstOrDefault("")}")] : [],
            _ => [],
        };
    }

    /// <summary>Between a name without its place and the county.</summary>
    private const char InPlace = '@';

    private static string? Cell(Template template, IReadOnlyList<string?> cells, IdentityRole role) =>
        template.IndexOf(role) is >= 0 and var index ? cells[index] : null;

    private static IEnumerable<Alias> OfUscc(string code) => Uscc.IsValid(code)
        ? [new Alias(AliasKind.Uscc, code), new Alias(AliasKind.OrganisationCode, code[8..17])] : [];

    private static IEnumerable<Alias> OfTaxpayerNumber(string number, string[] names)
    {
        var bare = Encoding.ASCII.GetString(TaxpayerNumber.WithoutPrefix(Ascii(number)));
        IEnumerable<Alias> inner = TaxpayerNumber.FormOf(Ascii(number)) switch
        {
            TaxpayerNumberForm.Uscc when Uscc.IsValid(bare) => OfUscc(bare),
            TaxpayerNumberForm.Uscc when CitizenId.IsValid(Ascii(bare)) =>
                [new Alias(AliasKind.TaxpayerNumber, number), .. OfCitizen(bare, names)],
            TaxpayerNumberForm.Uscc => [],
            TaxpayerNumberForm.Organisation => [new Alias(AliasKind.TaxpayerNumber, number), new Alias(AliasKind.OrganisationCode, bare[6..])],
            TaxpayerNumberForm.Citizen => [new Alias(AliasKind.TaxpayerNumber, number),
                .. OfCitizen(bare.Length is 17 or 20 ? bare[..^2] : bare, names)],
            _ => IsSomebodys(number) && !FillerCode.Is(Ascii(number)) ? [new Alias(AliasKind.TaxpayerNumber, number)]
                : [],
        };
        return inner;
    }

    /// <summary>No filler and no word for nothing: everybody who lacks a key has those.</summary>
    private static bool IsSomebodys(string key) => !FillerCode.IsKey(Ascii(key)) && !NothingWords.IsNothing(key);

    /// <summary>
    /// The name without the place in front, together with county, street and house: a licence says
    /// 云山市东湖区老井面馆 where tax says 老井面馆. Of one operator at one door they are one; a namesake of his in the next
    /// street is another.
    /// </summary>
    private static IEnumerable<string> NamesInPlace(Template template, IReadOnlyList<string?> cells, string name)
    {
        const int CountyDigits = 6;
        // A register has the place of the office and that of the business; whichever is filled in.
        var address = template.Fields.Select((field, i) => field.Identity == IdentityRole.Address
            ? NameKey.Of(cells[i]) : "").FirstOrDefault(text => text.Length > 0, "");
        var bare = PlaceInName.Without(name, address);
        var door = PlaceInName.DoorOf(address);
        if (door.Length == 0)
            yield break;
        var division = Cell(template, cells, IdentityRole.Town) is { Length: >= CountyDigits } town ? town
            : Cell(template, cells, IdentityRole.Division) ?? "";
        if (division.Length >= CountyDigits)
            yield return $"{bare}{InPlace}{division[..CountyDigits]}{InPlace}{door}";
        if (PlaceInName.CountyOf(address) is { Length: > 0 } county)
            yield return $"{bare}{InPlace}{county}{InPlace}{door}";
    }

    /// <summary>An identity number speaks only together with a name: one person runs several shops.</summary>
    private static IEnumerable<Alias> OfCitizen(string number, string[] names)
    {
        if (names.Length == 0 || !CitizenId.IsValid(Ascii(number)))
            return [];
        if (number.Length == CitizenId.LegacyLength)
        {
            Span<byte> upgraded = stackalloc byte[CitizenId.Length];
            CitizenId.Upgrade(Ascii(number), upgraded);
            number = Encoding.ASCII.GetString(upgraded);
        }
        return names.Select(name => new Alias(AliasKind.CitizenIdAndName, $"{number}|{name}"));
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
