using System.Text.RegularExpressions;
using InfoHub.Host.Commands;
using InfoHub.Host.Composition;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace InfoHub.Stages.Tests.Problems;

/// <summary>A setting that nothing reads is told, and the list of those that are read is what the code reads.</summary>
public sealed partial class SettingNamesTests
{
    [GeneratedRegex("(?<section>hub|kafka|auth|client)\\[\"(?<key>[A-Za-z]+)\"\\]"
        + "|(?:Whole|Flag|Port)\\(hub, \"(?<hub>[A-Za-z]+)\"|kafka\\.GetSection\\(\"(?<kafka>[A-Za-z]+)\""
        + "|auth\\.GetSection\\(\"(?<auth>[A-Za-z]+)\"|UriOf\\(auth, \"(?<auth>[A-Za-z]+)\"")]
    private static partial Regex Read();

    [Fact]
    public void List_HoldsWhatTheCodeReads()
    {
        var host = Path.Combine(CommonOptions.RepositoryRoot, "src", "InfoHub.Host");
        var text = File.ReadAllText(Path.Combine(host, "Composition", "HubOptions.cs"))
            + File.ReadAllText(Path.Combine(host, "Authority", "AuthorityOptions.cs"));
        var read = new Dictionary<string, SortedSet<string>>();
        foreach (Match match in Read().Matches(text))
            foreach (var (group, section) in new[] { ("hub", "Hub"), ("kafka", "Kafka"), ("auth", "Auth") })
            {
                if (match.Groups[group].Success)
                    KeysOf(section).Add(match.Groups[group].Value);
                if (match.Groups["section"].Value == group)
                    KeysOf(section).Add(match.Groups["key"].Value);
            }
        foreach (Match match in Read().Matches(text).Where(m => m.Groups["section"].Value == "client"))
            KeysOf("Auth:Clients").Add(match.Groups["key"].Value);

        Assert.All(read, section => Assert.Equal(section.Value,
            SettingNames.Known[section.Key].Order(StringComparer.Ordinal)));
        Assert.Equal(4, read.Count);

        SortedSet<string> KeysOf(string section) => read.TryGetValue(section, out var keys) ? keys
            : read[section] = new SortedSet<string>(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Hub:Stor", "Hub:Store")]
    [InlineData("Hub:GrpcPorts", "Hub:GrpcPort")]
    [InlineData("kafka:BootstrapServer", "Kafka:BootstrapServers")]
    [InlineData("Auth:Clients:0:SecretHsh", "Auth:Clients:0:SecretHash")]
    [InlineData("Hub:SomethingElseEntirely", "")]
    public void Unknown_IsTold_WithTheNearest(string key, string nearest)
    {
        var problem = Assert.Single(SettingNames.Unknown(Settings(key)));
        Assert.Equal("IH-CFG-033", problem.Code);
        Assert.Contains(key, problem.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(nearest, problem.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(nearest.Length > 0, problem.Detail.Contains('？', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hub:store")]
    [InlineData("Kafka:Settings:security.protocol")]
    [InlineData("Auth:Clients:0:Id")]
    [InlineData("Logging:LogLevel")]
    public void Known_IsNotTold(string key) => Assert.Empty(SettingNames.Unknown(Settings(key)));

    private static IConfiguration Settings(string key) =>
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>(key, "x")]).Build();
}
