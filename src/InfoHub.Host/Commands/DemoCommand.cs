using System.CommandLine;
using System.Globalization;
using InfoHub.Client.Receiving;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Host.Batch;
using InfoHub.Host.Composition;
using InfoHub.Host.Demo;
using InfoHub.Storage.Figures;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Host.Commands;

/// <summary>
/// <c>demo</c>: extracts of a made-up city with known truth, through the real client and endpoint, and what was found.
/// </summary>
internal static class DemoCommand
{
    private const int MissedShownMax = 5;
    private const int WrongExitCode = 1;

    public static Command Create()
    {
        var parties = new Option<int>("--parties") { DefaultValueFactory = _ => 20_000, Description = "Parties of the city, 1 000 to 4 000 000" };
        var months = new Option<int>("--months") { DefaultValueFactory = _ => new DemoOptions { OutputFolder = "" }.Months, Description = "Months of extracts from January 2025 on, 5 to 24" };
        var changes = new Option<bool>("--register-changes") { Description = "The tax register sends changes only, not everybody every month" };
        var exit = new Option<bool>("--exit") { Description = "End when everything is found instead of leaving the console open" };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => new DemoOptions { OutputFolder = "" }.Seed, Description = "Seed of the generated city" };
        var output = new Option<string?>("--out") { Description = "Also write findings.csv, links.csv … of the run into this folder" };
        var web = new Option<int>("--web-port") { DefaultValueFactory = _ => 0, Description = "Port of the console; 0 takes a free one" };
        var command = new Command("demo", "Generate a city, push its extracts, show what is found") { parties, months, changes, exit, seed, output, web, CommonOptions.Log, CommonOptions.Templates };
        command.SetAction((parse, cancellation) => CommonOptions.GuardAsync(async () =>
        {
            if (parse.GetValue(parties) is < DemoOptions.PartiesMin or > DemoOptions.PartiesMax)
                throw new ProblemException(new Problem(ProblemCatalogue.ConfigurationUnsound, ("key", "--parties"),
                    ("value", BatchFeed.Count(parse.GetValue(parties))), ("reason", "1,000 ~ 4,000,000"), ("default", "20,000")));
            if (parse.GetValue(months) is < DemoOptions.MonthsMin or > DemoOptions.MonthsMax)
                throw new ProblemException(new Problem(ProblemCatalogue.ConfigurationUnsound, ("key", "--months"),
                    ("value", BatchFeed.Count(parse.GetValue(months))), ("reason", "5 ~ 24"), ("default", "6")));
            var folder = CommonOptions.NewTemporaryFolder("demo");
            var options = new DemoOptions
            {
                Months = parse.GetValue(months), FullRegister = !parse.GetValue(changes),
                AsOf = new DemoOptions { OutputFolder = "" }.First.AddMonths(parse.GetValue(months) - 1).End.AddDays(20),
                Parties = parse.GetValue(parties), Seed = parse.GetValue(seed), OutputFolder = Path.Combine(folder, "extracts"),
                EnterpriseCsvGz = Path.Combine(CommonOptions.RepositoryRoot, "..", "shared", "data", "city-wuhan.csv.gz"),
            };
            Say($"一、生成演示城市：{BatchFeed.Count(options.Parties)} 户");
            var city = DemoCity.Generate(options);
            Say($"   {city.Files.Count} 份报送，{BatchFeed.Count(city.Rows)} 行，其中真实登记 {BatchFeed.Count(city.RealEnterprises)} 户、预埋错误 {city.Faults.Count} 处");
            Say("二、启动内嵌平台（PostgreSQL、gRPC、控制台）");
            await using var batch = await BatchHub.StartAsync(parse.GetValue(CommonOptions.Log)!, new HubOptions
            {
                DataFolder = folder, TemplatesFolder = CommonOptions.TemplatesOf(parse), AsOf = options.AsOf, WebPort = parse.GetValue(web),
            }, cancellation);
            Say($"   gRPC {batch.Hub.Grpc}  控制台 {batch.Hub.Web}");
            Say("三、各部门报送");
            using var feed = new BatchFeed(batch.Hub, CommonOptions.Display());
            var pushed = await feed.PushAsync([.. city.Files.Select(f => f.Path)], cancellation);
            if (parse.GetValue(output) is { } outFolder)
                await new RunOutput(batch.Hub, outFolder).WriteAsync(pushed, await feed.RefusedAsync(pushed, cancellation), TimeSpan.Zero, cancellation);
            var right = await ReportAsync(batch.Hub, city, cancellation);
            if (!parse.GetValue(exit))
                await StayAsync(batch.Hub, cancellation);
            await feed.RequireAllWorkedAsync(cancellation);
            return right ? 0 : WrongExitCode;
        }));
        return command;
    }

    private static void Say(string text) => System.Console.WriteLine(text);

    private static async Task<bool> ReportAsync(Hub hub, DemoSummary city, CancellationToken cancellation)
    {
        var totals = await new RunFigures(hub.Store).TotalsAsync(cancellation);
        using var connection = hub.Connect(Authority.ClientRegistry.CityConsumer);
        var findings = new List<Finding>();
        await foreach (var finding in new FindingReader(connection).SearchAllAsync(new SearchFindingsRequest { PageSize = 200 }, cancellation))
            findings.Add(finding);
        Say("四、结果");
        Say($"   收到 {BatchFeed.Count(totals.RowsReceived)} 行 = 退回 {BatchFeed.Count(totals.RowsRejected)} + 入库 {BatchFeed.Count(totals.RowsStored)}；" +
            $"整份退回 {totals.FilesRefused} 份；主体 {BatchFeed.Count(totals.Parties)}（已识别 {BatchFeed.Count(totals.PartiesIdentified)}）");
        Say("   rows received / rejected / stored: " + string.Create(CultureInfo.InvariantCulture, $"{totals.RowsReceived} / {totals.RowsRejected} / {totals.RowsStored}, parties: {totals.Parties}"));
        Say($"   无代码、各登记库中均无的户 {BatchFeed.Count(totals.Strangers)}："
            + $"其中两个以上部门看到 {BatchFeed.Count(totals.StrangersSeenBySeveral)} 户，"
            + $"合并了 {BatchFeed.Count(totals.WordingsOfThose)} 种写法");
        Say(string.Create(CultureInfo.InvariantCulture,
            $"   without a code, in no register: {totals.Strangers}; seen by more than one department: ")
            + totals.StrangersSeenBySeveral.ToString(CultureInfo.InvariantCulture));
        SayPlacements(await new RunFigures(hub.Store).PlacementsAsync(cancellation));
        Say("   模型    预埋处  查到处  查全率 recall    疑点条  误报条  查准率 precision");
        var right = totals.RowsReceived == totals.RowsRejected + totals.RowsStored;
        foreach (var score in DemoScore.Of(city.Truth, findings))
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"   {score.Model}  {score.Planted,6}  {score.Found,6}")
                + string.Create(CultureInfo.InvariantCulture, $"         {score.Recall:0.000}    {score.Findings,6}")
                + string.Create(CultureInfo.InvariantCulture, $"  {score.WithoutGround,6}")
                + string.Create(CultureInfo.InvariantCulture, $"            {score.Precision:0.000}"));
            foreach (var wrong in score.Wrong.Take(MissedShownMax))
                Say($"      {wrong}");
            right &= score.Wrong.Count == 0;
        }
        Say("   一处预埋可跨几个月，每月一条疑点：查全率按处计，查准率按条计。");
        return right;
    }

    /// <summary>What became of the rows of departments, and where an officer finds those that wait.</summary>
    private static void SayPlacements(PlacementFigures placed)
    {
        Say($"   归户（同一部门的同一写法计一行）：按代码 {BatchFeed.Count(placed.ByCode)} 行，"
            + $"修复一个错字的代码 {BatchFeed.Count(placed.ByRepairedCode)} 行，"
            + $"按名称、地址 {BatchFeed.Count(placed.ByLikeness)} 行；"
            + $"已登记待辨认 {BatchFeed.Count(placed.Ambiguous)} 行，待人工核对 {BatchFeed.Count(placed.Review)} 行"
            + $"（见控制台“归户核对” /links）；各登记库中均无 {BatchFeed.Count(placed.Nobody)} 行");
        Say(string.Create(CultureInfo.InvariantCulture,
            $"   rows placed by code / repaired code / likeness: {placed.ByCode} / {placed.ByRepairedCode} / ")
            + string.Create(CultureInfo.InvariantCulture,
                $"{placed.ByLikeness}; waiting at /links as ambiguous / for review: {placed.Ambiguous} / ")
            + string.Create(CultureInfo.InvariantCulture, $"{placed.Review}; nobody's: {placed.Nobody}"));
    }

    private static async Task StayAsync(Hub hub, CancellationToken cancellation)
    {
        Say($"五、请在浏览器打开 {hub.Web} ，用户 {Authority.ClientRegistry.CityConsumer} ，密钥见 {hub.CredentialsOf(Authority.ClientRegistry.CityConsumer)}");
        Say("   按 Ctrl-C 结束，演示数据随之删除。");
        await hub.WaitForShutdownAsync(cancellation);
    }
}
