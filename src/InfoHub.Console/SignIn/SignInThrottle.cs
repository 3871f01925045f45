using System.Net;
using System.Threading.RateLimiting;

namespace InfoHub.Console.SignIn;

/// <summary>
/// Bounds how fast secrets can be guessed: per address and client id, so nobody can lock out a colleague elsewhere. Only
/// refusals count, because a whole office signs in with one id from behind one address at nine in the morning.
/// </summary>
internal sealed class SignInThrottle : IDisposable
{
    private const int RefusalsMax = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly PartitionedRateLimiter<(IPAddress Address, string ClientId)> _limiter =
        PartitionedRateLimiter.Create<(IPAddress Address, string ClientId), (IPAddress Address, string ClientId)>(key =>
            RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = RefusalsMax,
                Window = Window,
                QueueLimit = 0,
            }));

    /// <summary>Whether another attempt may be made now.</summary>
    public bool Admits(IPAddress address, string clientId)
    {
        using var lease = _limiter.AttemptAcquire((address, clientId), permitCount: 0);
        return lease.IsAcquired;
    }

    public void CountRefusal(IPAddress address, string clientId) => _limiter.AttemptAcquire((address, clientId)).Dispose();

    public void Dispose() => _limiter.Dispose();
}
