using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace InfoHub.Host.Authority;

/// <summary>
/// A stored secret and its comparison in constant time. SHA-256 is for secrets of high entropy (the hub's own have
/// 256 bits); secrets that a person chose need PBKDF2.
/// </summary>
internal sealed class ClientSecret
{
    private const int IterationsMin = 10_000;
    private const int IterationsMax = 5_000_000;
    private const int SaltBytesMin = 8;

    private readonly byte[] _hash;
    private readonly byte[] _salt;
    private readonly int _iterations;

    private ClientSecret(byte[] hash, byte[] salt, int iterations) => (_hash, _salt, _iterations) = (hash, salt, iterations);

    public static ClientSecret FromPlain(string secret) => new(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), [], 0);

    /// <summary>As <see cref="Parse"/> reads it; for secrets of high entropy.</summary>
    public static string HashOf(string secret) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))}";

    /// <summary>Null when the text is neither form.</summary>
    public static ClientSecret? Parse(string text)
    {
        var parts = text.Split(':');
        try
        {
            return parts switch
            {
                ["sha256", var hex] when Convert.FromHexString(hex) is { Length: SHA256.HashSizeInBytes } hash => new ClientSecret(hash, [], 0),
                ["pbkdf2-sha256", var count, var salt, var hash]
                    when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
                    && iterations is >= IterationsMin and <= IterationsMax
                    && Convert.FromBase64String(salt) is { Length: >= SaltBytesMin } saltBytes
                    && Convert.FromBase64String(hash) is { Length: SHA256.HashSizeInBytes } hashBytes => new ClientSecret(hashBytes, saltBytes, iterations),
                _ => null,
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public bool Matches(string offered)
    {
        var bytes = Encoding.UTF8.GetBytes(offered);
        var hash = _iterations == 0
            ? SHA256.HashData(bytes)
            : Rfc2898DeriveBytes.Pbkdf2(bytes, _salt, _iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }
}
