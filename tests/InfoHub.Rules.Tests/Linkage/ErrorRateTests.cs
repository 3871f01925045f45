using InfoHub.Linkage.Learning;
using Xunit;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>Intervals and agreement as the textbooks give them.</summary>
public sealed class ErrorRateTests
{
    [Theory]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    [InlineData(3, 600, 0.0017, 0.0146)]
    [InlineData(50, 100, 0.4038, 0.5962)]
    [InlineData(0, 0, 0, 1)]
    public void Interval_OfWilson_IsAsPublished(int errors, int count, double low, double high)
    {
        var rate = new ErrorRate(errors, count);
        Assert.Equal(low, rate.Low, 0.0001);
        Assert.Equal(high, rate.High, 0.0001);
    }

    [Theory]
    [InlineData(20, 5, 10, 15, 0.4)]
    [InlineData(45, 0, 0, 45, 1)]
    [InlineData(25, 25, 25, 25, 0)]
    public void Kappa_OfTwoReaders_IsAgreementBeyondChance(int bothYes, int firstOnly, int secondOnly, int bothNo,
        double kappa) =>
        Assert.Equal(kappa, ErrorRate.Kappa(bothYes, firstOnly, secondOnly, bothNo)!.Value, 1e-9);

    [Fact]
    public void Kappa_ReadersWhoSayOneThingOnly_IsUnknown() => Assert.Null(ErrorRate.Kappa(30, 0, 0, 0));
}
