using System.Diagnostics;
using System.Text;
using InfoHub.Host.Commands;
using Xunit;

namespace InfoHub.System.Tests.Fixtures;

/// <summary>Real processes, each with a limit.</summary>
internal static class Programs
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>
    /// A program of this repository in its own output folder, of the configuration the tests are built in.
    /// </summary>
    public static ProcessStartInfo Own(string project, string name, params string[] arguments)
    {
        var output = Path.GetRelativePath(Path.Combine(CommonOptions.RepositoryRoot, "tests", "InfoHub.System.Tests"), AppContext.BaseDirectory);
        return new("dotnet", [Path.Combine(CommonOptions.RepositoryRoot, "src", project, output, $"{name}.dll"), .. arguments]);
    }

    public static async Task<CommandResult> RunAsync(ProcessStartInfo start, IReadOnlyDictionary<string, string>? environment = null)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        (start.StandardOutputEncoding, start.StandardErrorEncoding) = (Encoding.UTF8, Encoding.UTF8);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>
/// Needs room for large files: where there is less the test is left out, but never on a build server.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithDiskAttribute : FactAttribute
{
    public FactWithDiskAttribute(long bytesMin)
    {
        var free = new DriveInfo(Path.GetTempPath()).AvailableFreeSpace;
        if (free < bytesMin && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
            Skip = FormattableString.Invariant($"{free >> 30} GiB are free, {bytesMin >> 30} are needed");
    }
}

/// <summary>Needs an interpreter that has these modules, and protoc; else as <see cref="FactWithAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithModulesAttribute : FactAttribute
{
    public FactWithModulesAttribute(string python, params string[] modules)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
            && !(Programs.Has("protoc") && HasModules(python, modules)))
            Skip = $"protoc, or {python} with {string.Join(", ", modules)}, is not installed";
    }

    private static bool HasModules(string python, string[] modules)
    {
        if (!File.Exists(python))
            return false;
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", $"import {string.Join(", ", modules)}"])
        {
            RedirectStandardError = true,
        })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>
/// Needs a program from outside: where it is missing the test is left out, but never on a build server (CI set).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithAttribute : FactAttribute
{
    public FactWithAttribute(string program)
    {
        if (!Programs.Has(program) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
            Skip = $"{program} is not installed";
    }
}
