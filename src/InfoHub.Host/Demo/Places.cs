namespace InfoHub.Host.Demo;

/// <summary>A street town (街道): nine-digit code and name. In all of them 城建税 is 7 %.</summary>
internal sealed record Town(string Code, string Name, string DistrictName)
{
    public string District => Code[..6];
}

/// <summary>Divisions of one city with their codes of the National Bureau of Statistics; towns are 街道 only.</summary>
internal static class Places
{
    public const string City = "武汉";

    private static readonly (string District, string Name, string Towns)[] Districts =
    [
        ("420102", "江岸区", "002大智街道 003一元街道 005四唯街道 007西马街道"),
        ("420103", "江汉区", "002花楼街街道 005满春街街道 007新华街街道 008万松街街道"),
        ("420104", "硚口区", "001古田街道 003宗关街道 004汉水桥街道 005宝丰街道"),
        ("420105", "汉阳区", "002建桥街道 005鹦鹉街道 007五里墩街道 008琴断口街道"),
        ("420106", "武昌区", "002杨园街道 003徐家棚街道 005粮道街道 008紫阳街道"),
        ("420107", "青山区", "001红卫路街道 002冶金街道 004红钢城街道 005工人村街道"),
        ("420111", "洪山区", "001珞南街道 002关山街道 004张家湾街道 006卓刀泉街道"),
        ("420112", "东西湖区", "004将军路街道 005慈惠街道 006走马岭街道 007径河街道"),
        ("420113", "汉南区", "001纱帽街道 002邓南街道 003东荆街道 004湘口街道"),
        ("420114", "蔡甸区", "001蔡甸街道 002奓山街道 005大集街道 007索河街道"),
        ("420115", "江夏区", "001纸坊街道 002金口街道 005郑店街道 007五里界街道"),
        ("420116", "黄陂区", "001前川街道 003横店街道 005滠口街道 007天河街道"),
        ("420117", "新洲区", "001邾城街道 002阳逻街道 003仓埠街道 004汪集街道"),
    ];

    private static readonly Town[][] Towns = [.. Districts.Select(d => d.Towns.Split(' ')
        .Select(t => new Town(d.District + t[..3], t[3..], d.Name)).ToArray())];

    public static int DistrictCount => Districts.Length;

    public static int TownsPerDistrict => Towns[0].Length;

    /// <summary>Index of a six-digit district, or −1.</summary>
    public static int IndexOf(ReadOnlySpan<byte> district)
    {
        for (var i = 0; i < Districts.Length; i++)
            if (System.Text.Ascii.Equals(district, Districts[i].District))
                return i;
        return -1;
    }

    public static Town TownAt(int district, int town) => Towns[district][town];

    public static readonly string[] Roads =
    [
        "解放大道", "建设大道", "中山路", "和平路", "友谊路", "新华路", "青年路", "团结路", "文化路", "光明路", "工业一路",
        "工业二路", "长江路", "东风路", "迎宾路", "幸福路", "学府路", "滨湖路", "站前路", "民主路", "兴业路", "科技路",
    ];

    /// <summary>Where outsiders are registered.</summary>
    public static readonly (string Division, string Name)[] OtherCities =
        [("440300", "深圳"), ("430100", "长沙"), ("330100", "杭州"), ("320500", "苏州"), ("410100", "郑州"), ("360100", "南昌")];
}
