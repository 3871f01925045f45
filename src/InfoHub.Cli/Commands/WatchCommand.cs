using System.CommandLine;
using System.Text.Json.Nodes;
using InfoHub.Cli.Watching;

namespace InfoHub.Cli.Commands;

/// <summary><c>watch</c>: sends what is put into a folder, as a service or from cron.</summary>
internal static class WatchCommand
{
    public const string Name = "watch";

    private const int PollSecondsDefault = 10;
    private const int SettleSecondsDefault = 5;
    private const int SecondsMax = 3600;

    // A service comes back to what is still under way; a run from cron does not soon.
    private static readonly TimeSpan FollowDefault = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FollowOnceDefault = TimeSpan.FromMinutes(10);

    public static Command Create(HubCommandLine line)
    {
        var folder = new Argument<string>("DIR") { Description = "目录；其下的 in、sent、rejected、receipts 没有则建立" };
        var once = new Option<bool>("--once") { Description = "处理完现有文件即退出，供 cron 调用" };
        var schedule = new Option<string>("--schedule") { Description = "只在这些时间发送与取数：分 时 日 月 星期，例如 \"0 2 10 * *\"" };
        var poll = new Option<int>("--poll") { Description = "每隔多少秒看一次", DefaultValueFactory = _ =>
            PollSecondsDefault };
        var settle = new Option<int>("--settle") { Description = "文件多少秒没有变化才算写完", DefaultValueFactory = _ =>
            SettleSecondsDefault };
        var follow = new Option<int?>("--follow")
        {
            Description = "送达后最多等平台处理多少秒（默认 60，--once 为 600）；没有完成的留在 .work，以后再看",
        };
        var install = new Option<string>("--install") { Description = "只打印安装为系统服务的配置：systemd 或 task-scheduler" };
        install.AcceptOnlyFromAmong("systemd", "task-scheduler");
        Bound(poll, 1);
        Bound(settle, 0);
        follow.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0 or > SecondsMax)
                result.AddError($"--follow 应为 0 至 {SecondsMax}");
        });
        var command = new Command(Name, "值守目录：放进 in 的文件自动检查、报送，结果移到 sent 或 rejected")
        {
            folder, once, schedule, poll, settle, follow, install,
        };
        return line.Run(command, async run =>
        {
            var times = run.Parsed.GetValue(schedule) is { } text ? CronSchedule.Parse(text) : null;
            var root = Path.GetFullPath(run.Parsed.GetRequiredValue(folder));
            if (run.Parsed.GetValue(install) is { } system)
            {
                var definition = system == "systemd" ? WatchInstall.Unit(run, root) : WatchInstall.Task(run, root);
                if (run.IsJson)
                    run.WriteJson(new JsonObject { ["system"] = system, ["definition"] = definition });
                else
                    run.Terminal.Out.Write(definition);
                return ExitCode.Ok;
            }
            var isOnce = run.Parsed.GetValue(once);
            var loop = new WatchLoop(run, new WatchFolder(root), new WatchWishes(
                times, TimeSpan.FromSeconds(run.Parsed.GetValue(settle)),
                run.Parsed.GetValue(follow) is { } seconds ? TimeSpan.FromSeconds(seconds)
                    : isOnce ? FollowOnceDefault : FollowDefault));
            return isOnce ? await loop.OnceAsync()
                : await loop.RunAsync(TimeSpan.FromSeconds(run.Parsed.GetValue(poll)));
        });
    }

    private static void Bound(Option<int> seconds, int min) => seconds.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < min || value > SecondsMax))
            result.AddError($"{seconds.Name} 应为 {min} 至 {SecondsMax}");
    });
}
