using System.Text;
using InfoHub.Linkage.Register;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Linkage.Reading;

/// <summary>Codes by which a register entry can be found, strongest first. FROZEN order: ladder.</summary>
public enum CodeKind : byte
{
    Uscc = 1,
    TaxpayerNumber = 2,
    OrganisationCode = 3,
    RegistrationNumber = 4,

    /// <summary>Identity number of the operator: names a party only together with the name.</summary>
    CitizenId = 5,
}

/// <summary>One code of a record that passes its check, by kind and a 64-bit key.</summary>
internal readonly record struct CodeClaim(CodeKind Kind, ulong Key)
{
    private const int LongestCode = 32;

    private const string UsccCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>
    /// Every alias the codes of a record stand for: a USCC contains an organisation code, an old taxpayer number too.
    /// Codes that fail their check stand for nothing; see <see cref="Repairs"/>.
    /// </summary>
    public static List<CodeClaim> Read(string codes)
    {
        var claims = new List<CodeClaim>(2);
        Span<byte> code = stackalloc byte[LongestCode];
        foreach (var range in codes.AsSpan().SplitAny(" ,;、；，|"))
            if (Clean(codes.AsSpan()[range], code) is var length and > 0)
                Add(claims, code[..length]);
        return claims;
    }

    /// <summary>
    /// What a damaged USCC may have been: the one that its letters O, I, S, Z and V stand for, or every valid one
    /// that is one character, one swap of neighbours, one lost or one doubled character away. None when a code is
    /// valid or does not look like a USCC.
    /// </summary>
    public static List<CodeClaim> Repairs(string codes)
    {
        var repairs = new List<CodeClaim>();
        Span<byte> code = stackalloc byte[LongestCode];
        foreach (var range in codes.AsSpan().SplitAny(" ,;、；，|"))
        {
            var length = Clean(codes.AsSpan()[range], code);
            var text = code[..length];
            if (length is < Uscc.Length - 1 or > Uscc.Length + 1 || Uscc.IsValid(text) || CitizenId.IsValid(text))
                continue;
            foreach (ref var character in text)
                character = Meant(character);
            if (length == Uscc.Length && Uscc.IsValid(text))
                AddValid(text, repairs);
            else if (length == Uscc.Length)
                Substituted(text, repairs);
            else if (length == Uscc.Length + 1)
                Shortened(text, repairs);
            else
                Lengthened(text, repairs);
        }
        return repairs;
    }

    /// <summary>Letters that a USCC does not use are written for the ones they look like.</summary>
    private static byte Meant(byte character) => character switch
    {
        (byte)'O' => (byte)'0',
        (byte)'I' => (byte)'1',
        (byte)'S' => (byte)'5',
        (byte)'Z' => (byte)'2',
        (byte)'V' => (byte)'U',
        _ => character,
    };

    private static int Clean(ReadOnlySpan<char> text, Span<byte> code)
    {
        var length = 0;
        foreach (var character in CanonicalText.Of(text, TextForm.Code))
        {
            var narrow = char.ToUpperInvariant(character is >= '！' and <= '～' ? (char)(character - 0xFEE0) : character);
            if (!char.IsAsciiLetterOrDigit(narrow))
                continue;
            if (length == LongestCode)
                return 0;
            code[length++] = (byte)narrow;
        }
        return length;
    }

    private static void Add(List<CodeClaim> claims, ReadOnlySpan<byte> code)
    {
        var bare = TaxpayerNumber.WithoutPrefix(code);
        if (bare.Length == Uscc.Length && Uscc.IsValid(bare))
        {
            claims.Add(new CodeClaim(CodeKind.Uscc, KeyOf(CodeKind.Uscc, bare)));
            claims.Add(new CodeClaim(CodeKind.OrganisationCode, KeyOf(CodeKind.OrganisationCode, bare[8..17])));
            return;
        }
        if (bare.Length == OrganisationCode.Length && OrganisationCode.IsValid(bare))
            claims.Add(new CodeClaim(CodeKind.OrganisationCode, KeyOf(CodeKind.OrganisationCode, bare)));
        if (bare.Length == RegistrationNumber.Length && RegistrationNumber.IsValid(bare))
            claims.Add(new CodeClaim(CodeKind.RegistrationNumber, KeyOf(CodeKind.RegistrationNumber, bare)));
        switch (TaxpayerNumber.FormOf(bare))
        {
            case TaxpayerNumberForm.Organisation when OrganisationCode.IsValid(bare[6..]):
                claims.Add(new CodeClaim(CodeKind.TaxpayerNumber, KeyOf(CodeKind.TaxpayerNumber, bare)));
                claims.Add(new CodeClaim(CodeKind.OrganisationCode, KeyOf(CodeKind.OrganisationCode, bare[6..])));
                break;
            case TaxpayerNumberForm.Citizen:
                claims.Add(new CodeClaim(CodeKind.TaxpayerNumber, KeyOf(CodeKind.TaxpayerNumber, bare)));
                AddCitizen(claims, bare.Length is 17 or 20 ? bare[..^2] : bare);
                break;
            default:
                AddCitizen(claims, bare);
                break;
        }
    }

    private static void AddCitizen(List<CodeClaim> claims, ReadOnlySpan<byte> number)
    {
        if (!CitizenId.IsValid(number))
            return;
        Span<byte> full = stackalloc byte[CitizenId.Length];
        if (number.Length == CitizenId.LegacyLength)
            CitizenId.Upgrade(number, full);
        else
            number.CopyTo(full);
        claims.Add(new CodeClaim(CodeKind.CitizenId, KeyOf(CodeKind.CitizenId, full)));
    }

    private static void Substituted(ReadOnlySpan<byte> text, List<CodeClaim> repairs)
    {
        Span<byte> tried = stackalloc byte[Uscc.Length];
        for (var i = 0; i < text.Length; i++)
        {
            text.CopyTo(tried);
            foreach (var character in UsccCharacters)
            {
                tried[i] = (byte)character;
                AddValid(tried, repairs);
            }
            text.CopyTo(tried);
            if (i + 1 < text.Length)
                (tried[i], tried[i + 1]) = (tried[i + 1], tried[i]);
            AddValid(tried, repairs);
        }
    }

    private static void Shortened(ReadOnlySpan<byte> text, List<CodeClaim> repairs)
    {
        Span<byte> tried = stackalloc byte[Uscc.Length];
        for (var i = 0; i < text.Length; i++)
        {
            text[..i].CopyTo(tried);
            text[(i + 1)..].CopyTo(tried[i..]);
            AddValid(tried, repairs);
        }
    }

    private static void Lengthened(ReadOnlySpan<byte> text, List<CodeClaim> repairs)
    {
        Span<byte> tried = stackalloc byte[Uscc.Length];
        for (var i = 0; i <= text.Length; i++)
        {
            text[..i].CopyTo(tried);
            text[i..].CopyTo(tried[(i + 1)..]);
            foreach (var character in UsccCharacters)
            {
                tried[i] = (byte)character;
                AddValid(tried, repairs);
            }
        }
    }

    private static void AddValid(ReadOnlySpan<byte> code, List<CodeClaim> repairs)
    {
        if (Uscc.IsValid(code) && new CodeClaim(CodeKind.Uscc, KeyOf(CodeKind.Uscc, code)) is var claim
            && !repairs.Contains(claim))
            repairs.Add(claim);
    }

    private static ulong KeyOf(CodeKind kind, ReadOnlySpan<byte> code)
    {
        Span<char> text = stackalloc char[LongestCode];
        Encoding.ASCII.GetChars(code, text);
        return KeyTable.Hash(text[..code.Length], 100 + (int)kind);
    }
}
