using System.Security.Cryptography;
using System.Text;

namespace InfoHub.Domain.Identity;

/// <summary>
/// What an alias (标识) is. FROZEN numbers: store. Lower numbers are stronger keys (identifiers.md §2.5).
/// </summary>
public enum AliasKind
{
    Uscc = 1,
    TaxpayerNumber = 2,
    TaxRegistrationKey = 3,
    OrganisationCode = 4,
    RegistrationNumber = 5,

    /// <summary>Identity number together with the name: <c>id|name</c>.</summary>
    CitizenIdAndName = 6,

    /// <summary>The department's own key of an object without any code: <c>GD-01|户号</c>.</summary>
    SourceKey = 7,
}

/// <summary>One way to name a party.</summary>
public readonly record struct Alias(AliasKind Kind, string Value);

/// <summary>
/// The stable id of a party: 63 bits made from the alias that founded it, so that the same extracts give the same ids
/// in any order of arrival and on any host. FROZEN (HashTests). Text form: P and 13 characters of Crockford base 32.
/// </summary>
public readonly record struct PartyId(long Value) : IComparable<PartyId>
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int TextLength = 14;

    public static PartyId FoundedBy(Alias alias)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{(int)alias.Kind}:{alias.Value}"), hash);
        return new PartyId(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(hash) & long.MaxValue);
    }

    public static bool TryParse(string text, out PartyId id)
    {
        id = default;
        if (text.Length != TextLength || text[0] != 'P')
            return false;
        var value = 0UL;
        foreach (var character in text.AsSpan(1))
        {
            var digit = Digits.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
                return false;
            value = unchecked((value << 5) | (uint)digit);
        }
        id = new PartyId(unchecked((long)value));
        return id.Value >= 0 && id.ToString() == text;
    }

    public int CompareTo(PartyId other) => Value.CompareTo(other.Value);

    public override string ToString()
    {
        Span<char> text = stackalloc char[TextLength];
        text[0] = 'P';
        var rest = Value;
        for (var i = TextLength - 1; i > 0; i--, rest >>= 5)
            text[i] = Digits[(int)(rest & 31)];
        return new string(text);
    }
}
