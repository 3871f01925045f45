using InfoHub.Repository.Tests.Sources;
using Xunit;

namespace InfoHub.Repository.Tests.Tidy;

/// <summary>Sizes and words of the house style, and each rule that guards them can fail.</summary>
public sealed class TidyTests
{
    private static readonly Rule[] Rules = [.. SizeRules.All, .. WordRules.All];

    public static TheoryData<string> Names => Rule.NamesOf(Rules);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnThisRepository_Holds(string name) => Rule.Holds(Rules, name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnAPlantedViolation_Fails(string name) => Rule.Bites(Rules, name);

    [Fact]
    public void Ratchet_OfLineWidths_HasNoSlack() => Assert.Empty(SizeRules.Slack(RepositoryFiles.Current));

    [Fact]
    public void Members_OfATypicalFile_AreCutWhereTheyEnd()
    {
        const string Code = """
            using System;
            namespace A;
            [Obsolete]
            public sealed class B(int c) : D<int>(c)
            {
                private static readonly int[] Table =
                [
                    1,
                ];
                private readonly Func<int, int> _twice = x => { return x * 2; };
                public int E { get; init; } = 3;
                [Theory]
                [InlineData(1)]
                public int F(int g = 4)
                {
                    return g switch { 1 => 2, _ => 3 };
                }
                public bool H(int i) => i switch
                {
                    1 => true,
                    _ => false,
                };
                public static bool operator ==(B left, B right) => true;
                private enum J { K, L }
                private sealed record M(int N)
                {
                    public int O() => 1;
                }
            }
            """;

        var cut = Members.Of(Code).Select(member => $"{member.Header.Split('(')[0].Split(' ')[^1]} {member.LineCount}");

        Assert.Equal(["E 1", "F 4", "H 5", "== 1", "O 1"], cut);
    }
}
