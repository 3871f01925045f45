using InfoHub.Templates.Problems;

namespace InfoHub.Host.Linking;

/// <summary>What a column of a file to be linked is for.</summary>
internal enum PartyPart
{
    Id,
    Name,
    Person,
    Address,
    City,
    Code,
}

/// <summary>Which columns of one file hold which part of a party; −1 and empty for what it does not have.</summary>
/// <param name="Codes">All columns that hold a code, in the order of the file.</param>
internal sealed record PartyColumns(int Id, int Name, int Person, int Address, int City, int[] Codes)
{
    private static readonly Dictionary<PartyPart, string[]> Names = new()
    {
        [PartyPart.Id] =
        [
            "id", "tid", "did", "taxpayerid", "rowid", "编号", "主体编号", "纳税人编号", "行号",
        ],
        [PartyPart.Name] =
        [
            "name", "entname", "companyname", "taxpayername", "名称", "企业名称", "单位名称", "纳税人名称", "主体名称", "字号名称",
            "店铺名称", "户名",
        ],
        [PartyPart.Person] =
        [
            "legal", "representative", "person", "legalrepresentative", "legalperson", "operator", "法定代表人", "法人",
            "法人代表", "法人姓名", "负责人", "经营者", "经营者姓名", "法定代表人姓名", "法定代表人(负责人)",
        ],
        [PartyPart.Address] =
        [
            "addr", "address", "地址", "住所", "经营场所", "经营地址", "注册地址", "生产经营地址", "住所(经营场所)", "用电地址",
        ],
        [PartyPart.City] = ["city", "城市", "行政区划", "所在城市", "地市", "行政区划代码"],
        [PartyPart.Code] =
        [
            "uscc", "orgcode", "regno", "code", "taxpayernumber", "taxpayerno", "taxno", "creditcode",
            "organisationcode", "organizationcode", "registrationnumber", "citizenid", "idcard", "统一社会信用代码", "社会信用代码",
            "信用代码", "组织机构代码", "注册号", "工商注册号", "营业执照注册号", "纳税人识别号", "纳税识别号", "税号", "证件号码", "代码",
        ],
    };

    /// <summary>Keys of a mapping file.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        [.. Enum.GetNames<PartyPart>().Select(n => n.ToLowerInvariant())];

    /// <summary>
    /// Finds the columns by their titles, or by the titles that the mapping tells. A register without a column of ids
    /// is known by its first code, rows without one by their number.
    /// </summary>
    /// <exception cref="ProblemException">IH-MAT-002, IH-MAT-003.</exception>
    public static PartyColumns Find(string file, IReadOnlyList<string> titles, ColumnMapping mapping, bool isRegister)
    {
        int[] Of(PartyPart part) => mapping.TitlesOf(part, isRegister) is { Count: > 0 } told
            ? [.. told.Select(title => IndexOf(titles, title) is >= 0 and var index ? index
                : throw Missing(file, titles, part, [title]))]
            : [.. Enumerable.Range(0, titles.Count).Where(i => Names[part].Contains(Bare(titles[i])))];
        int One(PartyPart part) => Of(part) switch
        {
            [] => -1,
            [var only] => only,
            var several => throw new ProblemException(new Problem(ProblemCatalogue.LinkColumnAmbiguous, ("file", file),
                ("what", WordOf(part)), ("columns", string.Join("、", several.Select(i => titles[i]))))),
        };
        var found = new PartyColumns(One(PartyPart.Id), One(PartyPart.Name), One(PartyPart.Person),
            One(PartyPart.Address), One(PartyPart.City), Of(PartyPart.Code));
        if (found.Name < 0)
            throw Missing(file, titles, PartyPart.Name, Names[PartyPart.Name]);
        if (!isRegister || found.Id >= 0)
            return found;
        return found.Codes.Length > 0 ? found with { Id = found.Codes[0] }
            : throw Missing(file, titles, PartyPart.Id, Names[PartyPart.Id]);
    }

    private static ProblemException Missing(string file, IReadOnlyList<string> titles, PartyPart part,
        IReadOnlyList<string> usable) =>
        new(new Problem(ProblemCatalogue.LinkColumnMissing, ("file", file), ("what", WordOf(part)),
            ("columns", string.Join("、", titles)), ("usable", string.Join("、", usable))));

    private static int IndexOf(IReadOnlyList<string> titles, string title)
    {
        for (var i = 0; i < titles.Count; i++)
            if (Bare(titles[i]) == Bare(title))
                return i;
        return -1;
    }

    /// <summary>Lower case, without blanks, hyphens and underscores; brackets in half width.</summary>
    private static string Bare(string title) => string.Concat(title
        .Where(c => !char.IsWhiteSpace(c) && c is not ('_' or '-' or '*'))
        .Select(c => c switch { '（' => '(', '）' => ')', _ => char.ToLowerInvariant(c) }));

    private static string WordOf(PartyPart part) => part switch
    {
        PartyPart.Id => "编号",
        PartyPart.Name => "名称",
        PartyPart.Person => "法定代表人、负责人或经营者",
        PartyPart.Address => "地址",
        PartyPart.City => "城市",
        _ => "代码",
    };
}
