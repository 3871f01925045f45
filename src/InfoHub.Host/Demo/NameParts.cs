namespace InfoHub.Host.Demo;

/// <summary>A line of business: what it is called in a name, its GB/T 4754-2017 code and its scope.</summary>
internal sealed record Trade(string Name, string Industry, string Scope);

/// <summary>Parts from which names are put together. Distinct numbers give distinct names.</summary>
internal static class NameParts
{
    private const string FirstCharacters = "鑫宏金恒瑞华盛泰德安嘉永兴隆丰顺福祥荣昌万亿天海星晨旭佳美乐康益民众和同聚汇达通远博文雅润泽源";
    private const string SecondCharacters = "信诚利旺达源茂林峰川河江湖洋洲岳岭松柏梅兰竹菊桐枫云月阳光辉明亮晶玉珠宝鼎鸿鹏飞翔龙凤麟骏驰";
    private const string ThirdCharacters = "一新大中正元广庆和泰成业兴邦国城汉楚江南北东";
    private const string Surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈";
    private const string Given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文斌宇浩子轩雨欣佳怡思远志鹏海燕春晓东";

    public static readonly Trade[] CompanyTrades =
    [
        new("商贸", "F5199", "日用百货、办公用品批发零售"), new("建材", "F5165", "建筑材料、装饰材料销售"),
        new("建筑工程", "E4710", "房屋建筑工程施工"), new("装饰工程", "E5011", "室内外装饰装修工程施工"),
        new("物流", "G5430", "普通货运；仓储服务"), new("信息技术", "I6513", "软件开发；信息系统集成服务"),
        new("机械设备", "C3599", "机械设备制造、销售"), new("电子", "C3979", "电子元器件制造、销售"),
        new("食品", "C1499", "食品生产；预包装食品销售"), new("服饰", "C1819", "服装、服饰制造与销售"),
        new("包装印刷", "C2319", "包装装潢印刷品印刷"), new("塑料制品", "C2929", "塑料制品制造、销售"),
        new("汽车服务", "O8111", "汽车维修；汽车配件销售"), new("餐饮管理", "H6210", "餐饮服务；餐饮管理"),
        new("文化传媒", "L7259", "广告设计、制作、发布"), new("企业管理咨询", "L7249", "企业管理咨询；商务信息咨询"),
        new("物业服务", "K7020", "物业管理；停车场管理服务"), new("环保科技", "N7722", "环境污染治理；环保设备销售"),
        new("教育咨询", "P8399", "教育信息咨询（不含培训）"), new("园林绿化", "E4893", "园林绿化工程设计、施工"),
    ];

    public static readonly Trade[] ShopTrades =
    [
        new("餐饮店", "H6210", "餐饮服务"), new("小吃店", "H6291", "小吃服务"), new("超市", "F5212", "日用百货、预包装食品零售"),
        new("便利店", "F5213", "日用百货、卷烟零售"), new("服装店", "F5232", "服装零售"), new("理发店", "O8040", "理发服务"),
        new("五金店", "F5281", "五金产品零售"), new("建材经营部", "F5289", "建筑材料零售"), new("水果店", "F5222", "水果零售"),
        new("文具店", "F5241", "文具用品零售"), new("汽车修理店", "O8111", "汽车维修"), new("打印店", "L7297", "打字复印服务"),
        new("茶叶店", "F5227", "茶叶零售"), new("面馆", "H6210", "面食制售"), new("烟酒店", "F5226", "酒、卷烟零售"),
        new("干洗店", "O8030", "洗染服务"), new("手机店", "F5274", "通信设备零售"), new("花店", "F5299", "鲜花零售"),
    ];

    /// <summary>What is sold, and the place it is sold in, as a sign has it.</summary>
    private static readonly string[] SignTrades =
    [
        "热干面馆", "豆皮馆", "牛肉粉馆", "酸辣粉店", "麻辣烫店", "卤味店", "炒货店", "水饺馆", "米线馆", "砂锅馆", "烤鱼店", "小龙虾馆", "鲜花店",
        "修脚店", "棋牌室", "台球室", "洗车行", "汽修店", "鲜肉铺", "豆腐坊",
    ];

    private const string SignTitles = "记氏家姐哥嫂";

    public static readonly Trade CooperativeTrade = new("种植专业合作社", "A0141", "蔬菜种植、销售");
    public static readonly Trade PharmacyTrade = new("大药房", "F5251", "药品零售；医疗器械零售");
    public static readonly Trade ClinicTrade = new("诊所", "Q8425", "诊疗服务");
    public static readonly Trade HospitalTrade = new("医院", "Q8411", "诊疗服务");
    public static readonly Trade VillageTrade = new("村经济合作社", "S9620", "集体资产管理");

    /// <summary>字号: two characters, a third when the two run out.</summary>
    public static string Mark(int number)
    {
        var (pairs, rest) = Math.DivRem(number, FirstCharacters.Length * SecondCharacters.Length);
        var pair = $"{FirstCharacters[rest % FirstCharacters.Length]}{SecondCharacters[rest / FirstCharacters.Length]}";
        for (; pairs > 0; pairs /= ThirdCharacters.Length)
            pair += ThirdCharacters[pairs % ThirdCharacters.Length];
        return pair;
    }

    /// <summary>鑫信热干面馆: a 字号 that some in the register have, and a trade that none of them has.</summary>
    public static string MarkedSign(int number) => $"{Mark(number)}{SignTrades[number % SignTrades.Length]}";

    /// <summary>陈记热干面馆: a surname, what neighbours call its bearer, a trade.</summary>
    public static string Sign(int number)
    {
        var (titles, trade) = Math.DivRem(number, SignTrades.Length);
        var (surname, title) = Math.DivRem(titles, SignTitles.Length);
        return $"{Surnames[surname % Surnames.Length]}{SignTitles[title]}{SignTrades[trade]}";
    }

    public static string Person(Dice dice, int subject)
    {
        var surname = Surnames[dice.Below(Surnames.Length, subject, Salt.Surname)];
        var first = Given[dice.Below(Given.Length, subject, Salt.Given)];
        return dice.Percent(20, subject, Salt.Given, month: 1)
            ? $"{surname}{first}" : $"{surname}{first}{Given[dice.Below(Given.Length, subject, Salt.Given, month: 2)]}";
    }
}
