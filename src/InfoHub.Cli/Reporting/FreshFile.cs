using InfoHub.Cli.Settings;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Reporting;

/// <summary>
/// A file with rows in it, written beside its name and given it when it is whole and on the disk. Only its owner can
/// read it (on Windows, whoever the folder lets). It takes no other file's place unless that is wished.
/// </summary>
internal sealed class FreshFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerAndGroup = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private readonly string _part;
    private readonly bool _overwrites;

    private FreshFile(string path, string part, bool overwrites, FileStream content) =>
        (Target, _part, _overwrites, Content) = (path, part, overwrites, content);

    /// <summary>The name it gets.</summary>
    public string Target { get; }

    public FileStream Content { get; }

    /// <param name="forGroup">Whether the group of the folder may read and mend it.</param>
    /// <exception cref="ProblemException">IH-CFG-014: a file of that name is there, or none can be written.</exception>
    public static FreshFile Create(string path, bool overwrites, bool forGroup = false)
    {
        if (!overwrites && File.Exists(path))
            throw IsThere(path);
        try
        {
            // Hidden, and of a name that nobody else has: the folder may be one that others write to.
            var part = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "",
                $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.part");
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = forGroup ? OwnerAndGroup : OwnerOnly;
            return new FreshFile(path, part, overwrites, new FileStream(part, options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw HubHome.NotWritable(path, e.Message);
        }
    }

    /// <summary>All of the file at once. As <see cref="Create"/> and <see cref="Complete"/>.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrites)
    {
        using var file = Create(path, overwrites);
        try
        {
            file.Content.Write(content);
        }
        catch (IOException e)
        {
            throw HubHome.NotWritable(path, e.Message);
        }
        file.Complete();
    }

    /// <summary>The file is whole: gives it its name.</summary>
    /// <exception cref="ProblemException">IH-CFG-014: a file of that name has come in the meantime.</exception>
    public void Complete()
    {
        try
        {
            // What writes through an archive may have closed it.
            if (Content.CanWrite)
                Content.Flush(flushToDisk: true);
            Content.Dispose();
            File.Move(_part, Target, _overwrites);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw !_overwrites && File.Exists(Target) ? IsThere(Target) : HubHome.NotWritable(Target, e.Message);
        }
    }

    /// <summary>What was not completed goes.</summary>
    public void Dispose()
    {
        try
        {
            Content.Dispose();
            File.Delete(_part);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is under way matters more than a hidden remainder.
        }
    }

    private static ProblemException IsThere(string path) =>
        HubHome.NotWritable(path, "同名文件已存在；请换一个名称，或加 --force 覆盖");
}
