namespace InfoHub.Storage.Tests.Fixtures;

internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public static readonly FixedClock April2025 = new(new DateTimeOffset(2025, 4, 20, 4, 0, 0, TimeSpan.Zero));

    public override DateTimeOffset GetUtcNow() => now;
}
