using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using InfoHub.Cli.Commands;
using InfoHub.Cli.Settings;
using InfoHub.Client.Receipts;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;

namespace InfoHub.Cli.Diagnosing;

internal enum SymptomLevel
{
    Ok,
    Warn,
    Fail,
}

/// <summary>One line of the diagnosis.</summary>
/// <param name="Remedy">What to do; empty when all is well.</param>
/// <param name="Code">The exit code when the level is Fail.</param>
internal sealed record Symptom(string Check, SymptomLevel Level, string Text, string Remedy = "", ExitCode Code =
    ExitCode.Usage);

/// <summary>Looks at everything that commonly goes wrong, one after the other; a failure ends no other check.</summary>
internal sealed class Diagnosis(CommandRun run, string? watchFolder)
{
    private const int SkewWarnSeconds = 30;
    private const int SkewFailSeconds = 300;
    private const int TemplateWarnDays = 31;
    private const long DiskWarnBytes = 2L << 30;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly List<Symptom> _found = [];

    public static string ClientVersion =>
        typeof(Diagnosis).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "?";

    public async Task<IReadOnlyList<Symptom>> RunAsync()
    {
        Add("客户端版本", SymptomLevel.Ok,
            $"{ClientVersion}，{System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}");
        try
        {
            var options = run.Settings.Connection();
            Add("登录", SymptomLevel.Ok, $"档案 {run.Settings.ProfileName}，客户端 {options.ClientId}");
            await ReachAsync("平台", options.Hub);
            await ReachAsync("认证服务", options.Authority);
            var hub = await run.Connection.DescribeAsync(run.Cancellation);
            Add("平台版本", SymptomLevel.Ok, $"{hub.ServerVersion}，协议 {hub.ProtocolVersion}，部门 {hub.Department}");
            await StoreAsync();
            Clock(hub);
            Compare(hub);
            Keys(hub);
        }
        catch (ProblemException failed)
        {
            // An old hub is only less told of; everything else keeps data from being sent.
            var old = failed.Problem.Code == ProblemCatalogue.HubLacksCall.Code;
            Add(old ? "平台版本" : "连接平台", old ? SymptomLevel.Warn : SymptomLevel.Fail,
                $"{failed.Problem.Code} {failed.Problem.Detail}", failed.Problem.Remedy, ExitCodes.Of(failed.Problem));
        }
        Templates();
        Disk("用户配置目录", run.Home.Folder);
        Disk("watch 目录", watchFolder);
        return _found;
    }

    private void Add(string check, SymptomLevel level, string text, string remedy = "", ExitCode code =
        ExitCode.Usage) =>
        _found.Add(new Symptom(check, level, text, remedy, code));

    /// <summary>The hub answers while its database is away: a question that needs it tells.</summary>
    private async Task StoreAsync()
    {
        try
        {
            await run.Sender.ListAsync("", 1, run.Cancellation);
            Add("平台数据库", SymptomLevel.Ok, "可以读取");
        }
        catch (ProblemException failed)
        {
            var old = failed.Problem.Code == ProblemCatalogue.HubLacksCall.Code;
            Add("平台数据库", old ? SymptomLevel.Warn : SymptomLevel.Fail,
                old ? "平台版本较旧，无法从这里检查" : $"平台在运行，但查不到报送记录，多半是平台的数据库停了：{failed.Problem.Code} {failed.Problem.Detail}",
                old ? "" : "请告知平台管理员；本机不必做什么，恢复后直接重新报送。", ExitCode.HubUnreachable);
        }
    }

    private void Clock(HubDescription hub)
    {
        var skew = (run.Terminal.Clock.GetUtcNow().ToUnixTimeMilliseconds() - hub.TimeUnixMs) / 1000;
        var level = Math.Abs(skew) > SkewFailSeconds ? SymptomLevel.Fail
            : Math.Abs(skew) > SkewWarnSeconds ? SymptomLevel.Warn : SymptomLevel.Ok;
        var problem = new InfoHub.Templates.Problems.Problem(ProblemCatalogue.ClockWrong, ("seconds", Number(skew)));
        Add("时钟", level, level == SymptomLevel.Ok ? $"与平台相差 {Number(skew)} 秒" : $"{problem.Code} {problem.Detail}",
            level == SymptomLevel.Ok ? "" : problem.Remedy);
    }

    private void Compare(HubDescription hub)
    {
        var (own, theirs) = (run.Settings.Environment, hub.Environment);
        var same = own == HubEnvironment.Unspecified || own == HubEnvironment.Test == (theirs == HubEnvironment.Test);
        Add("环境", same ? SymptomLevel.Ok : SymptomLevel.Fail,
            $"平台为{LoginCommand.NameOf(theirs == HubEnvironment.Test ? "test" : "production")}，本机档案为{LoginCommand.NameOf(own.ToString())}",
            same ? "" : "请用 infohub login 重新登录到正确的平台。", ExitCode.NotPermitted);
    }

    private void Keys(HubDescription hub)
    {
        var pinned = run.Settings.PinnedKeys;
        var strangers = hub.ReceiptKeys.Where(k => !k.Retired && !pinned.Contains(KeptKey.Of(k))).ToArray();
        if (pinned.Count > 0 && strangers.Length > 0)
            Add("回执公钥", SymptomLevel.Fail, $"IH-INT-132 {strangers[0].KeyId} 不是登录时记下的公钥",
                "请先向平台管理员电话核对，再用 infohub login --trust-new-keys 重新登录。", ExitCode.NotGenuine);
        else
            Add("回执公钥", pinned.Count == 0 ? SymptomLevel.Warn : SymptomLevel.Ok,
                pinned.Count == 0 ? "本机没有记下平台的回执公钥" : $"{pinned.Count} 个，与平台一致",
                pinned.Count == 0 ? "请执行 infohub login。" : "");
    }

    private async Task ReachAsync(string name, Uri address)
    {
        using var patience = new CancellationTokenSource(ConnectTimeout, run.Terminal.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, run.Cancellation);
        try
        {
            var through = Tunnel.ProxyOf(address, HttpClient.DefaultProxy) is { } proxy
                ? $"，经代理 {proxy.Authority}" : "";
            await using var stream = await Tunnel.OpenAsync(address, HttpClient.DefaultProxy, either.Token);
            if (address.Scheme == Uri.UriSchemeHttps)
                _found.Add((await ServerCertificate.ReadAsync(stream, address.DnsSafeHost, null, either.Token))
                    .Look($"{name}证书", run.Terminal.Clock.GetUtcNow().UtcDateTime));
            else
                Add(name, SymptomLevel.Ok, $"{address.GetLeftPart(UriPartial.Authority)} 可以连接{through}");
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException
            || (e is OperationCanceledException && !run.Cancellation.IsCancellationRequested))
        {
            Add(name, SymptomLevel.Fail, $"{address.GetLeftPart(UriPartial.Authority)}：{e.Message}",
                "请检查网络、防火墙、代理与地址。", ExitCode.HubUnreachable);
        }
    }

    private void Templates()
    {
        var fetched = new TemplateCache(run.Home).FetchedAt;
        var days = fetched is { } at ? (long)(run.Terminal.Clock.GetUtcNow() - at).TotalDays : -1;
        Add("本机模板", days is >= 0 and <= TemplateWarnDays ? SymptomLevel.Ok : SymptomLevel.Warn,
            days < 0 ? "没有保存模板，无法离线检查" : $"{Number(days)} 天前更新",
            days is >= 0 and <= TemplateWarnDays ? "" : "请联网执行 infohub templates。");
    }

    private void Disk(string name, string? folder)
    {
        if (folder is null)
            return;
        try
        {
            var existing = Path.GetFullPath(folder);
            while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
                existing = parent;
            var free = new DriveInfo(existing).AvailableFreeSpace;
            Add($"{name}磁盘", free < DiskWarnBytes ? SymptomLevel.Warn : SymptomLevel.Ok, $"剩余 {Number(free >> 20)} MB",
                free < DiskWarnBytes ? "请清理磁盘。" : "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Add($"{name}磁盘", SymptomLevel.Warn, e.Message);
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
