using System.Threading.RateLimiting;

namespace InfoHub.Console.SignIn;

/// <summary>Bounds how fast secrets can be guessed: per address and client id, so nobody can lock out a colleague elsewhere.</summary>
internal sealed class SignInThrottle : IDisposable
{
    private const int AttemptsMax = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly PartitionedRateLimiter<(string Address, string ClientId)> _limiter =
        PartitionedRateLimiter.Create<(string Address, string ClientId), (string Address, string ClientId)>(key =>
            RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = AttemptsMax, Window = Window, QueueLimit = 0,
            }));

    public bool Admits(string address, string clientId)
    {
        using var lease = _limiter.AttemptAcquire((address, clientId));
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
