using InfoHub.Cli.Settings;

namespace InfoHub.Cli.Reporting;

/// <summary>
/// Lines that are known before what has to be written above them: kept in a file of this account's own that is gone
/// afterwards, so that a million errors take no memory.
/// </summary>
internal sealed class ErrorSpool : IDisposable
{
    private readonly StreamWriter _lines = new(Open());

    /// <summary>How many lines there are.</summary>
    public long Count { get; private set; }

    public void Add(string line)
    {
        _lines.WriteLine(line);
        Count++;
    }

    /// <summary>The lines in the order they came, once.</summary>
    public IEnumerable<string> Lines()
    {
        _lines.Flush();
        _lines.BaseStream.Position = 0;
        using var reader = new StreamReader(_lines.BaseStream, leaveOpen: true);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    public void Dispose() => _lines.Dispose();

    private static FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = Path.Combine(Path.GetTempPath(), $"infohub-{Guid.NewGuid():N}.tmp");
        try
        {
            return new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubHome.NotWritable(path, e.Message);
        }
    }
}
