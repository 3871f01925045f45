using System.Globalization;
using System.Text;
using InfoHub.Cli.Settings;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Watching;

/// <summary>
/// A folder with in, sent, rejected and receipts, and .work for files under way. A file is in exactly one of them: it
/// is claimed by a rename from <c>in</c> to <c>.work</c> before anything of it is sent, so that what is put away is
/// what
/// was sent, and leaves <c>.work</c> after everything that is told about it has been written. The renames are atomic as
/// long as the folders are on one file system; across two of them a kill may leave a second copy, which the hub knows
/// again.
/// </summary>
internal sealed class WatchFolder(string root)
{
    private const int SuffixMax = 10_000;

    private const UnixFileMode OwnerAndGroupRead =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private static readonly string[] UnfinishedEndings =
        [".PART", ".TMP", ".NEW", ".FILEPART", ".CRDOWNLOAD", ".PARTIAL", ".DOWNLOAD"];

    private static readonly TimeSpan FutureMargin = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Sighting> _seen = new(StringComparer.Ordinal);

    public string Root => root;

    public string In => Path.Combine(root, "in");

    public string Work => Path.Combine(root, ".work");

    public string Sent => Path.Combine(root, "sent");

    public string Rejected => Path.Combine(root, "rejected");

    public string Receipts => Path.Combine(root, "receipts");

    /// <summary>How many files the last look found that somebody may still be writing.</summary>
    public int Unsettled { get; private set; }

    /// <summary>Makes the folders and takes the folder for this process until disposed.</summary>
    /// <exception cref="ProblemException">IH-CFG-016: another process has it. IH-CFG-014: it cannot be written
    /// to.</exception>
    public FileStream Take()
    {
        try
        {
            foreach (var folder in new[] { In, Work, Sent, Rejected, Receipts })
                Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubHome.NotWritable(root, e.Message);
        }
        try
        {
            return new FileStream(Path.Combine(root, ".infohub.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None);
        }
        catch (IOException)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.FolderTaken, ("folder", root)));
        }
    }

    /// <summary>
    /// The names of the files that nobody writes to any more: seen at least twice with the same size and time, by our
    /// own clock at least <paramref name="settle"/> apart. What time a file claims to have is no measure: a copy may
    /// bring one from the past, another machine one from the future. In the order of the names.
    /// </summary>
    /// <param name="now">Of a clock that nobody sets; its zero may be anywhere.</param>
    public IReadOnlyList<string> Ready(TimeSpan now, TimeSpan settle)
    {
        var (ready, names) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var path in Files(In))
        {
            if (Stamp(path) is not { } stamp)
                continue;
            var name = Path.GetFileName(path);
            names.Add(name);
            if (!_seen.TryGetValue(name, out var seen) || seen.Stamp != stamp)
                _seen[name] = new Sighting(stamp, now);
            else if (seen.Since is not { } since || now - since >= settle)
                ready.Add(name);
        }
        foreach (var gone in _seen.Keys.Except(names).ToArray())
            _seen.Remove(gone);
        Unsettled = names.Count - ready.Count;
        return ready;
    }

    /// <summary>A file that this process itself put into <c>in</c> as a whole need not settle.</summary>
    public void Settle(string name)
    {
        if (Stamp(Path.Combine(In, name)) is { } stamp)
            _seen[name] = new Sighting(stamp, null);
    }

    /// <summary>Files in <c>in</c> whose time is ahead of the clock.</summary>
    public IEnumerable<string> FromTheFuture(DateTime nowUtc) => _seen
        .Where(seen => seen.Value.Stamp.Written > nowUtc + FutureMargin).Select(seen => seen.Key);

    /// <summary>
    /// Takes a file that is ready out of <c>in</c>. Its path; null when it is gone, has changed since, or an earlier
    /// file of its name is still under way.
    /// </summary>
    public string? Claim(string name)
    {
        var (from, to) = (Path.Combine(In, name), Path.Combine(Work, name));
        if (!_seen.TryGetValue(name, out var seen) || File.Exists(to) || !File.Exists(from))
            return null;
        File.Move(from, to);
        if (Stamp(to) == seen.Stamp)
            return to;
        Return(to);
        return null;
    }

    /// <summary>
    /// Puts a claimed file back; it stays in <c>.work</c> when another of its name has come in the meantime.
    /// </summary>
    public void Return(string claimed)
    {
        try
        {
            File.Move(claimed, Path.Combine(In, Path.GetFileName(claimed)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in .work, and the next pass takes it up from there.
        }
    }

    /// <summary>The names of files that an earlier pass, or a process that was killed, left under way.</summary>
    public IReadOnlyList<string> Claimed() => [.. Files(Work).Select(path => Path.GetFileName(path))];

    /// <summary>Size and time of a file; null when it is gone.</summary>
    public static FileStamp? Stamp(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file
                ? new FileStamp(file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A name in the folder that nobody has: the file's own, else with -2, -3 …</summary>
    public static string Free(string folder, string name)
    {
        for (var i = 1; i <= SuffixMax; i++)
        {
            var path = Path.Combine(folder, i == 1 ? name : string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileNameWithoutExtension(name)}-{i}{Path.GetExtension(name)}"));
            if (!File.Exists(path))
                return path;
        }
        throw HubHome.NotWritable(Path.Combine(folder, name), "同名文件过多");
    }

    /// <summary>
    /// A text for the officers: with a byte order mark, so that Notepad shows Chinese, and readable for the folder's
    /// group, since they are not the account of the service.
    /// </summary>
    public static void WriteText(string path, string text)
    {
        HubHome.Write(path, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, OwnerAndGroupRead);
    }

    /// <summary>True when a file of this name is or was here.</summary>
    public bool Has(string name) =>
        new[] { In, Work, Sent, Rejected }.Any(folder => File.Exists(Path.Combine(folder, name)));

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder)
        .Where(path => IsMeant(Path.GetFileName(path))).Order(StringComparer.Ordinal);

    /// <summary>
    /// Not the names of files that are being written, nor of those that spreadsheets keep beside an open one.
    /// </summary>
    private static bool IsMeant(string name) => !name.StartsWith('.') && !name.EndsWith('~')
        && !name.StartsWith("~$", StringComparison.Ordinal)
        && !UnfinishedEndings.Contains(Path.GetExtension(name).ToUpperInvariant());

    /// <param name="Since">When it was first seen like this; null: it is known to be whole.</param>
    private sealed record Sighting(FileStamp Stamp, TimeSpan? Since);
}

/// <summary>By which a change of a file shows.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Written">UTC, as the file system has it.</param>
internal readonly record struct FileStamp(long Length, DateTime Written);
