using System.Text;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Settings;

/// <summary>
/// The user's folder for profiles, templates and receipts: INFOHUB_HOME, else %APPDATA%\InfoHub on Windows, else
/// $XDG_CONFIG_HOME/infohub or ~/.config/infohub. Nobody else on this machine can read what is in it.
/// </summary>
internal sealed class HubHome(Func<string, string?> environment)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Null when this account has no folder of its own: then nothing is kept.</summary>
    public string? Folder { get; } = FolderOf(environment);

    /// <exception cref="ProblemException">IH-CFG-014: this account has no folder of its own.</exception>
    public string PathOf(params string[] parts) => Folder is { } folder
        ? Path.Combine([folder, .. parts])
        : throw NotWritable("INFOHUB_HOME", "本账号没有主目录，请设置环境变量 INFOHUB_HOME");

    /// <summary>
    /// Replaces a file as a whole, so that a power cut leaves the old or the new one. Folders are made where missing.
    /// </summary>
    /// <exception cref="ProblemException">IH-CFG-014.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // Two processes of one account may write the same file at the same time; each does it in a file of its own.
        var fresh = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            MakeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var file = OpenOwn(fresh, FileMode.CreateNew))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(fresh);
            throw NotWritable(path, e.Message);
        }
    }

    /// <summary>
    /// Opens a file for writing that on Unix nobody but its owner reads, also when it was there before. On Windows it
    /// has the rights of its folder.
    /// </summary>
    /// <exception cref="IOException">As of <see cref="FileStream"/>, with its other exceptions.</exception>
    public static FileStream OpenOwn(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
            return new FileStream(path, options);
        options.UnixCreateMode = OwnerOnly;
        var file = new FileStream(path, options);
        if (mode != FileMode.CreateNew && (File.GetUnixFileMode(file.SafeFileHandle) & ~OwnerOnly) != 0)
            Restrict(file);
        return file;
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Restrict(FileStream file)
    {
        try
        {
            File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is told is why it could not be written.
        }
    }

    /// <exception cref="ProblemException">IH-CFG-014.</exception>
    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    public static ProblemException NotWritable(string file, string reason) =>
        new(new Problem(ProblemCatalogue.NotWritable, ("file", file), ("reason", reason)));

    private static string? FolderOf(Func<string, string?> environment)
    {
        string? Value(string name) => environment(name) is { Length: > 0 } value ? value : null;
        if (Value("INFOHUB_HOME") is { } own)
            return Path.GetFullPath(own);
        if (OperatingSystem.IsWindows())
            return Value("APPDATA") is { } roaming ? Path.Combine(roaming, "InfoHub") : null;
        return Value("XDG_CONFIG_HOME") is { } configuration ? Path.Combine(configuration, "infohub")
            : Value("HOME") is { } home ? Path.Combine(home, ".config", "infohub") : null;
    }
}
