using System.Globalization;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Tests.Fixtures;
using Xunit;

namespace InfoHub.Storage.Tests.Findings;

/// <summary>
/// Small cities, one for each kind of wrong answer a model once gave: what the files say, and all that may be said
/// of it.
/// </summary>
[Collection(ClusterTests.Name)]
public sealed class ModelKindTests(Cluster cluster)
{
    private const int Party = 1, Other = 9;

    /// <summary>Invented; passes the check of a citizen's number and of a USCC.</summary>
    private const string BothChecks = "370983197503122268";

    private readonly Dictionary<(string Item, string Period), List<Dictionary<string, string>>> _files = [];

    [Fact]
    public async Task ParentAnswersForItsBranches_DeclaresLessThanTheySettle_FoundAtTheHeadOffice()
    {
        Chain(declared: "50000.00", zeroReturns: false);
        Assert.Equal([$"F|SZ-14|{Partner.Uscc(Party)}|settled:202503|15000000"], await SaidAsync());
    }

    [Fact]
    public async Task ParentAnswersForItsBranches_ShopsFileZero_NothingAtTheShops()
    {
        Chain(declared: "400000.00", zeroReturns: true);
        Assert.Empty(await SaidAsync());
    }

    [Theory]
    [InlineData("202501")]
    [InlineData("202501 202507")]
    [InlineData("202501 202502 202503 202504 202505 202506 202507 202508")]
    public async Task FactOfTheRegister_HoldsFromADayOn_MarchIsJudgedByMarch(string sent)
    {
        foreach (var period in sent.Split(' '))
            Registered(Party, period);
        Taxed("370983001", "0.07", 3500, 1500, 1000);
        Assert.Equal(
            [$"F|SZ-01|{Partner.Uscc(Party)}|{Partner.Djxh(Party)}:202503:13709830000|600000"], await SaidAsync());
    }

    [Theory]
    [InlineData("370983101", 5000, "")]
    [InlineData("370983501", 4000, "U|SZ-01|{0}")]
    public async Task OptionalColumnBlank_RateOfThePlace_IsNoDefault(string town, int paid, string expected)
    {
        Registered(Party, "202501", ("jdxz_dm", town));
        Taxed(town, "", paid, 3000, 2000);
        var said = string.Format(CultureInfo.InvariantCulture, expected, Partner.Uscc(Party));
        Assert.Equal(said, string.Concat(await SaidAsync()));
    }

    [Fact]
    public async Task OptionalColumnBlank_HeadOfficeOfAnOwnedShop_IsNotKnown()
    {
        Registered(Party, "202501");
        Registered(Other, "202501");
        Filed(Other, "202503", ("sales_std", "1.00"));
        Settled(Party, ("provider_type", "22"));
        Assert.Equal([$"U|SZ-14|{Partner.Uscc(Party)}"], await SaidAsync());
    }

    [Fact]
    public async Task IdentityNumberThatPassesTheOtherCheck_OnAMeter_IsNobodysCode()
    {
        foreach (var month in new[] { "202503", "202504", "202505" })
        {
            Registered(Other, month);
            Add("GD-01", month, Partner.Row("GD-01", ("cust_no", "3709830000002"), ("cust_name", "云山市东湖区泊舟面馆"),
                ("cust_id_no", BothChecks),
                ("address", "云山市东湖区泊舟巷7号"), ("data_month", month), ("kwh", "1000.00")));
        }
        Assert.Equal(["F|HJ-05|-|unregistered|-"], await SaidAsync());
    }

    [Theory]
    [InlineData("SW-02", "SZ-01")]
    [InlineData("SW-01", "SZ-01")]
    public async Task RejectedRowOfTheTaxBureau_OneWrongCharacter_IsADoubt(string item, string model)
    {
        Registered(Party, "202501");
        Registered(Party, "202504");
        Taxed("370983001", "0.07", item == "SW-02" ? 7000 : 3500, 3000, 2000);
        var row = _files[(item, "202504")].Last(r => item == "SW-01" || r["zsxm_dm"] == "10109");
        row["nsrsbh"] = row["nsrsbh"][..^1] + (row["nsrsbh"][^1] == '1' ? '2' : '1');
        Assert.Equal([$"U|{model}|{Partner.Uscc(Party)}"], await SaidAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RejectedRowOfTheTaxBureau_Return_IsADoubtUntilItComesAgain(bool comesAgain)
    {
        Registered(Party, "202501");
        Registered(Other, "202501");
        Settled(Party);
        Filed(Party, "202503", ("sales_std", "80000.00"), ("carry_in", "-1.00"));
        Filed(Other, "202503", ("sales_std", "1.00"));
        if (comesAgain)
            Add("SW-03", "202504", new(_files[("SW-03", "202503")][0]) { ["carry_in"] = "" });
        Assert.Equal(comesAgain ? [$"F|SZ-14|{Partner.Uscc(Party)}|settled:202503|2000000"]
            : [$"U|SZ-14|{Partner.Uscc(Party)}"], await SaidAsync());
    }

    private void Chain(string declared, bool zeroReturns)
    {
        Registered(Party, "202503");
        Filed(Party, "202503", ("sales_std", declared));
        foreach (var shop in new[] { Party + 1, Party + 2 })
        {
            Registered(shop, "202503", ("parent_nsrsbh", Partner.Uscc(Party)));
            Settled(shop, ("parent_uscc", Partner.Uscc(Party)), ("provider_type", "22"));
            if (zeroReturns)
                Filed(shop, "202503");
        }
    }

    private void Registered(int number, string period, params (string Field, string Value)[] changes) =>
        Add("SW-01", period, Partner.Row("SW-01", [("djxh", Partner.Djxh(number)), ("nsrsbh", Partner.Uscc(number)),
            ("uscc", Partner.Uscc(number)), ("nsrmc", Name(number)), ("djrq", "2020-01-15"), ("kyslrq", "2020-01-01"),
            ("ybnsr_from", "2020-02-01"), ("parent_nsrsbh", ""), ("small_flag", "N"), .. changes]));

    private void Taxed(string town, string rate, params int[] surcharges)
    {
        Filed(Party, "202503", ("sales_std", "800000.00"));
        (string Tax, string Rate, int Amount)[] paid =
        [
            ("10101", "0.13", 100_000), ("10109", rate, surcharges[0]), ("30203", "0.03", surcharges[1]),
            ("30216", "0.02", surcharges[2]),
        ];
        foreach (var (tax, told, amount) in paid)
            Add("SW-02", "202504", Partner.Row("SW-02", ("djxh", Partner.Djxh(Party)), ("nsrsbh", Partner.Uscc(Party)),
                ("nsrmc", Name(Party)), ("dzsphm", $"3370982504001{tax}"), ("pzhm", ""), ("zsxm_dm", tax),
                ("zspm_dm", $"{tax}0101"), ("skssqq", "2025-03-01"), ("skssqz", "2025-03-31"), ("jsyj", ""),
                ("sl", rate.Length == 0 ? "" : told), ("sjje", $"{amount}.00"), ("rkrq", "2025-04-10"), ("yskm", ""),
                ("ysfpbl", ""), ("jdxz_dm", town)));
    }

    private void Filed(int number, string month, params (string Field, string Value)[] changes) =>
        Add("SW-03", month, Partner.Row("SW-03", [("djxh", Partner.Djxh(number)), ("skssqq", "2025-03-01"),
            ("skssqz", "2025-03-31"), ("sales_std", "0.00"), ("sales_simple", "0.00"), ("sales_export", ""),
            ("sales_exempt", "0.00"), ("output", ""), ("input_used", ""), ("carry_in", ""), ("carry_out", ""),
            ("tax_due", "0.00"), ("tax_topay", "0.00"), ("sbrq", "2025-04-10"), .. changes]));

    private void Settled(int number, params (string Field, string Value)[] changes) =>
        Add("YB-01", "202503", Partner.Row("YB-01", [("provider_code", $"P370983{number:00000}"),
            ("provider_name", Name(number)), ("uscc", Partner.Uscc(number)), ("parent_uscc", ""),
            ("provider_type", "21"), ("data_month", "202503"), ("total_fee", "100000.00"), ("acct_pay", "100000.00"),
            ("fund_pay", "0.00"),
            ("cash_pay", "0.00"), ("reverse_amt", ""), ("pay_date", ""), .. changes]));

    private void Add(string item, string period, Dictionary<string, string> row)
    {
        if (!_files.TryGetValue((item, period), out var rows))
            _files[(item, period)] = rows = [];
        rows.Add(row);
    }

    private static string Name(int number) => $"云山市{"　禾木青岚松涛　　　白鹭"[number]}{"　木禾岚青　　　　鹭白"[number]}商贸有限公司";

    /// <summary>All that is found (in fen), and all that cannot be judged, by party code.</summary>
    private async Task<List<string>> SaidAsync()
    {
        await using var store = await cluster.NewHubAsync();
        await using var hub = await Flow.OpenAsync(store, new SteppedClock(ModelCity.AsOf));
        foreach (var ((item, period), rows) in _files.OrderBy(f => f.Key.Period, StringComparer.Ordinal))
        {
            var columns = rows.SelectMany(r => r.Keys).Distinct().ToArray();
            var lines = rows.Select(r => string.Join(',', columns.Select(c => r.GetValueOrDefault(c, ""))));
            var csv = string.Join('\n', lines.Prepend(string.Join(',', columns))) + "\n";
            await hub.SendFileAsync(new SentFile(item, period, 1, Operation.Increment, csv), ModelCity.AsOf);
            await hub.ResolveAllAsync();
        }
        await hub.Evaluations.TouchAllAsync(CancellationToken.None);
        await hub.EvaluateAllAsync();
        return await hub.LinesAsync("""
            select concat_ws('|', 'F', f.model, coalesce(p.uscc, '-'), f.business_key,
                coalesce(f.gap_fen::text, '-')) said
            from hub.finding f join hub.party p on p.id = f.party where f.state <> 5
            union all select concat_ws('|', 'U', u.model, p.uscc)
            from hub.unjudged u join hub.party p on p.id = u.party order by said
            """);
    }
}
