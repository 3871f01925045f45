using System.CommandLine;
using System.Globalization;
using InfoHub.Host.Linking;
using InfoHub.Linkage.Deciding;

namespace InfoHub.Host.Commands;

/// <summary><c>link</c>: whose each row of a file is, by the register in another; no store, no server.</summary>
internal static class LinkCommand
{
    private const int ThreadsMax = 256;

    public static Command Create()
    {
        var register = new Option<string>("--register")
        {
            Required = true, Description = "Tax register: CSV (comma, tab, semicolon; UTF-8 or GB18030; may be .gz)",
        };
        var rows = new Option<string>("--rows") { Required = true, Description = "Rows to be linked, the same kinds" };
        var output = new Option<string>("--out")
        {
            Required = true, Description = "Folder for links.csv, explanations.jsonl, summary.json",
        };
        var mapping = new Option<string?>("--mapping")
        {
            Description = "Names of columns: JSON or lines \"name: 企业名称\", for one file \"rows.name: …\"; keys: "
                + string.Join(", ", PartyColumns.Keys) + ". Default: found by their usual names",
        };
        var weights = new Option<string?>("--weights") { Description = "File of weights; default: those shipped" };
        var threads = new Option<int>("--threads")
        {
            Description = "Default: all cores", DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var explain = new Option<ExplainedRows>("--explain")
        {
            Description = "Rows that are explained: all, open (not linked), none. An explained row takes about as long "
                + "as deciding ten",
            DefaultValueFactory = _ => ExplainedRows.Open,
        };
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > ThreadsMax)
                result.AddError($"--threads takes a number from 1 to {ThreadsMax}");
        });
        var command = new Command("link", "Tell whose each row of a file is, or that the register has nobody like it")
        {
            register, rows, output, mapping, weights, threads, CommonOptions.AsOf, explain,
        };
        command.SetAction((parse, cancellation) => CommonOptions.GuardAsync(async () =>
        {
            var request = new LinkRequest(parse.GetValue(register)!, parse.GetValue(rows)!, parse.GetValue(output)!,
                parse.GetValue(mapping) is { } file ? ColumnMapping.Read(file) : ColumnMapping.None,
                parse.GetValue(weights), parse.GetValue(threads), parse.GetValue(CommonOptions.AsOf) ?? Today(),
                parse.GetValue(explain));
            Show(request, await new LinkRun(request, CommonOptions.Display()).RunAsync(cancellation));
            return 0;
        }));
        return command;
    }

    private static DateOnly Today() =>
        DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

    private static void Show(LinkRequest request, LinkResult result)
    {
        var total = Math.Max(1, result.Decisions.Length);
        foreach (var outcome in Enum.GetValues<LinkOutcome>())
        {
            var counts = result.Counts.Where(c => c.Decision == LinkOutput.Name(outcome)).ToArray();
            var sum = counts.Sum(c => c.Rows);
            Say($"  {LinkOutput.Name(outcome),-9} {sum,9:N0}  {(double)sum / total,6:P1}  {LinkWording.Of(outcome)}");
            foreach (var (_, step, count) in counts)
                Say($"            {count,9:N0}          {WordOf(step)}");
        }
        var seconds = result.Seconds;
        Say($"  读取 {seconds.Read:0.00}，索引 {seconds.Index:0.00}，比对 {seconds.Match:0.00}，写出 {
            seconds.Write:0.00}；启动至 links.csv 写完 {
            seconds.Links:0.00} 秒；说明 {seconds.Explain:0.00} 秒；内存峰值 {result.PeakBytes >> 20} MB");
        if (result.Register.Misshapen.Count > 0)
            Say($"  注意：{request.Register} 有 {result.Register.Misshapen.Count:N0} 行的列数与表头不符，首个是第 {
                result.Register.Misshapen[0] + 1} 行，按读到的内容使用，请核对。");
        if (result.Rows.Misshapen.Count > 0)
            Say($"  注意：{request.Rows} 有 {result.Rows.Misshapen.Count:N0} 行的列数与表头不符，首个是第 {
                result.Rows.Misshapen[0] + 1} 行，没有判定，列为 review。");
        Say($"  结果写入 {Path.GetFullPath(request.Out)}：none 即未登记清单；review 与 ambiguous 请对照 explanations.jsonl 逐户核对。");
    }

    private static string WordOf(string step) => Enum.GetValues<LinkStep>().Where(s => LinkOutput.Name(s) == step)
        .Select(LinkWording.Of).FirstOrDefault("列数与表头不符");

    private static void Say(FormattableString text) =>
        System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
