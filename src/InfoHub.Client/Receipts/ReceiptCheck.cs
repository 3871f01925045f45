using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InfoHub.Templates.Problems;

namespace InfoHub.Client.Receipts;

/// <summary>Where a key came from, most trusted first.</summary>
public enum KeyTrust
{
    /// <summary>A file that the caller named.</summary>
    Given,

    /// <summary>Pinned at login.</summary>
    Pinned,

    /// <summary>Only the bundle itself vouches for it: who made the bundle may have made the key.</summary>
    Bundled,

    /// <summary>The receipt is not signed: a hub of before. Only its hash chain was checked.</summary>
    Unsigned,
}

/// <summary>A receipt that was found sound, and what vouches for it.</summary>
public sealed record CheckedReceipt(string Kind, string KeyId, KeyTrust Trust);

/// <summary>
/// Verifies a bundle without the hub. The chain of hashes, what each body says of itself, and the signatures have to
/// hold; then the totals have to balance.
/// </summary>
/// <param name="given">Keys that the caller names.</param>
/// <param name="pinned">Keys known from login.</param>
public sealed class ReceiptCheck(IReadOnlyList<KeptKey> given, IReadOnlyList<KeptKey> pinned)
{
    private static readonly string[] Kinds = ["R1", "R2", "R3", "R4", "R5", "WITHDRAWN"];

    /// <summary>
    /// Lets the key that stands in the bundle itself do where no other is known: the bundle agrees with itself, and
    /// anybody may have made it. With a given or pinned key it is never enough. Default false.
    /// </summary>
    public bool BundledAllowed { get; init; }

    /// <summary>Lets a bundle of a hub that signs nothing pass with its hash chain alone. Default false.</summary>
    public bool UnsignedAllowed { get; init; }

    /// <summary>Verifies the bytes of a bundle file.</summary>
    /// <exception cref="ProblemException">
    /// IH-INT-131 names the receipt that does not hold. IH-INT-132: all hold, but by a key that is neither given nor
    /// pinned. IH-INT-146: no key is given or pinned, and <see cref="BundledAllowed"/> is false.
    /// </exception>
    public IReadOnlyList<CheckedReceipt> Verify(ReadOnlySpan<byte> bytes, out ReceiptBundle bundle)
    {
        bundle = ReceiptBundle.Read(bytes);
        var receipts = Verify(bundle);
        return bytes.SequenceEqual(bundle.ToBytes())
            ? receipts : throw Broken("回执文件", "文件的写法与签发时不同，被改动过");
    }

    /// <inheritdoc cref="Verify(ReadOnlySpan{byte}, out ReceiptBundle)"/>
    public IReadOnlyList<CheckedReceipt> Verify(ReceiptBundle bundle)
    {
        foreach (var key in bundle.Keys)
            RequireSound(key, bundle);
        if (bundle.Receipts.Count == 0)
            throw Broken("回执文件", "没有任何回执");
        var found = new List<CheckedReceipt>();
        KeptReceipt? previous = null;
        foreach (var receipt in bundle.Receipts)
        {
            RequireLinked(bundle, receipt, previous);
            found.Add(new CheckedReceipt(receipt.Kind, receipt.KeyId, TrustOf(bundle, receipt)));
            previous = receipt;
        }
        RequireBalance(bundle);
        RequireVouched(found);
        return found;
    }

    /// <summary>R1 names the SHA-256 of the file; false when this is another file.</summary>
    public static bool IsOf(ReceiptBundle bundle, ReadOnlySpan<byte> sha256) =>
        bundle.ContentOf("R1", "sha256") == Convert.ToHexStringLower(sha256);

    private void RequireVouched(List<CheckedReceipt> found)
    {
        if (found.FirstOrDefault(r => r.Trust == KeyTrust.Bundled) is not { } stranger)
            return;
        if (given.Count > 0 || pinned.Count > 0)
            throw new ProblemException(new Problem(ProblemCatalogue.HubKeyChanged, ("key", stranger.KeyId)));
        if (!BundledAllowed)
            throw new ProblemException(new Problem(ProblemCatalogue.ReceiptUnvouched, ("key", stranger.KeyId)));
    }

    private static void RequireSound(KeptKey key, ReceiptBundle bundle)
    {
        if (!TryBase64(key.PublicKey, out var der) || KeptKey.IdOf(der) != key.KeyId)
            throw Broken("回执文件", $"公钥 {key.KeyId} 与它的标识不符");
        if (!bundle.Receipts.Any(r => r.KeyId == key.KeyId))
            throw Broken("回执文件", $"公钥 {key.KeyId} 不属于任何回执");
    }

    private static void RequireLinked(ReceiptBundle bundle, KeptReceipt receipt, KeptReceipt? previous)
    {
        var name = NameOf(receipt.Kind);
        if (!Kinds.Contains(receipt.Kind)
            || (previous is not null && string.CompareOrdinal(receipt.Kind, previous.Kind) <= 0)
            || (previous is null && receipt.Kind != "R1"))
            throw Broken(name, "回执的次序不对或有缺失");
        if (receipt.Hash != Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(receipt.BodyJson))))
            throw Broken(name, "内容与散列值不符");
        if (receipt.PreviousHash != (previous?.Hash ?? ""))
            throw Broken(name, "与上一份回执的链接断开");
        var (kind, submission, link) = Said(receipt);
        if (kind != receipt.Kind || submission != bundle.Submission || link != receipt.PreviousHash)
            throw Broken(name, "内容说的是另一份回执");
    }

    private static (string? Kind, string? Submission, string? Previous) Said(KeptReceipt receipt)
    {
        try
        {
            using var body = JsonDocument.Parse(receipt.BodyJson);
            string? Text(string name) => body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
            return (Text("receipt"), Text("submission"), Text("previous"));
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private KeyTrust TrustOf(ReceiptBundle bundle, KeptReceipt receipt)
    {
        if (receipt.Signature.Length == 0 && receipt.KeyId.Length == 0)
            return UnsignedAllowed ? KeyTrust.Unsigned : throw Broken(NameOf(receipt.Kind), "没有签名");
        var (key, trust) = given.FirstOrDefault(k => k.KeyId == receipt.KeyId) is { } named ? (named, KeyTrust.Given)
            : pinned.FirstOrDefault(k => k.KeyId == receipt.KeyId) is { } known ? (known, KeyTrust.Pinned)
            : (bundle.Keys.FirstOrDefault(k => k.KeyId == receipt.KeyId), KeyTrust.Bundled);
        if (key is null)
            throw Broken(NameOf(receipt.Kind), $"找不到公钥 {receipt.KeyId}");
        return HasSigned(key, receipt) ? trust : throw Broken(NameOf(receipt.Kind), "签名不符");
    }

    private static bool HasSigned(KeptKey key, KeptReceipt receipt)
    {
        if (!TryBase64(receipt.Signature, out var signature) || !TryBase64(key.PublicKey, out var der))
            return false;
        try
        {
            using var verifier = ECDsa.Create();
            verifier.ImportSubjectPublicKeyInfo(der, out _);
            return verifier.VerifyData(Encoding.UTF8.GetBytes(receipt.BodyJson), signature,
                HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>received = rejected + accepted in R3, and all that was accepted is stored in R4.</summary>
    private static void RequireBalance(ReceiptBundle bundle)
    {
        var (received, rejected, accepted) =
            (Rows(bundle, "R3", "rows_received"), Rows(bundle, "R3", "rows_rejected"),
                Rows(bundle, "R3", "rows_accepted"));
        if (received is not null && received != rejected + accepted)
            throw Broken(NameOf("R3"), $"收到 {received} 行不等于退回 {rejected} 行加接收 {accepted} 行");
        var stored = Rows(bundle, "R4", "rows_stored");
        if (stored is not null && accepted is not null && stored != accepted)
            throw Broken(NameOf("R4"), $"入库 {stored} 行不等于接收 {accepted} 行");
    }

    private static long? Rows(ReceiptBundle bundle, string kind, string property) =>
        long.TryParse(bundle.ContentOf(kind, property), NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
            ? rows : null;

    private static string NameOf(string kind) => $"回执 {kind}";

    /// <summary>In the one form that these bytes have: the last digit may not carry bits that nobody reads.</summary>
    private static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[(text.Length * 3 / 4) + 3];
        var sound = Convert.TryFromBase64String(text, bytes, out var length);
        bytes = bytes[..length];
        return sound && length > 0 && Convert.ToBase64String(bytes) == text;
    }

    private static ProblemException Broken(string receipt, string reason) =>
        new(new Problem(ProblemCatalogue.ReceiptNotGenuine, ("receipt", receipt), ("reason", reason)));
}
