using System.Globalization;
using System.Text;
using InfoHub.Linkage.Reading;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>
/// A made-up register of two cities with check-valid codes: chains, shared persons and shared addresses among them.
/// The same seed gives the same register.
/// </summary>
internal static class GeneratedCity
{
    private const string NameCharacters = "鑫恒泰瑞华盛达兴宏信诚嘉和美佳康永安利源丰润博创思远景明阳光辉龙凤金银玉宝福禄祥云天海江河山川林森木石松柏梅兰竹菊春夏秋冬东南西北"
        + "中正大同高新科智慧联众合力拓展飞腾跃升凯捷迅速通畅顺达乐悦欢喜庆荣耀煌亿万千百众益惠民生富强文雅静怡然清新绿洁净亮彩虹星辰月皓朗晴";

    private const string GivenCharacters = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红建国志文斌宇浩凯健俊帆雪琳晨欣怡佳鹏飞婷慧颖琪瑶璐蕾薇岚峰岩松柏";

    private const string Surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢";

    private static readonly string[] Trades =
    [
        "商贸", "建材", "餐饮管理", "信息技术", "机电设备", "物流", "装饰工程", "医疗器械", "农业开发", "文化传媒", "汽车服务", "酒店管理", "房地产开发", "广告",
        "环保科技", "服饰", "食品", "五金", "生物科技", "教育咨询", "电子商务", "劳务", "园林绿化", "印刷包装", "化工", "家具", "电力工程", "粮油购销",
    ];

    private static readonly string[] Forms =
        ["有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "经营部", "商行", "店", "厂", "专业合作社"];

    private static readonly (string City, string Code, string[] Counties)[] Cities =
    [
        ("武汉", "4201", ["江岸区", "江汉区", "硚口区", "汉阳区", "武昌区", "青山区", "洪山区"]),
        ("襄阳", "4206", ["襄城区", "樊城区", "襄州区", "枣阳市", "宜城市"]),
    ];

    public static List<PartyText> Of(int parties, int seed)
    {
        var dice = new Random(seed);
        var (city, names) = (new List<PartyText>(parties), new HashSet<string>());
        var persons = Enumerable.Range(0, Math.Max(8, parties * 9 / 10)).Select(_ => Person(dice)).ToArray();
        while (city.Count < parties)
        {
            var place = Cities[dice.Next(10) < 7 ? 0 : 1];
            var county = place.Counties[dice.Next(place.Counties.Length)];
            // One in twelve is a branch of somebody before it.
            var name = dice.Next(12) == 0 && city.Count > 0
                && city[dice.Next(city.Count)] is { } parent && parent.Name.EndsWith("公司", StringComparison.Ordinal)
                ? $"{parent.Name}{Pick(dice, NameCharacters, 2)}分公司"
                : $"{Region(dice, place.City, county)}{Pick(dice, NameCharacters, dice.Next(2, 4))}{
                    Trades[dice.Next(Trades.Length)]}{Forms[dice.Next(Forms.Length)]}";
            if (!names.Add(name))
                continue;
            var address = dice.Next(8) == 0 && city.Count > 0 ? city[dice.Next(city.Count)].Address
                : Address(dice, place.City, county);
            city.Add(new PartyText(string.Create(CultureInfo.InvariantCulture, $"T{city.Count:0000000}"), name,
                dice.Next(8) == 0 ? "" : persons[dice.Next(persons.Length)], address, place.City,
                Codes(place.Code, city.Count + (seed % 90 * 1_000_000))));
        }
        return city;
    }

    /// <summary>USCC, organisation code and registration number, check characters right, of no other number.</summary>
    /// <param name="head">The first eight characters of the USCC; an enterprise's of the city when "".</param>
    public static string Codes(string city, int number, string head = "")
    {
        Span<byte> organisation = stackalloc byte[OrganisationCode.Length];
        Encoding.ASCII.GetBytes(number.ToString("00000000", CultureInfo.InvariantCulture), organisation);
        organisation[8] = OrganisationCode.CheckCharacter(organisation[..8]);
        Span<byte> uscc = stackalloc byte[Uscc.Length];
        Encoding.ASCII.GetBytes(head.Length > 0 ? head : $"91{city}00", uscc);
        organisation.CopyTo(uscc[8..]);
        uscc[17] = Uscc.CheckCharacter(uscc[..17]);
        Span<byte> registration = stackalloc byte[RegistrationNumber.Length];
        Encoding.ASCII.GetBytes($"{city}00{number:00000000}", registration);
        registration[14] = RegistrationNumber.CheckDigit(registration[..14]);
        return $"{Encoding.ASCII.GetString(uscc)} {Encoding.ASCII.GetString(organisation)} {
            Encoding.ASCII.GetString(registration)}";
    }

    private static string Region(Random dice, string city, string county) => dice.Next(10) switch
    {
        < 6 => city + "市", < 7 => city, < 8 => $"{city}市{county}", < 9 => "湖北", _ => "",
    };

    private static string Person(Random dice) => Pick(dice, Surnames, 1) + Pick(dice, GivenCharacters, dice.Next(1, 3));

    private static string Address(Random dice, string city, string county)
    {
        var address = new StringBuilder(dice.Next(4) == 0 ? "湖北省" : "").Append(city).Append('市').Append(county);
        address.Append(Pick(dice, NameCharacters, 2)).Append(dice.Next(3) switch { 0 => "街", 1 => "大道", _ => "路" });
        address.Append(dice.Next(1, 900)).Append('号');
        if (dice.Next(2) == 0)
            address.Append(dice.Next(1, 30)).Append("栋").Append(dice.Next(1, 4)).Append("单元")
                .Append(dice.Next(101, 3300)).Append('室');
        return address.ToString();
    }

    public static string Pick(Random dice, string from, int count)
    {
        var picked = new StringBuilder();
        for (var i = 0; i < count; i++)
            picked.Append(from[dice.Next(from.Length)]);
        return picked.ToString();
    }

    /// <summary>A character that names are made of.</summary>
    public static string AnyCharacter(Random dice) => Pick(dice, NameCharacters, 1);
}
