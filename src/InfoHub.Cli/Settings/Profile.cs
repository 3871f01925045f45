using System.Text.Json;
using System.Text.RegularExpressions;
using InfoHub.Client.Receipts;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Settings;

/// <summary>
/// A login: which hub, as whom, whether it is the real thing or a rehearsal, and the keys its receipts are signed with
/// as they were on that day. The secret is a file of its own.
/// </summary>
internal sealed partial record Profile
{
    public const string DefaultName = "default";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Hub { get; init; }

    public required string Authority { get; init; }

    public required string ClientId { get; init; }

    /// <summary>production, test, or empty: a hub of before, which does not tell.</summary>
    public string Environment { get; init; } = "";

    public string Department { get; init; } = "";

    public IReadOnlyList<KeptKey> ReceiptKeys { get; init; } = [];

    /// <summary>Null when there is no such profile.</summary>
    /// <exception cref="ProblemException">IH-CFG-011: it cannot be read.</exception>
    public static Profile? Read(HubHome home, string name)
    {
        RequireName(name);
        if (home.Folder is null || !File.Exists(PathOf(home, name)))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Profile>(File.ReadAllText(PathOf(home, name)), Json)
                ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Unsound(PathOf(home, name), e.Message);
        }
    }

    /// <summary>Null when none is kept.</summary>
    public static string? ReadSecret(HubHome home, string name)
    {
        try
        {
            return home.Folder is null || !File.Exists(SecretPathOf(home, name))
                ? null : File.ReadAllText(SecretPathOf(home, name)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unsound(SecretPathOf(home, name), e.Message);
        }
    }

    public void Write(HubHome home, string name, string secret)
    {
        RequireName(name);
        HubHome.Write(SecretPathOf(home, name), secret + "\n");
        HubHome.Write(PathOf(home, name), JsonSerializer.Serialize(this, Json) + "\n");
    }

    public static IReadOnlyList<string> Names(HubHome home) =>
        home.Folder is null || !Directory.Exists(home.PathOf("profiles")) ? []
        : [.. Directory.EnumerateFiles(home.PathOf("profiles"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    private static string PathOf(HubHome home, string name) => home.PathOf("profiles", name + ".json");

    private static string SecretPathOf(HubHome home, string name) => home.PathOf("profiles", name + ".secret");

    /// <summary>The name becomes a file's name.</summary>
    private static void RequireName(string name)
    {
        if (!NameForm().IsMatch(name))
            throw Unsound(name, "名称只能含字母、数字、点、横线和下划线，至多 40 个字符");
    }

    private static ProblemException Unsound(string file, string reason) =>
        new(new Problem(ProblemCatalogue.ProfileUnsound, ("file", file), ("reason", reason)));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,39}\z")]
    private static partial Regex NameForm();
}
