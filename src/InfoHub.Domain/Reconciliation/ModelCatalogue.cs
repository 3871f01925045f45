using System.Collections.Immutable;
using InfoHub.Domain.Matching;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// 比对模型目录: every model the hub runs, by id. Ids are FROZEN: a finding names its model for ever
/// (ModelCatalogueTests).
/// </summary>
public static class ModelCatalogue
{
    public static readonly ImmutableArray<ComparisonModel> All =
    [
        UnknownToTax.Model,
        ActivityWithoutRegistration.Model,
        ActivityAfterClosure.Model,
        SurchargesOnTwoTaxes.Model,
        InsuranceSettlements.Model,
    ];

    /// <summary>The model of an id; null when the hub has none.</summary>
    public static ComparisonModel? Find(string id) => All.FirstOrDefault(m => m.Id == id);
}
