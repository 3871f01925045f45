namespace InfoHub.Client.Calling;

internal static class Transport
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Pings find a peer that died without a word; a loopback address never goes through a proxy.</summary>
    public static SocketsHttpHandler NewHandler(Uri address) => new()
    {
        ConnectTimeout = ConnectTimeout,
        KeepAlivePingDelay = PingDelay,
        KeepAlivePingTimeout = PingTimeout,
        EnableMultipleHttp2Connections = true,
        UseProxy = !address.IsLoopback,
        AllowAutoRedirect = false,
    };
}
