using System.Collections.Frozen;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Linkage.Reading;

/// <summary>
/// Names of administrative divisions down to the county, found at the start of a text in their full or short form
/// (长沙市, 长沙). A code has six digits; a province ends in 0000, a city in 00.
/// </summary>
internal static class Divisions
{
    public const int None = 0;

    private const int LongestName = 12;

    private static readonly string[] ShortenedBy = ["特别行政区", "自治区", "自治州", "自治县", "地区", "林区", "省", "市", "区", "县", "盟"];

    private static readonly Dictionary<int, string> FullNames = [];

    private static readonly FrozenDictionary<string, int[]> Table = Read();

    private static readonly FrozenDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> Names =
        Table.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// The city a text names, by its full or short name or six digits; <see cref="None"/> when it names none.
    /// </summary>
    public static int City(ReadOnlySpan<char> text) => CityNamed(CanonicalText.Of(text, TextForm.Code));

    private static int CityNamed(ReadOnlySpan<char> text) =>
        text.Length == 6 && int.TryParse(text, System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out var code)
            ? CityOf(code) : Names.TryGetValue(text, out var codes) ? Coarsest(codes) : None;

    /// <summary>
    /// Reads up to four divisions at the start of <paramref name="text"/>, each inside the one before it, and returns
    /// how many characters they take. <paramref name="deepest"/> is the code of the last. A short name counts only at
    /// home: elsewhere it is as likely a trade name (朝阳, 安康).
    /// </summary>
    public static int Prefix(ReadOnlySpan<char> text, int city, out int deepest)
    {
        deepest = None;
        var at = 0;
        for (var level = 0; level < 4; level++)
        {
            var (length, code) = Next(text[at..], deepest, city);
            if (length == 0)
                break;
            at += length;
            deepest = code;
        }
        return at;
    }

    /// <summary>The full name of a division; "" for <see cref="None"/> and unknown ones.</summary>
    public static string NameOf(int code) => FullNames.GetValueOrDefault(code, "");

    /// <summary>Whether no other division has its full name.</summary>
    public static bool IsOnly(int code) => Table[NameOf(code)].Length == 1;

    /// <summary>Whether one lies in the other, or they are the same.</summary>
    public static bool Nested(int a, int b) => Inside(a, b) || Inside(b, a);

    /// <summary>Whether <paramref name="inner"/> lies in <paramref name="outer"/> or is it.</summary>
    public static bool Inside(int inner, int outer) => outer % 100 != 0 ? inner == outer
        : outer % 10_000 != 0 ? inner / 100 == outer / 100 : inner / 10_000 == outer / 10_000;

    public static int CityOf(int code) => code / 100 * 100;

    public static int ProvinceOf(int code) => code / 10_000 * 10_000;

    private static (int Length, int Code) Next(ReadOnlySpan<char> text, int outer, int city)
    {
        for (var length = Math.Min(LongestName, text.Length); length >= 2; length--)
            if (Names.TryGetValue(text[..length], out var codes)
                && Choose(codes, text[..length], outer, city) is var code && code != None)
            {
                // What a short name leaves of the full one: 长沙|市.
                var rest = length < text.Length && text[length] is '省' or '市' && text[length - 1] != text[length] ? 1
                    : 0;
                return (length + rest, code);
            }
        return (0, None);
    }

    private static int Choose(int[] codes, ReadOnlySpan<char> name, int outer, int city)
    {
        var best = None;
        foreach (var code in codes)
        {
            if (outer != None && (!Inside(code, outer) && !Inside(outer, code)))
                continue;
            if (name[^1] is not ('市' or '县' or '区') && IsElsewhere(code, outer, city))
                continue;
            if (best == None || (city != None && Inside(code, city) && !Inside(best, city)))
                best = code;
        }
        return best != None && outer != None && Inside(outer, best) ? outer : best;
    }

    /// <summary>A short name of a city counts in its own province, one of a county in its own city.</summary>
    private static bool IsElsewhere(int code, int outer, int city)
    {
        if (code % 10_000 == 0 || (city == None && outer == None && code % 100 == 0))
            return false;
        return code % 100 == 0 ? ProvinceOf(code) != ProvinceOf(city) && ProvinceOf(code) != ProvinceOf(outer)
            : !IsAt(code, outer) && !IsAt(code, city);
    }

    private static bool IsAt(int code, int place) =>
        place != None && place % 10_000 != 0 && CityOf(code) == CityOf(place);

    private static int Coarsest(int[] codes) =>
        codes.OrderBy(c => c % 100 == 0 ? 0 : 1).ThenBy(c => c % 10_000 == 0 ? 1 : 0).First();

    private static FrozenDictionary<string, int[]> Read()
    {
        var names = new Dictionary<string, List<int>>();
        foreach (var line in LinkageTables.Lines("divisions.txt"))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var code = int.Parse(line.AsSpan(0, space), System.Globalization.CultureInfo.InvariantCulture);
            code *= space == 2 ? 10_000 : space == 4 ? 100 : 1;
            var name = line[(space + 1)..];
            FullNames[code] = name;
            Add(name, code);
            if (ShortenedBy.FirstOrDefault(s => name.EndsWith(s, StringComparison.Ordinal)) is { } suffix
                && name.Length - suffix.Length >= 2)
                Add(name[..^suffix.Length], code);
        }
        return names.ToFrozenDictionary(n => n.Key, n => n.Value.ToArray());

        void Add(string name, int code)
        {
            if (!names.TryGetValue(name, out var codes))
                names[name] = codes = [];
            codes.Add(code);
        }
    }
}
