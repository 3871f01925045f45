using System.CommandLine;
using InfoHub.Host.Composition;

namespace InfoHub.Host.Commands;

/// <summary><c>serve</c>: a hub that runs until it is stopped.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data folder: cluster, spool, keys, credentials", DefaultValueFactory = _ => CommonOptions.DefaultData };
        var roles = new Option<string?>("--roles") { Description = "intake, processing, delivery, console; default all" };
        var grpc = new Option<int>("--grpc-port") { DefaultValueFactory = _ => 5080, Description = "Loopback port of the gRPC endpoint" };
        var web = new Option<int>("--web-port") { DefaultValueFactory = _ => 5081, Description = "Loopback port of the console and the token endpoint" };
        var command = new Command("serve", "Run a hub until Ctrl-C") { data, roles, grpc, web, CommonOptions.AsOf, CommonOptions.Templates };
        command.SetAction((parse, cancellation) => CommonOptions.GuardAsync(async () =>
        {
            var options = new HubOptions
            {
                DataFolder = Path.GetFullPath(parse.GetValue(data)!), TemplatesFolder = CommonOptions.TemplatesOf(parse),
                GrpcPort = parse.GetValue(grpc), WebPort = parse.GetValue(web), AsOf = parse.GetValue(CommonOptions.AsOf), LogLevel = LogLevel.Information,
            };
            var settings = CommonOptions.SettingsIn(options.DataFolder, parse.GetValue(roles) is { } text
                ? [KeyValuePair.Create<string, string?>("Hub:Roles", text)] : []);
            foreach (var unknown in SettingNames.Unknown(settings))
                await CommonOptions.TellAsync(unknown);
            await using var hub = await Hub.StartAsync(options.Read(settings), cancellation);
            await System.Console.Out.WriteLineAsync($"gRPC {hub.Grpc}  控制台 {hub.Web}  凭据 {Path.Combine(options.DataFolder, "credentials")}");
            await hub.WaitForShutdownAsync(cancellation);
            return 0;
        }));
        return command;
    }
}
