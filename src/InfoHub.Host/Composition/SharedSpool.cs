using System.Data.Common;
using InfoHub.Host.Authority;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Composition;

/// <summary>
/// Uploaded files lie in a folder, not in the store, so all hosts that take uploads have to share it:
/// <c>DATA/spool</c>. It carries an id, which the store knows; a host with another spool would refuse files that it
/// does
/// not find.
/// </summary>
internal static class SharedSpool
{
    public static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "spool");

    /// <returns>The id of the spool.</returns>
    /// <exception cref="ProblemException">
    /// IH-CFG-028: other hosts use another spool; IH-CFG-029: files that are due lie in another.
    /// </exception>
    public static async Task<Guid> OpenAsync(SpoolPlaces places, HubOptions options, CancellationToken cancellation)
    {
        var folder = FolderIn(options.DataFolder);
        PrivateFile.MakeFolder(folder);
        var path = Path.Combine(folder, "spool-id");
        PrivateFile.Write(path, $"{Guid.NewGuid()}\n", overwrite: false);
        if (!Guid.TryParse((await File.ReadAllTextAsync(path, cancellation)).Trim(), out var own))
            throw AuthorityOptions.Unsound("Hub:Data", path, "应为一个 GUID", "首次启动时生成");
        if (await places.FindAsync(cancellation) is { } known && known.Id != own)
        {
            if (known.IsInUse)
                throw new ProblemException(new Problem(ProblemCatalogue.SpoolDiffers,
                    ("folder", known.Place), ("offered", folder)));
            if (known.FilesDue > 0 && !options.IsSpoolLost)
                throw new ProblemException(new Problem(ProblemCatalogue.SpoolMissing, ("folder", known.Place),
                    ("offered", folder), ("count", known.FilesDue.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        }
        await places.TakeAsync(own, $"{Environment.MachineName}:{folder}", cancellation);
        return own;
    }
}

/// <summary>Says that the spool is in use while this host takes uploads.</summary>
internal sealed class SpoolSign(SpoolPlaces places, Guid spool) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SpoolPlaces.Sign);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await places.UsedAsync(spool, stoppingToken);
            }
            catch (DbException)
            {
                // Said by whoever needs the store more; here the next time will do.
            }
    }
}
