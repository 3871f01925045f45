using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace InfoHub.Host.Authority;

/// <summary>The built-in authority's ECDSA P-256 key, kept in <c>&lt;data&gt;/authority/signing-key.pem</c>.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        // Signers are kept with the key: the shared cache would hand out those of a hub of this process that has stopped.
        Security = new ECDsaSecurityKey(key) { CryptoProviderFactory = new CryptoProviderFactory() };
        Security.KeyId = Base64UrlEncoder.Encode(Security.ComputeJwkThumbprint());
    }

    public ECDsaSecurityKey Security { get; }

    /// <summary>Hosts that share the data folder and start at once end up with the same key: the first file stays.</summary>
    public static SigningKey LoadOrMake(string dataFolder, ILogger log)
    {
        var folder = Path.Combine(dataFolder, "authority");
        var path = Path.Combine(folder, "signing-key.pem");
        var isNew = false;
        if (!File.Exists(path))
        {
            PrivateFile.MakeFolder(folder);
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            isNew = PrivateFile.Write(path, fresh.ExportPkcs8PrivateKeyPem() + "\n", overwrite: false);
        }
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw AuthorityOptions.Unsound("Auth", path, "签名密钥文件无法读取", "首次启动时生成");
        }
        var signing = new SigningKey(key);
        if (isNew)
            Log.SigningKeyMade(log, signing.Security.KeyId);
        return signing;
    }

    /// <summary>The public half as a JSON Web Key Set.</summary>
    public object KeySet()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new
        {
            keys = new[]
            {
                new
                {
                    kty = "EC", use = "sig", alg = SecurityAlgorithms.EcdsaSha256, crv = "P-256", kid = Security.KeyId,
                    x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y),
                },
            },
        };
    }

    public void Dispose() => _key.Dispose();
}
