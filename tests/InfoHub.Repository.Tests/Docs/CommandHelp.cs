using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace InfoHub.Repository.Tests.Docs;

/// <summary>What the two programs say of themselves when asked for help; each question is asked once.</summary>
internal static partial class CommandHelp
{
    private static readonly ConcurrentDictionary<(string Program, string Verb), Lazy<string>> Texts = [];

    public static IReadOnlyCollection<string> Verbs(string program) =>
        Words(Of(program, "").Split("Commands:").ElementAtOrDefault(1) ?? "");

    public static bool KnowsOption(string program, string verb, string option) =>
        Options(Of(program, verb)).Contains(option) || Options(Of(program, "")).Contains(option);

    /// <summary>Of a command inside a command: <c>receipt verify</c>.</summary>
    public static bool InnerKnowsOption(string program, (string Verb, string Inner) command, string option) =>
        Words(Of(program, command.Verb).Split("Commands:").ElementAtOrDefault(1) ?? "").Contains(command.Inner)
        && Options(Of(program, $"{command.Verb} {command.Inner}")).Contains(option);

    private static HashSet<string> Words(string commands) =>
        [.. Verb().Matches(commands).Select(match => match.Groups[1].Value)];

    private static HashSet<string> Options(string help) => [.. Option().Matches(help).Select(match => match.Value)];

    private static string Of(string program, string verb) =>
        Texts.GetOrAdd((program, verb), key => new Lazy<string>(() =>
    {
        var run = Shell.Run($"dotnet '{Path.Combine(AppContext.BaseDirectory, key.Program)}.dll' {key.Verb} --help",
            AppContext.BaseDirectory, TimeSpan.FromSeconds(30));
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException(run.ToString());
    })).Value;

    [GeneratedRegex(@"^\s{2}([a-z][a-z-]*)", RegexOptions.Multiline)]
    private static partial Regex Verb();

    [GeneratedRegex(@"(?<![\w-])--?[a-z?][a-z-]*")]
    private static partial Regex Option();
}
