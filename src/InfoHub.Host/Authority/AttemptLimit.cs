using System.Net;

namespace InfoHub.Host.Authority;

/// <summary>
/// Bounds failed attempts per client and address within one minute. Memory is bounded: unknown clients share one
/// counter per address, and when the table is full everything not in it waits for the next minute.
/// </summary>
internal sealed class AttemptLimit(ClientRegistry clients, AuthorityOptions options)
{
    private const int EntriesMax = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

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
