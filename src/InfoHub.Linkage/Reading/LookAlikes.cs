using System.Collections.Frozen;

namespace InfoHub.Linkage.Reading;

/// <summary>Characters that are typed or read for each other: of the same sound, or of nearly the same shape.</summary>
internal static class LookAlikes
{
    private static readonly FrozenDictionary<char, string> Taken = Read();

    /// <summary>Whether one is easily written for the other, in either direction.</summary>
    public static bool Are(char a, char b) => Has(a, b) || Has(b, a);

    private static bool Has(char from, char to) =>
        Taken.TryGetValue(from, out var others) && others.Contains(to, StringComparison.Ordinal);

    private static FrozenDictionary<char, string> Read()
    {
        var taken = new Dictionary<char, string>();
        foreach (var line in LinkageTables.Lines("lookalikes.txt"))
        {
            // A line of shapes is a group: each of it is taken for each other one.
            if (line[1] == 'G')
                foreach (var member in line[2..] + line[0])
                    taken[member] = taken.GetValueOrDefault(member, "") + line[0] + line[2..];
            else
                taken[line[0]] = taken.GetValueOrDefault(line[0], "") + line[2..];
        }
        return taken.ToFrozenDictionary();
    }
}
