using InfoHub.Templates.Vocabulary;

namespace InfoHub.Linkage.Reading;

/// <summary>Rules that were applied to a record before it was compared. FROZEN bits: stored explanations.</summary>
[Flags]
public enum AppliedRules : ushort
{
    None = 0,

    /// <summary>Width, case, blanks, punctuation, traditional characters.</summary>
    Folded = 1,

    NameRegion = 2,
    NameNote = 4,
    FormRepaired = 8,
    BranchSplit = 16,
    AddressRegion = 32,
    AddressNumbers = 64,
    PersonCleaned = 128,
}

/// <summary>
/// Cuts name, person and address of one record into the parts that are compared. Buffers are used again: what it
/// shows holds until the next <see cref="Read"/>. Not for several threads.
/// </summary>
internal sealed class PartyReader
{
    /// <summary>Longer texts are cut: no name or address of use is as long.</summary>
    public const int LongestText = 240;

    public const int NumbersMax = 12;

    private static readonly string[] Notes = ["个体工商户", "个体户", "本部", "总部", "已注销", "注销", "吊销", "筹", "筹备", "分支机构"];

    private static readonly string[] BranchMarks =
    [
        "第一分公司", "分公司", "支公司", "分行", "支行", "分理处", "储蓄所", "办事处", "营业部", "营业厅", "营业所", "分店", "分部", "分厂", "分公", "分",
    ];

    private readonly char[] _name = new char[LongestText];
    private readonly char[] _person = new char[LongestText];
    private readonly char[] _address = new char[LongestText * 3];
    private readonly int[] _numbers = new int[NumbersMax];
    private int _nameStart;
    private int _coreEnd;
    private int _branchStart;
    private int _branchEnd;
    private int _personLength;
    private int _addressStart;
    private int _addressEnd;

    /// <summary>
    /// The name without region, note, organisation form and branch; what is left when that would be nothing.
    /// </summary>
    public ReadOnlySpan<char> Core => _name.AsSpan(_nameStart.._coreEnd);

    /// <summary>What follows the parent's form, without 分公司 and the like; empty when there is none.</summary>
    public ReadOnlySpan<char> Branch => _name.AsSpan(_branchStart.._branchEnd);

    public bool IsBranch { get; private set; }

    public FormFamily Form { get; private set; }

    /// <summary>Which of 股份, 集团, 总 stand before the form, as bits.</summary>
    public byte Head { get; private set; }

    public int NameRegion { get; private set; }

    /// <summary>Numbers in the name, mixed into one; 0 when there are none.</summary>
    public int Ordinals { get; private set; }

    public ReadOnlySpan<char> Person => _person.AsSpan(0, _personLength);

    /// <summary>The address without its divisions; Chinese numbers are Arabic ones.</summary>
    public ReadOnlySpan<char> Address => _address.AsSpan(_addressStart.._addressEnd);

    public int AddressRegion { get; private set; }

    public ReadOnlySpan<int> Numbers => _numbers.AsSpan(0, NumberCount);

    public int NumberCount { get; private set; }

    public AppliedRules Rules { get; private set; }

    /// <param name="city">Where the record is from, a code of <see cref="Divisions"/>; <see cref="Divisions.None"/>
    /// when not known.</param>
    public void Read(ReadOnlySpan<char> name, ReadOnlySpan<char> person, ReadOnlySpan<char> address, int city)
    {
        Rules = AppliedRules.None;
        ReadName(Cut(Told(name)), city);
        _personLength = Folding.Fold(Cut(Told(person)), _person, out var cleaned);
        _personLength = Folding.WithoutBrackets(_person.AsSpan(0, _personLength));
        if (cleaned)
            Rules |= AppliedRules.PersonCleaned;
        ReadAddress(Cut(Told(address)), city);
    }

    /// <summary>
    /// The canonical form, and nothing for a word that says so: two that say 不详 agree in nothing. Whatever reads a
    /// register or a row reads it through here.
    /// </summary>
    private static ReadOnlySpan<char> Told(ReadOnlySpan<char> text) =>
        CanonicalText.Of(text, TextForm.Prose) is var told && NothingWords.IsNothing(told) ? [] : told;

    private static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text) =>
        text.Length > LongestText ? text[..LongestText] : text;

    private void ReadName(ReadOnlySpan<char> text, int city)
    {
        var length = Folding.Fold(text, _name, out var folded);
        if (folded)
            Rules |= AppliedRules.Folded;
        length = WithoutNotes(_name.AsSpan(0, length), out var bracketRegion, city);
        var name = _name.AsSpan(0, length);
        _nameStart = Divisions.Prefix(name, city, out var region);
        if (length - _nameStart < 2)
            (_nameStart, region) = (0, Divisions.None);
        NameRegion = region != Divisions.None ? region : bracketRegion;
        if (NameRegion != Divisions.None)
            Rules |= AppliedRules.NameRegion;
        Split(name[_nameStart..]);
        Ordinals = OrdinalsOf(Core, Branch, IsBranch);
    }

    private void Split(ReadOnlySpan<char> name)
    {
        var form = OrganisationForm.Find(name);
        (Form, Head) = (form.Family, form.Head);
        if (form.Repaired)
            Rules |= AppliedRules.FormRepaired;
        _coreEnd = _nameStart + form.Start;
        (_branchStart, _branchEnd) = (_nameStart + form.End, _nameStart + name.Length);
        IsBranch = _branchEnd > _branchStart;
        if (!IsBranch)
            SplitByMark(name[..form.Start]);
        if (!IsBranch)
            return;
        Rules |= AppliedRules.BranchSplit;
        foreach (var mark in BranchMarks)
            if (_name.AsSpan(_branchStart.._branchEnd).EndsWith(mark, StringComparison.Ordinal))
            {
                _branchEnd -= mark.Length;
                break;
            }
    }

    /// <summary>A bank or insurer shows no form: 中国工商银行武汉支行 is cut behind 银行.</summary>
    private void SplitByMark(ReadOnlySpan<char> core)
    {
        var bank = core.IndexOf("银行", StringComparison.Ordinal);
        if (bank < 2 || bank + 2 >= core.Length)
            return;
        (_branchStart, _branchEnd) = (_nameStart + bank + 2, _coreEnd);
        _coreEnd = _branchStart;
        IsBranch = true;
    }

    /// <summary>Takes out bracketed remarks and divisions; brackets of other content are only removed.</summary>
    private int WithoutNotes(Span<char> name, out int region, int city)
    {
        region = Divisions.None;
        var length = name.Length;
        for (var from = 0; name[from..length].IndexOf('(') is var open and >= 0;)
        {
            open += from;
            var close = name[open..length].IndexOf(')');
            var inner = close < 0 ? name[(open + 1)..length] : name.Slice(open + 1, close - 1);
            var end = close < 0 ? length : open + close + 1;
            var isNote = IsNote(inner);
            var isRegion = open >= 2 && inner.Length >= 2
                && Divisions.Prefix(inner, city, out var named) == inner.Length && Take(named, ref region);
            if (isNote || isRegion)
            {
                name[end..length].CopyTo(name[open..]);
                length -= end - open;
                Rules |= isNote ? AppliedRules.NameNote : AppliedRules.NameRegion;
            }
            from = isNote || isRegion ? open : end;
        }
        return Folding.WithoutBrackets(name[..length]);
    }

    private static bool Take(int named, ref int region)
    {
        region = named;
        return true;
    }

    private static bool IsNote(ReadOnlySpan<char> text)
    {
        foreach (var note in Notes)
            if (text.SequenceEqual(note))
                return true;
        return false;
    }

    /// <summary>Arabic numbers anywhere; Chinese ones in a branch or behind 第.</summary>
    private static int OrdinalsOf(ReadOnlySpan<char> core, ReadOnlySpan<char> branch, bool isBranch)
    {
        var mixed = 0;
        for (var i = 0; i < core.Length; i++)
            if (char.IsAsciiDigit(core[i]) || (i > 0 && core[i - 1] == '第' && Folding.Digit(core[i]) >= 0))
                mixed = Mix(mixed, Folding.Digit(core[i]));
        for (var i = 0; isBranch && i < branch.Length; i++)
            if (Folding.Digit(branch[i]) >= 0)
                mixed = Mix(mixed, Folding.Digit(branch[i]));
        return mixed;
    }

    private static int Mix(int mixed, int digit) => unchecked((mixed * 131) + digit + 1);

    private void ReadAddress(ReadOnlySpan<char> text, int city)
    {
        Span<char> folded = stackalloc char[LongestText];
        var length = Folding.Fold(text, folded, out _);
        length = Folding.WithoutBrackets(folded[..length]);
        var start = Divisions.Prefix(folded[..length], city, out var region);
        // Divisions are pasted in front of ones that are already there: 湖北省武汉市武汉市硚口区.
        while (start < length && region != Divisions.None
            && Divisions.Prefix(folded[start..length], city, out var again) is var more and > 0)
        {
            start += more;
            region = Divisions.Inside(again, region) ? again : region;
        }
        if (length - start < 2)
            (start, region) = (0, Divisions.None);
        AddressRegion = region;
        if (region != Divisions.None)
            Rules |= AppliedRules.AddressRegion;
        NumberCount = 0;
        _addressStart = 0;
        _addressEnd = WriteAddress(folded[start..length]);
    }

    /// <summary>Writes the address with its numbers in Arabic digits and collects them in order.</summary>
    private int WriteAddress(ReadOnlySpan<char> text)
    {
        var length = 0;
        for (var i = 0; i < text.Length;)
        {
            if (Folding.Digit(text[i]) >= 0)
            {
                var end = i;
                while (end < text.Length && Folding.Digit(text[end]) >= 0)
                    end++;
                var number = Number(text[i..end]);
                if (NumberCount < NumbersMax)
                    _numbers[NumberCount++] = number;
                if (!char.IsAsciiDigit(text[i]))
                    Rules |= AppliedRules.AddressNumbers;
                number.TryFormat(_address.AsSpan(length), out var written, default,
                    System.Globalization.CultureInfo.InvariantCulture);
                length += written;
                i = end;
                continue;
            }
            var isHouse = text[i] is '栋' or '座' or '幢' || (text[i] is '楼' && length > 0 && _address[length - 1] == '号');
            // 26号楼, 26号栋 and 26栋 are one house.
            if (isHouse && length > 0 && _address[length - 1] == '号')
                length--;
            _address[length++] = isHouse ? '幢' : text[i];
            i++;
        }
        return length;
    }

    /// <summary>二十六 is 26, 二六 is 26, 一百零三 is 103; leading zeros do not count.</summary>
    private static int Number(ReadOnlySpan<char> digits)
    {
        const int Largest = 99_999_999;
        var (whole, unit, spoken) = (0L, -1L, false);
        foreach (var character in digits)
        {
            var digit = Folding.Digit(character);
            if (digit >= 10)
            {
                spoken = true;
                whole += Math.Max(unit, unit < 0 ? 1 : 0) * digit;
                unit = 0;
            }
            else
                unit = spoken ? digit : Math.Min((Math.Max(unit, 0) * 10) + digit, Largest);
            if (whole > Largest)
                return Largest;
        }
        return (int)Math.Min(whole + Math.Max(unit, 0), Largest);
    }
}
