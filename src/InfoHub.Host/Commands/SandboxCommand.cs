using System.CommandLine;
using InfoHub.Host.Composition;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Commands;

/// <summary>
/// <c>sandbox</c>: an empty hub beside the real one, with credentials of its own, for a department to rehearse against.
/// What was sent goes away with it unless it is to be kept.
/// </summary>
internal static class SandboxCommand
{
    /// <summary>Marks a folder that may be emptied: no other folder ever is.</summary>
    private const string Marker = "this-is-a-sandbox";

    private static string DefaultData => CommonOptions.DefaultData + "-sandbox";

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder; what is in it is kept" };
        var keep = new Option<bool>("--keep") { Description = "Keep what was sent for the next start" };
        var exit = new Option<bool>("--exit") { Description = "End when the hub is up instead of waiting for Ctrl-C" };
        var grpc = new Option<int>("--grpc-port")
        {
            DefaultValueFactory = _ => 5180, Description = "Loopback port of the gRPC endpoint; 0 takes a free one",
        };
        var web = new Option<int>("--web-port")
        {
            DefaultValueFactory = _ => 5181, Description = "Loopback port of the console; 0 takes a free one",
        };
        var command = new Command("sandbox", "Run an empty hub with test credentials to rehearse against, until Ctrl-C")
        {
            data, keep, exit, grpc, web, CommonOptions.AsOf, CommonOptions.Templates,
        };
        command.SetAction((parse, cancellation) => CommonOptions.GuardAsync(async () =>
        {
            var folder = Path.GetFullPath(parse.GetValue(data) ?? DefaultData);
            var isKept = parse.GetValue(keep) || parse.GetValue(data) is not null;
            Prepare(folder, isKept);
            await using (var hub = await Hub.StartAsync(new HubOptions
            {
                DataFolder = folder, TemplatesFolder = CommonOptions.TemplatesOf(parse), IsSandbox = true,
                GrpcPort = parse.GetValue(grpc), WebPort = parse.GetValue(web),
                    AsOf = parse.GetValue(CommonOptions.AsOf),
            }, cancellation))
            {
                Tell(hub, isKept);
                if (!parse.GetValue(exit))
                    await hub.WaitForShutdownAsync(cancellation);
            }
            if (!isKept)
                Empty(folder);
            return 0;
        }));
        return command;
    }

    /// <exception cref="ProblemException">IH-CFG-001: the folder holds something that is no sandbox.</exception>
    private static void Prepare(string folder, bool isKept)
    {
        var marker = Path.Combine(folder, Marker);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(marker))
            throw new ProblemException(
                new Problem(ProblemCatalogue.ConfigurationUnsound, ("key", "--data"), ("value", folder),
                ("reason", "目录里有别的数据（可能是正式平台），不能用作测试环境"), ("default", DefaultData)));
        if (!isKept && Directory.Exists(folder) && !IsInUse(folder))
            Empty(folder);
        Directory.CreateDirectory(folder);
        File.WriteAllText(marker, "");
    }

    /// <summary>A sandbox that runs keeps its data; starting beside it says so (IH-CFG-002).</summary>
    private static bool IsInUse(string folder)
    {
        try
        {
            var held = Path.Combine(folder, "postgres", "in-use");
            if (File.Exists(held))
                new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>The marker goes last, so that a half-emptied folder can be emptied again.</summary>
    private static void Empty(string folder)
    {
        foreach (var inside in Directory.GetDirectories(folder))
            Directory.Delete(inside, recursive: true);
        foreach (var file in Directory.GetFiles(folder).OrderBy(f => Path.GetFileName(f) == Marker))
            File.Delete(file);
    }

    private static void Tell(Hub hub, bool isKept)
    {
        Say("测试环境已启动。这里的报送与正式平台无关，" + (isKept ? $"数据保留在 {hub.Options.DataFolder} 。" : "结束时全部删除。"));
        Say($"  gRPC    {hub.Grpc.AbsoluteUri.TrimEnd('/')}");
        Say($"  控制台  {hub.Web.AbsoluteUri.TrimEnd('/')} （使用方 {Authority.ClientRegistry.CityConsumer}，密钥见凭据文件）");
        Say($"  编号    {hub.Web.AbsoluteUri}problems （每个问题编号的含义与处理办法）");
        Say("  部门    信息项              凭据文件");
        foreach (var department in hub.Templates.All.GroupBy(t => t.Template.Department)
            .OrderBy(d => d.Key, StringComparer.Ordinal))
            Say($"  {department.Key,-6}  {string.Join(' ', department.Select(t => t.Template.Item).Distinct()),-18}  "
                + hub.CredentialsOf(department.Key.ToLowerInvariant()));
        Say($"  使用方                      {hub.CredentialsOf(Authority.ClientRegistry.CityConsumer)}");
        var template = hub.Templates.All[0].Template;
        var samples = Path.Combine(
            hub.Options.TemplatesFolder, template.Department, template.Item, $"v{template.Version}", "samples");
        Say("可以试试：");
        Say($"  set -a; . {hub.CredentialsOf(template.Department.ToLowerInvariant())}; set +a");
        Say($"  ./hub cli push {Path.Combine(samples, "valid.csv")} --item {template.Item} --period 202503");
        Say($"  ./hub cli push {Path.Combine(samples, "invalid.csv")} --item {template.Item} --period 202503 --sequence 2");
        Say($"  ./hub cli errors {template.Item}.v{template.Version}.202503.2");
        Say("按 Ctrl-C 结束。");
    }

    private static void Say(string text) => System.Console.WriteLine(text);
}
