namespace InfoHub.Storage.Tests.Fixtures;

/// <summary>Stands at noon (China) of a day that the test moves.</summary>
internal sealed class SteppedClock(DateOnly day) : TimeProvider
{
    public DateOnly Day { get; set; } = day;

    public override DateTimeOffset GetUtcNow() => new(Day.ToDateTime(new TimeOnly(4, 0)), TimeSpan.Zero);
}
