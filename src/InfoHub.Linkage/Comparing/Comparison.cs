using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using static InfoHub.Linkage.Comparing.ComparisonFields;

namespace InfoHub.Linkage.Comparing;

/// <summary>What is the same for all comparisons of a row.</summary>
/// <param name="Twins">Register entries with the very same core.</param>
/// <param name="Sharers">Register entries at the very same address.</param>
/// <param name="Signs">Of a shop, shops of the same sign in the city.</param>
internal readonly record struct RowContext(int Twins, int Sharers, int Signs);

/// <summary>Compares rows with the entries of one segment and tells the level of every field.</summary>
internal sealed class Comparison(PartyRegister register, RegisterSegment segment, PartyForms rows)
{
    /// <summary>Levels of one comparison at most.</summary>
    public const int LevelsMax = 36;

    private readonly PartyForms _entries = segment.Forms;

    public RowContext ContextOf(in PartyForm row)
    {
        var (twins, sharers, signs) = (0, 0, 0);
        var (core, address) = (RegisterSegment.CoreKey(rows, row), RegisterSegment.AddressKey(rows, row));
        var sign = RegisterSegment.SignKey(rows, row);
        for (var i = 0; i < register.Segments.Length; i++)
        {
            twins += register.CountPresent(i, register.Segments[i].WithCore(core));
            sharers += register.CountPresent(i, register.Segments[i].AtAddress(address));
            signs += register.CountPresent(i, register.Segments[i].WithSign(sign));
        }
        return new RowContext(twins, sharers, signs);
    }

    /// <summary>
    /// Writes the weight number of each field's level and returns how many; 0 when the two share too little to be
    /// compared, unless they are to be compared <paramref name="always"/>.
    /// </summary>
    public int Levels(in PartyForm row, int record, RowContext context, Span<short> levels, bool always)
    {
        ref readonly var entry = ref _entries.Forms[record];
        var shared = Common(rows.NameGrams(row), _entries.NameGrams(entry), register.Words.Names);
        var samePerson = row.PersonLength > 0 && rows.Person(row).SequenceEqual(_entries.Person(entry));
        var sameAddress = row.AddressLength > 0 && rows.Address(row).SequenceEqual(_entries.Address(entry));
        var least = Math.Min(row.NameBits, entry.NameBits);
        var edit = new NameEdit(NameEdit.TooFar, EditKind.More);
        if (always || samePerson || sameAddress || shared >= 0.35f * least || shared >= 14)
            edit = NameEdit.Between(rows.Core(row), _entries.Core(entry), shared > 0.2f * least);
        else if (Math.Abs(row.CoreLength - entry.CoreLength) > 2 || row.CoreLength > RegisterSegment.NearCoreMost
            || (edit = NameEdit.Between(rows.Core(row), _entries.Core(entry), false)).Distance > 2)
            return 0;
        var count = 0;
        void Put(Span<short> into, ComparisonField field, int level) => into[count++] = (short)(field.First + level);

        var (rowLeft, entryLeft) = (row.NameBits - shared, entry.NameBits - shared);
        var core = CoreLevel(row, entry, edit, shared, least);
        var shares = Bin(shared, 4, 10, 18, 26, 36, 48, 64);
        Put(levels, Core, core);
        Put(levels, Head, HeadLevel(rows.Core(row), _entries.Core(entry)));
        Put(levels, Shared, shares);
        var (left, missing) = (Bin(rowLeft, 0.5f, 8, 16, 24, 36, 50), Bin(entryLeft, 0.5f, 8, 16, 24, 36, 50));
        Put(levels, RowLeft, left);
        Put(levels, EntryLeft, missing);
        Put(levels, Left, (left * 7) + missing);
        Put(levels, Contained, Bin(least > 0 ? shared / least : 0, .4f, .65f, .85f, .999f));
        Put(levels, Length, Bin(Math.Abs(row.CoreLength + row.BranchLength - entry.CoreLength - entry.BranchLength),
            1, 2, 4, 7));
        var twin = core != 0 ? 0 : TwinGroup(context.Twins);
        Put(levels, CoreTwins, twin);
        var region = RegionLevel(row.NameRegion, entry.NameRegion);
        Put(levels, Region, region);
        Put(levels, RegionByCore, (region * 5) + CoreGroup(core));
        Put(levels, FormHead, PairLevel(row.Head, entry.Head));
        Put(levels, Form, FormLevel(row.Form, entry.Form));
        var branch = BranchLevel(row, entry);
        Put(levels, Branch, branch);
        Put(levels, Ordinals, PairLevel(row.Ordinals, entry.Ordinals));
        var person = PersonLevel(row, entry, samePerson);
        Put(levels, Person, person);
        var (address, numbers) = AddressLevels(row, entry, sameAddress, context.Sharers);
        Put(levels, Address, address);
        Put(levels, Numbers, numbers);
        Put(levels, County, CountyLevel(row.AddressRegion, entry.AddressRegion));
        Put(levels, City, CityLevel(row.City, entry.City));
        var (nameGroup, personGroup, addressGroup) =
            (NameGroup(core, branch), PersonGroup(person), AddressGroup(address, numbers));
        Put(levels, Together, (((nameGroup * 6) + personGroup) * 6) + addressGroup);
        Put(levels, CoreByShared, (CoreGroup(core) * 8) + shares);
        Put(levels, BranchByAddress, (BranchGroup(branch) * 6) + addressGroup);
        Put(levels, PersonByTwins, (personGroup * 5) + twin);
        // A company that lost its form is compared with companies as one.
        if (row.IsShop && (entry.IsShop || row.Form == FormFamily.Place))
        {
            var text = new ShopText(rows, row);
            var other = new ShopText(_entries, entry);
            var sign = ShopComparison.SignLevel(text.Core, other.Core, HasUnknown(row), shared, least);
            var owner = ShopComparison.OwnerLevel(text, other);
            var who = owner > 0 && personGroup is 0 ? 6 : personGroup;
            var where = ShopComparison.AddressGroup(address, numbers);
            var twins = sign > 1 ? 0 : TwinGroup(context.Signs);
            Put(levels, ShopForm, ((int)row.Form / (int)FormFamily.Place * 3) + ShopComparison.KindOf(entry));
            Put(levels, ShopSign, sign);
            Put(levels, ShopOwner, owner);
            Put(levels, ShopTogether, (((sign * 7) + who) * 7) + where);
            Put(levels, ShopCounty, (((ShopComparison.CountyLevel(row, entry) * 11) + sign) * 5) + twins);
            Put(levels, ShopTwins, (((twins * 7) + who) * 7) + where);
            Put(levels, ShopShared, (sign * 8) + shares);
            Put(levels, ShopRarity, (((((Rarity(text.Core) * 3) + ShopComparison.GroupOf(sign)) * 7) + where) * 2)
                + (personGroup > 0 ? 1 : 0));
        }
        return count;
    }

    /// <summary>The level of what the row alone says for "nobody".</summary>
    public short NobodyLevel(in PartyForm row)
    {
        if (row.IsShop && (row.Form == FormFamily.Place || OperatorName.IsPerson(rows.Core(row))))
            return ShopNobodyLevel(row);
        var level = Bin(row.NameBits, 20, 36, 52, 70, 95);
        foreach (var isSo in (ReadOnlySpan<bool>)[row.PersonLength > 0, row.AddressLength > 3, row.IsBranch,
            HasUnknown(row)])
            level = (level * 2) + (isSo ? 1 : 0);
        return (short)(Nobody.First + level);
    }

    /// <summary>How many bits the first pair of a sign tells, from 0 for few to 4.</summary>
    private int Rarity(ReadOnlySpan<char> sign)
    {
        var words = register.Words.Names;
        return sign.Length < 2 ? 0
            : Bin(words.BitsOf(words.NumberOf(GramVocabulary.Pair(sign[0], sign[1]))), 7, 9, 11, 13);
    }

    private short ShopNobodyLevel(in PartyForm row)
    {
        var level = Bin(row.NameBits, 12, 20, 28, 36, 52);
        foreach (var isSo in (ReadOnlySpan<bool>)[row.PersonLength > 0, row.AddressLength > 3, HasUnknown(row),
            row.Form == FormFamily.None])
            level = (level * 2) + (isSo ? 1 : 0);
        return (short)(ShopNobody.First + level);
    }

    /// <summary>Bits that two sorted lists have in common.</summary>
    private static float Common(ReadOnlySpan<int> a, ReadOnlySpan<int> b, GramVocabulary words)
    {
        var (i, j, common) = (0, 0, 0f);
        while (i < a.Length && a[i] < 0)
            i++;
        while (i < a.Length && j < b.Length)
        {
            var (x, y) = (a[i], b[j]);
            if (x == y)
            {
                common += words.BitsOf(x);
                i++;
                j++;
            }
            else if (x < y)
                i++;
            else
                j++;
        }
        return common;
    }

    private static int Bin(float value, params ReadOnlySpan<float> bounds)
    {
        var bin = 0;
        while (bin < bounds.Length && value >= bounds[bin])
            bin++;
        return bin;
    }

    private int CoreLevel(in PartyForm row, in PartyForm entry, NameEdit edit, float shared, float least)
    {
        var isNonword = HasUnknown(row);
        switch (edit.Kind)
        {
            case EditKind.Same:
                return 0;
            case EditKind.LookAlike:
                return 1;
            case EditKind.Swap:
                return 2;
            case EditKind.Gap:
                return 3;
            case EditKind.Other:
                return isNonword ? 4 : 5;
            case EditKind.Two when Math.Min(row.CoreLength, entry.CoreLength) > 3:
                return isNonword ? 6 : 7;
        }
        if (least > 0 && shared >= least * 0.999f)
            return 8;
        var all = row.NameBits + entry.NameBits - shared;
        return 14 - Bin(all <= 0 ? 0 : shared / all, .25f, .4f, .55f, .7f, .85f);
    }

    /// <summary>A typing error makes pairs that no name has; another name does not.</summary>
    private bool HasUnknown(in PartyForm row) => register.Words.Names.HasUnknown(rows.NameGrams(row));

    private static int HeadLevel(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        a.Length < 2 || b.Length < 2 ? 3 : (a[0] == b[0] ? 1 : 0) + (a[1] == b[1] ? 1 : 0);

    private static int RegionLevel(int row, int entry)
    {
        if (row == Divisions.None || entry == Divisions.None)
            return row == entry ? 0 : row == Divisions.None ? 1 : 2;
        return row == entry ? 3 : Divisions.Nested(row, entry) ? 4
            : Divisions.CityOf(row) == Divisions.CityOf(entry) ? 5
                : Divisions.ProvinceOf(row) == Divisions.ProvinceOf(entry) ? 6 : 7;
    }

    private static int FormLevel(FormFamily row, FormFamily entry) => row == entry ? row == FormFamily.None ? 0 : 3
        : row == FormFamily.None ? 1 : entry == FormFamily.None ? 2 : 4;

    private int BranchLevel(in PartyForm row, in PartyForm entry)
    {
        if (!row.IsBranch || !entry.IsBranch)
            return row.IsBranch == entry.IsBranch ? 0 : entry.IsBranch ? 1 : 2;
        var a = rows.Branch(row);
        var b = _entries.Branch(entry);
        if (a.SequenceEqual(b))
            return a.Length == 0 ? 8 : 3;
        if (a.Length == 0 || b.Length == 0)
            return 8;
        if (a.Length >= 2 && b.Length >= 2 && (a.IndexOf(b) >= 0 || b.IndexOf(a) >= 0))
            return 4;
        var edit = NameEdit.Between(a, b);
        if (edit.Distance == 1 && Math.Max(a.Length, b.Length) > 2)
            return 5;
        return SharedPairs(rows.BranchGrams(row), _entries.BranchGrams(entry)) * 2 >= Math.Min(row.BranchGrams,
            entry.BranchGrams) ? 6 : 7;
    }

    private static int SharedPairs(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var (i, j, count) = (0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j])
            {
                count++;
                i++;
                j++;
            }
            else if (a[i] < b[j])
                i++;
            else
                j++;
        }
        return count;
    }

    private int PersonLevel(in PartyForm row, in PartyForm entry, bool same)
    {
        if (row.PersonLength == 0 || entry.PersonLength == 0)
            return row.PersonLength > 0 ? 1 : entry.PersonLength == 0 ? 12 : 0;
        if (same)
            return 6 + Bin(row.PersonBits, 6, 9, 11, 13, 15);
        var a = rows.Person(row);
        var b = _entries.Person(entry);
        if (NameEdit.Between(a, b).Distance == 1)
            return Math.Max(a.Length, b.Length) >= 3 ? 3 : a[0] == b[0] ? 2 : 5;
        return a[0] == b[0] ? 4 : 5;
    }

    private (int Address, int Numbers) AddressLevels(in PartyForm row, in PartyForm entry, bool same, int sharers)
    {
        if (row.AddressLength == 0 || entry.AddressLength == 0)
            return (0, 0);
        var a = rows.Address(row);
        var b = _entries.Address(entry);
        var numbers = NumbersLevel(rows.Numbers(row), _entries.Numbers(entry));
        if (same)
            return (sharers <= 1 ? 1 : sharers <= 5 ? 2 : 3, numbers);
        if (Math.Min(a.Length, b.Length) >= 6 && (a.StartsWith(b) || b.StartsWith(a)))
            return (4, numbers);
        var common = Common(rows.AddressGrams(row), _entries.AddressGrams(entry), register.Words.Addresses);
        var all = row.AddressBits + entry.AddressBits - common;
        var least = Math.Min(row.AddressBits, entry.AddressBits);
        var likeness = (all > 0 ? .5f * common / all : 0) + (least > 0 ? .5f * common / least : 0);
        return (12 - Bin(likeness, .1f, .2f, .32f, .45f, .6f, .75f, .9f), numbers);
    }

    private static int NumbersLevel(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a.Length == 0 || b.Length == 0)
            return a.Length == b.Length ? 1 : 2;
        var least = Math.Min(a.Length, b.Length);
        var equal = a.CommonPrefixLength(b);
        if (equal == least)
            return least >= 2 ? 3 : 4;
        if (equal > 0)
            return 5;
        foreach (var number in a)
            if (b.Contains(number))
                return 6;
        return 7;
    }

    private static int CountyLevel(int row, int entry) => row == Divisions.None || entry == Divisions.None ? 0
        : row == entry ? 1 : Divisions.Nested(row, entry) ? 2 : 3;

    /// <summary>Two marks, 0 for none: both none, one none, the same, different.</summary>
    private static int PairLevel(int a, int b) => a == b ? a == 0 ? 0 : 2 : a == 0 || b == 0 ? 1 : 3;

    private static int CityLevel(int row, int entry) =>
        row == Divisions.None || entry == Divisions.None ? 2 : row == entry ? 1 : 0;

    private static int TwinGroup(int twins) => twins <= 1 ? 1 : twins == 2 ? 2 : twins <= 5 ? 3 : 4;

    private static int BranchGroup(int branch) => branch switch { 0 => 0, 3 or 4 or 5 => 1, 6 or 7 => 3, _ => 2 };

    private static int CoreGroup(int core) =>
        core switch { 0 => 0, 1 or 2 or 3 or 4 => 1, 8 => 2, 5 or 6 or 7 or 9 or 10 => 3, _ => 4 };

    private static int NameGroup(int core, int branch)
    {
        var isOther = branch is 1 or 2 or 7;
        return core switch
        {
            0 => isOther ? 1 : 0,
            1 or 2 or 3 or 4 => isOther ? 3 : 2,
            8 => 4,
            5 => 5,
            6 or 7 or 9 => 6,
            10 or 11 => 7,
            _ => 8,
        };
    }

    private static int PersonGroup(int person) =>
        person switch { 0 or 1 or 12 => 0, 6 or 7 or 8 => 1, > 8 => 2, 2 or 3 => 3, 4 => 4, _ => 5 };

    private static int AddressGroup(int address, int numbers) => address switch
    {
        0 => 0,
        1 or 2 or 3 => 1,
        4 or 5 or 6 => numbers is 7 ? 3 : 2,
        7 or 8 => numbers is 3 or 4 ? 2 : 3,
        9 or 10 => 4,
        _ => 5,
    };
}
