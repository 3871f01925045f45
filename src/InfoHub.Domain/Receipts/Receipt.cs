using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfoHub.Domain.Receipts;

/// <summary>The five receipts of a submission. FROZEN numbers: wire and store.</summary>
public enum ReceiptKind
{
    BytesReceived = 1,
    FileReadable = 2,
    RowsChecked = 3,
    Stored = 4,

    /// <summary>Rows resolved and models run. Says nothing about findings.</summary>
    Used = 5,

    /// <summary>The submission was taken back.</summary>
    Withdrawn = 6,
}

/// <summary>
/// A receipt: what the hub has done with a submission so far. Its hash is SHA-256 over the UTF-8 bytes of the body, and
/// the body carries the hash of the receipt before, so that a chain cannot be changed in the middle unnoticed.
/// </summary>
public sealed record Receipt(ReceiptKind Kind, string BodyJson, ImmutableArray<byte> Hash, ImmutableArray<byte> PreviousHash)
{
    /// <summary>By the hub, over the body; empty until the receipt is on file.</summary>
    public ImmutableArray<byte> Signature { get; init; } = [];

    /// <summary>Names the <see cref="ReceiptKey"/> that signed.</summary>
    public string KeyId { get; init; } = "";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Issues the next receipt of a chain; <paramref name="previous"/> is null for the first. A rehearsal's receipts
    /// say so.
    /// </summary>
    public static Receipt Issue(
        ReceiptKind kind, string submission, DateTimeOffset issuedAt, Receipt? previous, JsonObject content, bool isTest = false)
    {
        var previousHash = previous?.Hash ?? [];
        var body = new JsonObject
        {
            ["receipt"] = kind == ReceiptKind.Withdrawn ? "WITHDRAWN" : $"R{(int)kind}",
            ["submission"] = submission,
            ["issued_at"] = issuedAt.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
            ["content"] = content,
            ["previous"] = Convert.ToHexStringLower(previousHash.AsSpan()),
        };
        if (isTest)
            body["environment"] = "test";
        var text = body.ToJsonString(Plain);
        return new Receipt(kind, text, [.. SHA256.HashData(Encoding.UTF8.GetBytes(text))], previousHash);
    }

    /// <summary>True when the hash is of this body and the body names the receipt before it.</summary>
    public bool Fits(Receipt? previous) =>
        Hash.AsSpan().SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(BodyJson)))
        && PreviousHash.AsSpan().SequenceEqual((previous?.Hash ?? []).AsSpan())
        && JsonNode.Parse(BodyJson)?["previous"]?.GetValue<string>() == Convert.ToHexStringLower(PreviousHash.AsSpan());
}
