using System.Diagnostics;
using System.Text;
using InfoHub.Cli;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>The program itself on a pseudo-terminal, with somebody who types.</summary>
public sealed class PromptTests : CommandBench
{
    private static readonly TimeSpan LimitOfTime = TimeSpan.FromSeconds(60);

    /// <summary>As it was built, with its own runtime settings, which the copy beside the tests has not.</summary>
    private static string Program => Path.Combine(RepositoryRoot(), "src", "InfoHub.Cli",
        Path.GetRelativePath(Path.Combine(RepositoryRoot(), "tests", "InfoHub.Stages.Tests"), AppContext.BaseDirectory),
        "infohub.dll");

    [Fact]
    public async Task Login_SecretTypedWithAMistake_LogsInAndShowsNothingOfIt()
    {
        if (OperatingSystem.IsWindows())
            return;
        var secret = Hub.SecretOf("scjg");
        var (code, shown) = await TypeAsync($"x\u007f{secret}\r");
        Assert.True(code == (int)ExitCode.Ok, shown);
        Assert.Contains("已登录", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        var kept = Directory.GetFiles(Home, "*.secret", SearchOption.AllDirectories).Single();
        Assert.Equal(secret, File.ReadAllText(kept).Trim());
    }

    [Fact]
    public async Task Login_NothingTyped_SaysWhatIsMissing()
    {
        if (OperatingSystem.IsWindows())
            return;
        var (code, shown) = await TypeAsync("\r");
        Assert.Equal((int)ExitCode.Usage, code);
        Assert.Contains("INFOHUB_CLIENT_SECRET", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_CtrlC_EndsWithoutAProfile()
    {
        if (OperatingSystem.IsWindows())
            return;
        var (code, shown) = await TypeAsync("abc\u0003");
        Assert.True(code == (int)ExitCode.Cancelled, $"{code} {shown}");
        Assert.DoesNotContain("已登录", shown, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Home) && Directory.GetFiles(Home, "*", SearchOption.AllDirectories).Length > 0);
    }

    /// <summary>Types once the prompt is there.</summary>
    private async Task<(int Code, string Shown)> TypeAsync(string keys)
    {
        var start = new ProcessStartInfo("script")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (var argument in new[]
        {
            "--quiet", "--return", "--command", $"dotnet {Program} login "
                + $"--hub {Hub.Hub} --authority {Hub.AuthorityAddress} --client-id scjg", "/dev/null",
        })
            start.ArgumentList.Add(argument);
        start.Environment["INFOHUB_HOME"] = Home;
        start.Environment["TERM"] = "xterm";
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("INFOHUB_", StringComparison.Ordinal)
            && n != "INFOHUB_HOME").ToArray())
            start.Environment.Remove(name);
        using var program = Process.Start(start)!;
        using var limit = new CancellationTokenSource(LimitOfTime);
        try
        {
            var shown = new StringBuilder();
            var piece = new char[256];
            for (var isTyped = false; await program.StandardOutput.ReadAsync(piece, limit.Token) is > 0 and var read;)
            {
                shown.Append(piece, 0, read);
                if (isTyped || !shown.ToString().Contains("（不显示）：", StringComparison.Ordinal))
                    continue;
                isTyped = true;
                await program.StandardInput.WriteAsync(keys);
                await program.StandardInput.FlushAsync(limit.Token);
            }
            await program.WaitForExitAsync(limit.Token);
            return (program.ExitCode, shown.ToString());
        }
        finally
        {
            if (!program.HasExited)
                program.Kill(entireProcessTree: true);
        }
    }
}
