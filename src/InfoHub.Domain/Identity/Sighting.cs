namespace InfoHub.Domain.Identity;

/// <summary>Whom a name on a meter can mean.</summary>
public enum NameKind
{
    /// <summary>Nothing in it tells: nobody is accused by it.</summary>
    Unclear,

    /// <summary>It may be a natural person's: mostly the landlord.</summary>
    Person,

    /// <summary>A form of law or a place of trade stands in it.</summary>
    Operator,
}

/// <summary>
/// A department's wording of a party that no register has: the row was compared by name, person and address with
/// every entry that could be it, and matches nobody.
/// </summary>
/// <param name="Name">As the department wrote it.</param>
/// <param name="Nobody">Probability that the registers do not have it, 0 to 1, four decimals, cut off.</param>
/// <param name="Compared">Register entries it was compared with.</param>
/// <param name="Nearest">The most probable of them; "" when nothing was compared.</param>
/// <param name="Against">What speaks most against that entry, in zh-CN; "" when nothing does.</param>
public sealed record Sighting(
    string Item, string Name, NameKind Kind, decimal Nobody, int Compared, string Nearest, string Against);
