using System.Xml.Linq;
using InfoHub.Repository.Tests.Sources;

namespace InfoHub.Repository.Tests.Boundaries;

/// <summary>
/// Which project may reference which, and which packages each may use: the table in src/ARCHITECTURE.md. A line that
/// is added here needs a decision in src/decisions.
/// </summary>
internal static class ReferenceRules
{
    private sealed record Allowed(string[] Projects, string[] Packages, bool AspNet = false);

    private static readonly string[] Web = ["Grpc.AspNetCore.Server", "AutoMapper"];

    private static readonly Dictionary<string, Allowed> Table = new()
    {
        ["Templates"] = new([], ["YamlDotNet"]),
        ["Domain"] = new(["Templates"], []),
        ["Linkage"] = new(["Templates", "Domain"], []),
        ["Contracts"] = new([], ["Google.Protobuf", "Grpc.Tools"]),
        ["Intake"] = new(
            ["Templates", "Domain", "Contracts", "Streaming", "Storage"], [.. Web, "ZstdSharp.Port"], AspNet: true),
        ["Streaming"] = new(["Domain", "Contracts", "Storage"], ["Confluent.Kafka"], AspNet: true),
        ["Storage"] = new(["Domain"], ["Npgsql"], AspNet: true),
        ["Processing"] = new(
            ["Templates", "Domain", "Linkage", "Contracts", "Streaming", "Storage"], [], AspNet: true),
        ["Delivery"] = new(["Domain", "Contracts", "Streaming", "Storage"], Web, AspNet: true),
        ["Console"] = new(["Templates", "Domain", "Linkage", "Storage"], [], AspNet: true),
        ["Host"] = new(
            [
                "Templates", "Domain", "Linkage", "Contracts", "Intake", "Streaming", "Storage", "Processing",
                "Delivery", "Console", "Client",
            ],
            [
                "System.CommandLine", "Spectre.Console", "OpenTelemetry",
                "OpenTelemetry.Exporter.OpenTelemetryProtocol", "OpenTelemetry.Exporter.Prometheus.AspNetCore",
                "Microsoft.AspNetCore.Authentication.JwtBearer",
                "Microsoft.IdentityModel.JsonWebTokens", "Microsoft.IdentityModel.Protocols.OpenIdConnect",
            ],
            AspNet: true),
        ["Client"] = new(["Templates", "Contracts"], ["Grpc.Net.Client", "ZstdSharp.Port"]),
        ["Cli"] = new(["Client"], ["Cronos", "System.CommandLine", "Spectre.Console", "Npgsql"]),
    };

    public static readonly Rule[] All =
    [
        new("projects reference what the table allows", files => Product(files).SelectMany(ForeignProjects),
            Project("Domain", "<ProjectReference Include=\"../InfoHub.Storage/InfoHub.Storage.csproj\" />"),
            Project("Intake", "<ProjectReference Include=\"../InfoHub.Delivery/InfoHub.Delivery.csproj\" />"),
            Project("Client", "<ProjectReference Include=\"..\\InfoHub.Domain\\InfoHub.Domain.csproj\" />"),
            Project("Unheard", "")),
        new("projects use the packages the table allows", files => Product(files).SelectMany(ForeignPackages),
            Project("Domain", "<PackageReference Include=\"YamlDotNet\" />"),
            Project("Processing", "<PackageReference Include=\"Confluent.Kafka\" />"),
            Project("Console", "<PackageReference Update=\"Npgsql\" />")),
        new("the ASP.NET framework stays with the stages, the adapters and the host",
            files => Product(files).SelectMany(ForeignFrameworks),
            Project("Domain", "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />"),
            new RepositoryFile("src/InfoHub.Client/InfoHub.Client.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />")),
        new("the stand-ins are named in their own targets only", StandInsNamed,
            Project("Client", "<ProjectReference Include=\"../StandIns/Grpc.Core.Api/Grpc.Core.Api.csproj\" />"),
            new RepositoryFile("Directory.Build.props",
                "<Project><Import Project=\"src/StandIns/x.props\" /></Project>")),
    ];

    private static RepositoryFile Project(string area, string item) => new(
        $"src/InfoHub.{area}/InfoHub.{area}.csproj",
        $"<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>{item}</ItemGroup></Project>");

    private static IEnumerable<RepositoryFile> Product(RepositoryFiles files) =>
        files.All.Where(file => file.IsProject && file.IsProduct);

    private static IEnumerable<string> ForeignProjects(RepositoryFile file) =>
        Table.TryGetValue(file.Area, out var allowed)
        ? References(file, "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            .Where(name => !allowed.Projects.Contains(name.Replace("InfoHub.", "", StringComparison.Ordinal)))
            .Select(name => $"{file.Path} references {name}")
        : [$"{file.Path} is not in the table: a new project needs a decision"];

    private static IEnumerable<string> ForeignPackages(RepositoryFile file) => References(file, "PackageReference")
        .Where(name => !(Table.TryGetValue(file.Area, out var allowed) && allowed.Packages.Contains(name)))
        .Select(name => $"{file.Path} uses the package {name}");

    private static IEnumerable<string> ForeignFrameworks(RepositoryFile file) =>
        References(file, "FrameworkReference")
            .Concat(XDocument.Parse(file.Text).Root?.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web"
                ? ["Microsoft.NET.Sdk.Web"] : [])
            .Where(_ => !(Table.TryGetValue(file.Area, out var allowed) && allowed.AspNet))
            .Select(name => $"{file.Path} uses the framework {name}");

    private static IEnumerable<string> StandInsNamed(RepositoryFiles files) => files.All
        .Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)
            || file.Path.EndsWith(".props", StringComparison.Ordinal)
            || file.Path.EndsWith(".targets", StringComparison.Ordinal))
        .Where(file => !file.IsStandIn && file.Path != "Directory.Build.targets")
        .Where(file => file.Text.Contains("StandIns/", StringComparison.Ordinal))
        .Select(file => $"{file.Path} names the stand-ins");

    public static IEnumerable<string> References(RepositoryFile file, string kind) => XDocument.Parse(file.Text)
        .Descendants(kind).Select(item => item.Attribute("Include")?.Value ?? item.Attribute("Update")?.Value ?? "");
}
