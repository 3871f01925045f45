using System.Net;
using System.Net.Sockets;
using System.Text;
using InfoHub.Cli.Diagnosing;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>The doctor goes the way the calls go: through the proxy, where there is one.</summary>
public sealed class TunnelTests : IDisposable
{
    private static readonly Uri Hub = new("https://hub.example.invalid:5001");

    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);

    public TunnelTests() => _proxy.Start();

    public void Dispose() => _proxy.Dispose();

    [Fact]
    public async Task Open_WithAProxy_AsksItForTheHubAndLeavesTheRestToTheHub()
    {
        var opening = Tunnel.OpenAsync(Hub, Proxy("HTTP/1.1 200 OK\r\nVia: test\r\n\r\nhello", out var asked), default);
        await using var stream = await opening;
        var rest = new byte[5];
        await stream.ReadExactlyAsync(rest);
        Assert.Equal("hello", Encoding.ASCII.GetString(rest));
        var request = await asked;
        Assert.StartsWith("CONNECT hub.example.invalid:5001 HTTP/1.1\r\nHost: hub.example.invalid:5001\r\n", request,
            StringComparison.Ordinal);
        Assert.Contains("Proxy-Authorization: Basic " + Convert.ToBase64String("who:what"u8), request,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ProxyRefuses_SaysSo()
    {
        var opening = Tunnel.OpenAsync(Hub, Proxy("HTTP/1.1 403 Forbidden\r\n\r\n", out _), default);
        var failed = await Assert.ThrowsAsync<IOException>(() => opening);
        Assert.Contains("403 Forbidden", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProxyOf_LoopbackAndBypassed_GoStraight()
    {
        var proxy = new WebProxy("http://127.0.0.1:1", BypassOnLocal: false, ["inside"]);
        Assert.Null(Tunnel.ProxyOf(new Uri("http://127.0.0.1:5000"), proxy));
        Assert.Null(Tunnel.ProxyOf(new Uri("http://inside:5000"), proxy));
        Assert.Equal(1, Tunnel.ProxyOf(Hub, proxy)?.Port);
    }

    private WebProxy Proxy(string answer, out Task<string> asked)
    {
        asked = AnswerAsync(answer);
        return new WebProxy($"http://127.0.0.1:{((IPEndPoint)_proxy.LocalEndpoint).Port}")
        {
            Credentials = new NetworkCredential("who", "what"),
        };
    }

    private async Task<string> AnswerAsync(string answer)
    {
        using var client = await _proxy.AcceptSocketAsync();
        var (asked, buffer) = (new StringBuilder(), new byte[1024]);
        while (!asked.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            asked.Append(Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer)));
        await client.SendAsync(Encoding.ASCII.GetBytes(answer));
        return asked.ToString();
    }
}
