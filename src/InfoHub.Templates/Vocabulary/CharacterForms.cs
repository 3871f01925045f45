using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace InfoHub.Templates.Vocabulary;

/// <summary>What a code point is to whoever writes it.</summary>
internal enum CharacterRole : byte
{
    /// <summary>It stands for itself, or for what <see cref="CharacterForms.Of"/> says.</summary>
    Seen = 0,

    /// <summary>White_Space of Unicode, and the blank of Braille.</summary>
    Blank,

    /// <summary>Default_Ignorable_Code_Point of Unicode, and control characters.</summary>
    Unseen,

    /// <summary>A mark that makes people read characters in another order than they stand.</summary>
    Order,

    /// <summary>U+FFFD: a conversion lost a character.</summary>
    Lost,

    /// <summary>Private use: what it looks like depends on the font of one machine.</summary>
    PrivateUse,
}

/// <summary>The table of characters that are one to whoever writes them, Tables/canonical-characters.txt.</summary>
internal static class CharacterForms
{
    private const string Resource = "templates/canonical-characters.txt";

    private static readonly (FrozenDictionary<int, byte[]> Forms, FrozenDictionary<long, int> Pairs) Tables = Read();

    /// <summary>What the character is read as, UTF-8; empty when it stands for itself. Closed: read once is
    /// enough.</summary>
    public static ReadOnlySpan<byte> Of(int character) =>
        Tables.Forms.TryGetValue(character, out var form) ? form : [];

    /// <summary>The one character that a base and a combining mark stand for, or 0.</summary>
    public static int Composed(int first, int mark) => Tables.Pairs.GetValueOrDefault(((long)first << 32) | (uint)mark);

    public static CharacterRole RoleOf(int character) => character switch
    {
        (>= 0x09 and <= 0x0D) or 0x20 or 0x85 or 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200A) or 0x2028 or 0x2029
            or 0x202F or 0x205F or 0x2800 or 0x3000 => CharacterRole.Blank,
        (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => CharacterRole.Order,
        < 0x20 or (>= 0x7F and <= 0x9F) or 0xAD or 0x034F or 0x061C or 0x115F or 0x1160 or 0x17B4 or 0x17B5
            or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F) or (>= 0x2060 and <= 0x206F) or 0x3164
            or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0xFFF0 and <= 0xFFFB)
            or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF)
            => CharacterRole.Unseen,
        0xFFFD => CharacterRole.Lost,
        (>= 0xE000 and <= 0xF8FF) or >= 0xF0000 => Tables.Forms.ContainsKey(character)
            ? CharacterRole.Seen : CharacterRole.PrivateUse,
        _ => CharacterRole.Seen,
    };

    private static (FrozenDictionary<int, byte[]>, FrozenDictionary<long, int>) Read()
    {
        using var reader = new StreamReader(typeof(CharacterForms).Assembly.GetManifestResourceStream(Resource)!);
        var forms = new Dictionary<int, byte[]>();
        var pairs = new Dictionary<long, int>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var parts = line.Split(' ');
            var target = parts.Skip(1).Select(Hex).ToArray();
            if (parts[0].Split('+') is [var first, var mark])
                pairs.Add(((long)Hex(first) << 32) | (uint)Hex(mark), target[0]);
            else
                AddRun(forms, parts[0].Split('-'), target);
        }
        return (forms.ToFrozenDictionary(), pairs.ToFrozenDictionary());
    }

    private static void AddRun(Dictionary<int, byte[]> forms, string[] bounds, int[] target)
    {
        var first = Hex(bounds[0]);
        for (var i = 0; i <= Hex(bounds[^1]) - first; i++)
            forms.Add(first + i, Encoding.UTF8.GetBytes(string.Concat(target.Select((c, at) =>
                char.ConvertFromUtf32(at == 0 ? c + i : c)))));
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
