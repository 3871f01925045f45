using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace InfoHub.Cli.Diagnosing;

/// <summary>
/// What a server shows of itself. A certificate that is not trusted is read all the same: what is wrong with it is
/// worth knowing, and nothing is sent.
/// </summary>
/// <param name="Names">Whom it is for.</param>
/// <param name="IsForHost">Whether the host that was called is among them.</param>
/// <param name="ChainFaults">Why this machine does not trust it, its dates aside; empty when it does.</param>
internal sealed record ServerCertificate(
    string Host, DateTime NotBeforeUtc, DateTime NotAfterUtc, IReadOnlyList<string> Names, bool IsForHost,
    IReadOnlyList<string> ChainFaults, string Issuer)
{
    private const int WarnDays = 30;
    private const int NamesShownMax = 5;

    /// <param name="trust">Null: what this machine trusts.</param>
    /// <exception cref="AuthenticationException">The other side speaks no TLS, or breaks off.</exception>
    public static async Task<ServerCertificate> ReadAsync(
        Stream stream, string host, X509ChainPolicy? trust, CancellationToken cancellation)
    {
        ServerCertificate? seen = null;
        await using var secure = new SslStream(stream, leaveInnerStreamOpen: true);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = host, CertificateChainPolicy = trust,
            RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
            {
                seen = Of(host, shown!, chain, errors);
                return true;
            },
        }, cancellation);
        return seen ?? throw new AuthenticationException("the server shows no certificate");
    }

    /// <summary>The line of the diagnosis.</summary>
    public Symptom Look(string check, DateTime nowUtc)
    {
        var days = (long)Math.Floor((NotAfterUtc - nowUtc).TotalDays);
        var faults = new List<(string Text, string Remedy)>();
        if (!IsForHost)
            faults.Add(($"证书是发给 {Shown(Names)} 的，不是 {Host}",
                "请核对地址；地址无误时请联系平台管理员换发含此名称的证书。"));
        if (NotAfterUtc < nowUtc)
            faults.Add(($"已于 {Day(NotAfterUtc)} 过期",
                "请先核对本机日期；日期无误时请联系平台管理员更换证书。"));
        else if (NotBeforeUtc > nowUtc)
            faults.Add(($"{Day(NotBeforeUtc)} 起才有效", "请先核对本机日期；日期无误时请联系平台管理员。"));
        if (ChainFaults.Count > 0)
            faults.Add(($"签发者 {Issuer} 不受本机信任（{string.Join("、", ChainFaults)}）",
                "请向平台管理员索取并核对签发机构的根证书，再导入本机。"));
        if (faults.Count > 0)
            return new Symptom(check, SymptomLevel.Fail, string.Join("；", faults.Select(f => f.Text)),
                string.Concat(faults.Select(f => f.Remedy)), ExitCode.HubUnreachable);
        var left = string.Create(CultureInfo.InvariantCulture, $"还有 {days} 天到期");
        return days < WarnDays ? new Symptom(check, SymptomLevel.Warn, left, "请提醒平台管理员更换证书。")
            : new Symptom(check, SymptomLevel.Ok, left);
    }

    private static ServerCertificate Of(string host, X509Certificate shown, X509Chain? chain, SslPolicyErrors errors)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        var faults = (chain?.ChainStatus ?? []).Select(status => status.Status)
            .Where(status => status is not (X509ChainStatusFlags.NoError or X509ChainStatusFlags.NotTimeValid))
            .Select(status => status.ToString()).Distinct().ToArray();
        return new ServerCertificate(host, certificate.NotBefore.ToUniversalTime(),
            certificate.NotAfter.ToUniversalTime(), NamesOf(certificate),
            !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch),
            errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? faults : [],
            certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true));
    }

    private static IReadOnlyList<string> NamesOf(X509Certificate2 certificate)
    {
        var stated = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return stated is null ? [certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)]
            : [.. stated.EnumerateDnsNames(), .. stated.EnumerateIPAddresses().Select(address => address.ToString())];
    }

    private static string Shown(IReadOnlyList<string> names) =>
        string.Join("、", names.Take(NamesShownMax)) + (names.Count > NamesShownMax ? " 等" : "");

    private static string Day(DateTime utc) => utc.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
