using System.CommandLine;
using System.Globalization;
using InfoHub.Storage;
using InfoHub.Storage.Parked;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Commands;

/// <summary><c>parked</c>: what faults of the hub kept from being worked, and a second try after the mend.</summary>
internal static class ParkedCommand
{
    public const int ParkedExitCode = 1;

    private const int ShownMax = 1000;

    public static Command Create()
    {
        var store = new StoreOptions();
        var retry = new Option<bool>("--retry")
        {
            Description = "Mark all of it to be tried again: the hub that runs does it at once, else the next one",
        };
        var command = new Command("parked", "List what a fault of the hub kept from being worked, and try it again")
        {
            retry,
        };
        store.AddTo(command);
        command.SetAction((parse, cancellation) => CommonOptions.GuardAsync(async () =>
        {
            await using var opened = await store.OpenAsync(parse, cancellation);
            await using var source = await Schema.OpenAsync(opened.ConnectionString, cancellation);
            return await RunAsync(new ParkedWork(source, TimeProvider.System), parse.GetValue(retry), cancellation);
        }));
        return command;
    }

    private static async Task<int> RunAsync(ParkedWork parked, bool isRetried, CancellationToken cancellation)
    {
        var stuck = await parked.StuckAsync(cancellation);
        if (stuck is not null)
            Say(ProblemOf(stuck).ToString());
        var counts = isRetried ? await parked.RetryAsync(cancellation) : await parked.CountAsync(cancellation);
        foreach (var item in await parked.ListAsync(ShownMax, cancellation))
            Say(string.Create(CultureInfo.InvariantCulture, $"{(item.IsToBeTried ? "待重试" : "已搁置")}  {Name(item.Kind)}  {
                item.What}  {item.At.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd HH:mm}  {item.Reason}"));
        Say(counts.All == 0 ? "没有搁置的数据。" : isRetried ? $"已标记重试 {counts.All} 项，平台运行时随即处理。"
            : $"搁置 {counts.All} 项。排除故障后加 --retry 重新处理。");
        return stuck is null && (isRetried || counts.All == 0) ? 0 : ParkedExitCode;
    }

    /// <summary>IH-STO-001 when anything is set aside, else null.</summary>
    public static async Task<Problem?> ProblemAsync(ParkedWork parked, CancellationToken cancellation)
    {
        if (await parked.CountAsync(cancellation) is not { All: > 0 } counts)
            return null;
        var first = (await parked.ListAsync(1, cancellation))[0];
        var (kinds, numbers) = (new[] { "record", "submission", "row", "party" },
            new[] { counts.Records, counts.Submissions, counts.Rows, counts.Parties });
        return new Problem(ProblemCatalogue.WorkParked, ("count", Text(counts.All)),
            ("what", string.Join("、", kinds.Zip(numbers).Where(k => k.Second > 0)
                .Select(k => $"{Name(k.First)} {Text(k.Second)}"))),
            ("reason", $"{first.What}：{first.Reason}"));
    }

    public static Problem ProblemOf(StageFault stuck) => new(ProblemCatalogue.StageStuck, ("stage", stuck.Stage),
        ("count", Text(stuck.Tries)), ("reason", stuck.Reason));

    private static string Name(string kind) => kind switch
    {
        "record" => "传输记录", "submission" => "报送", "row" => "待归户行", _ => "主体",
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Say(string text) => System.Console.WriteLine(text);
}
