using System.Collections.Frozen;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Composition;

/// <summary>
/// Every setting there is, by section, so that one that is misspelt is told at a start and does not quietly do nothing.
/// A test holds this list against what the code reads.
/// </summary>
public static class SettingNames
{
    private const int DistanceMax = 3;

    public static FrozenDictionary<string, string[]> Known { get; } = new Dictionary<string, string[]>
    {
        ["Hub"] =
        [
            "BehindProxy", "CheckSecondsMax", "GrpcPort", "LogKeptHours", "MasterKey", "MasterKeyFile", "Roles",
            "SpoolFreeMiBMin", "SpoolLost", "Store", "StoreOwner", "StoreWaitSeconds", "UnfinishedGiBMax",
            "UnfinishedMax", "UploadKeptDays", "WebPort",
        ],
        ["Kafka"] = ["BootstrapServers", "EnableIdempotence", "Settings", "Topic"],
        ["Receipts"] = ["KeyFile"],
        ["Auth"] = ["Audience", "Authority", "Clients", "Issuer", "MakeClients", "TokenMinutes"],
        ["Auth:Clients"] = ["Department", "Id", "Kind", "Region", "SecretFile", "SecretHash"],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>IH-CFG-033 for each setting that nothing reads, with the nearest one that is read.</summary>
    public static IEnumerable<Problem> Unknown(IConfiguration configuration) =>
        Known.Keys.Where(section => section is not "Auth:Clients")
            .SelectMany(section => configuration.GetSection(section).GetChildren()
                .SelectMany(setting => Unknown(section, setting)));

    private static IEnumerable<Problem> Unknown(string section, IConfigurationSection setting)
    {
        if (!Known[section].Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
            return [ProblemOf(setting.Path, section, setting.Key)];
        return setting.Path.Equals("Auth:Clients", StringComparison.OrdinalIgnoreCase)
            ? setting.GetChildren().SelectMany(client => client.GetChildren())
                .Where(field => !Known["Auth:Clients"].Contains(field.Key, StringComparer.OrdinalIgnoreCase))
                .Select(field => ProblemOf(field.Path, "Auth:Clients", field.Key))
            : [];
    }

    private static Problem ProblemOf(string path, string section, string key)
    {
        var nearest = Known[section].MinBy(name => Distance(name.ToUpperInvariant(), key.ToUpperInvariant()))!;
        var near = Distance(nearest.ToUpperInvariant(), key.ToUpperInvariant()) <= DistanceMax
            ? $"（{path[..^key.Length]}{nearest}？）" : "";
        return new Problem(ProblemCatalogue.SettingUnknown, ("key", path), ("near", near));
    }

    /// <summary>Letters to change, add or take away (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, corner + (from[i - 1] == to[j - 1] ? 0 : 1));
                corner = above;
            }
        }
        return row[^1];
    }
}
