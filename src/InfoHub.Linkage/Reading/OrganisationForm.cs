namespace InfoHub.Linkage.Reading;

/// <summary>Families of organisation forms (组织形式). FROZEN order: weights.</summary>
internal enum FormFamily : byte
{
    /// <summary>The name shows none.</summary>
    None,

    Company,
    Cooperative,
    Partnership,

    /// <summary>Shops, factories, stations: what a name ends in that is not a form of law.</summary>
    Place,
}

/// <summary>Where the organisation form stands in a name: <c>[Start, End)</c>; what follows it is a branch.</summary>
internal readonly record struct FormSpan(int Start, int End, FormFamily Family, bool Repaired, byte Head = 0);

/// <summary>
/// Finds the organisation form of a folded name. Forms that were cut off or lost, doubled or swapped a character
/// (有限公, 有限责任司) are known for what they were.
/// </summary>
internal static class OrganisationForm
{
    private static readonly string[] Limited = ["有限责任公司", "有限公司"];
    private static readonly string[] Cooperatives = ["农民专业合作社", "专业合作社", "合作社"];
    private static readonly string[] Partnerships = ["特殊普通合伙", "普通合伙", "有限合伙", "合伙企业"];
    private static readonly string[] Heads = ["股份", "集团", "总"];

    private static readonly string[] Places =
    [
        "店", "厂", "部", "行", "馆", "院", "所", "中心", "场", "社", "站", "室", "超市", "酒店", "宾馆", "商行", "坊", "城", "屋", "吧", "园",
    ];

    public static FormSpan Find(ReadOnlySpan<char> name)
    {
        var partnership = Partnership(name);
        if (partnership.Family != FormFamily.None)
            return partnership;
        if (OfLimited(name) is { Family: not FormFamily.None } limited)
            return limited;
        if (OfCompany(name) is { Family: not FormFamily.None } company)
            return company;
        if (OfCooperative(name) is { Family: not FormFamily.None } cooperative)
            return cooperative;
        return new FormSpan(name.Length, name.Length, EndsAsPlace(name) ? FormFamily.Place : FormFamily.None, false);
    }

    private static FormSpan Partnership(ReadOnlySpan<char> name)
    {
        foreach (var form in Partnerships)
            if (name.Length - form.Length >= 2 && name.EndsWith(form, StringComparison.Ordinal))
                return new FormSpan(name.Length - form.Length, name.Length, FormFamily.Partnership, false);
        return default;
    }

    private static FormSpan OfLimited(ReadOnlySpan<char> name)
    {
        var at = name.IndexOf("有限", StringComparison.Ordinal);
        if (at < 2 || name[(at + 2)..].StartsWith("合伙", StringComparison.Ordinal))
            return default;
        var rest = name[at..];
        foreach (var form in Limited)
            if (rest.StartsWith(form, StringComparison.Ordinal))
                return Company(name, at, at + form.Length, false);
        foreach (var form in Limited)
        {
            if (form.AsSpan().StartsWith(rest, StringComparison.Ordinal))
                return Company(name, at, name.Length, true);
            for (var length = Math.Min(form.Length + 1, rest.Length); length >= form.Length - 1; length--)
                if (NameEdit.Between(rest[..length], form).Distance <= 1)
                    return Company(name, at, at + length, true);
        }
        return default;
    }

    private static FormSpan OfCompany(ReadOnlySpan<char> name)
    {
        var at = name.LastIndexOf("公司", StringComparison.Ordinal);
        // A branch company (分公司): the parent's form stands before it.
        if (at > 2 && at + 2 == name.Length
            && name[..(at - 1)].LastIndexOf("公司", StringComparison.Ordinal) is var parent and >= 2)
            at = parent;
        if (at < 2)
            return default;
        var start = at;
        var repaired = name[start - 1] is '有' or '限';
        while (start > 2 && name[start - 1] is '有' or '限')
            start--;
        return Company(name, start, at + 2, repaired);
    }

    private static FormSpan OfCooperative(ReadOnlySpan<char> name)
    {
        foreach (var form in Cooperatives)
        {
            var at = name.LastIndexOf(form, StringComparison.Ordinal);
            if (at >= 2)
                return new FormSpan(at, at + form.Length, FormFamily.Cooperative, false);
        }
        for (var length = 6; length >= 3; length--)
            if (name.Length - length >= 2 && NameEdit.Between(name[^length..], "专业合作社").Distance <= 1)
                return new FormSpan(name.Length - length, name.Length, FormFamily.Cooperative, true);
        return default;
    }

    /// <summary>The words before the form belong to it, in any number: 集团|股份|有限公司.</summary>
    private static FormSpan Company(ReadOnlySpan<char> name, int start, int end, bool repaired)
    {
        byte heads = 0;
        for (var i = 0; i < Heads.Length; i++)
            if ((heads & (1 << i)) == 0 && start - Heads[i].Length >= 2
                && name[..start].EndsWith(Heads[i], StringComparison.Ordinal))
            {
                heads |= (byte)(1 << i);
                start -= Heads[i].Length;
                i = -1;
            }
        return new FormSpan(start, end, FormFamily.Company, repaired, heads);
    }

    private static bool EndsAsPlace(ReadOnlySpan<char> name)
    {
        foreach (var place in Places)
            if (name.EndsWith(place, StringComparison.Ordinal))
                return true;
        return false;
    }
}
