using System.Security.Cryptography;
using System.Text;
using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Register;
using Xunit;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>
/// Decisions in the store name the release of the comparison that made them. If this fails and the change is meant,
/// raise <see cref="PartyMatcher.EngineVersion"/> and put the new digest beside it.
/// </summary>
public sealed class EngineVersionTests
{
    /// <summary>Releases of the comparison and their digests, at most the last three.</summary>
    private static readonly (int, string)[] Releases = [(3, "58f826527918a6de"), (4, "f4732a39e8e8e586")];

    [Fact]
    public void Levels_OfTheSameRows_AreThoseOfThisVersion()
    {
        var model = LinkModel.Shipped(ParameterSet.Shipped, new DateOnly(2025, 4, 1));
        var (register, rows) = RowNoise.Bed(GeneratedCity.Of(1_500, seed: 21), 600, seed: 21);
        var told = new string[rows.Count];
        new PartyMatcher(PartyRegister.Build(register, 2), model).Explain([.. rows.Select(r => r.Row)], 2, (i, e) =>
            told[i] = $"{e.Decision.Outcome} {e.Decision.Entry} {e.Decision.Nobody:0.00} {e.Compared} {
                string.Join(' ', e.Fields.Select(f => $"{f.Field}:{f.Level}:{f.Row}:{f.Entry}"))}");
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', told))))[..16];
        Assert.Equal(Releases[^1], (PartyMatcher.EngineVersion, digest));
    }
}
