using System.Globalization;
using System.Text;
using InfoHub.Linkage.Reading;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>A department's row with what it should be linked with.</summary>
/// <param name="Truth">Id of the register entry; "" when the register does not have the party.</param>
/// <param name="Tags">What was done to it.</param>
internal sealed record NoisyRow(PartyText Row, string Truth, IReadOnlyList<string> Tags);

/// <summary>
/// Writes register entries as departments do: about seven names in ten unchanged, six addresses in ten, one person in
/// three missing. Rows carry no code. The same seed and entries give the same rows.
/// </summary>
/// <param name="entries">Where other persons and other addresses come from.</param>
/// <param name="strength">1 for as much as was seen; 0 for none.</param>
internal sealed class RowNoise(IReadOnlyList<PartyText> entries, int seed, double strength = 1)
{
    private readonly Random _dice = new(seed);

    /// <summary>
    /// A register and rows: a fifth of the rows are of entries that are taken out of the register.
    /// </summary>
    public static (List<PartyText> Register, List<NoisyRow> Rows) Bed(IReadOnlyList<PartyText> entries, int rows,
        int seed, double strength = 1)
    {
        var shuffled = entries.ToArray();
        new Random(seed).Shuffle(shuffled);
        var unregistered = Math.Min(rows / 5, entries.Count / 5);
        var register = shuffled.Skip(unregistered).OrderBy(e => e.Id, StringComparer.Ordinal).ToList();
        var noise = new RowNoise(entries, seed + 1, strength);
        var dice = new Random(seed + 2);
        var written = Enumerable.Range(0, rows).Select(i =>
        {
            var isKnown = i % 5 != 0 || unregistered == 0;
            var entry = isKnown ? register[dice.Next(register.Count)] : shuffled[i / 5 % unregistered];
            return noise.Write(entry, string.Create(CultureInfo.InvariantCulture, $"D{i:0000000}"), isKnown);
        }).ToList();
        return (register, written);
    }

    public NoisyRow Write(PartyText entry, string id, bool isRegistered)
    {
        var tags = new List<string>();
        var row = new PartyText(id, Name(entry, tags), Person(entry, tags), Address(entry, tags), entry.City, "");
        return new NoisyRow(row, isRegistered ? entry.Id : "", tags);
    }

    private string Name(PartyText entry, List<string> tags)
    {
        var name = entry.Name;
        if (Happens(.011))
            return Tagged(tags, "renamed", name[..Math.Min(2, name.Length)] + GeneratedCity.AnyCharacter(_dice)
                + GeneratedCity.AnyCharacter(_dice) + name[Math.Min(name.Length, 4)..]);
        if (Happens(.10))
            name = Tagged(tags, "region_drop", WithoutRegion(name, entry.City));
        if (Happens(.05) && name.Length > 8)
            name = Tagged(tags, "abbreviated", name[..^4]);
        if (Happens(.05))
            name = Tagged(tags, "form", name.Replace("有限责任公司", "有限公司", StringComparison.Ordinal)
                .Replace("经营部", "商行", StringComparison.Ordinal));
        if (name.Length > 4 && Happens(.04))
            name = Tagged(tags, "typo", Replaced(name, _dice.Next(name.Length - 2)));
        if (name.Length > 4 && Happens(.03))
            name = Tagged(tags, "deletion", name.Remove(_dice.Next(name.Length - 2), 1));
        if (name.Length > 4 && Happens(.014))
            name = Tagged(tags, "swap", Swapped(name, _dice.Next(name.Length - 3)));
        return Happens(.05) ? Tagged(tags, "brackets", name + "（本部）") : name;
    }

    private string Person(PartyText entry, List<string> tags)
    {
        if (entry.Person.Length == 0 || Happens(.18))
            return Tagged(tags, "l_missing", "");
        if (Happens(.05))
            return Tagged(tags, "l_changed", entries[_dice.Next(entries.Count)].Person);
        return entry.Person.Length > 1 && Happens(.02)
            ? Tagged(tags, "l_typo", Replaced(entry.Person, entry.Person.Length - 1)) : entry.Person;
    }

    private string Address(PartyText entry, List<string> tags)
    {
        var address = entry.Address;
        if (address.Length == 0 || Happens(.03))
            return Tagged(tags, "a_missing", "");
        if (Happens(.07))
            return Tagged(tags, "a_moved", entries[_dice.Next(entries.Count)].Address);
        if (Happens(.36))
            address = Tagged(tags, "a_region_drop", WithoutRegion(address, entry.City));
        if (Happens(.18))
            address = Tagged(tags, "a_numfmt", FullWidth(address).Replace("栋", "幢", StringComparison.Ordinal));
        return Happens(.10) && address.Length > 8 ? Tagged(tags, "a_trunc", address[..(address.Length * 2 / 3)])
            : address;
    }

    private bool Happens(double share) => _dice.NextDouble() < share * strength;

    private static string Tagged(List<string> tags, string tag, string text)
    {
        tags.Add(tag);
        return text;
    }

    private string Replaced(string text, int at) => text[..at] + GeneratedCity.AnyCharacter(_dice) + text[(at + 1)..];

    private static string Swapped(string text, int at) => $"{text[..at]}{text[at + 1]}{text[at]}{text[(at + 2)..]}";

    private static string WithoutRegion(string text, string city)
    {
        foreach (var prefix in (string[])["湖北省", "湖北", city + "市", city])
            if (prefix.Length > 1 && text.StartsWith(prefix, StringComparison.Ordinal)
                && text.Length > prefix.Length + 4)
                text = text[prefix.Length..];
        return text;
    }

    private static string FullWidth(string text)
    {
        var wide = new StringBuilder(text.Length);
        foreach (var character in text)
            wide.Append(char.IsAsciiDigit(character) ? (char)(character + 0xFEE0) : character);
        return wide.ToString();
    }
}
