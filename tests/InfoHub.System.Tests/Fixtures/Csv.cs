using System.Text;

namespace InfoHub.System.Tests.Fixtures;

/// <summary>Reads small comma-separated files of the hub's own writing.</summary>
internal static class Csv
{
    public static string[][] Read(string path) => Parse(File.ReadAllText(path));

    public static string[][] Parse(string text)
    {
        var (rows, row, cell, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (quoted && character == '"' && i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[i++]);
            else if (character == '"')
                quoted = !quoted;
            else if (quoted || character is not (',' or '\n'))
                cell.Append(character);
            else
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (character == ',')
                    continue;
                rows.Add([.. row]);
                row.Clear();
            }
        }
        return [.. rows];
    }
}
