using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Storage.Findings;

namespace InfoHub.Delivery.Query;

/// <summary>
/// Where the next page begins, opaque to the consumer: version, fingerprint of the search, gap, id. It belongs to one
/// search of one branch; the scope is applied to every page all the same, so a forged token opens nothing.
/// </summary>
internal static class PageToken
{
    private const byte Version = 1;
    private const int FingerprintBytes = 8;
    private const int HeadBytes = 1 + FingerprintBytes + 1 + sizeof(long);
    private const int IdBytesMax = 64;

    public static string Write(FindingCursor cursor, SearchFindingsRequest request, string scope)
    {
        var id = Encoding.UTF8.GetBytes(cursor.Id);
        var bytes = new byte[HeadBytes + id.Length];
        bytes[0] = Version;
        Fingerprint(request, scope).CopyTo(bytes, 1);
        bytes[1 + FingerprintBytes] = cursor.GapFen is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(HeadBytes - sizeof(long)), cursor.GapFen ?? 0);
        id.CopyTo(bytes, HeadBytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>False for a token that is no token of this search.</summary>
    public static bool TryRead(string token, SearchFindingsRequest request, string scope, out FindingCursor? cursor)
    {
        cursor = null;
        if (token.Length > Base64Url.GetEncodedLength(HeadBytes + IdBytesMax) || !Base64Url.IsValid(token))
            return false;
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= HeadBytes || bytes[0] != Version || bytes[1 + FingerprintBytes] > 1
            || !bytes.AsSpan(1, FingerprintBytes).SequenceEqual(Fingerprint(request, scope)))
            return false;
        long? gap = bytes[1 + FingerprintBytes] == 1 ? BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(HeadBytes - sizeof(long))) : null;
        cursor = new FindingCursor(gap, Encoding.UTF8.GetString(bytes.AsSpan(HeadBytes)));
        return !cursor.Id.Any(char.IsControl);
    }

    private static byte[] Fingerprint(SearchFindingsRequest request, string scope)
    {
        var search = request.Clone();
        (search.PageToken, search.PageSize) = ("", 0);
        return SHA256.HashData([.. Encoding.UTF8.GetBytes($"{scope}|"), .. search.ToByteArray()])[..FingerprintBytes];
    }
}
