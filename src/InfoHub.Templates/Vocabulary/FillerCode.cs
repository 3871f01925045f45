namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// Digits and letters put where a code is asked for and none is known: 000000000000000000, 111111111,
/// 123456789012345678.
/// Many have a right check digit by chance (a code of zeros always has), and name everybody who lacks a code.
/// </summary>
public static class FillerCode
{
    private const int KeyLengthMin = 10;
    private const int CodeLengthMin = 6;

    /// <summary>From here on so long a run of one character is no part of a code with a check.</summary>
    private const int LongCode = 15;
    private const int RunMax = 9;

    /// <summary>
    /// For a code of a standard, ASCII: one character throughout but for the last, a run of more than nine of one
    /// character in fifteen or more, or each digit the next of the one before (up or down, 9 is followed by 0).
    /// Dashes are not counted: 00000000-0.
    /// </summary>
    public static bool Is(ReadOnlySpan<byte> code)
    {
        if (code.Length < CodeLengthMin)
            return code.Length > 1 && IsOnly(code, (byte)'0');
        var body = code[..^1];
        // The first step tells most codes; a run of ten in fifteen to eighteen covers the ninth and the tenth place.
        return (code[1] - code[0]) switch
        {
            0 or 1 or -9 or -1 or 9 when code.Contains((byte)'-') => Is(WithoutDashes(code)),
            0 when IsOnly(body, body[0]) => true,
            1 or -9 when IsSequence(body, 1) => true,
            -1 or 9 when IsSequence(body, 9) => true,
            _ => code.Length is >= LongCode and <= Uscc.Length && code[8] == code[9] && LongestRun(code) > RunMax,
        };
    }

    /// <summary>For a key without a check, ASCII: zeros throughout, or ten and more of one character.</summary>
    public static bool IsKey(ReadOnlySpan<byte> key)
    {
        if (key.Length < 2 || key[1] != key[0])
            return false;
        return key.Contains((byte)'-') ? IsKey(WithoutDashes(key))
            : IsOnly(key, (byte)'0') || (key.Length >= KeyLengthMin && IsOnly(key, key[0]));
    }

    private static byte[] WithoutDashes(ReadOnlySpan<byte> code)
    {
        var (bare, length) = (new byte[code.Length - code.Count((byte)'-')], 0);
        foreach (var unit in code)
            if (unit != '-')
                bare[length++] = unit;
        return bare;
    }

    internal static bool IsOnly(ReadOnlySpan<byte> code, byte character) => !code.ContainsAnyExcept(character);

    private static bool IsSequence(ReadOnlySpan<byte> code, int step)
    {
        if (!CitizenId.AllDigits(code))
            return false;
        for (var i = 1; i < code.Length; i++)
            if ((code[i - 1] - '0' + step) % 10 != code[i] - '0')
                return false;
        return true;
    }

    private static int LongestRun(ReadOnlySpan<byte> code)
    {
        var (longest, run) = (0, 0);
        for (var i = 0; i < code.Length; i++)
        {
            run = i > 0 && code[i] == code[i - 1] ? run + 1 : 1;
            longest = Math.Max(longest, run);
        }
        return longest;
    }
}
