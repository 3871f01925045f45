using System.CommandLine;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Submissions;
using InfoHub.Host.Composition;
using InfoHub.Storage;
using InfoHub.Storage.Parked;
using InfoHub.Storage.Submissions;

namespace InfoHub.Host.Commands;

/// <summary><c>doctor</c>: what this machine has of what the hub needs, and how to get the rest.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var store = new StoreOptions(isRequired: false);
        var command = new Command("doctor", "Check this machine for what the hub needs, and a hub for what it set aside")
        {
            CommonOptions.Templates,
        };
        store.AddTo(command);
        command.SetAction((parse, cancellation) => CommonOptions.GuardAsync(async () =>
        {
            var sound = Report("PostgreSQL", EmbeddedPostgres.FindBinaries(), "apt-get install postgresql");
            sound &= Report("templates", TemplatesFound(CommonOptions.TemplatesOf(parse)), "--templates <partner-templates>");
            Report("kcat (only for --log kafka-mock)", OnPath("kcat"), "apt-get install kcat");
            Report("librdkafka (only for Kafka)", SharedLibrary("librdkafka.so"), "apt-get install librdkafka-dev");
            Report("Chromium (only for browser tests)", OnPath("chromium"), "apt-get install chromium fonts-noto-cjk");
            Report("free disk", $"{new DriveInfo(Path.GetTempPath()).AvailableFreeSpace >> 30} GiB", "");
            sound &= Report("working-day calendar", CalendarFound(), Calendars.HowToAdd);
            if (store.IsGiven(parse))
            {
                await using var opened = await store.OpenAsync(parse, cancellation);
                await using var source = await Schema.OpenAsync(opened.ConnectionString, cancellation);
                sound &= await ReportAsync(new ParkedWork(source, TimeProvider.System), cancellation);
                if (store.DataOf(parse) is { } data)
                    sound &= ReportDisk(data, await SubmissionStore.StandingsAsync(source, Spooled(data).Select(f =>
                        f.Id), cancellation));
            }
            return sound ? 0 : 1;
        }));
        return command;
    }

    private static (long Id, long Bytes)[] Spooled(string data)
    {
        var spool = SharedSpool.FolderIn(data);
        return !Directory.Exists(spool) ? [] : [.. Directory.GetFiles(spool, "*.bin*").Select(path => (
            long.TryParse(Path.GetFileName(path).Split('.')[0], out var id) ? id : 0, new FileInfo(path).Length))];
    }

    /// <summary>The room there is, what lies on the spool, and why.</summary>
    private static bool ReportDisk(
        string data, IReadOnlyDictionary<long, (SubmissionState State, DateTimeOffset Since)> standings)
    {
        var room = DiskRoom.Of(data, new HubOptions { DataFolder = data, TemplatesFolder = "" }.Read(
            CommonOptions.SettingsIn(data)).SpoolFreeBytesMin);
        var (free, least) = (DiskRoom.MiB(room.Free), DiskRoom.MiB(room.Least));
        System.Console.WriteLine(room.IsEnough
            ? $"ok       disk of {data}: {free} MiB free, {least} stay free"
            : $"full     disk of {data}: {free} MiB free, {least} are wanted; no uploads are taken");
        var why = Spooled(data).GroupBy(f => standings.TryGetValue(f.Id, out var at) ? at.State switch
        {
            SubmissionState.Opened or SubmissionState.Uploading => "being uploaded",
            SubmissionState.FileRefused or SubmissionState.AllRowsRejected => "refused, kept for whoever asks why",
            SubmissionState.Stored or SubmissionState.Used or SubmissionState.Withdrawn => "done, gone within a minute",
            _ => "waiting to be checked or stored",
        } : "of no submission").Select(g => $"{g.Count()} {g.Key} ({DiskRoom.MiB(g.Sum(f => f.Bytes))} MiB)").ToArray();
        System.Console.WriteLine($"ok       spool: {(why.Length == 0 ? "empty" : string.Join("; ", why))}");
        return room.IsEnough;
    }

    /// <summary>What the hub could not work.</summary>
    private static async Task<bool> ReportAsync(ParkedWork parked, CancellationToken cancellation)
    {
        var stuck = await parked.StuckAsync(cancellation);
        var aside = await ParkedCommand.ProblemAsync(parked, cancellation);
        System.Console.WriteLine(stuck is null ? "ok       stages: none is stuck" : $"stuck    {ParkedCommand.ProblemOf(stuck)}");
        System.Console.WriteLine(aside is null ? "ok       set aside: nothing" : $"aside    {aside}");
        return stuck is null && aside is null;
    }

    private static string? TemplatesFound(string folder) => Directory.Exists(folder) ? $"{TemplateFolder.Read(folder).All.Length} in {folder}" : null;

    private static string? CalendarFound() => LegalCalendar.Shipped.Lacks(Calendars.Today(TimeProvider.System)) is null
        ? $"{LegalCalendar.Shipped.Years.Min()} to {LegalCalendar.Shipped.Years.Max()}" : null;

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string? SharedLibrary(string name) => Directory.Exists("/usr/lib")
        ? Directory.GetDirectories("/usr/lib").Append("/usr/lib").Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) : null;

    private static bool Report(string what, string? found, string remedy)
    {
        System.Console.WriteLine(found is null ? $"missing  {what}: {remedy}" : $"ok       {what}: {found}");
        return found is not null;
    }
}
