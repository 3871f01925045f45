namespace InfoHub.Linkage.Comparing;

/// <summary>Which part of the two records a field compares, for showing them beside each other.</summary>
internal enum ComparedPart
{
    None,
    Core,
    Branch,
    Person,
    Address,
    NameRegion,
    AddressRegion,
}

/// <summary>
/// A field of the comparison with its named levels; every level has one weight, from <see cref="First"/> on.
/// </summary>
internal sealed record ComparisonField(string Name, int First, string[] Levels)
{
    public ComparedPart Side => Name switch
    {
        "core" => ComparedPart.Core,
        "branch" => ComparedPart.Branch,
        "person" => ComparedPart.Person,
        "address" => ComparedPart.Address,
        "region" => ComparedPart.NameRegion,
        "county" => ComparedPart.AddressRegion,
        _ => ComparedPart.None,
    };
}

/// <summary>
/// All fields and levels that a weight is learned for. FROZEN names: the stored weights carry them, so a field may be
/// added and none re-meant.
/// </summary>
internal static class ComparisonFields
{
    private static readonly List<ComparisonField> Fields = [];

    public static readonly ComparisonField Core = Of("core",
        "same", "look-alike", "swap", "gap", "other-nonword", "other-word", "two-nonword", "two-word", "contained",
            "shares-85", "shares-70",
        "shares-55", "shares-40", "shares-25", "shares-little");

    public static readonly ComparisonField Head = Of("head", "none", "one", "both", "short");
    public static readonly ComparisonField Shared = Of("shared-bits", "4", "10", "18", "26", "36", "48", "64", "more");
    public static readonly ComparisonField RowLeft = Of("row-left-bits", "0", "8", "16", "24", "36", "50", "more");
    public static readonly ComparisonField EntryLeft = Of("entry-left-bits", "0", "8", "16", "24", "36", "50", "more");
    public static readonly ComparisonField Contained = Of("contained", "40", "65", "85", "99", "all");
    public static readonly ComparisonField Length = Of("length", "same", "1", "3", "6", "more");
    public static readonly ComparisonField CoreTwins = Of("core-twins", "not-same", "one", "two", "some", "many");

    public static readonly ComparisonField Region = Of("region",
        "both-none", "row-none", "entry-none", "same", "nested", "same-city", "same-province", "conflict");

    public static readonly ComparisonField Form = Of("form", "both-none", "row-none", "entry-none", "same", "differs");

    public static readonly ComparisonField Branch = Of("branch",
        "both-none", "row-none", "entry-none", "same", "contained", "typo", "similar", "differs", "blank");

    public static readonly ComparisonField Ordinals = Of("ordinals", "both-none", "one-none", "same", "differs");

    public static readonly ComparisonField Person = Of("person",
        "row-none", "entry-none", "typo-short", "typo", "surname", "differs", "same-6", "same-9", "same-11",
            "same-13", "same-15", "same-rare", "both-none");

    public static readonly ComparisonField Address = Of("address",
        "none", "same-rare", "same-some", "same-many", "prefix", "over-90", "over-75", "over-60", "over-45",
            "over-32", "over-20", "over-10", "under-10");

    public static readonly ComparisonField Numbers =
        Of("numbers", "none", "both-none", "one-none", "all-2", "all-1", "first", "some", "no");

    public static readonly ComparisonField County = Of("county", "unknown", "same", "nested", "differs");
    public static readonly ComparisonField City = Of("city", "differs", "same", "unknown");

    /// <summary>Name, person and address are not independent of each other: what they say together.</summary>
    public static readonly ComparisonField Together = Of("together", Product(9, 6, 6));

    /// <summary>How the core agrees, by how much the agreement tells.</summary>
    public static readonly ComparisonField CoreByShared = Of("core-by-shared", Product(5, 8));

    /// <summary>Words left on both sides are another name; on one side only, an omission.</summary>
    public static readonly ComparisonField Left = Of("left", Product(7, 7));

    public static readonly ComparisonField RegionByCore = Of("region-by-core", Product(8, 5));
    public static readonly ComparisonField FormHead = Of("form-head", "both-none", "one-none", "same", "differs");
    public static readonly ComparisonField BranchByAddress = Of("branch-by-address", Product(4, 6));

    public static readonly ComparisonField PersonByTwins = Of("person-by-twins", Product(6, 5));

    /// <summary>What the row alone says for being in nobody's register. Weighed once for a row, for "nobody".</summary>
    public static readonly ComparisonField Nobody = Of("nobody", Product(6, 2, 2, 2, 2));

    /// <summary>
    /// In the place of <see cref="Nobody"/> for a row whose name ends in a place of trade or is a person's: how much it
    /// tells, whether it has a person and an address, whether it has pairs that no entry has, and which of both it is.
    /// </summary>
    public static readonly ComparisonField ShopNobody = Of("shop-nobody", Product(6, 2, 2, 2, 2));

    /// <summary>Where a row's and an entry's name end in: neither, one or both in a place of trade.</summary>
    public static readonly ComparisonField ShopForm = Of("shop-form", Product(2, 3));

    public static readonly ComparisonField ShopSign = Of("shop-sign",
        "same", "other-end", "slip", "begins", "within", "near-nonword", "near", "surname", "half", "trade", "little");

    /// <summary>Whose name stands in whose: traders name shops for themselves, clerks name the trader.</summary>
    public static readonly ComparisonField ShopOwner = Of("shop-owner",
        "no", "row-is-person", "in-row", "in-entry", "in-both");

    public static readonly ComparisonField ShopTogether = Of("shop-together", Product(11, 7, 7));

    /// <summary>The same sign in another district is another shop's, unless there is but one of it.</summary>
    public static readonly ComparisonField ShopCounty = Of("shop-county", Product(3, 11, 5));

    /// <summary>How many shops of the city bear the sign, by person and address.</summary>
    public static readonly ComparisonField ShopTwins = Of("shop-twins", Product(5, 7, 7));

    public static readonly ComparisonField ShopShared = Of("shop-shared", Product(11, 8));

    /// <summary>How rare the sign begins, by how it agrees, by the address, and by whether a person is known.</summary>
    public static readonly ComparisonField ShopRarity = Of("shop-rarity", Product(5, 3, 7, 2));

    public static IReadOnlyList<ComparisonField> All => Fields;

    /// <summary>Number of weights.</summary>
    public static int Count { get; private set; }

    private static ComparisonField Of(string name, params string[] levels)
    {
        var field = new ComparisonField(name, Count, levels);
        Fields.Add(field);
        Count += levels.Length;
        return field;
    }

    private static string[] Product(params int[] sizes)
    {
        IEnumerable<string> names = [""];
        foreach (var size in sizes)
            names = names.SelectMany(n => Enumerable.Range(0, size), (n, i) =>
                n.Length == 0 ? $"{i}" : $"{n}-{i}").ToArray();
        return [.. names];
    }
}
