using System.Globalization;
using System.Security.Cryptography;

namespace InfoHub.Intake.Submit;

/// <summary>
/// The uploaded bytes of each submission as a file of its own, named by the row id only: no name from outside reaches
/// the
/// file system. The durable offset is the length of the file on disk. They hold names, identity numbers and telephones:
/// only the hub's own account reads them (mode 600 in a folder of mode 700).
/// </summary>
internal sealed class FileSpool
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    private readonly string _folder;

    public FileSpool(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, FolderMode700);
        _folder = folder;
    }

    /// <summary>The submissions of which bytes lie here.</summary>
    public IEnumerable<long> Submissions() => Directory.EnumerateFiles(_folder)
        .Select(path => Path.GetFileName(path).Split('.')[0])
        .Where(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Select(name => long.Parse(name, CultureInfo.InvariantCulture)).Distinct().Order();

    /// <summary>
    /// A file beside the spooled one for the time of its check; it goes when it is closed. Of its own name: a host that
    /// lost its claim may still have one.
    /// </summary>
    public FileStream OpenScratch(long submission, string ending, int bufferBytes) => new(
        $"{PathOf(submission)}.{Guid.NewGuid():n}.{ending}", Private(FileMode.CreateNew, FileAccess.ReadWrite, FileOptions.DeleteOnClose, bufferBytes));

    private static FileStreamOptions Private(
        FileMode mode, FileAccess access, FileOptions more = FileOptions.None, int bufferBytes = 0)
    {
        var options = new FileStreamOptions
        {
            Mode = mode, Access = access, Share = FileShare.None, Options = more, BufferSize = bufferBytes,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMode600;
        return options;
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
        new(new FileStream(PathOf(submission), Private(FileMode.OpenOrCreate, FileAccess.ReadWrite)));

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
        using (var file = new FileStream(fresh, Private(FileMode.CreateNew, FileAccess.Write)))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, PathOf(submission), overwrite: true);
    }

    /// <summary>Takes away whatever lies here of the submission, also what a check that was broken off left.</summary>
    public void Discard(long submission)
    {
        foreach (var path in Directory.EnumerateFiles(_folder, $"{submission}.bin*"))
            File.Delete(path);
    }
}

/// <summary>Appends to a spooled file; what <see cref="Flush"/> has returned from is on disk.</summary>
internal sealed class SpoolWriter(FileStream file) : IDisposable
{
    public long Offset { get; private set; } = file.Length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(file.SafeFileHandle, bytes, Offset);
        Offset += bytes.Length;
    }

    public void Flush() => RandomAccess.FlushToDisk(file.SafeFileHandle);

    public void Dispose() => file.Dispose();
}
