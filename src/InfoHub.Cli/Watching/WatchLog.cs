using System.Globalization;
using System.Text.Json.Nodes;
using InfoHub.Cli.Commands;

namespace InfoHub.Cli.Watching;

/// <summary>
/// What a watch did, line by line, in a file that is rotated: infohub.log, then .1 to .3. The terminal is shown the
/// same lines, or one JSON object for each.
/// </summary>
internal sealed class WatchLog(string folder, TimeProvider clock, TextWriter echo, bool isJson = false)
{
    public const string Name = "infohub.log";

    private const long BytesMax = 4 << 20;
    private const int FilesKept = 3;

    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);

    /// <param name="facts">What programs want to know beside the text; taken over.</param>
    public void Write(string text, JsonObject? facts = null)
    {
        var (now, clean) = (clock.GetLocalNow(), Terminal.Clean(text));
        var line = $"{now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {clean}";
        if (isJson)
            Echo(now, clean, facts ?? []);
        else
            echo.WriteLine(line);
        Append(line);
    }

    private void Echo(DateTimeOffset now, string text, JsonObject facts)
    {
        facts.Insert(0, "at", now.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        facts.Insert(1, "text", text);
        echo.WriteLine(facts.ToJsonString(ProblemText.PlainJson));
    }

    /// <summary>A sign of life, into the file only.</summary>
    public void Beat(string text) =>
        Append($"{clock.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {text}");

    /// <summary>Says the same thing about the same file once, not at every poll.</summary>
    public void WriteOnce(string about, string text, JsonObject? facts = null)
    {
        if (_said.GetValueOrDefault(about) == text)
            return;
        _said[about] = text;
        Write(text, facts);
    }

    /// <summary>The last lines; none when there is no log.</summary>
    public static IEnumerable<string> Tail(string folder, int lines)
    {
        var path = Path.Combine(folder, Name);
        return File.Exists(path) ? File.ReadLines(path).TakeLast(lines) : [];
    }

    private void Append(string line)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            if (File.Exists(path) && new FileInfo(path).Length > BytesMax)
                for (var i = FilesKept; i > 0; i--)
                    if (File.Exists(Numbered(path, i - 1)))
                        File.Move(Numbered(path, i - 1), Numbered(path, i), overwrite: true);
            File.AppendAllText(path, line + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not keep data from being sent; the line is on the terminal.
            if (isJson)
                Echo(clock.GetLocalNow(), $"{path}: {e.Message}", []);
            else
                echo.WriteLine($"{path}: {e.Message}");
        }
    }

    private static string Numbered(string path, int number) =>
        number == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
}
