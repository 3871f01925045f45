using InfoHub.Client.Checking;

namespace InfoHub.Cli.Reporting;

/// <summary>
/// Lines that are known before what has to be written above them: kept in a file of this account's own that is gone
/// afterwards, so that a million errors take no memory.
/// </summary>
internal sealed class ErrorSpool : IDisposable
{
    private readonly StreamWriter _lines = new(ScratchFile.Create());

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
}
