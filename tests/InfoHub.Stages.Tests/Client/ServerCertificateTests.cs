using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using InfoHub.Cli;
using InfoHub.Cli.Diagnosing;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>What the doctor says of a server's certificate, read from a real handshake over loopback.</summary>
public sealed class ServerCertificateTests : CommandBench
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly X509Certificate2 _root = Root("CN=Test Root");

    [Fact]
    public async Task Look_TrustedAndLasting_IsOk()
    {
        var symptom = await LookAsync(Issue("localhost", Now.AddDays(-1), Now.AddDays(200)), _root);
        Assert.Equal((SymptomLevel.Ok, "还有 199 天到期", ""), (symptom.Level, symptom.Text, symptom.Remedy));
    }

    [Fact]
    public async Task Look_EndsSoon_Warns()
    {
        var symptom = await LookAsync(Issue("localhost", Now.AddDays(-300), Now.AddDays(10).AddHours(1)), _root);
        Assert.Equal((SymptomLevel.Warn, "还有 10 天到期"), (symptom.Level, symptom.Text));
        Assert.Contains("更换证书", symptom.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_Expired_SaysSinceWhen()
    {
        var end = Now.AddDays(-3);
        var symptom = await LookAsync(Issue("localhost", Now.AddDays(-300), end), _root);
        Assert.Equal((SymptomLevel.Fail, $"已于 {end:yyyy-MM-dd} 过期"), (symptom.Level, symptom.Text));
        Assert.Contains("本机日期", symptom.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_NotYetValid_SaysFromWhen()
    {
        var begin = Now.AddDays(3);
        var symptom = await LookAsync(Issue("localhost", begin, Now.AddDays(300)), _root);
        Assert.Equal((SymptomLevel.Fail, $"{begin:yyyy-MM-dd} 起才有效"), (symptom.Level, symptom.Text));
    }

    [Fact]
    public async Task Look_OfAnotherName_SaysWhose()
    {
        var symptom = await LookAsync(Issue("hub.example.gov.cn", Now.AddDays(-1), Now.AddDays(200)), _root);
        Assert.Equal((SymptomLevel.Fail, "证书是发给 hub.example.gov.cn 的，不是 localhost"),
            (symptom.Level, symptom.Text));
        Assert.Contains("请核对地址", symptom.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_OfAnotherRoot_SaysWhoIssuedIt()
    {
        using var other = Root("CN=Other Root");
        var symptom = await LookAsync(Issue("localhost", Now.AddDays(-1), Now.AddDays(200)), other);
        Assert.Equal(SymptomLevel.Fail, symptom.Level);
        Assert.StartsWith("签发者 Test Root 不受本机信任（", symptom.Text, StringComparison.Ordinal);
        Assert.Contains("根证书", symptom.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_EverythingAtOnce_SaysAllOfIt()
    {
        using var other = Root("CN=Other Root");
        var symptom = await LookAsync(Issue("elsewhere", Now.AddDays(-9), Now.AddDays(-1)), other);
        foreach (var part in new[] { "不是 localhost", "过期", "不受本机信任" })
            Assert.Contains(part, symptom.Text, StringComparison.Ordinal);
    }

    /// <summary>This machine trusts no root of ours; the rest of the diagnosis goes on.</summary>
    [Fact]
    public async Task Doctor_HubOfAnUnknownIssuer_FailsAndSaysWhy()
    {
        using var server = new Server(Issue("127.0.0.1", Now.AddDays(-1), Now.AddDays(200)));
        var ran = await RunAsync("doctor", "--hub", $"https://127.0.0.1:{server.Port}");
        Assert.Equal(ExitCode.HubUnreachable, ran.Code);
        Assert.Contains("fail 平台证书：签发者 Test Root 不受本机信任", ran.Out, StringComparison.Ordinal);
        Assert.Contains("本机模板", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_NoTlsThere_SaysSo()
    {
        var ran = await RunAsync("doctor", "--hub", $"https://127.0.0.1:{Hub.AuthorityAddress.Port}");
        Assert.Equal(ExitCode.HubUnreachable, ran.Code);
        Assert.Contains($"fail 平台：https://127.0.0.1:{Hub.AuthorityAddress.Port}", ran.Out, StringComparison.Ordinal);
    }

    private static async Task<Symptom> LookAsync(X509Certificate2 certificate, X509Certificate2 trusted)
    {
        using var server = new Server(certificate);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.Add(trusted);
        var read = await ServerCertificate.ReadAsync(client.GetStream(), "localhost", trust, default);
        return read.Look("平台证书", Now.UtcDateTime);
    }

    private static X509Certificate2 Root(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddYears(-5), Now.AddYears(5));
    }

    private X509Certificate2 Issue(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(_root, from, to, RandomNumberGenerator.GetBytes(8));
        using var whole = bare.CopyWithPrivateKey(key);
        // A key that lives in memory only is not taken by every TLS library.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Shakes hands with whoever comes, then says nothing.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2 _certificate;

        public Server(X509Certificate2 certificate)
        {
            _certificate = certificate;
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose()
        {
            _listener.Dispose();
            _certificate.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    try
                    {
                        await using var secure = new SslStream(client.GetStream());
                        await secure.AuthenticateAsServerAsync(_certificate);
                    }
                    catch (Exception e) when (e is IOException or AuthenticationException)
                    {
                        // Who does not like the certificate hangs up.
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Disposed of.
            }
        }
    }
}
