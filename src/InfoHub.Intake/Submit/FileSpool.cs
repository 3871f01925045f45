using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace InfoHub.Intake.Submit;

/// <summary>
/// The uploaded bytes of each submission as a file of its own, named by the row id only: no name from outside reaches
/// the
/// file system. The durable offset is the length of the file on disk.
/// </summary>
internal sealed class FileSpool
{
    private readonly string _folder;

    public FileSpool(string folder)
    {
        Directory.CreateDirectory(folder);
        _folder = folder;
    }

    public string PathOf(long submission) => Path.Combine(_folder, $"{submission}.bin");

    public long DurableOffset(long submission) => new FileInfo(PathOf(submission)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Null when nothing lies there.</summary>
    public DateTimeOffset? LastWritten(long submission) =>
        new FileInfo(PathOf(submission)) is { Exists: true } file ? file.LastWriteTimeUtc : null;

    /// <summary>
    /// Opens the file for appending, alone: on Linux every other way of sharing takes a lock that two writers can
    /// hold. Readers
    /// come when the upload is closed.
    /// </summary>
    /// <exception cref="IOException">Another stream, perhaps of another host, has not let go of it yet.</exception>
    public SpoolWriter OpenWriter(long submission) =>
        new(File.OpenHandle(PathOf(submission), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    public FileStream OpenReader(long submission) => new(
        PathOf(submission), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan | FileOptions.Asynchronous);

    public async Task<byte[]> HashAsync(long submission, CancellationToken cancellation)
    {
        await using var file = OpenReader(submission);
        return await SHA256.HashDataAsync(file, cancellation);
    }

    /// <summary>Puts small content in the place of whatever lies there, whole or not at all.</summary>
    public void Replace(long submission, byte[] content)
    {
        var fresh = $"{PathOf(submission)}.{Guid.NewGuid():n}";
        using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, PathOf(submission), overwrite: true);
    }

    public void Discard(long submission) => File.Delete(PathOf(submission));
}

/// <summary>Appends to a spooled file; what <see cref="Flush"/> has returned from is on disk.</summary>
internal sealed class SpoolWriter(SafeFileHandle file) : IDisposable
{
    public long Offset { get; private set; } = RandomAccess.GetLength(file);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(file, bytes, Offset);
        Offset += bytes.Length;
    }

    public void Flush() => RandomAccess.FlushToDisk(file);

    public void Dispose() => file.Dispose();
}
