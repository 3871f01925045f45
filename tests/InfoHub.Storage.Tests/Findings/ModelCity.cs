using System.Globalization;
using System.Text;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Tests.Fixtures;

namespace InfoHub.Storage.Tests.Findings;

/// <summary>
/// A city of two dozen parties whose tax register is sent whole every month, with what each model has to find in it and
/// what it has to spare. <see cref="Truth"/> is written down by hand, not worked out.
/// </summary>
internal sealed class ModelCity
{
    public static readonly DateOnly AsOf = new(2025, 9, 25);

    private const int SmallLost = 1, SmallWas = 2, HeadBelow = 3, HeadAll = 6, Young = 9, Old = 10, TownBlank = 11,
        ZoneBlank = 12, Standby = 13, Quarter = 14, PaidLater = 15, PaidBefore = 16, Lapsed = 17, Rejected = 18,
            Corrected = 19,
        TakenBack = 20, Silent = 22, HeadLeft = 23, SentAgain = 25, Reopened = 26, FirstPharmacy = 27,
        Pharmacies = 11, ThinPharmacy = FirstPharmacy + Pharmacies - 1;

    private static readonly string[] Words =
    [
        "", "禾木", "青岚", "松涛", "白鹭", "石桥", "锦溪", "南屏", "北渡", "望江", "长亭", "梅岭", "玉泉", "丹霞", "金阳", "柳营",
        "云杉", "桐庐", "翠微", "听雨", "落霞", "", "归帆",
        "兰亭", "兰亭东", "泊舟", "栖霞", "杏林", "橘井", "仁和", "济生", "百草", "同春", "回春", "保安", "广济", "怀德", "延年",
    ];

    private readonly Dictionary<(string Item, string Period, int Sequence), List<Dictionary<string,
        string>>> _rows = [];

    /// <summary>model, party number, business key.</summary>
    public static readonly string[] Truth =
    [
        $"HJ-01 {Young} registration", $"HJ-01 {Old} registration", $"HJ-05 {Old} unregistered", $"HJ-05 {Lapsed} lapsed",
        $"HJ-06 {Standby} 01:20250210", $"HJ-06 {Quarter} 01:20250210", $"SZ-01 {SmallLost} {Partner.Djxh(SmallLost)}:202503:13709830000",
        $"SZ-14 {HeadBelow} settled:202503", $"SZ-14 {PaidLater} settled:202503", $"SZ-14 {Silent} settled:202505",
        $"HJ-01 {Reopened} registration", $"SZ-01 {SentAgain} {Partner.Djxh(SentAgain)}:202503:13709830000",
        $"SZ-14 {HeadLeft + 1} settled:202504", $"SZ-14 {ThinPharmacy} ratio:202506",
    ];

    /// <summary>model, party number.</summary>
    public static readonly string[] NotJudged = [$"SZ-01 {ZoneBlank}", $"SZ-01 {Rejected}"];

    /// <summary>
    /// Taken back in the end. Without it, it is not known what the fund paid out of February in March.
    /// </summary>
    public static readonly (string Item, string Period) Withdrawn = ("YB-01", "202502");

    public ModelCity()
    {
        for (var month = 1; month <= 8; month++)
            Register($"2025{month:00}", month);
        Add("SW-01", "202503", Registered(Corrected, ("small_flag", "Y"), ("record_op", "U")), 2);
        Licences();
        Payments();
        Returns();
        Settlements();
        Meters();
    }

    public IReadOnlyList<SentFile> Files =>
    [
        .. _rows.Select(f => new SentFile(f.Key.Item, f.Key.Period, f.Key.Sequence,
            f.Key.Sequence > 1 ? Operation.Correction : Operation.Increment, Csv(f.Value))),
        // Nobody filed for May: who had to has declared nothing.
        new SentFile("SW-03", "202505", 1, Operation.Nil, ""),
    ];

    private void Register(string period, int month)
    {
        (int, (string, string)[])[] registered =
        [
            (SmallLost, [("small_flag", month < 7 ? "N" : "Y")]), (SmallWas, [("small_flag", month < 7 ? "Y" : "N")]),
            (HeadBelow, []), (HeadBelow + 1, [("parent_nsrsbh", Partner.Uscc(HeadBelow))]), (HeadBelow + 2,
                [("parent_nsrsbh", Partner.Uscc(HeadBelow))]),
            (HeadAll, []), (HeadAll + 1, [("parent_nsrsbh", Partner.Uscc(HeadAll))]), (HeadAll + 2, [("parent_nsrsbh",
                Partner.Uscc(HeadAll))]),
            (TownBlank, [("jdxz_dm", "370983101")]), (ZoneBlank, [("jdxz_dm", "370983501")]), (Standby, []), (Quarter,
                []), (PaidLater, []),
            (PaidBefore, []), (Lapsed, [("nsrzt_dm", month < 4 ? "03" : "05")]), (Rejected, []), (Corrected, []),
                (Silent, []),
            (HeadLeft, []), (HeadLeft + 1, month < 4 ? [("parent_nsrsbh", Partner.Uscc(HeadLeft))] : []), (SentAgain,
                []),
            .. Enumerable.Range(FirstPharmacy, Pharmacies).Select(n => (n, Array.Empty<(string, string)>())),
        ];
        foreach (var (number, changes) in registered)
            Add("SW-01", period, Registered(number, [.. changes, ("record_op", "A")]));
        if (month is 3 or 4)
            Add("SW-01", period, Registered(TakenBack, ("record_op", month == 3 ? "A" : "D")));
    }

    private void Licences()
    {
        foreach (var (number, period, established) in new[] { (Old, "202501", "2020-03-04"), (Young, "202508",
            "2025-08-25") })
            Add("SCJG-01", period, Partner.Row("SCJG-01", ("uscc", Partner.Uscc(number)), ("ent_name", Name(number)),
                ("legal_rep_name", Person(number)),
                ("address", Address(number)), ("est_date", established), ("approve_date", established), ("valid_to",
                    "")));
        // Cancelled, and in force again by the register alone.
        foreach (var (period, approved) in new[] { ("202501", "2019-03-04"), ("202504", "2025-04-02") })
            Add("SCJG-01", period, Partner.Row("SCJG-01", ("uscc", Partner.Uscc(Reopened)), ("ent_name",
                Name(Reopened)), ("legal_rep_name", Person(Reopened)),
                ("address", Address(Reopened)), ("est_date", "2019-03-04"), ("approve_date", approved), ("valid_to",
                    "")));
        foreach (var number in new[] { Standby, Quarter, Reopened })
            Add("SCJG-03", "202502", Partner.Row("SCJG-03", ("uscc", Partner.Uscc(number)), ("ent_name",
                Name(number)), ("event_date", "2025-02-10")));
    }

    private void Payments()
    {
        foreach (var number in new[] { SmallLost, SmallWas, Corrected, SentAgain })
            Paid(number, "370983001", true, 3500, 1500, 1000);
        Paid(TownBlank, "370983101", false, 5000, 3000, 2000);
        Paid(ZoneBlank, "370983501", false, 4000, 3000, 2000);
        Paid(Rejected, "370983001", true, 7000, 3000, 2000);
        // One wrong character; the 登记序号 beside it is right.
        foreach (var number in new[] { Rejected, SentAgain })
            Spoil(_rows[("SW-02", "202504", 1)].Single(r => r["djxh"] == Partner.Djxh(number)
                && r["zsxm_dm"] == "10109"), number == SentAgain);
    }

    /// <summary>A row that is rejected; <paramref name="isSentAgain"/>: the next month's file has it as it should
    /// be.</summary>
    private void Spoil(Dictionary<string, string> row, bool isSentAgain)
    {
        if (isSentAgain)
            Add("SW-02", "202505", new(row));
        row["nsrsbh"] = row["nsrsbh"][..^1] + (row["nsrsbh"][^1] == '1' ? '2' : '1');
    }

    private void Paid(int number, string town, bool isRateTold, params int[] surcharges)
    {
        (string Tax, string Rate, int Amount)[] paid =
            [("10101", "0.13", 100_000), ("10109", "0.07", surcharges[0]), ("30203", "0.03", surcharges[1]), ("30216",
                "0.02", surcharges[2])];
        foreach (var (tax, rate, amount) in paid)
            Add("SW-02", "202504", Partner.Row("SW-02", ("djxh", Partner.Djxh(number)), ("nsrsbh",
                Partner.Uscc(number)), ("nsrmc", Name(number)),
                ("dzsphm", $"3370982504{number:000}{tax}"), ("pzhm", ""), ("zsxm_dm", tax), ("zspm_dm", $"{tax}0101"), ("skssqq", "2025-03-01"),
                ("skssqz", "2025-03-31"), ("jsyj", ""), ("sl", isRateTold ? rate : ""), ("sjje", $"{amount}.00"), ("rkrq", "2025-04-10"),
                ("yskm", ""), ("ysfpbl", ""), ("jdxz_dm", town)));
    }

    private void Returns()
    {
        foreach (var number in new[] { SmallLost, SmallWas, TownBlank, ZoneBlank, Rejected, Corrected, SentAgain })
            Filed(number, "202503", ("sales_std", "800000.00"), ("output", "104000.00"));
        Filed(HeadBelow, "202503", ("sales_std", "50000.00"));
        Filed(HeadAll, "202503", ("sales_std", "400000.00"));
        Filed(HeadAll + 1, "202503");
        Filed(HeadAll + 2, "202503");
        Filed(HeadLeft, "202503", ("sales_exempt", "100000.00"));
        Filed(HeadLeft, "202504", ("sales_exempt", "1.00"));
        for (var number = FirstPharmacy; number < FirstPharmacy + Pharmacies; number++)
            foreach (var month in new[] { "202506", "202507", "202508" })
                Filed(number, month, ("sales_exempt", number == ThinPharmacy ? "190000.00" : $"{250 + number}000.00"));
        Filed(PaidLater, "202503", ("sales_exempt", "50000.00"));
        Filed(PaidBefore, "202502", ("sales_exempt", "500000.00"));
        // A quarter whose months from the second after the closing on are in it.
        Filed(Quarter, "202506", ("form_kind", "2"), ("skssqq", "2025-04-01"), ("sales_simple", "60000.00"));
    }

    private void Filed(int number, string month, params (string Field, string Value)[] changes)
    {
        var first = DateOnly.ParseExact(month + "01", "yyyyMMdd", CultureInfo.InvariantCulture);
        Add("SW-03", month, Partner.Row("SW-03", [("djxh", Partner.Djxh(number)), ("skssqq", Day(first)), ("skssqz",
            Day(first.AddMonths(1).AddDays(-1))),
            ("sales_std", "0.00"), ("sales_simple", "0.00"), ("sales_export", ""), ("sales_exempt", "0.00"),
                ("output", ""), ("input_used", ""),
            ("carry_in", ""), ("carry_out", ""), ("tax_due", "0.00"), ("tax_topay", "0.00"), ("sbrq",
                Day(first.AddMonths(1).AddDays(9))), .. changes]));
    }

    private void Settlements()
    {
        foreach (var head in new[] { HeadBelow, HeadAll })
            foreach (var shop in new[] { head + 1, head + 2 })
                Settled(shop, "202503", ("parent_uscc", Partner.Uscc(head)), ("provider_type", "22"), ("acct_pay",
                    "100000.00"));
        Settled(HeadLeft + 1, "202503", ("parent_uscc", Partner.Uscc(HeadLeft)), ("provider_type", "22"), ("acct_pay",
            "100000.00"));
        Settled(HeadLeft + 1, "202504", ("acct_pay", "100000.00"));
        for (var number = FirstPharmacy; number < FirstPharmacy + Pharmacies; number++)
            foreach (var month in new[] { "202506", "202507", "202508" })
                Settled(number, month, ("acct_pay", "100000.00"));
        Settled(PaidBefore, "202502", ("acct_pay", "10000.00"));
        Settled(PaidLater, "202503", ("acct_pay", "10000.00"), ("fund_pay", "90000.00"), ("pay_date", "2025-04-20"));
        foreach (var number in new[] { TakenBack, Silent })
            Settled(number, "202505", ("acct_pay", "100000.00"));
    }

    private void Settled(int number, string month, params (string Field, string Value)[] changes) =>
        Add("YB-01", month, Partner.Row("YB-01", [("provider_code", $"P370983{number:00000}"), ("provider_name", Name(number)), ("uscc", Partner.Uscc(number)),
            ("parent_uscc", ""), ("provider_type", "21"), ("address", Address(number)), ("rep_name", Person(number)),
                ("data_month", month),
            ("total_fee", "100000.00"), ("acct_pay", "0.00"), ("fund_pay", "0.00"), ("cash_pay", "0.00"),
                ("reverse_amt", ""), ("pay_date", ""), .. changes]));

    private void Meters()
    {
        for (var month = 3; month <= 8; month++)
            foreach (var (number, kwh) in new[] { (Old, "500.00"), (Lapsed, "500.00"), (Standby, month == 5
                ? "50.00" : "10.00") })
                Add("GD-01", $"2025{month:00}", Partner.Row("GD-01", ("cust_no", $"370983{number:0000000}"), ("cust_name", Name(number)),
                    ("cust_id_no", Partner.Uscc(number)), ("address", Address(number)), ("data_month", $"2025{month:00}"), ("kwh", kwh)));
    }

    private static Dictionary<string, string> Registered(int number, params (string Field, string Value)[] changes) =>
        Partner.Row("SW-01", [("djxh", Partner.Djxh(number)), ("nsrsbh", Partner.Uscc(number)), ("uscc",
            Partner.Uscc(number)), ("nsrmc", Name(number)),
            ("fddbrxm", Person(number)), ("zcdz", Address(number)), ("scjydz", Address(number)), ("djrq",
                "2020-01-15"), ("kyslrq", "2020-01-01"),
            ("ybnsr_from", "2020-02-01"), ("small_flag", "N"), .. changes]);

    private void Add(string item, string period, Dictionary<string, string> row, int sequence = 1)
    {
        if (!_rows.TryGetValue((item, period, sequence), out var rows))
            _rows[(item, period, sequence)] = rows = [];
        rows.Add(row);
    }

    private static string Csv(List<Dictionary<string, string>> rows)
    {
        var columns = rows.SelectMany(r => r.Keys).Distinct().ToArray();
        var csv = new StringBuilder(string.Join(',', columns)).Append('\n');
        foreach (var row in rows)
            csv.AppendJoin(',', columns.Select(c => row.GetValueOrDefault(c, ""))).Append('\n');
        return csv.ToString();
    }

    private static string Name(int number) => $"云山市{Words[number]}商贸有限公司";

    private static string Person(int number) => $"周{Words[number]}";

    private static string Address(int number) => $"云山市东湖区{Words[number]}路{number}号";

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
