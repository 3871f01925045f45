using System.Security;
using InfoHub.Cli.Commands;

namespace InfoHub.Cli.Watching;

/// <summary>What an administrator hands to the system so that it runs the watch.</summary>
internal static class WatchInstall
{
    private const string ServiceHome = "/var/lib/infohub";

    /// <summary>
    /// What starts this program: itself, or the runtime that it was handed to (<c>dotnet infohub.dll</c>), whose own
    /// command <c>watch</c> is something else.
    /// </summary>
    private static readonly string[] Program = ProgramOf(Environment.ProcessPath, Environment.GetCommandLineArgs()[0]);

    private static string Start => string.Join(' ', [Quoted(Program[0]), .. Program[1..].Select(Command)]);

    internal static string[] ProgramOf(string? process, string assembly) => process switch
    {
        null => ["infohub"],
        _ when Path.GetFileNameWithoutExtension(process) == "dotnet" => [process, Path.GetFullPath(assembly)],
        _ => [process],
    };

    /// <summary>
    /// A unit of its own account, whose settings lie in its state folder; nothing else of the system can be written.
    /// </summary>
    public static string Unit(CommandRun run, string root) => $"""
        # /etc/systemd/system/infohub-watch.service
        # 1. 建立服务账号与值守目录；报送人员加入 infohub 组，即可放文件、看结果：
        #      useradd --system --home-dir {ServiceHome} infohub
        #      install -d -o infohub -g infohub -m 2770 {Shell(root)} {Shell(root + "/in")} {Shell(root + "/rejected")}
        #      install -d -o infohub -g infohub -m 700 {ServiceHome}
        # 2. 以该账号登录，凭据存入 {ServiceHome}：
        #      sudo -u infohub INFOHUB_HOME={ServiceHome} {string.Join(' ', Program.Select(Shell))} login \
        #        --profile {Shell(run.Settings.ProfileName)} --env-file 凭据.env
        # 3. systemctl daemon-reload && systemctl enable --now infohub-watch
        [Unit]
        Description=InfoHub watch
        Wants=network-online.target
        After=network-online.target time-sync.target
        RequiresMountsFor={Quoted(root)}

        [Service]
        Type=simple
        User=infohub
        Group=infohub
        UMask=0007
        StateDirectory=infohub
        StateDirectoryMode=0700
        Environment=INFOHUB_HOME={ServiceHome}
        ExecStart={Start} watch {Command(root)} --profile {Command(run.Settings.ProfileName)}
        Restart=on-failure
        RestartSec=30
        KillSignal=SIGTERM
        TimeoutStopSec=40
        NoNewPrivileges=true
        PrivateTmp=yes
        ProtectSystem=strict
        ReadWritePaths={Quoted(root)}

        [Install]
        WantedBy=multi-user.target

        """;

    /// <summary>
    /// A task that runs whether or not its account is signed in. The scheduler sets no environment, so a shell does.
    /// </summary>
    public static string Task(CommandRun run, string root) => $"""
        <?xml version="1.0" encoding="UTF-16"?>
        <!-- 另存为 infohub-watch.xml（Unicode 编码），然后：schtasks /Create /TN InfoHubWatch /XML infohub-watch.xml
             以 UserId 的账号登录过的 infohub 才能报送；不登录 Windows 也会运行，但不能访问网络共享。 -->
        <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
          <RegistrationInfo><Description>InfoHub watch</Description></RegistrationInfo>
          <Triggers><BootTrigger><Enabled>true</Enabled></BootTrigger></Triggers>
          <Principals>
            <Principal id="Author">
              <UserId>{Escaped($@"{Environment.UserDomainName}\{Environment.UserName}")}</UserId>
              <LogonType>S4U</LogonType>
              <RunLevel>LeastPrivilege</RunLevel>
            </Principal>
          </Principals>
          <Settings>
            <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
            <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
            <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
            <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
            <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
          </Settings>
          <Actions Context="Author">
            <Exec>
              <Command>cmd.exe</Command>
              <Arguments>{Escaped($"/d /s /c \"{Home(run)}{Watch(run, root)}\"")}</Arguments>
            </Exec>
          </Actions>
        </Task>

        """;

    /// <summary>One word of a unit: systemd reads escapes as C does, and a percent sign as a name's begin.</summary>
    private static string Quoted(string text) => '"' + string.Concat(text.Select(c => c switch
    {
        '"' or '\\' => $"\\{c}", '%' => "%%", < ' ' => $"\\x{(int)c:x2}", _ => c.ToString(),
    })) + '"';

    /// <summary>In a command a dollar sign begins a name too.</summary>
    private static string Command(string text) => Quoted(text.Replace("$", "$$", StringComparison.Ordinal));

    /// <summary>One word of a shell's line in a comment.</summary>
    private static string Shell(string text) =>
        $"'{Terminal.Clean(text).Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Home(CommandRun run) => run.Home.Folder is { } home ? $"set \"INFOHUB_HOME={home}\"&& " : "";

    /// <summary>A backslash before a closing quote would take the quote's meaning away: D:\ becomes D:\.</summary>
    private static string Watch(CommandRun run, string root) =>
        string.Join(' ', Program.Select(word => $"\"{word}\""))
        + $" watch \"{(root.EndsWith('\\') ? root + "." : root)}\" --profile {run.Settings.ProfileName}";

    private static string Escaped(string text) => SecurityElement.Escape(text);
}
