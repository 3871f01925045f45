using System.Security.Cryptography;
using InfoHub.Domain.Receipts;
using InfoHub.Host.Authority;
using InfoHub.Storage.Keys;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Composition;

/// <summary>
/// The keys that all hosts of a store have alike, made by the first of them: receipts' key, tokens' key, cookies' keys,
/// clients. Held until it is disposed of: another host that starts meanwhile waits, and then finds what this one made.
/// </summary>
internal sealed class SharedKeys : IAsyncDisposable
{
    private const string TokenKey = "token-key";

    private readonly KeyStore _store;
    private readonly IAsyncDisposable _alone;
    private readonly MasterKey _master;

    private SharedKeys(KeyStore store, IAsyncDisposable alone, MasterKey master) =>
        (_store, _alone, _master) = (store, alone, master);

    public ReceiptSigner Receipts { get; private set; } = null!;

    /// <summary>PEM.</summary>
    public string TokenSigningKey { get; private set; } = "";

    /// <summary>The hash of each made client's secret.</summary>
    public IReadOnlyDictionary<string, string> Clients { get; private set; } = new Dictionary<string, string>();

    public CookieKeys Cookies => new(_store, _master);

    /// <exception cref="ProblemException">IH-CFG-001, 025 to 027: what this host lacks to work on this
    /// store.</exception>
    public static async Task<SharedKeys> OpenAsync(KeyStore store, HubOptions options, CancellationToken cancellation)
    {
        var alone = await store.AloneAsync(cancellation);
        try
        {
            var fingerprint = await store.FingerprintAsync(cancellation);
            var master = MasterKey.LoadOrMake(options, fingerprint);
            if (fingerprint is null)
                await store.KeepFingerprintAsync(master.Fingerprint, cancellation);
            var keys = new SharedKeys(store, alone, master);
            keys.Receipts = await ReceiptKeys.OpenAsync(keys, store, options, cancellation);
            keys.TokenSigningKey = await keys.FindAsync(TokenKey, cancellation)
                ?? await keys.AddAsync(TokenKey, NewKey(), cancellation);
            keys.Clients = await store.MadeClientsAsync(cancellation);
            return keys;
        }
        catch
        {
            await alone.DisposeAsync();
            throw;
        }
    }

    public async Task<string?> FindAsync(string name, CancellationToken cancellation) =>
        await _store.FindSealedAsync(name, cancellation) is { } found ? _master.Open(name, found) : null;

    public async Task<string> AddAsync(string name, string secret, CancellationToken cancellation)
    {
        await _store.AddSealedAsync(name, _master.Seal(name, secret), cancellation);
        return secret;
    }

    /// <summary>Clients that were made at this start.</summary>
    public Task KeepClientsAsync(IReadOnlyDictionary<string, string> hashes, CancellationToken cancellation) =>
        _store.KeepClientsAsync(hashes, cancellation);

    /// <summary>ECDSA P-256, PKCS #8 in PEM.</summary>
    public static string NewKey()
    {
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return fresh.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public ValueTask DisposeAsync() => _alone.DisposeAsync();
}
