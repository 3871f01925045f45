using System.Globalization;
using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;

namespace InfoHub.Linkage.Deciding;

/// <summary>What decisions and their explanations are called in zh-CN, for officers.</summary>
public static class LinkWording
{
    /// <summary>Groups of levels that the crosses are made of, in the order of their numbers.</summary>
    private static readonly string[] NameGroups =
    [
        "名称核心相同", "名称核心相同而分支不同", "名称差一字（形近、音近、换位、缺字）", "名称差一字而分支不同", "名称一方包含另一方", "名称差一字（成另一个词）",
        "名称差两字或大部分相同", "名称部分相同", "名称少有相同",
    ];

    private static readonly string[] CoreGroups = ["名称核心相同", "名称差一字", "一方包含另一方", "名称相近", "名称少有相同"];

    private static readonly string[] PersonGroups = ["人员缺失", "人员相同（常见姓名）", "人员相同（少见姓名）", "人员差一字", "人员同姓", "人员不同"];

    private static readonly string[] AddressGroups = ["地址缺失", "地址相同", "地址相近", "地址相近而门牌不符", "地址略有相同", "地址不同"];

    private static readonly string[] BranchGroups = ["双方均非分支", "分支相同或相近", "仅一方是分支", "分支不同"];

    private static readonly string[] TwinGroups = ["名称核心不同", "同名只此一户", "同名共两户", "同名三至五户", "同名多户"];

    private static readonly string[] LeftGroups =
        ["没有", "不到 8 比特", "8～16 比特", "16～24 比特", "24～36 比特", "36～50 比特", "50 比特以上"];

    private static readonly string[] SharedGroups =
    [
        "不到 4 比特", "4～10 比特", "10～18 比特", "18～26 比特", "26～36 比特", "36～48 比特", "48～64 比特", "64 比特以上",
    ];

    private static readonly string[] RegionGroups =
        ["双方均无", "本行没有", "登记没有", "相同", "包含", "同市", "同省", "不同"];

    private static readonly string[] InformationGroups =
        ["名称信息很少", "名称信息少", "名称信息一般", "名称信息较多", "名称信息多", "名称信息很多"];

    private static readonly string[] SignGroups =
    [
        "店名相同", "招牌相同，馆店铺等字样不同", "招牌差一字（形近、音近、换位、缺字）", "一方招牌是另一方的开头", "一方招牌包含另一方",
        "招牌差一字（不成词）", "招牌差一字（成另一个词）", "招牌姓氏不同", "招牌部分相同", "招牌不同而经营内容相同",
        "招牌少有相同",
    ];

    private static readonly string[] ShopAddressGroups =
        ["地址缺失", "地址相同", "地址相近且门牌相符", "地址相近而一方没有门牌", "地址相近而门牌不符", "地址略有相同", "地址不同"];

    private static readonly string[] SignTwinGroups =
        ["招牌不同", "全市同招牌只此一户", "全市同招牌共两户", "全市同招牌三至五户", "全市同招牌多户"];

    private static readonly string[] ShopPersonGroups = [.. PersonGroups, "人员缺失，但店名中有其姓名"];

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["core"] = "名称核心", ["head"] = "名称开头两字", ["shared-bits"] = "名称相同部分的信息量",
        ["row-left-bits"] = "本行名称多出的信息量", ["entry-left-bits"] = "登记名称多出的信息量", ["contained"] = "较短名称被包含的比例",
        ["length"] = "名称长度差", ["core-twins"] = "登记册中同名户数", ["region"] = "名称中的行政区划", ["form"] = "组织形式",
        ["branch"] = "分支机构", ["ordinals"] = "名称中的序号", ["person"] = "法定代表人（负责人、经营者）", ["address"] = "地址",
        ["numbers"] = "门牌号码", ["county"] = "地址所在区县", ["city"] = "城市", ["together"] = "名称、人员与地址合看",
        ["core-by-shared"] = "名称核心与信息量合看", ["left"] = "双方名称多出部分合看", ["region-by-core"] = "行政区划与名称合看",
        ["form-head"] = "组织形式前的字样（股份、集团、总）", ["branch-by-address"] = "分支与地址合看",
        ["person-by-twins"] = "人员与同名户数合看", ["nobody"] = "本行自身的信息",
        ["shop-nobody"] = "店铺：本行自身的信息", ["shop-form"] = "店铺：名称结尾", ["shop-sign"] = "店铺：招牌",
        ["shop-owner"] = "店铺：店名中的人名", ["shop-together"] = "店铺：招牌、人员与地址合看",
        ["shop-county"] = "店铺：区县、招牌与同名户数合看", ["shop-twins"] = "店铺：同招牌户数、人员与地址合看",
        ["shop-shared"] = "店铺：招牌与信息量合看", ["shop-rarity"] = "店铺：招牌是否少见，与地址、人员合看",
    };

    private static readonly Dictionary<string, string> Marks = new()
    {
        ["both-none"] = "双方均无", ["one-none"] = "仅一方有", ["row-none"] = "本行没有", ["entry-none"] = "登记没有",
        ["none"] = "缺失", ["unknown"] = "不详", ["same"] = "相同", ["differs"] = "不同", ["nested"] = "包含",
        ["conflict"] = "不同", ["same-city"] = "同市", ["same-province"] = "同省", ["contained"] = "一方包含另一方",
        ["typo"] = "差一字", ["similar"] = "相近", ["prefix"] = "一方是另一方的开头", ["blank"] = "分支名称缺失", ["swap"] = "两字换位",
        ["gap"] = "缺一字", ["look-alike"] = "差一字（形近或音近）", ["surname"] = "同姓", ["first"] = "首个号码相同",
        ["some"] = "有号码相同", ["no"] = "没有号码相同", ["all"] = "全部", ["more"] = "更多", ["other-nonword"] = "差一字（不成词）",
        ["other-word"] = "差一字（成另一个词）", ["two-nonword"] = "差两字（不成词）", ["two-word"] = "差两字（成另一个词）",
        ["typo-short"] = "两字姓名差一字", ["all-1"] = "唯一的号码相同", ["all-2"] = "号码全部相同", ["shares-little"] = "少有相同",
    };

    private static readonly Dictionary<string, string[]> Ordered = new()
    {
        ["head"] = ["均不相同", "一字相同", "两字相同", "名称太短"],
        ["shared-bits"] = SharedGroups, ["row-left-bits"] = LeftGroups, ["entry-left-bits"] = LeftGroups,
        ["contained"] = ["不到 40%", "40%～65%", "65%～85%", "85% 以上", "全部"],
        ["length"] = ["相同", "差 1 字", "差 2～3 字", "差 4～6 字", "差 7 字以上"],
        ["core-twins"] = TwinGroups, ["region"] = RegionGroups, ["shop-sign"] = SignGroups,
        ["shop-owner"] =
            ["没有对方姓名", "本行名称就是登记的经营者", "本行名称中有登记的经营者", "登记名称中有本行的人员", "双方名称中均有对方人员"],
    };

    private static readonly Dictionary<string, string[][]> Products = new()
    {
        ["together"] = [NameGroups, PersonGroups, AddressGroups], ["core-by-shared"] = [CoreGroups, SharedGroups],
        ["left"] = [LeftGroups, LeftGroups], ["region-by-core"] = [RegionGroups, CoreGroups],
        ["branch-by-address"] = [BranchGroups, AddressGroups], ["person-by-twins"] = [PersonGroups, TwinGroups],
        ["nobody"] =
        [
            InformationGroups, ["没有人员", "有人员"], ["没有地址", "有地址"], ["不是分支", "是分支"], ["用字常见", "有登记册未见的用字"],
        ],
        ["shop-nobody"] =
        [
            InformationGroups, ["没有人员", "有人员"], ["没有地址", "有地址"], ["用字常见", "有登记册未见的用字"],
            ["名称写明店馆铺等", "名称像人名"],
        ],
        ["shop-form"] =
            [["本行未写店馆铺等", "本行写明店馆铺等"], ["登记未写店馆铺等", "登记写明店馆铺等", "登记的不是店铺"]],
        ["shop-together"] = [SignGroups, ShopPersonGroups, ShopAddressGroups],
        ["shop-county"] = [["区县不详", "同一区县", "不同区县"], SignGroups, SignTwinGroups],
        ["shop-twins"] = [SignTwinGroups, ShopPersonGroups, ShopAddressGroups],
        ["shop-shared"] = [SignGroups, SharedGroups],
        ["shop-rarity"] =
        [
            ["招牌开头很常见", "招牌开头常见", "招牌开头一般", "招牌开头少见", "招牌开头罕见"], ["招牌相同", "招牌相近", "招牌不同"],
            ShopAddressGroups,
            ["人员缺失", "双方有人员"],
        ],
    };

    public static string Of(LinkOutcome outcome) => outcome switch
    {
        LinkOutcome.Link => "归户",
        LinkOutcome.Ambiguous => "已登记，待辨认",
        LinkOutcome.Review => "待人工核对",
        LinkOutcome.None => "未登记",
        _ => throw Unworded(outcome),
    };

    public static string Of(LinkStep step) => step switch
    {
        LinkStep.Uscc => "统一社会信用代码",
        LinkStep.TaxpayerNumber => "纳税人识别号",
        LinkStep.OrganisationCode => "组织机构代码",
        LinkStep.RegistrationNumber => "注册号",
        LinkStep.CitizenId => "公民身份号码与名称",
        LinkStep.UsccRepaired => "统一社会信用代码（修复一个错字）",
        LinkStep.CodeContradicted => "代码有效，但名称、人员、地址均不支持",
        LinkStep.OtherCode => "名称、人员、地址相符，但双方代码不同",
        LinkStep.Likeness => "名称、人员与地址",
        LinkStep.Confirmed => "人工核对确认",
        _ => throw Unworded(step),
    };

    public static string Of(BlockingKey key) => key switch
    {
        BlockingKey.Core => "名称核心",
        BlockingKey.Gram => "名称中的少见字对",
        BlockingKey.GramInCity => "同市名称中的字对",
        BlockingKey.PersonInCity => "同市同名人员",
        BlockingKey.Address => "同一地址",
        BlockingKey.Road => "同一道路门牌",
        BlockingKey.NearCore => "名称差一字",
        _ => throw Unworded(key),
    };

    public static string Of(AppliedRules rule) => rule switch
    {
        AppliedRules.Folded => "名称统一全半角、大小写、简繁体，去空格标点",
        AppliedRules.NameRegion => "名称中的行政区划单列",
        AppliedRules.NameNote => "去掉名称后的附注",
        AppliedRules.FormRepaired => "补全残缺的组织形式",
        AppliedRules.BranchSplit => "分支部分单列",
        AppliedRules.AddressRegion => "地址中的行政区划单列",
        AppliedRules.AddressNumbers => "地址中的汉字数字改为阿拉伯数字",
        AppliedRules.PersonCleaned => "人员姓名去空格、间隔号",
        _ => throw Unworded(rule),
    };

    /// <summary>A division of six digits (GB/T 2260); "" when there is none of that code.</summary>
    public static string OfDivision(string code) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Divisions.NameOf(number) : "";

    /// <summary>A field of <see cref="FieldEvidence"/>.</summary>
    public static string OfField(string field) =>
        Fields.TryGetValue(field, out var words) ? words : throw Unworded(field);

    /// <summary>A level of a field, as <see cref="FieldEvidence"/> names it.</summary>
    public static string OfLevel(string field, string level)
    {
        if (Products.TryGetValue(field, out var parts))
            return Product(field, level, parts);
        if (Ordered.TryGetValue(field, out var words))
            return words[Array.IndexOf(LevelsOf(field), level)];
        if (Marks.TryGetValue(level, out var mark))
            return mark;
        var cut = level.LastIndexOf('-');
        var (kind, number) = (level[..Math.Max(cut, 0)], level[(cut + 1)..]);
        return (field, kind) switch
        {
            ("core", "shares") => $"{number}% 以上相同",
            ("person", "same") => number == "rare" ? "相同（罕见姓名）" : $"相同（姓名信息量 {number} 比特以内）",
            ("address", "same") => number switch
            {
                "rare" => "相同，登记册中只此一户", "some" => "相同，登记册中二至五户", "many" => "相同，登记册中多户",
                _ => throw Unworded(level),
            },
            ("address", "over") => $"相似度 {number}% 以上",
            ("address", "under") => $"相似度不到 {number}%",
            _ => throw Unworded($"{field}:{level}"),
        };
    }

    /// <summary><see cref="CandidateEvidence.BrokenBy"/>, field and level; "" for none.</summary>
    public static string OfBreak(string brokenBy) =>
        brokenBy.Split(':', 2) is [var field, var level] ? $"{OfField(field)}：{OfLevel(field, level)}" : "";

    private static string[] LevelsOf(string field) => ComparisonFields.All.First(f => f.Name == field).Levels;

    private static string Product(string field, string level, string[][] parts)
    {
        var numbers = level.Split('-');
        if (numbers.Length != parts.Length)
            throw Unworded($"{field}:{level}");
        var words = numbers.Select((n, i) => parts[i][int.Parse(n, CultureInfo.InvariantCulture)]).ToArray();
        return field == "left" ? $"本行{words[0]}，登记{words[1]}" : string.Join("，", words);
    }

    private static ArgumentException Unworded(object what) => new($"{what} has no wording");
}
