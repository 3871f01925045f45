namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// 统一社会信用代码, GB 32100-2015: 18 characters of a 31-symbol charset (no I, O, S, V, Z), the last a weighted check
/// modulo 31. All methods take ASCII bytes, upper case; nothing is repaired here (O is never read as 0).
/// </summary>
public static class Uscc
{
    public const int Length = 18;

    private const string Charset = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const int Modulus = 31;
    private const byte NoValue = 0xFF;

    private static readonly byte[] Values = BuildValues();
    private static readonly byte[] Weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

    private static byte[] BuildValues()
    {
        var values = new byte[256];
        Array.Fill(values, NoValue);
        for (byte i = 0; i < Charset.Length; i++)
            values[Charset[i]] = i;
        return values;
    }

    /// <summary>The check character C18 of the first 17; every one of them must be in the charset.</summary>
    public static byte CheckCharacter(ReadOnlySpan<byte> first17)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++)
            sum += Values[first17[i]] * Weights[i];
        return (byte)Charset[(Modulus - (sum % Modulus)) % Modulus];
    }

    /// <summary>Index of the first character outside the charset, or -1.</summary>
    public static int FirstForeignCharacter(ReadOnlySpan<byte> code)
    {
        for (var i = 0; i < code.Length; i++)
            if (Values[code[i]] == NoValue)
                return i;
        return -1;
    }

    /// <summary>
    /// The code may name somebody: length, charset and position 18 are right, a department registers such
    /// organisations, and it is neither a filler nor a citizen's number. About one in 31 identity numbers has the right
    /// position 18; where a citizen's number fits, it is one. The softer position 17 is <see
    /// cref="HasValidInnerCode"/>.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> code) =>
        HasForm(code) && IsPossible(code) && !FillerCode.Is(code) && !CitizenId.IsValid(code);

    /// <summary>Length, charset and position 18 alone.</summary>
    public static bool HasForm(ReadOnlySpan<byte> code) =>
        code.Length == Length && FirstForeignCharacter(code) < 0 && CheckCharacter(code) == code[17];

    /// <summary>Positions 1 and 2 are a department and a kind it registers, 9 to 16 no filler: one character
    /// repeated, or digits in a row.</summary>
    public static bool IsPossible(ReadOnlySpan<byte> code) =>
        HasDepartment(code) && !FillerCode.Is(code[8..17]);

    /// <summary>Positions 1 and 2 are a registering department and a kind of organisation that it registers.</summary>
    public static bool HasDepartment(ReadOnlySpan<byte> code) => RegisteringDepartments.Has(code[0], code[1]);

    public static bool IsValid(string code)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return code.Length == Length && System.Text.Encoding.ASCII.TryGetBytes(code, bytes, out var written)
            && written == Length && IsValid(bytes);
    }

    /// <summary>Characters 9 to 17 are the 组织机构代码; a few legacy codes fail its own check.</summary>
    public static bool HasValidInnerCode(ReadOnlySpan<byte> code) => OrganisationCode.IsValid(code[8..17]);
}
