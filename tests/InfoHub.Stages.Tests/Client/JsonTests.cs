using System.CommandLine;
using System.Text.Json;
using InfoHub.Cli;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>
/// A program that says <c>--json</c> gets objects and nothing else, whichever command it is and however it ends.
/// </summary>
public sealed class JsonTests : CommandBench
{
    private static (string[] Path, Command Command)[] All =>
        [.. Leaves(HubCommandLine.Commands(
            new Terminal(TextWriter.Null, TextWriter.Null, IsInteractive: false, _ => null)), [])];

    [Fact]
    public void Commands_AreFoundInTheTree()
    {
        var names = All.Select(leaf => string.Join(' ', leaf.Path)).ToArray();
        Assert.Contains("receipt verify", names);
        Assert.Contains("watch", names);
        Assert.True(names.Length >= 18, string.Join(", ", names));
    }

    [Fact]
    public async Task Help_OfEveryCommand_NamesJson()
    {
        foreach (var (path, _) in All)
        {
            var ran = await RunAsync([.. path, "--help"]);
            Assert.True(ran.Code == ExitCode.Ok && ran.Out.Contains("--json", StringComparison.Ordinal),
                $"{string.Join(' ', path)}: {ran}");
        }
    }

    [Fact]
    public async Task WrongCommandLine_OfEveryCommand_IsOneProblem()
    {
        foreach (var (path, _) in All.Append(([], new RootCommand())))
        {
            var ran = await RunAsync([.. path, "--json", "--profile"]);
            Assert.True(ran.Code == ExitCode.Usage, $"{string.Join(' ', path)}: {ran}");
            var problem = Assert.Single(ObjectsOf(ran)).GetProperty("problem");
            Assert.Equal("IH-CFG-018", problem.GetProperty("code").GetString());
            Assert.Contains("--profile", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    /// <summary>Everything that is required is given, and nothing of it exists: no hub, no file, no profile.</summary>
    [Fact]
    public async Task NothingIsThere_IsSaidInObjectsByEveryCommand()
    {
        foreach (var (path, command) in All)
        {
            var ran = await RunAsync([], "", [.. path, "--json", .. RequiredOf(command)]);
            // A watch waits for better times.
            Assert.True(ran.Code != ExitCode.Ok || command.Name == "watch", $"{string.Join(' ', path)}: {ran}");
            Assert.True(ObjectsOf(ran).Length > 0, $"{string.Join(' ', path)}: {ran}");
        }
    }

    [Fact]
    public async Task Watch_AFileIsSentAndAnotherRefused_EachIsAnObject()
    {
        await RunAsync("templates");
        var folder = Path.Combine(Folder, "watch");
        FileOf("watch/in/GD-01_202503.csv", Sample("GD-01", "valid.csv"));
        FileOf("watch/in/nonsense.csv", "a,b\n1,2\n");
        Counts(13, 0);
        var ran = await RunAsync("watch", folder, "--once", "--settle", "0", "--json");
        Assert.True(ran.Code == ExitCode.Usage, ran.ToString());
        var files = ObjectsOf(ran).Where(o => o.TryGetProperty("file", out _))
            .ToDictionary(o => o.GetProperty("file").GetString()!);
        Assert.Equal("GD-01.v1.202503.1", files["GD-01_202503.csv"].GetProperty("submission").GetProperty("submission")
            .GetString());
        Assert.Equal("sent/GD-01_202503.csv", files["GD-01_202503.csv"].GetProperty("moved_to").GetString());
        Assert.Equal("IH-INT-115", files["nonsense.csv"].GetProperty("problem").GetProperty("code").GetString());
        Assert.All(ObjectsOf(ran), o => Assert.NotEqual("", o.GetProperty("at").GetString()));
    }

    private static JsonElement[] ObjectsOf(Ran ran) =>
        [.. ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            JsonDocument.Parse(line).RootElement)];

    private static IEnumerable<(string[] Path, Command Command)> Leaves(Command command, string[] path) =>
        command.Subcommands.Count == 0 ? [(path, command)]
            : command.Subcommands.SelectMany(sub => Leaves(sub, [.. path, sub.Name]));

    private IEnumerable<string> RequiredOf(Command command)
    {
        string ValueOf(Type type) => type == typeof(long) || type == typeof(int) ? "1" : Path.Combine(Folder, "x");
        foreach (var argument in command.Arguments)
            yield return ValueOf(argument.ValueType);
        foreach (var option in command.Options.Where(o => o.Required))
        {
            yield return option.Name;
            yield return ValueOf(option.ValueType);
        }
        if (command.Name == "extract")
        {
            yield return "--connection-env";
            yield return "NO_SUCH_VARIABLE";
        }
        if (command.Name == "watch")
            yield return "--once";
    }
}
