using System.Globalization;
using System.IO.Compression;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Client.Sending;

/// <summary>What is sent: the open file under its submission number, and how the hub wants it.</summary>
internal sealed record UploadSource(SubmissionFile File, SafeFileHandle Handle, long SizeBytes, string Submission)
{
    public const int ChunkBytesDefault = 256 << 10;

    /// <summary>Of a chunk before compression.</summary>
    public int ChunkBytes { get; init; } = ChunkBytesDefault;

    /// <summary>Of each chunk; unspecified: none.</summary>
    public Compression Compression { get; init; }
}

/// <summary>
/// One upload stream from a durable offset to the end of the file. It holds one chunk in memory and never sends
/// further past the durable offset than the hub gave credit for.
/// </summary>
internal sealed class UploadStream(HubConnection connection, UploadSource source, Action<long> onDurable)
{
    // Extracts shrink to two thirds of what gzip makes of them; level 3 makes no less of chunks of this size.
    private const int ZstdLevel = 1;

    private readonly byte[] _chunk = new byte[source.ChunkBytes];
    private readonly MemoryStream _packed = new();
    private readonly byte[] _squeezed = source.Compression == Compression.Zstd ? new byte[source.ChunkBytes] : [];
    private readonly Channel<UploadAck> _acks = Channel.CreateBounded<UploadAck>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true,
            SingleWriter = true });

    // Set while the stream runs.
    private Compressor? _zstd;
    private long _sent;
    private long _durable;
    private long _limit;

    /// <summary>Returns when the hub has everything durably; throws whatever cut the stream.</summary>
    public async Task RunAsync(long durable, long creditBytes, CancellationToken cancellation)
    {
        _sent = _durable = durable;
        // A hub that gives no credit before it has seen a chunk is offered one.
        _limit = durable + Math.Max(creditBytes, source.ChunkBytes);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(connection.Options.StallTimeout);
        // Its tables are worth keeping from chunk to chunk.
        using var zstd = source.Compression == Compression.Zstd ? new Compressor(ZstdLevel) : null;
        _zstd = zstd;
        using var call =
            connection.Submissions.Upload(await connection.CallOptionsAsync(stall.Token).ConfigureAwait(false));
        var reading = ReadAcksAsync(call.ResponseStream, stall.Token);
        try
        {
            await TakeOverAsync(call.RequestStream, stall.Token).ConfigureAwait(false);
            await WriteAsync(call.RequestStream, stall, cancellation).ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            var cause = await CauseAsync(failure, reading, stall.Token, cancellation).ConfigureAwait(false);
            call.Dispose();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw cause;
        }
        if (_durable != source.SizeBytes)
            throw Cut("平台提前结束了上传");
    }

    /// <summary>
    /// The empty first chunk ends whoever else holds this upload, and its answer is what storage has. Waiting does not
    /// take the answer away, so that one that comes late is still read like any other.
    /// </summary>
    private async Task TakeOverAsync(IClientStreamWriter<UploadChunk> requests, CancellationToken stall)
    {
        await requests.WriteAsync(
            new UploadChunk { Submission = source.Submission, Offset = _durable }, stall).ConfigureAwait(false);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stall);
        patience.CancelAfter(connection.Options.TakeOverTimeout);
        try
        {
            if (!await _acks.Reader.WaitToReadAsync(patience.Token).ConfigureAwait(false))
                throw Cut("平台提前结束了上传");
        }
        catch (OperationCanceledException) when (!stall.IsCancellationRequested)
        {
            return;
        }
        if (!_acks.Reader.TryRead(out var ack))
            return;
        _sent = _durable = ack.DurableOffset;
        _limit = _durable + Math.Max(ack.CreditBytes, 1);
        onDurable(_durable);
    }

    private async Task WriteAsync(IClientStreamWriter<UploadChunk> requests, CancellationTokenSource stall,
        CancellationToken cancellation)
    {
        while (_sent < source.SizeBytes)
        {
            while (_acks.Reader.TryRead(out var ack))
                Apply(ack);
            var wanted = Math.Min(source.ChunkBytes, source.SizeBytes - _sent);
            var room = Math.Min(wanted, _limit - _sent);
            // A sliver is worth sending only when nothing is under way that could make the room larger.
            if (room > 0 && (room == wanted || _sent == _durable))
                await requests.WriteAsync(await NextAsync((int)room, cancellation).ConfigureAwait(false),
                    stall.Token).ConfigureAwait(false);
            else
                Apply(await _acks.Reader.ReadAsync(stall.Token).ConfigureAwait(false));
            stall.CancelAfter(connection.Options.StallTimeout);
        }
        await requests.CompleteAsync().ConfigureAwait(false);
        await foreach (var ack in _acks.Reader.ReadAllAsync(stall.Token).ConfigureAwait(false))
        {
            Apply(ack);
            stall.CancelAfter(connection.Options.StallTimeout);
        }
    }

    /// <summary>
    /// The chunk shares the buffer of the one before: the write has serialised that one when it returns.
    /// </summary>
    private async Task<UploadChunk> NextAsync(int length, CancellationToken cancellation)
    {
        var filled = 0;
        while (filled < length)
        {
            var count = await ReadAsync(_chunk.AsMemory(filled, length - filled), _sent + filled,
                cancellation).ConfigureAwait(false);
            if (count == 0)
                throw new ProblemException(new Problem(ProblemCatalogue.ContentMismatch,
                    ("declared", $"{source.SizeBytes} 字节"), ("received", $"{_sent + filled} 字节（发送期间文件被改动）")));
            filled += count;
        }
        var packed = source.Compression switch
        {
            Compression.Zstd => Squeeze(length), Compression.Gzip => Pack(length), _ => default,
        };
        var data = packed.Length > 0 ? packed : _chunk.AsMemory(0, length);
        var chunk = new UploadChunk
        {
            Submission = source.Submission, Offset = _sent, Crc32C = Crc32c.Of(data.Span),
            Data = UnsafeByteOperations.UnsafeWrap(data),
            Compression = packed.Length > 0 ? source.Compression : Compression.Unspecified,
        };
        _sent += length;
        return chunk;
    }

    /// <summary>The chunk as one zstd frame, or nothing when that is no shorter.</summary>
    private ReadOnlyMemory<byte> Squeeze(int length) =>
        _zstd!.TryWrap(_chunk.AsSpan(0, length), _squeezed.AsSpan(0, length - 1), out var written)
            ? _squeezed.AsMemory(0, written) : default;

    /// <summary>The chunk as one gzip member, or nothing when that is no shorter.</summary>
    private ReadOnlyMemory<byte> Pack(int length)
    {
        _packed.SetLength(0);
        using (var gzip = new GZipStream(_packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(_chunk, 0, length);
        return _packed.Length < length ? _packed.GetBuffer().AsMemory(0, (int)_packed.Length) : default;
    }

    private async Task<int> ReadAsync(Memory<byte> into, long offset, CancellationToken cancellation)
    {
        try
        {
            return await RandomAccess.ReadAsync(source.Handle, into, offset, cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw source.File.Unreadable(e);
        }
    }

    private void Apply(UploadAck ack)
    {
        _limit = ack.DurableOffset + ack.CreditBytes;
        if (ack.DurableOffset <= _durable)
            return;
        _durable = ack.DurableOffset;
        onDurable(_durable);
    }

    private async Task ReadAcksAsync(IAsyncStreamReader<UploadAck> replies, CancellationToken cancellation)
    {
        try
        {
            while (await replies.MoveNext(cancellation).ConfigureAwait(false))
                _acks.Writer.TryWrite(replies.Current);
            _acks.Writer.Complete();
        }
        catch (Exception failure)
        {
            _acks.Writer.Complete(failure);
            throw;
        }
    }

    /// <summary>
    /// The writer only notices that the call is over; why it is over stands in the status that the reader gets.
    /// </summary>
    private async Task<Exception> CauseAsync(
        Exception failure, Task reading, CancellationToken stall, CancellationToken cancellation)
    {
        if (failure is ProblemException)
            return failure;
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellation.IsCancellationRequested)
            return new OperationCanceledException(cancellation);
        if (stall.IsCancellationRequested)
            return Cut(string.Create(CultureInfo.InvariantCulture,
                $"{connection.Options.StallTimeout.TotalSeconds:0} 秒没有进展"));
        return reading.Exception?.GetBaseException() is RpcException status ? status : Cut("上传中断");
    }

    private ProblemException Cut(string reason) => new(new Problem(ProblemCatalogue.HubUnreachable,
        ("address", connection.Options.Hub.GetLeftPart(UriPartial.Authority)), ("reason", reason)));
}
