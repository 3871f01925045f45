using System.Text.RegularExpressions;
using System.Xml.Linq;
using InfoHub.Repository.Tests.Boundaries;
using InfoHub.Repository.Tests.Sources;

namespace InfoHub.Repository.Tests.Packages;

/// <summary>A package is a decision: what is not on this list needs one in src/decisions first.</summary>
internal static partial class PackageRules
{
    private const string Central = "Directory.Packages.props";

    private static readonly string[] ForProduct =
    [
        "AutoMapper", "Confluent.Kafka", "Cronos", "Google.Protobuf", "Grpc.AspNetCore.Server",
        "Grpc.Core.Api", "Grpc.Net.Client", "Grpc.Tools", "Microsoft.AspNetCore.Authentication.JwtBearer",
        "Microsoft.IdentityModel.JsonWebTokens", "Microsoft.IdentityModel.Protocols.OpenIdConnect", "Npgsql",
        "OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol",
        "OpenTelemetry.Exporter.Prometheus.AspNetCore", "Spectre.Console", "System.CommandLine",
        "YamlDotNet", "ZstdSharp.Port",
    ];

    private static readonly string[] ForTests =
        [
        "CsvHelper", "ExcelDataReader", "Microsoft.Data.Sqlite", "Microsoft.NET.Test.Sdk", "Microsoft.Playwright",
        "MiniExcel", "xunit",
        "xunit.runner.visualstudio",
    ];

    public static readonly Rule[] All =
    [
        new("the central versions are those of the allow-list", files => Versions(files)
                .Select(version => version.Name).Order(StringComparer.Ordinal)
                .Except(ForProduct).Except(ForTests).Select(name => $"{name} is not on the allow-list")
                .Concat(ForProduct.Concat(ForTests).Except(Versions(files).Select(version => version.Name))
                    .Select(name => $"{name} is on the allow-list, but has no central version")),
            Props("<PackageVersion Include=\"MediatR\" Version=\"12.0.0\" />"),
            Props("")),
        new("versions are exact and central", files => Versions(files)
                .Where(version => !Exact().IsMatch(version.Number))
                .Select(version => $"{version.Name} {version.Number}")
                .Concat(Projects(files).SelectMany(file => XDocument.Parse(file.Text).Descendants("PackageReference")
                    .Where(item => item.Attribute("Version") is not null
                        || item.Attribute("VersionOverride") is not null)
                    .Select(item => $"{file.Path} sets a version for {item.Attribute("Include")?.Value}"))),
            Props("<PackageVersion Include=\"Npgsql\" Version=\"10.*\" />"),
            Project("src/InfoHub.Cli", "<PackageReference Include=\"Npgsql\" Version=\"9.0.0\" />")),
        new("every package is used, and those for tests by tests only", files => Unused(files)
                .Concat(Projects(files).Where(file => file.IsProduct).SelectMany(file => ReferenceRules
                    .References(file, "PackageReference").Where(ForTests.Contains)
                        .Select(name => $"{file.Path} uses {name}"))),
            Project("src/InfoHub.Cli", "<PackageReference Include=\"xunit\" />"),
            Project("src/InfoHub.Streaming", "")),
        new("packages of other kinds stay in tests", files => files.All
                .Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal))
                .Where(file => Foreign().IsMatch(file.Path)).Select(file => file.Path),
            new RepositoryFile("package.json", "{}"),
            new RepositoryFile("src/InfoHub.Console/package-lock.json", "{}"),
            new RepositoryFile("src/InfoHub.Console/yarn.lock", "")),
    ];

    private static RepositoryFile Props(string items) =>
        new(Central, $"<Project><ItemGroup>{items}</ItemGroup></Project>");

    private static RepositoryFile Project(string folder, string items) =>
        new($"{folder}/{folder.Split('/')[1]}.csproj", $"<Project><ItemGroup>{items}</ItemGroup></Project>");

    private static IEnumerable<RepositoryFile> Projects(RepositoryFiles files) => files.All
        .Where(file => file.IsProject || file.Path.EndsWith(".targets", StringComparison.Ordinal));

    private static IEnumerable<(string Name, string Number)> Versions(RepositoryFiles files) =>
        XDocument.Parse(files.Find(Central)!.Text).Descendants("PackageVersion")
            .Select(item => (item.Attribute("Include")!.Value, item.Attribute("Version")!.Value));

    private static IEnumerable<string> Unused(RepositoryFiles files) => Versions(files).Select(version => version.Name)
        .Except(Projects(files).SelectMany(file => ReferenceRules.References(file, "PackageReference")))
        .Select(name => $"nobody uses {name}");

    /// <summary>One release, which may be one of before the first.</summary>
    [GeneratedRegex(@"^\d+(\.\d+){1,3}(-(alpha|beta|rc)\.\d+)?$")]
    private static partial Regex Exact();

    [GeneratedRegex(@"(^|/)(package(-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|requirements\.txt|nuget\.config)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Foreign();
}
