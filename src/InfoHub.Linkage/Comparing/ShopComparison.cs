using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;

namespace InfoHub.Linkage.Comparing;

/// <summary>What a shop is known by.</summary>
internal readonly ref struct ShopText(PartyForms forms, in PartyForm form)
{
    public readonly ReadOnlySpan<char> Core = forms.Core(form);
    public readonly ReadOnlySpan<char> Person = forms.Person(form);
}

/// <summary>
/// Compares shops as shops: by the sign without the place of trade it ends in, by whose name stands in it, and by the
/// district, within which the law lets a name be given once.
/// </summary>
internal static class ShopComparison
{
    private const int SlipSignMin = 3;
    private const int WithinMin = 3;

    /// <summary>0 for a name without a form, 1 for a place of trade, 2 for any other party.</summary>
    public static int KindOf(in PartyForm form) => !form.IsShop ? 2 : form.Form == FormFamily.Place ? 1 : 0;

    /// <summary>A level of <see cref="ComparisonFields.ShopSign"/>.</summary>
    /// <param name="isNonword">The row has pairs of characters that no entry has, as a slip of the pen makes.</param>
    /// <param name="shared">Bits that both have in common.</param>
    /// <param name="least">Bits of the one that has fewer.</param>
    public static int SignLevel(ReadOnlySpan<char> row, ReadOnlySpan<char> entry, bool isNonword, float shared,
        float least)
    {
        if (row.SequenceEqual(entry))
            return 0;
        var a = OperatorName.WithoutEnd(row);
        var b = OperatorName.WithoutEnd(entry);
        if (a.SequenceEqual(b))
            return 1;
        var shorter = a.Length <= b.Length ? a : b;
        var longer = a.Length <= b.Length ? b : a;
        if (longer.StartsWith(shorter, StringComparison.Ordinal))
            return 3;
        if (shorter.Length > WithinMin && longer.IndexOf(shorter, StringComparison.Ordinal) >= 0)
            return 4;
        if (OperatorName.HaveTwoSurnames(a, b)
            || (OperatorName.SurnameOf(a) is var one and not '\0' && OperatorName.SurnameOf(b) is var two and not '\0'
                && one != two && !LookAlikes.Are(one, two)))
            return 7;
        return NameEdit.Between(a, b).Kind switch
        {
            EditKind.LookAlike or EditKind.Swap or EditKind.Gap when shorter.Length >= SlipSignMin => 2,
            EditKind.LookAlike or EditKind.Swap or EditKind.Gap or EditKind.Other => isNonword ? 5 : 6,
            _ => shared < least * .5f ? 10 : HaveHead(a, b) ? 8 : 9,
        };
    }

    /// <summary>Levels of <see cref="ComparisonFields.ShopSign"/>: the same, nearly, another.</summary>
    public static int GroupOf(int sign) => sign switch { 0 or 1 => 0, < 7 => 1, _ => 2 };

    /// <summary>A level of <see cref="ComparisonFields.ShopOwner"/>.</summary>
    public static int OwnerLevel(ShopText row, ShopText entry)
    {
        var (inRow, inEntry) = (Names(row.Core, entry.Person), Names(entry.Core, row.Person));
        if (inRow && row.Core.Length == entry.Person.Length)
            return 1;
        return (inRow, inEntry) switch { (true, true) => 4, (true, false) => 2, (false, true) => 3, _ => 0 };
    }

    /// <summary>0 where a district is not known, 1 for the same, 2 for another.</summary>
    public static int CountyLevel(in PartyForm row, in PartyForm entry)
    {
        var (a, b) = (CountyOf(row), CountyOf(entry));
        return a == Divisions.None || b == Divisions.None ? 0 : a == b ? 1 : 2;
    }

    /// <summary>
    /// 0 for no address, 1 the same, 2 near with its numbers, 3 near where one has none, 4 near with other numbers,
    /// 5 a little alike, 6 another.
    /// </summary>
    public static int AddressGroup(int address, int numbers) => address switch
    {
        0 => 0,
        <= 3 => 1,
        <= 8 => numbers switch { 3 or 4 => 2, 1 or 2 => 3, _ => 4 },
        <= 10 => 5,
        _ => 6,
    };

    /// <summary>A slip leaves one of the first two characters; the same trade under another sign leaves none.</summary>
    private static bool HaveHead(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        a.Length > 1 && b.Length > 1 && (b[..2].Contains(a[0]) || b[..2].Contains(a[1]));

    private static bool Names(ReadOnlySpan<char> core, ReadOnlySpan<char> person) =>
        person.Length >= 2 && core.IndexOf(person, StringComparison.Ordinal) >= 0;

    /// <summary>Where it is registered by its name, else where it stands.</summary>
    private static int CountyOf(in PartyForm form) =>
        form.NameRegion % 100 != 0 ? form.NameRegion
            : form.AddressRegion % 100 != 0 ? form.AddressRegion : Divisions.None;
}
