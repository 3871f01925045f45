namespace InfoHub.Host.Composition;

/// <summary>
/// A business clock that stands at noon (China, UTC+8) of one day. Timers and tokens keep the real clock.
/// </summary>
internal sealed class AsOfClock(DateOnly day) : TimeProvider
{
    private readonly DateTimeOffset _now = new(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.FromHours(8));

    public override DateTimeOffset GetUtcNow() => _now.ToUniversalTime();
}
