using InfoHub.Domain.Identity;

namespace InfoHub.Linkage.Reading;

/// <summary>
/// Tells an operator's name from a natural person's by what is left of it without divisions and notes. Where both are
/// possible (金店, 江城店) it is a person's, so that nobody is called unregistered for living behind a meter.
/// </summary>
public static class OperatorName
{
    private const int GivenNameMax = 2;
    private const int SignMin = 2;

    /// <summary>In a longer sign one strange character is a slip of the pen.</summary>
    private const int ShortSignMax = 6;

    /// <summary>What a trade without a sign of its own has at most: 热干面.</summary>
    private const int BareTradeMax = 3;

    private const string BeforeSurname = "老小阿大";
    private const string BehindSurname = "记氏家姐哥嫂姨叔婶伯爷妈婆师老";

    /// <summary>An organ of state need not register for tax; a room, a pump or a lamp is nobody's trade.</summary>
    private static readonly string[] NoTrade =
    [
        "政府", "法院", "检察院", "派出所", "司法所", "财政所", "税务所", "管理所", "武装部", "支部", "总部", "指挥部", "项目部",
        "委员会", "村委会", "居委会", "值班室", "门卫室", "配电室", "地下室", "办公室", "会议室", "活动室", "泵站", "基站", "变电站",
        "厕所", "公园", "家园", "花园", "小区", "大院", "场所",
    ];

    /// <summary>Ends of signs whose form was left out.</summary>
    private static readonly string[] Trades =
    [
        "药房", "餐厅", "铺", "酒楼", "茶楼", "饭庄", "山庄", "饭堂", "餐饮", "小吃", "烧烤", "火锅", "烘焙", "美容", "美发", "理发", "汽修",
        "五金", "建材", "广场", "市场", "银行", "学校", "幼儿园", "网咖", "茶庄", "酒庄", "客栈", "民宿",
    ];

    /// <summary>What a sign may end in or leave out, the longer ones first.</summary>
    private static readonly string[] SignEnds =
    [
        "便利店", "小吃店", "经营部", "门市部", "服务部", "专卖店", "餐馆", "饭馆", "餐厅", "饭店", "商店", "商行", "超市", "馆", "店", "铺", "坊",
        "行", "屋", "吧", "部", "厅",
    ];

    /// <summary>Surnames of one character: 百家姓 and those frequent today.</summary>
    private const string Surnames =
        "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
        + "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
        + "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓"
        + "郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
        + "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰"
        + "郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利"
        + "蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖闫代仝付覃区苟岳佘揭邸粟佟楚仉牟商"
        + "帅青原占海年但撒初矫靖修寸矣刀门来展候涂鄢郄丛谌凃官邝旷阳亓琚眭隋迟栗兰辜卿宾奉楼";

    private static readonly string[] DoubleSurnames =
    [
        "欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空", "端木", "轩辕", "宇文", "长孙",
        "鲜于", "闾丘", "呼延", "南宫", "西门", "独孤", "百里", "东郭", "公冶", "澹台", "申屠", "淳于", "单于", "太史", "钟离", "濮阳", "万俟",
    ];

    public static NameKind Of(string name)
    {
        var reader = new PartyReader();
        reader.Read(name, "", "", Divisions.None);
        var core = reader.Core;
        if (reader.Form is FormFamily.Company or FormFamily.Cooperative or FormFamily.Partnership)
            return NameKind.Operator;
        if (name.Contains('·', StringComparison.Ordinal) || IsPerson(core))
            return NameKind.Person;
        // A bank's branch is cut off behind 银行.
        if (reader.IsBranch || EndsWith(core, Trades))
            return NameKind.Operator;
        return reader.Form == FormFamily.Place && core.Length > GivenNameMax && !EndsWith(core, NoTrade)
            ? NameKind.Operator : NameKind.Unclear;
    }

    /// <summary>
    /// The name without the place of trade it ends in: 陈记面 of 陈记面馆. "" when it ends in none, has a form of law, or
    /// would leave next to nothing.
    /// </summary>
    public static string SignOf(string name)
    {
        var bare = name.AsSpan().TrimEnd();
        var reader = new PartyReader();
        reader.Read(bare, "", "", Divisions.None);
        if (reader.Form != FormFamily.Place || reader.IsBranch)
            return "";
        var sign = WithoutEnd(reader.Core);
        var end = reader.Core[sign.Length..];
        return end.Length > 0 && bare.EndsWith(end, StringComparison.Ordinal) ? bare[..^end.Length].ToString() : "";
    }

    /// <summary>
    /// Whether two names of shops at one place, without divisions, are of two shops: their surnames are different
    /// (陈记, 刘记), or what tells a short sign from others is (禾木五金, 金鼎五金; 陈记热干面, 热干面). One that is a slip
    /// of the pen away, or stops earlier, is the same. Symmetric.
    /// </summary>
    internal static bool AreTwoSigns(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        // The slip may reach into the place of trade: 知音超市, 知超音市.
        if (NameEdit.Between(a, b).Kind == EditKind.Swap)
            return false;
        a = WithoutEnd(a);
        b = WithoutEnd(b);
        var shorter = a.Length <= b.Length ? a : b;
        var longer = a.Length <= b.Length ? b : a;
        if (longer.StartsWith(shorter, StringComparison.Ordinal))
            return false;
        if (longer.EndsWith(shorter, StringComparison.Ordinal))
            return shorter.Length <= BareTradeMax && !IsSurname(shorter, 0);
        return HaveTwoSurnames(a, b) || (NameEdit.Between(a, b).Kind
            is not (EditKind.LookAlike or EditKind.Swap or EditKind.Gap) && shorter.Length <= ShortSignMax);
    }

    /// <summary>Whether two signs differ in one character, a surname in both: 陈记, 刘记.</summary>
    internal static bool HaveTwoSurnames(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var kind = NameEdit.Between(a, b).Kind;
        var at = a.CommonPrefixLength(b);
        return kind is EditKind.LookAlike or EditKind.Other && Surnames.Contains(a[at], StringComparison.Ordinal)
            && Surnames.Contains(b[at], StringComparison.Ordinal)
            && (IsSurname(a, at) || (at == 0 && kind == EditKind.Other));
    }

    /// <summary>The surname a sign begins with, as the words around it say (老陈, 陈记); '\0' for none.</summary>
    internal static char SurnameOf(ReadOnlySpan<char> sign)
    {
        for (var at = 0; at < Math.Min(2, sign.Length); at++)
            if (IsSurname(sign, at))
                return sign[at];
        return '\0';
    }

    /// <summary>Whether the words around a character say that it is a surname: 老陈, 陈记.</summary>
    private static bool IsSurname(ReadOnlySpan<char> sign, int at) =>
        Surnames.Contains(sign[at], StringComparison.Ordinal)
        && ((at > 0 && BeforeSurname.Contains(sign[at - 1], StringComparison.Ordinal))
            || (at + 1 < sign.Length && BehindSurname.Contains(sign[at + 1], StringComparison.Ordinal)));

    /// <summary>Without the place of trade it ends in, unless next to nothing would be left.</summary>
    internal static ReadOnlySpan<char> WithoutEnd(ReadOnlySpan<char> name)
    {
        foreach (var end in SignEnds)
            if (name.EndsWith(end, StringComparison.Ordinal))
                return name.Length - end.Length >= SignMin ? name[..^end.Length] : name;
        return name;
    }

    internal static bool IsPerson(ReadOnlySpan<char> name)
    {
        foreach (var surname in DoubleSurnames)
            if (name.StartsWith(surname, StringComparison.Ordinal))
                return name.Length <= surname.Length + GivenNameMax;
        return name.Length is > 1 and <= 1 + GivenNameMax && Surnames.Contains(name[0], StringComparison.Ordinal);
    }

    private static bool EndsWith(ReadOnlySpan<char> name, string[] ends)
    {
        foreach (var end in ends)
            if (name.EndsWith(end, StringComparison.Ordinal))
                return true;
        return false;
    }
}
