using System.Globalization;
using System.Text.Json;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Templates.Vocabulary;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace InfoHub.Rules.Tests.Reconciliation;

/// <summary>Runs Cases/*.yaml: the answer a jurist expects, and the properties every model has on every case.</summary>
public sealed class ModelCaseTests
{
    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    private static readonly Dictionary<string, ModelCase> Cases = ModelCase.All().ToDictionary(c => $"{c.Model} {c.Name}");

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static TheoryData<string> ModelIds => [.. ModelCatalogue.All.Select(m => m.Id)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_AsWritten_GivesTheFindingsExpected(string name)
    {
        var @case = Cases[name];
        var answer = Run(@case, @case.Dossier);
        Assert.Equal(@case.Expected.Select(e => ModelCase.Text(e, "key")).Order(), answer.Findings.Select(f => f.BusinessKey).Order());
        foreach (var expected in @case.Expected)
            RequireEqual(expected, answer.Findings.Single(f => f.BusinessKey == ModelCase.Text(expected, "key")));
        Assert.Equal(@case.Awaits.Order(), answer.Awaits.Select(a => $"{a.Item} {a.Period}").Order());
        if (@case.Unjudged is { } needs)
            Assert.Contains(needs, Assert.Single(answer.Unjudged), StringComparison.Ordinal);
        else
            Assert.Empty(answer.Unjudged);
        if (@case.Revisit is { } revisit)
            Assert.Equal(revisit == "never" ? null : ModelCase.Date(revisit), answer.RevisitOn);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_FactsInAnotherOrder_GivesTheSameAnswer(string name) =>
        Assert.Equal(Described(Run(Cases[name], Cases[name].Dossier)), Described(Run(Cases[name], Cases[name].Varied(reversed: true))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_RunTwice_GivesTheSameAnswer(string name) =>
        Assert.Equal(Described(Run(Cases[name], Cases[name].Dossier)), Described(Run(Cases[name], Cases[name].Dossier)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_PartyUnidentified_GivesNothing(string name) =>
        Assert.Equal(Described(ModelAnswer.Nothing), Described(Run(Cases[name], Cases[name].Varied(identified: false))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_EveryFinding_IsCompleteAndAddsUp(string name)
    {
        var answer = Run(Cases[name], Cases[name].Dossier);
        Assert.Equal(answer.Findings.Length, answer.Findings.Select(f => f.BusinessKey).Distinct().Count());
        Assert.All(answer.Findings, finding =>
        {
            Assert.Equal(Cases[name].Model, finding.Model);
            Assert.NotEmpty(finding.Title);
            Assert.NotEmpty(finding.DissolvesIf);
            Assert.NotEmpty(finding.Arithmetic);
            Assert.NotEmpty(finding.Evidence);
            Assert.InRange(finding.Confidence, 0.001m, 1m);
            Assert.Equal(decimal.Round(finding.Confidence, 3), finding.Confidence);
            if (finding.Expected is { } expected && finding.Actual is { } actual)
                Assert.Equal(expected - actual, finding.Gap);
            Assert.DoesNotContain("某某", finding.Title + string.Concat(finding.Evidence.Select(e => e.Summary)));
        });
        Assert.True(answer.RevisitOn is null || answer.RevisitOn > Cases[name].Dossier.AsOf);
    }

    /// <summary>An officer works the page out by hand: whatever is written as a formula comes to the value beside it,
    /// to the
    /// last digit shown, and the amounts of the finding are the values of its lines.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Case_ArithmeticOfEveryFinding_CanBeRedoneFromItsOwnLines(string name)
    {
        foreach (var finding in Run(Cases[name], Cases[name].Dossier).Findings)
        {
            // A day is not worked out: what stands beside it says why the term ends then.
            foreach (var line in finding.Arithmetic.Where(l => l.Expression.Length > 0 && !DateOnly.TryParse(l.Value, CultureInfo.InvariantCulture, out _)))
                Assert.Equal($"{line.Label} {line.Value}", $"{line.Label} {WrittenFormula.Redo(line.Expression, line.Value)}");
            if (finding.Gap is { } gap)
                Assert.Contains(finding.Arithmetic, l => l.Value == gap.ToString() && l.Expression == $"{finding.Expected} − {finding.Actual}");
            if (finding.LateFee is { } fee)
                Assert.Contains(finding.Arithmetic, l => l.Value == fee.ToString() && l.Expression.Length > 0);
        }
    }

    [Theory]
    [MemberData(nameof(ModelIds))]
    public void Model_OfTheCatalogue_HasAtLeastTwelveCases(string id) =>
        Assert.True(Cases.Values.Count(c => c.Model == id) >= 12);

    /// <summary>
    /// With the parameters the model declares and no other: a model that reads an undeclared one fails.
    /// </summary>
    private static ModelAnswer Run(ModelCase @case, Dossier dossier)
    {
        var model = ModelCatalogue.Find(@case.Model)!;
        var declared = ParameterSet.Shipped.All.Where(p => model.Parameters.Contains(p.Key)).ToDictionary();
        return model.Decide(dossier, new ParameterSet(ParameterSet.Shipped.Version, declared));
    }

    private static string Described(ModelAnswer answer) => JsonSerializer.Serialize(
        answer with { Findings = [.. answer.Findings.OrderBy(f => f.BusinessKey)] }, WithFields);

    private static void RequireEqual(YamlMappingNode expected, FindingDraft finding)
    {
        foreach (var (key, value) in expected.Children)
            Assert.Equal($"{key} {((YamlScalarNode)value).Value}", $"{key} {Shown(finding, ((YamlScalarNode)key).Value!)}");
    }

    private static string Shown(FindingDraft finding, string key) => key switch
    {
        "key" => finding.BusinessKey,
        "period" => finding.Period.ToString(),
        "expected" => Amount(finding.Expected),
        "actual" => Amount(finding.Actual),
        "gap" => Amount(finding.Gap),
        "tax" => Amount(finding.EstimatedTax),
        "late_fee" => Amount(finding.LateFee),
        "confidence" => finding.Confidence.ToString(CultureInfo.InvariantCulture),
        "single_source" => finding.SingleSource ? "true" : "false",
        "evidence" => finding.Evidence.Length.ToString(CultureInfo.InvariantCulture),
        "title" => finding.Title,
        "lines" => string.Join("；", finding.Arithmetic.Select(l => $"{l.Label} {l.Value} {l.Unit}".Trim())),
        _ => throw new InvalidOperationException($"a case expects '{key}', which is no part of a finding"),
    };

    private static string Amount(Money? money) => money?.ToString() ?? "none";
}
