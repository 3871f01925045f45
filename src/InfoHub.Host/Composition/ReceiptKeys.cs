using System.Security.Cryptography;
using InfoHub.Domain.Receipts;
using InfoHub.Storage.Keys;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Composition;

/// <summary>
/// The key that receipts are signed with, an ECDSA P-256 key of its own: sealed in the store, or in the file that
/// <c>Receipts:KeyFile</c> names on every host. The public keys, also those used before, are in the store, and every
/// host
/// hands them out. To change the key, put the public half of the old one into <c>DATA/receipts/retired/*.pem</c> and
/// start: its private half goes from the store.
/// </summary>
internal static class ReceiptKeys
{
    private const string Prefix = "receipt-key:";

    /// <exception cref="ProblemException">
    /// IH-CFG-001: a key cannot be read; IH-CFG-027: the store's receipts are signed with another.
    /// </exception>
    public static async Task<ReceiptSigner> OpenAsync(
        SharedKeys keys, KeyStore store, HubOptions options, CancellationToken cancellation)
    {
        var folder = Path.Combine(options.DataFolder, "receipts", "retired");
        string[] retired = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.pem") : [];
        foreach (var path in retired.Order(StringComparer.Ordinal))
            await store.KeepAsync(ReadPublic(path), cancellation);
        var known = await store.ReceiptKeysAsync(cancellation);
        var current = known.FirstOrDefault(k => !k.Retired);
        using var key = options.ReceiptKeyFile is { } file ? Read(file, File.ReadAllText)
            : current is null ? await MakeAsync(keys, cancellation)
            : await keys.FindAsync(Prefix + current.KeyId, cancellation) is { } pem ? Read("hub.sealed_secret", _ => pem)
            : throw Differs(current.KeyId, "");
        var own = ReceiptKey.Of(key.ExportSubjectPublicKeyInfo(), retired: false);
        if (current is not null && current.KeyId != own.KeyId)
            throw Differs(current.KeyId, own.KeyId);
        if (known.Any(k => k.Retired && k.KeyId == own.KeyId))
            throw Unreadable(options.ReceiptKeyFile ?? folder, "这个回执签名密钥已停用");
        await store.KeepAsync(own, cancellation);
        return new ReceiptSigner(key, known.Where(k => k.Retired));
    }

    private static async Task<ECDsa> MakeAsync(SharedKeys keys, CancellationToken cancellation)
    {
        var pem = SharedKeys.NewKey();
        var key = Read("", _ => pem);
        await keys.AddAsync(Prefix + ReceiptKey.Of(key.ExportSubjectPublicKeyInfo(), retired: false).KeyId, pem,
            cancellation);
        return key;
    }

    private static ReceiptKey ReadPublic(string path)
    {
        using var key = Read(path, File.ReadAllText);
        return ReceiptKey.Of(key.ExportSubjectPublicKeyInfo(), retired: true);
    }

    private static ECDsa Read(string path, Func<string, string> textOf)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(textOf(path));
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw Unreadable(path, "回执签名密钥无法读取");
        }
    }

    private static ProblemException Unreadable(string path, string reason) =>
        new(new Problem(ProblemCatalogue.ConfigurationUnsound,
            ("key", "Receipts:KeyFile"), ("value", path), ("reason", reason), ("default", "首次启动时生成")));

    private static ProblemException Differs(string current, string own) =>
        new(new Problem(ProblemCatalogue.ReceiptKeyDiffers, ("key", current), ("offered", own.Length == 0 ? "无" : own)));
}
