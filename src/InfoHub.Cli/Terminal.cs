using System.Text;
using Spectre.Console;

namespace InfoHub.Cli;

/// <summary>Where output goes and where settings come from; a test puts its own in place.</summary>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive, Func<string, string?> Environment)
{
    private const int RedirectedWidth = 240;

    public IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Out),
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!IsInteractive)
            console.Profile.Width = RedirectedWidth;
        return console;
    }

    /// <summary>Text that came from elsewhere, on one line and without control characters: it must not steer the terminal.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
            clean.Append(char.IsControl(character) ? ' ' : character);
        return clean.ToString();
    }
}
