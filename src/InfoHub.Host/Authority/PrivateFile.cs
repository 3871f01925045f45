using System.Text;

namespace InfoHub.Host.Authority;

/// <summary>Files that only the hub's own account may read (mode 600 in a folder of mode 700).</summary>
internal static class PrivateFile
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, FileMode600 | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Whole or not at all. False when the file was there already and <paramref name="overwrite"/> is false.
    /// </summary>
    public static bool Write(string path, string text, bool overwrite)
    {
        var fresh = $"{path}.{Guid.NewGuid():n}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMode600;
        using (var file = new FileStream(fresh, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(fresh, path, overwrite);
            return true;
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            File.Delete(fresh);
            return false;
        }
    }
}
