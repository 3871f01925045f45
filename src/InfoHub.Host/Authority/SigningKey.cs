using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace InfoHub.Host.Authority;

/// <summary>The built-in authority's ECDSA P-256 key: any host of the store takes the tokens of any other.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        // Signers are kept with the key: the shared cache would hand out those of a hub of this process that has
        // stopped.
        Security = new ECDsaSecurityKey(key) { CryptoProviderFactory = new CryptoProviderFactory() };
        Security.KeyId = Base64UrlEncoder.Encode(Security.ComputeJwkThumbprint());
    }

    public ECDsaSecurityKey Security { get; }

    /// <param name="pem">The private key.</param>
    public static SigningKey Read(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return new SigningKey(key);
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
