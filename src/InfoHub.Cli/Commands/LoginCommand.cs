using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using InfoHub.Cli.Settings;
using InfoHub.Client;
using InfoHub.Client.Checking;
using InfoHub.Client.Receipts;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli.Commands;

/// <summary><c>login</c>: tries the credentials, then keeps them, the environment and the hub's receipt keys.</summary>
internal static class LoginCommand
{
    private const int SkewSecondsMax = 300;

    public static Command Create(HubCommandLine line)
    {
        var environmentFile = new Option<string>("--env-file") { Description = "导入平台发放的凭据文件（INFOHUB_HUB=… 等各行）" };
        var secretFile = new Option<string>("--secret-file") { Description = "从文件读取密钥" };
        var secretStdin = new Option<bool>("--secret-stdin") { Description = "从标准输入读取密钥" };
        var trust = new Option<bool>("--trust-new-keys") { Description = "平台的回执公钥变了：已向管理员核对，接受新公钥" };
        var list = new Option<bool>("--list") { Description = "只列出已有的登录档案" };
        var command = new Command("login", "登录并保存连接信息；密钥另存为仅本人可读的文件")
        {
            environmentFile, secretFile, secretStdin, trust, list,
        };
        return line.Run(command, async run =>
        {
            if (run.Parsed.GetValue(list))
                return List(run);
            var imported = Import(run.Parsed.GetValue(environmentFile));
            var secret = SecretOf(run, run.Parsed.GetValue(secretFile), run.Parsed.GetValue(secretStdin), imported);
            var options = OptionsOf(run, imported, secret);
            using var connection = new HubConnection(options);
            var hub = await DescribeAsync(run, connection);
            var profile = ProfileOf(run, options, hub, run.Parsed.GetValue(trust));
            profile.Write(run.Home, run.Settings.ProfileName, secret);
            Tell(run, profile, hub);
            return ExitCode.Ok;
        });
    }

    private static ExitCode List(CommandRun run)
    {
        foreach (var name in Profile.Names(run.Home))
            if (Profile.Read(run.Home, name) is not { } profile)
                continue;
            else if (run.IsJson)
                run.WriteJson(Json(name, profile));
            else
                run.Terminal.Out.WriteLine(Terminal.Clean($"{name}  {profile.ClientId}  {profile.Hub}  {NameOf(profile.Environment)}"));
        return ExitCode.Ok;
    }

    private static JsonObject Json(string name, Profile profile) => new()
    {
        ["profile"] = name, ["hub"] = profile.Hub, ["client_id"] = profile.ClientId,
        ["environment"] = profile.Environment, ["department"] = profile.Department,
        ["receipt_keys"] = new JsonArray([.. profile.ReceiptKeys.Select(key => (JsonNode?)key.KeyId)]),
    };

    /// <summary>Lines <c>NAME=value</c>; a value may stand in quotes. Empty without a file.</summary>
    private static Dictionary<string, string> Import(string? path)
    {
        if (path is null)
            return [];
        try
        {
            return File.ReadLines(path).Select(text => text.Trim()).Where(text => text.Length > 0 && text[0] != '#')
                .Select(text => text.Split('=', 2)).Where(parts => parts.Length == 2)
                .GroupBy(parts => parts[0].Replace("export ", "", StringComparison.Ordinal).Trim(),
                    StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Last()[1].Trim().Trim('"', '\''), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(LocalFile.Unreadable(path, e));
        }
    }

    private static string SecretOf(CommandRun run, string? file, bool fromStdin, Dictionary<string, string> imported)
    {
        var secret = file is not null ? ReadLine(file)
            : fromStdin ? run.Terminal.In.ReadLine()
            : imported.GetValueOrDefault("INFOHUB_CLIENT_SECRET") is { Length: > 0 } given ? given
            : run.Settings.GivenSecret ?? run.Terminal.AskSecret("客户端密钥（不显示）：");
        return secret?.Trim() is { Length: > 0 } found ? found
            : throw new ProblemException(new Problem(ProblemCatalogue.NotLoggedIn,
                ("missing", "INFOHUB_CLIENT_SECRET")));
    }

    private static string? ReadLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(LocalFile.Unreadable(file, e));
        }
    }

    private static HubConnectionOptions OptionsOf(CommandRun run, Dictionary<string, string> imported, string secret)
    {
        var settings = run.Settings;
        (string Name, string? Value)[] values =
        [
            ("INFOHUB_HUB", imported.GetValueOrDefault("INFOHUB_HUB") ?? settings.Hub),
            ("INFOHUB_AUTHORITY", imported.GetValueOrDefault("INFOHUB_AUTHORITY") ?? settings.Authority),
            ("INFOHUB_CLIENT_ID", imported.GetValueOrDefault("INFOHUB_CLIENT_ID") ?? settings.ClientId),
        ];
        var missing = values.Where(v => string.IsNullOrWhiteSpace(v.Value)).Select(v => v.Name).ToArray();
        if (missing.Length > 0)
            throw new ProblemException(new Problem(ProblemCatalogue.NotLoggedIn,
                ("missing", string.Join("、", missing))));
        return settings.With(values[0].Value!, values[1].Value!, values[2].Value!, secret) with
        {
            Environment = HubSettings.EnvironmentOf(imported.GetValueOrDefault("INFOHUB_ENVIRONMENT")
                ?? run.Terminal.Environment("INFOHUB_ENVIRONMENT") ?? ""),
        };
    }

    /// <summary>
    /// A hub that is older than the call is asked for its templates: the credentials are tried all the same.
    /// </summary>
    private static async Task<HubDescription?> DescribeAsync(CommandRun run, HubConnection connection)
    {
        try
        {
            return await connection.DescribeAsync(run.Cancellation);
        }
        catch (ProblemException old) when (old.Problem.Code == ProblemCatalogue.HubLacksCall.Code)
        {
            await new Client.Sending.SubmissionSender(connection).ListTemplatesAsync(run.Cancellation);
            return null;
        }
    }

    private static Profile ProfileOf(CommandRun run, HubConnectionOptions options, HubDescription? hub, bool trustsNew)
    {
        var environment = hub is null ? options.Environment
            : hub.Environment == HubEnvironment.Test ? HubEnvironment.Test : HubEnvironment.Production;
        if (hub is not null && options.Environment != HubEnvironment.Unspecified && options.Environment != environment)
            throw new ProblemException(new Problem(ProblemCatalogue.EnvironmentDiffers,
                ("profile", NameOf(options.Environment.ToString())), ("hub", NameOf(environment.ToString()))));
        var keys = KeysOf(run, options.Hub, hub, trustsNew);
        return new Profile
        {
            Hub = options.Hub.OriginalString, Authority = options.Authority.OriginalString, ClientId = options.ClientId,
            Environment = environment == HubEnvironment.Unspecified ? "" : environment.ToString().ToLowerInvariant(),
            Department = hub?.Department ?? "", ReceiptKeys = keys,
        };
    }

    /// <summary>
    /// Those that the hub offers at the first login, whatever the profile and the spelling of the address; then the
    /// same ones until the caller says that new ones were checked. A hub that tells none takes none away.
    /// </summary>
    private static IReadOnlyList<KeptKey> KeysOf(CommandRun run, Uri address, HubDescription? hub, bool trustsNew)
    {
        IReadOnlyList<KeptKey> offered = [.. hub?.ReceiptKeys.Select(KeptKey.Sound) ?? []];
        var pinned = PinnedFor(run, address);
        if (pinned.Count == 0 || (trustsNew && offered.Count > 0))
            return offered;
        var stranger = hub?.ReceiptKeys.FirstOrDefault(k => !k.Retired && !pinned.Contains(KeptKey.Of(k)));
        if (stranger is not null)
            throw new ProblemException(new Problem(ProblemCatalogue.HubKeyChanged, ("key", stranger.KeyId)));
        if (offered.Count == 0)
            run.Note("平台没有给出回执公钥；以前记下的公钥保留不变。");
        else if (offered.FirstOrDefault(k => !pinned.Contains(k)) is { } retired)
            run.Note($"平台还给出已停用的公钥 {retired.KeyId}，没有记下；向管理员核对后可用 --trust-new-keys 接受。");
        return pinned;
    }

    /// <summary>Of this profile; where it knows another hub or none, of every profile that knows this hub.</summary>
    private static IReadOnlyList<KeptKey> PinnedFor(CommandRun run, Uri address)
    {
        bool Knows(Profile? profile) => profile is not null && HubAddress.AreSame(profile.Hub, address.OriginalString);
        return Knows(run.Settings.Profile) ? run.Settings.Profile!.ReceiptKeys
            : [.. Profile.Names(run.Home).Select(name => Profile.Read(run.Home, name)).Where(Knows)
                .SelectMany(profile => profile!.ReceiptKeys).Distinct()];
    }

    private static void Tell(CommandRun run, Profile profile, HubDescription? hub)
    {
        if (run.IsJson)
            run.WriteJson(Json(run.Settings.ProfileName, profile));
        else
        {
            run.Terminal.Out.WriteLine(Terminal.Clean($"已登录 {profile.Hub}，客户端 {profile.ClientId}"
                + (profile.Department.Length > 0 ? $"，部门 {profile.Department}" : "")
                + $"，{NameOf(profile.Environment)}。"));
            foreach (var key in profile.ReceiptKeys)
                run.Terminal.Out.WriteLine($"  已记下平台回执公钥 {key.KeyId}，请向平台管理员电话核对。");
        }
        if (hub is null)
            run.Note("平台版本较旧，未告知环境与回执公钥；回执只能核对散列链。");
        var skew = hub is null ? 0 : (hub.TimeUnixMs - run.Terminal.Clock.GetUtcNow().ToUnixTimeMilliseconds()) / 1000;
        if (Math.Abs(skew) > SkewSecondsMax)
            ProblemText.Write(run.Terminal.Error, new Problem(ProblemCatalogue.ClockWrong,
                ("seconds", skew.ToString(CultureInfo.InvariantCulture))));
    }

    public static string NameOf(string environment) => environment.ToUpperInvariant() switch
    {
        "TEST" => "测试环境", "PRODUCTION" => "正式环境", _ => "环境未知",
    };
}
