using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace InfoHub.Bench;

/// <summary>
/// A TCP proxy on the loopback interface that cuts connections after a number of forwarded bytes and can be slow, as a
/// network between a department and the hub is.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private const int PieceBytes = 16 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private long _forwarded;
    private long _acceptedAt;
    private int _cuts;

    public CuttingProxy(Uri target)
    {
        _target = new IPEndPoint(IPAddress.Loopback, target.Port);
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>For each connection: after how many bytes towards the hub it is cut; null never.</summary>
    public Func<long?> CutAfter { get; set; } = () => null;

    /// <summary>Towards the hub; 0 is as fast as it goes.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>Connections cut so far.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Bytes forwarded towards the hub so far, over all connections.</summary>
    public long Forwarded => Volatile.Read(ref _forwarded);

    /// <summary>Stopwatch time at which the last connection came in.</summary>
    public long AcceptedAt => Volatile.Read(ref _acceptedAt);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Volatile.Write(ref _acceptedAt, Stopwatch.GetTimestamp());
                _ = ServeAsync(client, CutAfter());
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client, long? cutAfter)
    {
        using var hub = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await hub.ConnectAsync(_target, _stop.Token);
            var up = UpAsync(client.GetStream(), hub.GetStream(), cutAfter);
            var down = hub.GetStream().CopyToAsync(client.GetStream(), _stop.Token);
            await Task.WhenAny(up, down);
            if (up.IsCompletedSuccessfully && up.Result)
                Interlocked.Increment(ref _cuts);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // One end has gone, and with it the connection.
        }
        finally
        {
            // Every second cut is a reset, as from a firewall; the others are an orderly end in the wrong place.
            if (Cuts % 2 == 1)
                client.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }
    }

    /// <summary>True when the connection is to be cut, false when the client has ended it.</summary>
    private async Task<bool> UpAsync(NetworkStream from, NetworkStream to, long? cutAfter)
    {
        var piece = new byte[PieceBytes];
        for (var sent = 0L; ;)
        {
            var wanted = (int)Math.Min(PieceBytes, (cutAfter ?? long.MaxValue) - sent);
            if (wanted == 0)
                return true;
            var count = await from.ReadAsync(piece.AsMemory(0, wanted), _stop.Token);
            if (count == 0)
                return false;
            await to.WriteAsync(piece.AsMemory(0, count), _stop.Token);
            sent += count;
            Interlocked.Add(ref _forwarded, count);
            if (BytesPerSecond is > 0 and var rate)
                await Task.Delay(TimeSpan.FromSeconds((double)count / rate), _stop.Token);
        }
    }
}
