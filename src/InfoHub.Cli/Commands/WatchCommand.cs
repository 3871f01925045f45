using System.CommandLine;
using System.Globalization;
using System.Security;
using InfoHub.Cli.Watching;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Commands;

/// <summary><c>watch</c>: sends what is put into a folder, as a service or from cron.</summary>
internal static class WatchCommand
{
    public const string Name = "watch";

    private const int PollSecondsDefault = 10;
    private const int SettleSecondsDefault = 5;
    private const int SecondsMax = 3600;

    public static Command Create(HubCommandLine line)
    {
        var folder = new Argument<string>("DIR") { Description = "目录；其下的 in、sent、rejected、receipts 没有则建立" };
        var once = new Option<bool>("--once") { Description = "处理完现有文件即退出，供 cron 调用" };
        var schedule = new Option<string>("--schedule") { Description = "只在这些时间发送与取数：分 时 日 月 星期，例如 \"0 2 10 * *\"" };
        var poll = new Option<int>("--poll") { Description = "每隔多少秒看一次", DefaultValueFactory = _ =>
            PollSecondsDefault };
        var settle = new Option<int>("--settle") { Description = "文件多少秒没有变化才算写完", DefaultValueFactory = _ =>
            SettleSecondsDefault };
        var install = new Option<string>("--install") { Description = "只打印安装为系统服务的配置：systemd 或 task-scheduler" };
        install.AcceptOnlyFromAmong("systemd", "task-scheduler");
        Bound(poll, 1);
        Bound(settle, 0);
        var command = new Command(Name, "值守目录：放进 in 的文件自动检查、报送，结果移到 sent 或 rejected")
        {
            folder, once, schedule, poll, settle, install,
        };
        return line.Run(command, async run =>
        {
            var times = run.Parsed.GetValue(schedule) is { } text ? CronSchedule.Parse(text) : null;
            var root = Path.GetFullPath(run.Parsed.GetRequiredValue(folder));
            if (run.Parsed.GetValue(install) is { } system)
            {
                run.Terminal.Out.Write(system == "systemd" ? Unit(run, root) : Task(run, root));
                return ExitCode.Ok;
            }
            return await new Watch(run, new WatchFolder(root), times, TimeSpan.FromSeconds(run.Parsed.GetValue(settle)))
                .RunAsync(run.Parsed.GetValue(once) ? null : TimeSpan.FromSeconds(run.Parsed.GetValue(poll)));
        });
    }

    private static void Bound(Option<int> seconds, int min) => seconds.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < min || value > SecondsMax))
            result.AddError($"{seconds.Name} 应为 {min} 至 {SecondsMax}");
    });

    private static string Program => Environment.ProcessPath ?? "infohub";

    private static string Unit(CommandRun run, string root) => $"""
        # /etc/systemd/system/infohub-watch.service
        # 然后：systemctl daemon-reload && systemctl enable --now infohub-watch
        [Unit]
        Description=InfoHub watch {root}
        Wants=network-online.target
        After=network-online.target time-sync.target

        [Service]
        Type=simple
        User=infohub
        Environment=INFOHUB_HOME={run.Home.Folder ?? "/var/lib/infohub"}
        ExecStart="{Program}" watch "{root}" --profile {run.Settings.ProfileName}
        Restart=on-failure
        RestartSec=30
        KillSignal=SIGTERM
        TimeoutStopSec=40
        NoNewPrivileges=true
        ProtectSystem=strict
        ReadWritePaths="{root}" "{run.Home.Folder ?? "/var/lib/infohub"}"

        [Install]
        WantedBy=multi-user.target

        """;

    private static string Task(CommandRun run, string root) => $"""
        <?xml version="1.0" encoding="UTF-16"?>
        <!-- 另存为 infohub-watch.xml（Unicode 编码），然后：schtasks /Create /TN InfoHubWatch /XML infohub-watch.xml -->
        <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
          <RegistrationInfo><Description>InfoHub watch</Description></RegistrationInfo>
          <Triggers><BootTrigger><Enabled>true</Enabled></BootTrigger></Triggers>
          <Settings>
            <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
            <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
            <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
          </Settings>
          <Actions>
            <Exec>
              <Command>{SecurityElement.Escape(Program)}</Command>
              <Arguments>watch &quot;{SecurityElement.Escape(root)}&quot; --profile {run.Settings.ProfileName}</Arguments>
            </Exec>
          </Actions>
        </Task>

        """;

    /// <summary>The loop: a sign of life, then what is due, then what is finished.</summary>
    private sealed class Watch(CommandRun run, WatchFolder folder, CronSchedule? schedule, TimeSpan settle)
    {
        public async Task<ExitCode> RunAsync(TimeSpan? poll)
        {
            using var taken = folder.Take();
            var log = new WatchLog(folder.Root, run.Terminal.Clock, run.Terminal.Out);
            log.Write($"值守 {folder.Root}，登录档案 {run.Settings.ProfileName}");
            if (poll is not { } pause)
                return await PassAsync(log);
            var next = schedule?.Next(Now.AddMinutes(-1));
            try
            {
                while (true)
                {
                    log.Beat($"在值守，in 中 {Directory.EnumerateFiles(folder.In).Count()} 个文件");
                    if (schedule is null || Now >= next)
                    {
                        await PassSafelyAsync(log);
                        next = schedule?.Next(Now);
                    }
                    await System.Threading.Tasks.Task.Delay(pause, run.Terminal.Clock, run.Cancellation);
                }
            }
            catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
            {
                log.Write("停止值守；没有处理完的文件留在 in 中，下次继续");
                return ExitCode.Ok;
            }
        }

        private DateTime Now => run.Terminal.Clock.GetLocalNow().DateTime;

        /// <summary>A service lives on: what keeps one pass from its end may be gone at the next.</summary>
        private async Task PassSafelyAsync(WatchLog log)
        {
            try
            {
                await PassAsync(log);
            }
            catch (ProblemException failed)
            {
                log.WriteOnce("", $"{failed.Problem.Code} {failed.Problem.Kind.TitleZh}：{failed.Problem.Detail}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                log.WriteOnce("", string.Create(CultureInfo.InvariantCulture, $"文件操作失败：{e.Message}"));
            }
        }

        private async Task<ExitCode> PassAsync(WatchLog log)
        {
            var jobs = await new ExtractJobs(run, folder, log).RunDueAsync(Now, schedule);
            var files = folder.Ready(run.Terminal.Clock.GetUtcNow().UtcDateTime, settle);
            return ExitCodes.Worst([jobs, await new WatchPass(run, folder, log).RunAsync(files)]);
        }
    }
}
