using System.Diagnostics;

namespace InfoHub.Repository.Tests.Docs;

/// <summary>How a shell text ended; without an exit code when it ran out of time and was stopped.</summary>
internal sealed record ShellRun(int? ExitCode, string Output, string Errors)
{
    public override string ToString() =>
        $"{(ExitCode is { } code ? $"exit code {code}" : "stopped after its time")}\n{Output}\n{Errors}";
}

internal static class Shell
{
    /// <summary>Set for everything that runs under it: a README that calls the tests does not call itself.</summary>
    public const string Inside = "INFOHUB_README_TEST";

    public static ShellRun Run(string text, string folder, TimeSpan timeMax)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", text])
            {
                WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true,
                RedirectStandardError = true, Environment = { [Inside] = "1" },
            },
        };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var ended = process.WaitForExit(timeMax);
        if (!ended)
            process.Kill(entireProcessTree: true);
        Task.WaitAll([output, errors], TimeSpan.FromSeconds(5));
        return new ShellRun(ended ? process.ExitCode : null, Read(output), Read(errors));
    }

    /// <summary>A child that outlives the shell may hold its output open; what it says is not waited for.</summary>
    private static string Read(Task<string> text) => text.IsCompletedSuccessfully ? text.Result : "";
}
