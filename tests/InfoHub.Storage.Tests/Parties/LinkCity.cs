using InfoHub.Storage.Tests.Fixtures;

namespace InfoHub.Storage.Tests.Parties;

/// <summary>Licensed parties by number, and meters without a code that may be theirs.</summary>
internal static class LinkCity
{
    private static readonly string[] Trades = ["五金", "餐饮", "服装", "建材", "药房", "酒店", "印刷", "家具", "苗木", "物流", "茶叶", "机电"];

    public static string Brand(int number) => new(
    [
        "禾木金源泰和顺达兴隆永安恒昌瑞丰"[number % 16], "云海山川江河湖泽林野田园春夏秋冬"[number / 3 % 16], "壹贰叁肆"[number / 10 % 4],
    ]);

    public static string NameOf(int number) => $"肥城市{Brand(number)}{Trades[number % Trades.Length]}有限公司";

    public static string PersonOf(int number) =>
        $"{"周吴郑王冯陈褚卫"[number % 8]}{"木林森炎淼鑫垚"[number % 7]}{"文武斌贝利"[number % 5]}";

    public static string AddressOf(int number) => $"肥城市新城街道{Trades[(number + 5) % Trades.Length]}路{(number * 7) + 3}号";

    public static Dictionary<string, string> Licensed(int number, string? name = null, string? address = null) =>
        Partner.Row("SCJG-01",
        ("uscc", Partner.Uscc(number)), ("ent_name", name ?? NameOf(number)), ("legal_rep_name", PersonOf(number)),
        ("address", address ?? AddressOf(number)), ("est_date", "2025-01-06"), ("approve_date", "2025-01-06"));

    public static Dictionary<string, string>[] City(int count) =>
        [.. Enumerable.Range(1, count).Select(n => Licensed(n))];

    public static Dictionary<string,
        string> Metered(int meter, string name, string address, string code = "", string month = "202503") =>
        Partner.Row("GD-01", ("cust_no", $"370983{meter:0000000}"), ("cust_name", name), ("cust_id_no", code),
            ("address", address), ("data_month", month));

    public static string Party(int number) =>
        Partner.PartyOf(Partner.Uscc(number)).Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
