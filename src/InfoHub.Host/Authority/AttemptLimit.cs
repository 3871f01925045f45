using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using InfoHub.Storage.Access;

namespace InfoHub.Host.Authority;

/// <summary>
/// Bounds failed attempts per client and address within one minute. Memory is bounded: unknown clients share one
/// counter per address, and when the table is full everything not in it waits for the next minute. From an address
/// that a client has been let in from before its right secret is never put off for the wrong ones of others.
/// </summary>
internal sealed class AttemptLimit(ClientRegistry clients, AuthorityOptions options, ClientAddresses addresses)
{
    private const int EntriesMax = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Who was let in by this host from where, and whether the store knows; bounded as the failures are.
    /// </summary>
    private readonly ConcurrentDictionary<(string Client, IPAddress Address), bool> _seen = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Client, IPAddress Address), int> _failures = [];
    private DateTimeOffset _windowEnd;

    /// <summary>Null: go ahead. Otherwise how long to wait.</summary>
    public TimeSpan? WaitFor(string client, IPAddress address)
    {
        lock (_lock)
        {
            var now = options.Clock.GetUtcNow();
            if (now >= _windowEnd)
            {
                _failures.Clear();
                _windowEnd = now + Window;
            }
            var isOver = _failures.TryGetValue(KeyOf(client, address), out var count)
                ? count >= options.FailuresPerMinuteMax
                : _failures.Count >= EntriesMax;
            return isOver ? _windowEnd - now : null;
        }
    }

    /// <summary>Whether the client was let in from the address before. A store that is away knows nobody.</summary>
    public async Task<bool> IsKnownAsync(string client, IPAddress address, CancellationToken cancellation)
    {
        if (!clients.Knows(client) || _seen.ContainsKey((client, address)))
            return clients.Knows(client);
        try
        {
            return await addresses.IsKnownAsync(client, address, cancellation);
        }
        catch (DbException)
        {
            return false;
        }
    }

    /// <summary>Remembered here at once, for other hosts and after a restart as soon as the store takes it.</summary>
    public async Task SucceededAsync(string client, IPAddress address, CancellationToken cancellation)
    {
        if (_seen.TryGetValue((client, address), out var isStored) ? isStored : _seen.Count >= EntriesMax)
            return;
        _seen[(client, address)] = false;
        try
        {
            await addresses.RememberAsync(client, address, cancellation);
            _seen[(client, address)] = true;
        }
        catch (DbException)
        {
            // A token needs no store; the next one tries again.
        }
    }

    public void Failed(string client, IPAddress address)
    {
        lock (_lock)
        {
            var key = KeyOf(client, address);
            _failures[key] = _failures.GetValueOrDefault(key) + 1;
        }
    }

    private (string, IPAddress) KeyOf(string client, IPAddress address) => (clients.Knows(client) ? client : "", address);
}
