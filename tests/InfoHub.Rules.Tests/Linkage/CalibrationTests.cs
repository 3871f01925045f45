using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Learning;
using InfoHub.Linkage.Register;
using Xunit;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>A model that is too sure, or not sure enough, is set right by what audits found.</summary>
public sealed class CalibrationTests
{
    /// <summary>Rows whose true log-odds are <paramref name="factor"/> times what the model says.</summary>
    private static List<AuditedRow> Audited(int rows, double factor)
    {
        var dice = new Random(31);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var odds = (dice.NextDouble() * 10) - 4;
            return new AuditedRow((float)(1 / (1 + Math.Exp(-odds))),
                dice.NextDouble() < 1 / (1 + Math.Exp(-factor * odds)));
        })];
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(2.0)]
    public void Factor_OfManyAudits_IsTheOneTheyWereMadeWith(double factor) =>
        Assert.InRange(Calibration.Factor(Audited(6_000, factor)) / factor, 0.9, 1.1);

    [Fact]
    public void Factor_OfFewAudits_IsOne() =>
        Assert.Equal(1, Calibration.Factor(Audited(Calibration.AuditedMin - 1, 0.5)));

    [Fact]
    public void Factor_OfPerfectAudits_StaysBounded() =>
        Assert.InRange(Calibration.Factor([.. Enumerable.Repeat(new AuditedRow(0.9f, true), 500)]), 1, 4);

    [Fact]
    public void Apply_HalvesTheLogOdds_AndKeepsTheOrder()
    {
        var model = LinkModel.Shipped(ParameterSet.Shipped, new DateOnly(2025, 4, 1));
        var half = Calibration.Apply(model, 0.5f);
        var (entries, rows) = RowNoise.Bed(GeneratedCity.Of(600, seed: 41), 300, seed: 41);
        var register = PartyRegister.Build(entries, 2);
        foreach (var row in rows.Take(100))
        {
            var (whole, halved) = (new PartyMatcher(register, model).Explain(row.Row),
                new PartyMatcher(register, half).Explain(row.Row));
            Assert.Equal(whole.Candidates.Select(c => c.Entry), halved.Candidates.Select(c => c.Entry));
            Assert.All(whole.Candidates.Zip(halved.Candidates), c =>
                Assert.Equal(c.First.LogOdds / 2, c.Second.LogOdds, 3));
        }
    }
}
