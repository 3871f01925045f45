using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Client.Receipts;

/// <summary>One receipt as it is kept: hashes in lower-case hex, the signature in Base64.</summary>
public sealed record KeptReceipt(
    string Kind, string BodyJson, string Hash, string PreviousHash, string Signature, string KeyId);

/// <summary>A public key of a hub: SubjectPublicKeyInfo, DER, in Base64.</summary>
public sealed record KeptKey(string KeyId, string PublicKey)
{
    public static KeptKey Of(ReceiptKey key) => new(key.KeyId, Convert.ToBase64String(key.PublicKey.Span));

    /// <summary>Reads a PEM file's <c>PUBLIC KEY</c>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static KeptKey FromPem(string pem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        var der = key.ExportSubjectPublicKeyInfo();
        return new KeptKey(IdOf(der), Convert.ToBase64String(der));
    }

    /// <summary>A key that a hub offers, once its id was compared with the key itself.</summary>
    /// <exception cref="ProblemException">IH-INT-131: the id is that of another key.</exception>
    public static KeptKey Sound(ReceiptKey key) => IdOf(key.PublicKey.Span) == key.KeyId ? Of(key)
        : throw new ProblemException(new Problem(ProblemCatalogue.ReceiptNotGenuine, ("receipt", "平台公钥"),
            ("reason", $"公钥 {key.KeyId} 与它的标识不符")));

    /// <summary>First 16 hex digits of SHA-256 over the key.</summary>
    public static string IdOf(ReadOnlySpan<byte> der) => Convert.ToHexStringLower(SHA256.HashData(der))[..16];
}

/// <summary>
/// All receipts of one submission with the keys that vouch for them, as one file. It holds nothing that is not covered
/// by a hash, a signature or a key's own id, and is written in one form only: no byte of it can change unnoticed.
/// </summary>
public sealed record ReceiptBundle(
    string Format, string Submission, IReadOnlyList<KeptReceipt> Receipts, IReadOnlyList<KeptKey> Keys)
{
    public const string CurrentFormat = "infohub-receipts/1";

    /// <summary>A bundle is a few kilobytes; anything larger is none.</summary>
    public const int BytesMax = 4 << 20;

    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <param name="status">With its receipts.</param>
    /// <param name="keys">Those of Describe; only the keys that the receipts name are kept.</param>
    public static ReceiptBundle Of(SubmissionStatus status, IEnumerable<ReceiptKey> keys) => new(
        CurrentFormat, status.Submission,
        [.. status.Receipts.Select(r => new KeptReceipt(KindName(r.Kind), r.BodyJson, Hex(r.Hash.Span),
            Hex(r.PreviousHash.Span), Convert.ToBase64String(r.Signature.Span), r.KeyId))],
        [.. keys.Where(k => status.Receipts.Any(r => r.KeyId == k.KeyId)).Select(KeptKey.Of)]);

    /// <summary>R1 to R5 and WITHDRAWN, as the receipt's own body names it.</summary>
    public static string KindName(ReceiptKind kind) =>
        kind == ReceiptKind.Withdrawn ? "WITHDRAWN" : $"R{(int)kind}";

    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    /// <exception cref="ProblemException">IH-INT-131: these bytes are no bundle.</exception>
    public static ReceiptBundle Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var bundle = JsonSerializer.Deserialize<ReceiptBundle>(bytes, Json);
            if (bundle is not null && bundle.Format == CurrentFormat && bundle.Receipts.All(r => r is not null)
                && bundle.Keys.All(k => k is not null))
                return bundle;
        }
        catch (JsonException)
        {
            // Told below.
        }
        throw new ProblemException(new Problem(ProblemCatalogue.ReceiptNotGenuine,
            ("receipt", "回执文件"), ("reason", "不是有效的回执文件，或文件被改动过")));
    }

    /// <summary>
    /// A property of the content of a receipt's body; null when the receipt or the property is not there.
    /// </summary>
    public string? ContentOf(string kind, string property)
    {
        var receipt = Receipts.FirstOrDefault(r => r.Kind == kind);
        if (receipt is null)
            return null;
        using var body = JsonDocument.Parse(Encoding.UTF8.GetBytes(receipt.BodyJson));
        return body.RootElement.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Object
            && content.TryGetProperty(property, out var value) ? value.ToString() : null;
    }

    /// <summary>
    /// The hub marked these receipts as those of a rehearsal: a body says <c>"environment":"test"</c>, and is signed
    /// saying so. Only for a bundle that was verified.
    /// </summary>
    public bool IsRehearsal() => Receipts.Any(receipt =>
    {
        using var body = JsonDocument.Parse(Encoding.UTF8.GetBytes(receipt.BodyJson));
        return body.RootElement.TryGetProperty("environment", out var value) && value.ToString() == "test";
    });

    /// <summary>The other one begins with all receipts of this one; more may follow.</summary>
    public bool IsBeginOf(ReceiptBundle other) => Submission == other.Submission
        && Receipts.Count <= other.Receipts.Count && Receipts.SequenceEqual(other.Receipts.Take(Receipts.Count));

    internal static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
