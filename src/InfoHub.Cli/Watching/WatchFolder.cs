using System.Globalization;
using InfoHub.Cli.Settings;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Watching;

/// <summary>
/// A folder with in, sent, rejected and receipts. A file is in exactly one of them: it leaves <c>in</c> by one atomic
/// rename, after everything that is told about it has been written.
/// </summary>
internal sealed class WatchFolder(string root)
{
    private const int SuffixMax = 10_000;

    private readonly Dictionary<string, (long Length, DateTime Written)> _seen = new(StringComparer.Ordinal);

    public string Root => root;

    public string In => Path.Combine(root, "in");

    public string Sent => Path.Combine(root, "sent");

    public string Rejected => Path.Combine(root, "rejected");

    public string Receipts => Path.Combine(root, "receipts");

    /// <summary>Makes the folders and takes the folder for this process until disposed.</summary>
    /// <exception cref="ProblemException">IH-CFG-016: another process has it. IH-CFG-014: it cannot be written
    /// to.</exception>
    public FileStream Take()
    {
        try
        {
            foreach (var folder in new[] { In, Sent, Rejected, Receipts })
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
    /// The files that nobody writes to any more: old enough, and, where they were seen before, as they were then.
    /// In the order of their names, so that sequences go in order.
    /// </summary>
    public IReadOnlyList<string> Ready(DateTime nowUtc, TimeSpan settle)
    {
        var files = new DirectoryInfo(In).EnumerateFiles().Where(IsMeant)
            .OrderBy(file => file.Name, StringComparer.Ordinal).ToArray();
        var ready = new List<string>();
        foreach (var file in files)
        {
            var now = (file.Length, file.LastWriteTimeUtc);
            var changed = _seen.TryGetValue(file.Name, out var before) && before != now;
            _seen[file.Name] = now;
            if (!changed && nowUtc - file.LastWriteTimeUtc >= settle)
                ready.Add(file.FullName);
        }
        foreach (var gone in _seen.Keys.Except(files.Select(f => f.Name)).ToArray())
            _seen.Remove(gone);
        return ready;
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

    /// <summary>True when a file of this name, or of it with a suffix, is or was here.</summary>
    public bool Has(string name) => new[] { In, Sent, Rejected }.Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>
    /// Names of files that are being written, and of those that spreadsheets keep beside an open one.
    /// </summary>
    private static bool IsMeant(FileInfo file) => !file.Name.StartsWith('.') && !file.Name.StartsWith("~$",
        StringComparison.Ordinal)
        && file.Extension.ToUpperInvariant() is not (".PART" or ".TMP" or ".NEW");
}
