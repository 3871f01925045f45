using System.CommandLine;
using System.Globalization;
using InfoHub.Host.Batch;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Commands;

/// <summary>Options several commands share, and the one place that turns problems into an exit code.</summary>
internal static class CommonOptions
{
    public const int RefusedExitCode = 2;

    public static readonly Option<DateOnly?> AsOf = new("--as-of")
    {
        Description = "Fix the business clock to this day, YYYY-MM-DD",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
            result.AddError("--as-of takes a day of the form 2025-07-20");
            return null;
        },
    };

    public static readonly Option<string?> Templates = new("--templates") { Description = "Folder of agreed templates; default: partner-templates of this repository" };

    public static readonly Option<string> Log = new("--log") { Description = "Record log: postgres, kafka-mock, or kafka=host:port", DefaultValueFactory = _ => "postgres" };

    public static string RepositoryRoot
    {
        get
        {
            for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
                if (File.Exists(Path.Combine(folder, "InfoHub.sln")))
                    return folder;
            return Environment.CurrentDirectory;
        }
    }

    public static string DefaultData => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "infohub");

    public static string TemplatesOf(ParseResult parse) => Path.GetFullPath(parse.GetValue(Templates) ?? Path.Combine(RepositoryRoot, "partner-templates"));

    public static IBatchDisplay Display() => System.Console.IsOutputRedirected ? new LineDisplay(System.Console.Out) : new BarDisplay(System.Console.Out);

    /// <summary>
    /// A folder that goes away with the run. PostgreSQL's account must be able to reach it, so it is not in a home
    /// folder.
    /// </summary>
    public static string NewTemporaryFolder(string name)
    {
        var folder = Directory.CreateTempSubdirectory($"infohub-{name}-");
        return folder.FullName;
    }

    public static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (ProblemException refused)
        {
            await TellAsync(refused.Problem);
            return RefusedExitCode;
        }
    }

    public static Task TellAsync(Problem problem) =>
        System.Console.Error.WriteLineAsync($"{problem}\n{problem.Kind.TitleEn}: {problem.RemedyEn}");

    /// <summary>The settings of a data folder, over them the environment's and those given.</summary>
    /// <exception cref="ProblemException">IH-CFG-001: the file of settings cannot be read.</exception>
    public static IConfiguration SettingsIn(string dataFolder, params KeyValuePair<string, string?>[] given)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.Combine(dataFolder, "hub.json"), optional: true)
                .AddEnvironmentVariables().AddInMemoryCollection(given).Build();
        }
        catch (Exception unsound) when (unsound is InvalidDataException or FormatException)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.ConfigurationUnsound, ("key", "hub.json"),
                ("value", "…"), ("reason", unsound.InnerException?.Message ?? unsound.Message), ("default", "无")));
        }
    }
}
