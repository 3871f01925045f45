using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using InfoHub.Cli.Commands;
using InfoHub.Cli.Reporting;
using InfoHub.Cli.Settings;
using InfoHub.Cli.Watching;

namespace InfoHub.Cli.Diagnosing;

/// <summary>
/// What the hub's administrator needs to help, as one archive: versions, settings without secrets, the diagnosis, the
/// last lines of the log. No file that was sent, no receipt, no cell.
/// </summary>
internal static partial class SupportBundle
{
    private const int LogLinesMax = 1000;

    public static void Write(CommandRun run, FreshFile file, IReadOnlyList<Symptom> found, string? watchFolder)
    {
        try
        {
            using (var archive = new ZipArchive(file.Content, ZipArchiveMode.Create, leaveOpen: true))
            {
                Add(archive, "versions.txt", Versions(run));
                Add(archive, "settings.txt", Settings(run));
                Add(archive, "doctor.txt",
                    found.Select(s => WithoutCells($"{s.Level,-5} {s.Check}：{s.Text} {s.Remedy}")));
                if (watchFolder is not null)
                    Add(archive, "watch.log", WatchLog.Tail(watchFolder, LogLinesMax).Select(WithoutCells));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw HubHome.NotWritable(file.Target, e.Message);
        }
        file.Complete();
    }

    /// <summary>
    /// Text in quotes may come from a cell, and a run of six digits may be of somebody's number. The period in a
    /// submission's own number stays: without it nobody can help.
    /// </summary>
    public static string WithoutCells(string line) => Digits().Replace(Quoted().Replace(line, "“…”"), "…");

    private static IEnumerable<string> Versions(CommandRun run) =>
    [
        $"client {Diagnosis.ClientVersion}", $"runtime {RuntimeInformation.FrameworkDescription}",
        $"system {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        $"time {run.Terminal.Clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}",
        .. new TemplateCache(run.Home).List().Select(t => $"template {t.Item}.v{t.Version} {t.Sha256}"),
    ];

    private static IEnumerable<string> Settings(CommandRun run) =>
    [
        $"profile {run.Settings.ProfileName}", $"hub {run.Settings.Hub}", $"authority {run.Settings.Authority}",
        $"client_id {run.Settings.ClientId}",
            $"client_secret {(run.Settings.ClientSecret is null ? "not set" : "set")}",
        $"environment {run.Settings.Environment}",
        .. run.Settings.PinnedKeys.Select(key => $"receipt_key {key.KeyId}"),
    ];

    private static void Add(ZipArchive archive, string name, IEnumerable<string> lines)
    {
        using var entry = new StreamWriter(archive.CreateEntry(name).Open());
        foreach (var line in lines)
            entry.WriteLine(line);
    }

    [GeneratedRegex("“[^”]*”|\"[^\"]*\"|‘[^’]*’|'[^']*'|「[^」]*」")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<!-[0-9A-Z]{2}\.v[0-9]{1,6}\.)(?<![0-9])[0-9][0-9 -]{4,}[0-9][0-9A-Z]*|[0-9A-Z]{15,}")]
    private static partial Regex Digits();
}
