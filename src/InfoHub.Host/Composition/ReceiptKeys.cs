using System.Security.Cryptography;
using InfoHub.Domain.Receipts;
using InfoHub.Host.Authority;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Composition;

/// <summary>
/// The key that receipts are signed with, an ECDSA P-256 key of its own in <c>DATA/receipts/receipt-key.pem</c> or in the file
/// that <c>Receipts:KeyFile</c> names, and the public keys used before, <c>DATA/receipts/retired/*.pem</c>: to change the key,
/// put the public half of the old one there and take the private one away. Hosts on one store share the file.
/// </summary>
internal static class ReceiptKeys
{
    /// <exception cref="ProblemException">IH-CFG-001: a key cannot be read.</exception>
    public static ReceiptSigner LoadOrMake(string dataFolder, string? keyFile)
    {
        var folder = Path.Combine(dataFolder, "receipts");
        var path = keyFile ?? Path.Combine(folder, "receipt-key.pem");
        if (keyFile is null && !File.Exists(path))
        {
            PrivateFile.MakeFolder(folder);
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            PrivateFile.Write(path, fresh.ExportPkcs8PrivateKeyPem() + "\n", overwrite: false);
        }
        var retired = Path.Combine(folder, "retired");
        var before = Directory.Exists(retired) ? Directory.GetFiles(retired, "*.pem").Order(StringComparer.Ordinal).Select(ReadPublic).ToArray() : [];
        using var key = Read(path);
        return new ReceiptSigner(key, before);
    }

    private static ReceiptKey ReadPublic(string path)
    {
        using var key = Read(path);
        return ReceiptKey.Of(key.ExportSubjectPublicKeyInfo(), retired: true);
    }

    private static ECDsa Read(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new ProblemException(new Problem(ProblemCatalogue.ConfigurationUnsound,
                ("key", "Receipts:KeyFile"), ("value", path), ("reason", "回执签名密钥无法读取"), ("default", "首次启动时生成")));
        }
    }
}
