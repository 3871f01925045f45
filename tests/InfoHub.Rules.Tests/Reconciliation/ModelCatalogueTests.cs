using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using Xunit;

namespace InfoHub.Rules.Tests.Reconciliation;

public sealed class ModelCatalogueTests
{
    public static TheoryData<string> ModelIds => [.. ModelCatalogue.All.Select(m => m.Id)];

    /// <summary>FROZEN: findings in the store name these ids. The list may grow, never change.</summary>
    [Fact]
    public void Ids_InTheCatalogue_AreFrozen() =>
        Assert.Equal(["HJ-01", "HJ-05", "HJ-06", "SZ-01", "SZ-14"], ModelCatalogue.All.Select(m => m.Id));

    [Theory]
    [MemberData(nameof(ModelIds))]
    public void Model_Metadata_IsComplete(string id)
    {
        var model = ModelCatalogue.Find(id)!;
        Assert.True(model.Version >= 1);
        Assert.NotEmpty(model.Title);
        Assert.NotEmpty(model.TitleEn);
        Assert.NotEmpty(model.Inputs);
        Assert.NotEmpty(model.Basis);
        Assert.All(model.Basis, b => Assert.True(b.Citation.Length > 0 && (b.To is null || b.To >= b.From)));
        Assert.Contains(model.Basis, b => b.To is null);
        Assert.Equal(model.Inputs.Length, model.Inputs.Distinct().Count());
        Assert.Equal(model.Parameters.Length, model.Parameters.Distinct().Count());
        Assert.All(model.Parameters, p => Assert.Contains(p, ParameterSet.Shipped.All.Keys));
    }

    [Theory]
    [MemberData(nameof(ModelIds))]
    public void Model_EmptyDossier_FindsAndAwaitsNothing(string id)
    {
        var empty = new Dossier(new PartyView("P1", null, "", true),
            new Dictionary<string, System.Collections.Immutable.ImmutableArray<Fact>>(), Coverage.None, new DateOnly(2025, 5, 1));
        var answer = ModelCatalogue.Find(id)!.Decide(empty, ParameterSet.Shipped);
        Assert.Empty(answer.Findings);
        Assert.Empty(answer.Awaits);
        Assert.Null(answer.RevisitOn);
    }

    [Fact]
    public void ParameterSet_Shipped_HoldsNothingNoModelReads() =>
        // What begins with linkage. is read by linking, not by a model.
        Assert.DoesNotContain(ParameterSet.Shipped.All.Keys.Except(ModelCatalogue.All.SelectMany(m => m.Parameters)),
            name => !name.StartsWith("linkage.", StringComparison.Ordinal));
}
