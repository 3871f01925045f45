using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace InfoHub.Domain.Receipts;

/// <summary>A public key of the hub: SubjectPublicKeyInfo in DER, named by the first 16 hex digits of its
/// SHA-256.</summary>
/// <param name="Retired">It signs nothing new; what it has signed stays good.</param>
public sealed record ReceiptKey(string KeyId, ImmutableArray<byte> PublicKey, bool Retired)
{
    private const int KeyIdBytes = 8;

    public static ReceiptKey Of(ReadOnlySpan<byte> publicKey, bool retired) =>
        new(Convert.ToHexStringLower(SHA256.HashData(publicKey).AsSpan(0, KeyIdBytes)), [.. publicKey], retired);
}

/// <summary>
/// Signs receipts: ECDSA P-256 with SHA-256 over the UTF-8 bytes of the body, in DER (RFC 3279), so that any tool can
/// check
/// one. Keys that were used before are handed out beside the present one. Thread-safe: each signature has a key
/// object of its
/// own.
/// </summary>
public sealed class ReceiptSigner
{
    private readonly ECParameters _key;

    public ReceiptSigner(ECDsa key, IEnumerable<ReceiptKey> retired)
    {
        _key = key.ExportParameters(includePrivateParameters: true);
        Current = ReceiptKey.Of(key.ExportSubjectPublicKeyInfo(), retired: false);
        Keys = [Current, .. retired.Where(k => k.KeyId != Current.KeyId)];
    }

    public ReceiptKey Current { get; }

    /// <summary>The present key first.</summary>
    public ImmutableArray<ReceiptKey> Keys { get; }

    public Receipt Sign(Receipt receipt)
    {
        using var key = ECDsa.Create(_key);
        var body = Encoding.UTF8.GetBytes(receipt.BodyJson);
        var signature = key.SignData(body, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return receipt with { Signature = [.. signature], KeyId = Current.KeyId };
    }

    /// <summary>True when one of these keys has signed the receipt's body.</summary>
    public static bool Verify(Receipt receipt, IEnumerable<ReceiptKey> keys)
    {
        if (keys.FirstOrDefault(k => k.KeyId == receipt.KeyId) is not { } named)
            return false;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(named.PublicKey.AsSpan(), out _);
        return key.VerifyData(Encoding.UTF8.GetBytes(receipt.BodyJson), receipt.Signature.AsSpan(),
            HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
