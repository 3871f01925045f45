using System.Text;
using Spectre.Console;

namespace InfoHub.Cli;

/// <summary>Where output goes and where settings come from; a test puts its own in place.</summary>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive, Func<string, string?> Environment)
{
    private const int RedirectedWidth = 240;

    /// <summary>Answers and piped secrets.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Asks for a secret without showing it; null when nobody sits at the keyboard.</summary>
    public Func<string, string?> AskSecret { get; init; } = _ => null;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

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

    /// <summary>
    /// Text that came from elsewhere, on one line and without control characters: it must not steer the terminal.
    /// </summary>
    public static string Clean(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
            clean.Append(char.IsControl(character) ? ' ' : character);
        return clean.ToString();
    }

    /// <summary>Reads a secret key by key. Backspace takes one back.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public static string ReadSecret(string prompt)
    {
        // As a signal, Ctrl-C would wait for a key that nobody presses.
        System.Console.TreatControlCAsInput = true;
        try
        {
            System.Console.Error.Write(prompt);
            var secret = new StringBuilder();
            while (System.Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
            {
                if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
                    throw new OperationCanceledException();
                if (key.Key == ConsoleKey.Backspace)
                    secret.Length = Math.Max(0, secret.Length - 1);
                else if (!char.IsControl(key.KeyChar))
                    secret.Append(key.KeyChar);
            }
            return secret.ToString();
        }
        finally
        {
            System.Console.Error.WriteLine();
            System.Console.TreatControlCAsInput = false;
        }
    }
}
