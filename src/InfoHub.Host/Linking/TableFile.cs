using System.IO.Compression;
using System.Security.Cryptography;
using InfoHub.Client.Checking;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;

namespace InfoHub.Host.Linking;

/// <summary>Reads a delimited file of any layout from disk, plain or gzipped, one block at a time.</summary>
internal static class TableFile
{
    private const int BlockBytes = 1 << 20;
    private const int VersionDigits = 16;

    /// <summary>Hands over the header, also of a file without rows, then every row.</summary>
    /// <returns>The beginning of the SHA-256 of the text, unpacked.</returns>
    /// <exception cref="ProblemException">IH-INT-117 or IH-MAT-001.</exception>
    public static string Read(string path, Action<IReadOnlyList<string>> header, TableRowTaker take)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using var text = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            return Read(path, text, header, take);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ProblemException(LocalFile.Unreadable(path, fault));
        }
        catch (InvalidDataException fault)
        {
            throw Unsound(path, fault.Message);
        }
    }

    public static ProblemException Unsound(string path, string reason) =>
        new(new Problem(ProblemCatalogue.LinkFileUnsound, ("file", path), ("reason", reason)));

    private static string Read(string path, Stream text, Action<IReadOnlyList<string>> header, TableRowTaker take)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new TableReader();
        var buffer = new byte[RowReader.BufferBytesMin + BlockBytes];
        var (start, end, isFinal, hasHeader) = (0, 0, false, false);
        while (true)
        {
            while (!isFinal && end - start < RowReader.BufferBytesMin)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                var read = text.Read(buffer, end, Math.Min(BlockBytes, buffer.Length - end));
                hash.AppendData(buffer, end, read);
                end += read;
                isFinal = read == 0;
            }
            var status = reader.Read(buffer.AsSpan(start, end - start), isFinal, row =>
            {
                if (!hasHeader)
                    header(reader.Titles);
                hasHeader = true;
                take(row);
            }, out var consumed);
            start += consumed;
            if (reader.Refusal is { } refusal)
                throw Unsound(path, $"{refusal.Code} {refusal.Kind.TitleZh}。{refusal.Detail}{refusal.Remedy}");
            if (status != ReadStatus.End)
                continue;
            if (!hasHeader)
                header(reader.Titles);
            return Convert.ToHexStringLower(hash.GetHashAndReset())[..VersionDigits];
        }
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && magic is [0x1F, 0x8B];
    }
}
