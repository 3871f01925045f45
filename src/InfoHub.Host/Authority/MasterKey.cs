using System.Security.Cryptography;
using System.Text;
using InfoHub.Host.Composition;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Authority;

/// <summary>
/// The key that the hub's secrets in the store are sealed with (AES-256-GCM, the secret's name bound to it). It is
/// never
/// in the store: it lies in <c>DATA/authority/master-key</c> (mode 600, made at the first start), in the file that
/// <c>Hub:MasterKeyFile</c> names, or in <c>Hub:MasterKey</c>. Hosts on one store have the same.
/// </summary>
internal sealed class MasterKey
{
    private const int KeyBytes = 32;

    private readonly byte[] _key;

    private MasterKey(byte[] key) => _key = key;

    /// <summary>Tells keys apart and tells nothing of them.</summary>
    public string Fingerprint =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, "infohub master key"u8).AsSpan(0, 8));

    public static string PlaceIn(string dataFolder) => Path.Combine(dataFolder, "authority", "master-key");

    /// <param name="inStore">The fingerprint of the key that the store's secrets are sealed with.</param>
    /// <exception cref="ProblemException">IH-CFG-025, 026: this host has none, or another; 001: it cannot be
    /// read.</exception>
    public static MasterKey LoadOrMake(HubOptions options, string? inStore)
    {
        var path = options.MasterKeyFile ?? PlaceIn(options.DataFolder);
        var key = options.MasterKey is { } text ? Parse("Hub:MasterKey", text) : Read(path, options.MasterKeyFile);
        if (inStore is null)
            return key ?? Make(path);
        if (key is null)
            throw new ProblemException(new Problem(ProblemCatalogue.MasterKeyMissing, ("key", inStore), ("file", path)));
        return key.Fingerprint == inStore ? key : throw new ProblemException(new Problem(
            ProblemCatalogue.MasterKeyDiffers, ("key", inStore), ("offered", key.Fingerprint), ("file", path)));
    }

    private static MasterKey? Read(string path, string? configured)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception missing) when (configured is null
            && missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw AuthorityOptions.Unsound("Hub:MasterKeyFile", path, "主密钥文件不存在或无法读取", "首次启动时生成");
        }
    }

    private static MasterKey Parse(string where, string text)
    {
        var key = new byte[KeyBytes + 1];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == KeyBytes
            ? new MasterKey(key[..KeyBytes])
            : throw AuthorityOptions.Unsound(where, "…", "应为 32 字节的 Base64 文本", "首次启动时生成");
    }

    /// <summary>Hosts that share the folder and start at once end up with the same: the first file stays.</summary>
    private static MasterKey Make(string path)
    {
        PrivateFile.MakeFolder(Path.GetDirectoryName(path)!);
        PrivateFile.Write(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n", overwrite: false);
        return Parse(path, File.ReadAllText(path));
    }

    public byte[] Seal(string name, string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var sealedBytes = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, Nonce));
        using var cipher = new AesGcm(_key, Tag);
        cipher.Encrypt(sealedBytes.AsSpan(0, Nonce), plain, sealedBytes.AsSpan(Nonce + Tag), sealedBytes.AsSpan(Nonce, Tag),
            Encoding.UTF8.GetBytes(name));
        return sealedBytes;
    }

    /// <exception cref="ProblemException">IH-CFG-026: it was sealed with another key, or is damaged.</exception>
    public string Open(string name, byte[] sealedBytes)
    {
        try
        {
            var plain = new byte[sealedBytes.Length - Nonce - Tag];
            using var cipher = new AesGcm(_key, Tag);
            cipher.Decrypt(sealedBytes.AsSpan(0, Nonce), sealedBytes.AsSpan(Nonce + Tag), sealedBytes.AsSpan(Nonce, Tag),
                plain, Encoding.UTF8.GetBytes(name));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception fault) when (fault is CryptographicException or OverflowException or ArgumentException)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.MasterKeyDiffers,
                ("key", name), ("offered", Fingerprint), ("file", "hub.sealed_secret")));
        }
    }

    private static int Nonce => AesGcm.NonceByteSizes.MaxSize;

    private static int Tag => AesGcm.TagByteSizes.MaxSize;
}
