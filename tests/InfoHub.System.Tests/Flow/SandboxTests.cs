using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.Flow;

/// <summary>
/// A hub to rehearse against says what it is, is empty at every start, and touches no other hub's data.
/// </summary>
public sealed class SandboxTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("infohub-sandbox-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Sandbox_Ended_LeavesNothingBehind()
    {
        var run = await RunAsync("--exit");
        Assert.True(run.Code == 0, run.ToString());
        Assert.Contains("测试环境已启动", run.Out, StringComparison.Ordinal);
        Assert.Contains("结束时全部删除", run.Out, StringComparison.Ordinal);
        foreach (var client in new[] { "gd", "gs", "scjg", "sw", "yb", "rs", "tax-city" })
            Assert.Contains(Path.Combine("credentials", $"{client}.env"), run.Out, StringComparison.Ordinal);
        Assert.Contains("./hub cli push", run.Out, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_home, "infohub-sandbox")));
    }

    [Fact]
    public async Task Sandbox_Kept_MarksItsCredentialsAndIsEmptyWhenNotKeptAgain()
    {
        var folder = Path.Combine(_home, "infohub-sandbox");
        var kept = await RunAsync("--exit", "--keep");
        Assert.True(kept.Code == 0, kept.ToString());
        var credentials = Path.Combine(folder, "credentials", "gd.env");
        var first = await File.ReadAllTextAsync(credentials);
        Assert.Contains("\nINFOHUB_ENVIRONMENT=test\n", first, StringComparison.Ordinal);

        var again = await RunAsync("--exit", "--keep");
        Assert.True(again.Code == 0, again.ToString());
        Assert.Equal(SecretOf(first), SecretOf(await File.ReadAllTextAsync(credentials)));

        var anew = await RunAsync("--exit");
        Assert.True(anew.Code == 0, anew.ToString());
        Assert.False(File.Exists(credentials));
    }

    [Fact]
    public async Task Sandbox_OnAFolderOfAnotherHub_IsRefusedAndDeletesNothing()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home, "infohub-sandbox")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "precious"), "");
        foreach (var arguments in new[] { new[] { "--exit" }, ["--exit", "--data", folder] })
        {
            var run = await RunAsync(arguments);
            Assert.True(run.Code == 2, run.ToString());
            Assert.Contains("IH-CFG-001", run.Error, StringComparison.Ordinal);
        }
        Assert.True(File.Exists(Path.Combine(folder, "precious")));
    }

    private static string SecretOf(string credentials) =>
        credentials.Split('\n').Single(line => line.StartsWith("INFOHUB_CLIENT_SECRET=", StringComparison.Ordinal));

    private Task<CommandResult> RunAsync(params string[] arguments) => Programs.RunAsync(
        Programs.Own("InfoHub.Host", "infohub-host", ["sandbox", "--grpc-port", "0", "--web-port", "0", .. arguments]),
        new Dictionary<string, string> { ["XDG_DATA_HOME"] = _home });
}
