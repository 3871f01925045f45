using System.Text.RegularExpressions;
using InfoHub.Repository.Tests.Sources;

namespace InfoHub.Repository.Tests.Boundaries;

/// <summary>Each technology is named in one place, so that replacing it stays inside that name.</summary>
internal static partial class TechnologyRules
{
    /// <summary>These hand the store's connections on without a statement of their own.</summary>
    private static readonly string[] NpgsqlPassedOn =
        ["src/InfoHub.Host/Composition/Hub.cs", "src/InfoHub.Streaming/StreamingModule.cs"];

    /// <summary>Reads the department's own database, never the hub's.</summary>
    private const string Extracting = "src/InfoHub.Cli/Extracting/";

    private static readonly string[] YamlRead =
    [
        "src/InfoHub.Templates/Reading/OdcsReader.cs", "src/InfoHub.Templates/Reading/TemplateNode.cs",
        EmbeddedTables, EmbeddedParameters, "src/InfoHub.Domain/Parameters/ParameterReader.cs",
        "src/InfoHub.Domain/Parameters/CalendarReader.cs",
    ];

    /// <summary>Reads the tables that are compiled into the assembly.</summary>
    private const string EmbeddedTables = "src/InfoHub.Templates/Vocabulary/EmbeddedTables.cs";

    /// <summary>Reads the parameters that are compiled into the assembly.</summary>
    private const string EmbeddedParameters = "src/InfoHub.Domain/Parameters/ParameterText.cs";

    /// <summary>These are handed a stream by whoever opened it.</summary>
    private static readonly string[] StreamsHanded =
    [
        "src/InfoHub.Templates/Checks/FileContext.cs", "src/InfoHub.Templates/Checks/KeySet.cs",
        "src/InfoHub.Templates/Checks/KeyRuns.cs", "src/InfoHub.Templates/Workbooks/WorkbookParts.cs",
        "src/InfoHub.Templates/Workbooks/CsvWriter.cs",
        "src/InfoHub.Templates/Workbooks/WorkbookAsCsv.cs", "src/InfoHub.Templates/Reading/FileKinds.cs",
    ];

    public static readonly Rule[] All =
    [
        Rule.Ban("Kafka is named in Streaming only", Kafka(), file => file.IsProduct && file.Area != "Streaming",
            Planted("Processing", "using Confluent.Kafka;"),
            Planted("Host", "class A { Confluent.Kafka.Offset at; }")),
        Rule.Ban("Npgsql is named in Storage and where the client extracts only",
            Npgsql(), file => file.IsProduct && file.Area != "Storage" && !NpgsqlPassedOn.Contains(file.Path)
                && !file.Path.StartsWith(Extracting, StringComparison.Ordinal),
            Planted("Cli", "using Npgsql;"),
            Planted("Processing", "using Npgsql;"),
            Planted("Console", "class A(NpgsqlDataSource store);"),
            Planted("Streaming", "using NpgsqlTypes;")),
        new("SQL is written in Storage only", files => files.Product.Where(file => file.Area != "Storage")
                .SelectMany(file => Sql().Matches(file.Text).Select(match => $"{file.At(match.Index)} {match.Value}")),
            Planted("Delivery", "var text = \"\"\"\n    select count(*)\n    from hub.finding\n    \"\"\";"),
            Planted("Host", "var text = \"delete from hub.submission\";")),
        new("A CSV cell is quoted by RecordCells only, which guards it too", files => files.Product
                .Where(file => file.Path != "src/InfoHub.Templates/Reading/RecordCells.cs")
                .SelectMany(file => CsvQuote().Matches(file.Text).Select(match => file.At(match.Index))),
            Planted("Host", "csv.Write($\"\\\"{cell.Replace(\"\\\"\", \"\\\"\\\"\", StringComparison.Ordinal)}\\\"\");")),
        Rule.Ban("ASP.NET is named in Intake, Delivery, Console and Host only",
            AspNet(), file => file.IsProduct && file.Area is not ("Intake" or "Delivery" or "Console" or "Host"),
            Planted("Processing", "using Microsoft.AspNetCore.Http;"),
            Planted("Storage", "class A(Microsoft.AspNetCore.Builder.WebApplication application);"),
            Planted("Client", "using Grpc.AspNetCore.Server;")),
        Rule.Ban("YAML is read in Templates and by the parameter readers only",
            Yaml(), file => file.IsProduct && !YamlRead.Contains(file.Path),
            Planted("Host", "using YamlDotNet.RepresentationModel;")),
        Rule.Ban("Templates and Domain touch no file", Files(),
            file => IsPure(file) && file.Path is not (EmbeddedParameters or EmbeddedTables)
                && !StreamsHanded.Contains(file.Path),
            Planted("Domain", "var text = File.ReadAllText(name);"),
            Planted("Templates", "using System.IO.Compression;"),
            Planted("Templates", "void Read(Stream stream) { }"),
            Planted("Domain", "var here = Path.GetFullPath(name);"),
            new RepositoryFile(EmbeddedParameters + "x.cs", "using var reader = new StreamReader(name);")),
        Rule.Ban("The parameter reader reads resources only", NamedFiles(),
            file => file.Path is EmbeddedParameters or EmbeddedTables,
            new RepositoryFile(EmbeddedParameters, "using var reader = File.OpenText(name);")),
        Rule.Ban("Who is handed a stream opens none", NamedFiles(), file => StreamsHanded.Contains(file.Path),
            new RepositoryFile(StreamsHanded[^1], "var store = new FileStream(name, FileMode.Create);"),
            new RepositoryFile(StreamsHanded[0], "var here = Path.GetTempFileName();")),
        Rule.Ban("Templates and Domain touch no network", Network(), IsPure,
            Planted("Domain", "using System.Net.Http;"),
            Planted("Templates", "class A(HttpClient client);")),
        Rule.Ban("Templates and Domain never wait", Waiting(), IsPure,
            Planted("Domain", "public async ValueTask<int> Sum() => await Other();"),
            Planted("Templates", "Task Run() => Task.CompletedTask;"),
            Planted("Domain", "lock (gate) Thread.Yield();")),
        Rule.Ban("Templates and Domain read no clock, dice or environment", Outside(), IsPure,
            Planted("Domain", "var today = DateTime.Now;"),
            Planted("Domain", "var today = DateTimeOffset.UtcNow;"),
            Planted("Templates", "class A(TimeProvider clock);"),
            Planted("Domain", "var id = Guid.NewGuid();"),
            Planted("Domain", "var chance = Random.Shared.Next();"),
            Planted("Templates", "var home = Environment.GetEnvironmentVariable(\"HOME\");")),
    ];

    private static bool IsPure(RepositoryFile file) => file.Area is "Templates" or "Domain";

    private static RepositoryFile Planted(string area, string text) => new($"src/InfoHub.{area}/Planted.cs", text);

    [GeneratedRegex("""\.Replace\("\\"",""")]
    private static partial Regex CsvQuote();

    [GeneratedRegex(@"\bConfluent\b")]
    private static partial Regex Kafka();

    [GeneratedRegex(@"\bNpgsql\w*")]
    private static partial Regex Npgsql();

    [GeneratedRegex(@"\b(from|into|update|join|table)\s+hub\.\w+", RegexOptions.IgnoreCase)]
    private static partial Regex Sql();

    [GeneratedRegex(@"\b(Microsoft|Grpc)\.AspNetCore\b")]
    private static partial Regex AspNet();

    [GeneratedRegex(@"\bYamlDotNet\b")]
    private static partial Regex Yaml();

    [GeneratedRegex(@"\bSystem\.IO\b|\b(File|Directory|Path)\s*\.\s*[A-Z]\w*|\b(File|Directory|Drive)Info\b"
        + @"|\b(File|Memory|Buffered)?Stream\b|\b(Stream|Binary)(Reader|Writer)\b")]
    private static partial Regex Files();

    [GeneratedRegex(@"\b(File|Directory|Path)\s*\.\s*[A-Z]\w*|\b(File|Directory|Drive)Info\b|\bFileStream\b")]
    private static partial Regex NamedFiles();

    [GeneratedRegex(@"\bSystem\.Net\b|\b(HttpClient|HttpMessageHandler|Socket|TcpClient|Dns|IPAddress|WebRequest)\b")]
    private static partial Regex Network();

    [GeneratedRegex(@"\b(Value)?Task\b|\b(async|await)\b|\b(Thread|ThreadPool|Parallel|Timer|Monitor|SemaphoreSlim)\b"
        + @"|\bSystem\.Threading\b|\bCancellationToken\b")]
    private static partial Regex Waiting();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b|\b(TimeProvider|Stopwatch|Random|RandomNumberGenerator)\b"
        + @"|\bGuid\.(NewGuid|CreateVersion7)\b|\bEnvironment\s*\.|\bAppContext\s*\.|\bProcess\s*\.")]
    private static partial Regex Outside();
}
