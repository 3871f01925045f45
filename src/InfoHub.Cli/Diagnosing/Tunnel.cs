using System.Net;
using System.Net.Sockets;
using System.Text;

namespace InfoHub.Cli.Diagnosing;

/// <summary>A connection the way the calls to the hub go: through the proxy of this machine where it has one.</summary>
internal static class Tunnel
{
    private const int AnswerBytesMax = 16 << 10;

    /// <summary>A stream to the address itself; a proxy was asked for it with CONNECT.</summary>
    /// <exception cref="IOException">The proxy does not let through, in its own words.</exception>
    /// <exception cref="SocketException">Nobody answers.</exception>
    public static async Task<NetworkStream> OpenAsync(Uri address, IWebProxy proxy, CancellationToken cancellation)
    {
        var through = ProxyOf(address, proxy);
        var (host, port) = (through ?? address) is var to ? (to.DnsSafeHost, to.Port) : default;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation);
            if (through is not null)
                await AskAsync(socket, address, through, proxy, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Null: straight. A loopback address never goes through a proxy.</summary>
    public static Uri? ProxyOf(Uri address, IWebProxy proxy) =>
        address.IsLoopback || proxy.IsBypassed(address) || proxy.GetProxy(address) is not { } through
            || through == address ? null : through;

    private static async Task AskAsync(
        Socket socket, Uri address, Uri through, IWebProxy proxy, CancellationToken cancellation)
    {
        var target = $"{address.IdnHost}:{address.Port}";
        var ask = $"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n";
        if (proxy.Credentials?.GetCredential(through, "Basic") is { UserName.Length: > 0 } known)
            ask += "Proxy-Authorization: Basic "
                + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{known.UserName}:{known.Password}")) + "\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(ask + "\r\n"), cancellation);
        var answer = new List<byte>();
        var next = new byte[1];
        // One at a time: what follows the answer belongs to the other side.
        while (!HasEnded(answer) && answer.Count < AnswerBytesMax
            && await socket.ReceiveAsync(next, cancellation) > 0)
            answer.Add(next[0]);
        var first = Encoding.ASCII.GetString([.. answer]).Split('\r', 2)[0];
        if (first.Split(' ') is not [_, "200", ..])
            throw new IOException($"代理 {through.Authority} 不放行：{Terminal.Clean(first)}");
    }

    private static bool HasEnded(List<byte> answer) =>
        answer.Count >= 4 && answer[^4] == '\r' && answer[^3] == '\n' && answer[^2] == '\r' && answer[^1] == '\n';
}
