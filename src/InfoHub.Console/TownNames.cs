using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace InfoHub.Console;

/// <summary>National names of towns (乡镇、街道) by nine-digit code, read when the first is asked for.</summary>
internal static class TownNames
{
    private const int CountyDigits = 6;
    private const int TownDigits = 3;

    private static readonly Lazy<FrozenDictionary<int, string>> Names = new(Read);

    /// <summary>"" when there is no such town.</summary>
    public static string Of(string code) => code.Length == CountyDigits + TownDigits
        && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Names.Value.GetValueOrDefault(number, "") : "";

    private static FrozenDictionary<int, string> Read()
    {
        var names = new Dictionary<int, string>();
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("towns.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var parts = line.Split(' ');
            foreach (var town in parts.AsSpan(1))
                names.Add(int.Parse(parts[0] + town[..TownDigits], CultureInfo.InvariantCulture), town[TownDigits..]);
        }
        return names.ToFrozenDictionary();
    }
}
