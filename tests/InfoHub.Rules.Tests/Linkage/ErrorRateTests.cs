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

    [Fact]
    public void Weighted_OfOneStratum_IsItsOwnInterval()
    {
        var rate = new ErrorRate(3, 600);
        var (share, low, high) = ErrorRate.Weighted([(rate, 1_234)]);
        Assert.Equal(rate.Share, share, 1e-12);
        Assert.Equal(rate.Low, low, 1e-12);
        Assert.Equal(rate.High, high, 1e-12);
    }

    [Fact]
    public void Weighted_StratumThatNobodyMeasured_MayBeAllWrong()
    {
        var (_, low, high) = ErrorRate.Weighted([(new ErrorRate(0, 1_000), 700), (new ErrorRate(0, 0), 300)]);
        Assert.Equal(0, low);
        Assert.InRange(high, 0.3, 0.31);
        Assert.Equal((0, 0, 1), ErrorRate.Weighted([(new ErrorRate(0, 0), 0)]));
    }

    /// <summary>Goal: 95 % means 95 %, with few errors and unequal samples as well (2,000 draws, seed 1).</summary>
    [Theory]
    [InlineData(0.001, 0.02, 0.3)]
    [InlineData(0.05, 0.05, 0.05)]
    [InlineData(0.5, 0.1, 0.9)]
    public void Weighted_OfKnownStrata_HoldsTheTruth(double first, double second, double third)
    {
        var random = new Random(1);
        (double Wrong, int Drawn, long Rows)[] strata =
            [(first, 200, 90_000), (second, 100, 9_000), (third, 50, 1_000)];
        var truth = strata.Sum(s => s.Wrong * s.Rows) / strata.Sum(s => s.Rows);
        var held = Enumerable.Range(0, 2_000).Count(_ => ErrorRate.Weighted([.. strata.Select(s => (new ErrorRate(
                Enumerable.Range(0, s.Drawn).Count(_ => random.NextDouble() < s.Wrong), s.Drawn), s.Rows))])
            is var (_, low, high) && low <= truth && truth <= high);
        Assert.InRange(held / 2_000.0, 0.935, 1);
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
