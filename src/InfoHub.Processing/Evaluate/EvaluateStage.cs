using System.Collections.Immutable;
using System.Diagnostics;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Model;
using Microsoft.Extensions.Logging;

namespace InfoHub.Processing.Evaluate;

/// <summary>
/// Runs the comparison models (Match HJ-*, Reconcile SZ-*) over the dossiers of touched parties. The models are pure;
/// this stage loads, calls and saves. Cost follows what was touched, not what is stored.
/// </summary>
internal sealed class EvaluateStage(
    EvaluationStore evaluations, TemplateRegistry templates, ImmutableArray<ComparisonModel> models, ParameterSet parameters, TimeProvider clock,
    ILogger<EvaluateStage> logger)
{
    private const int PartiesPerBatch = 400;

    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    private readonly Template[] _templates = [.. templates.All.Select(t => t.Template)];
    private readonly Template[] _inputs = [.. templates.All.Select(t => t.Template).Where(t => models.Any(m => m.Inputs.Contains(t.Item)))];

    /// <summary>Evaluates one batch of touched parties; false when nothing was waiting.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var work = await evaluations.ClaimAsync(PartiesPerBatch, cancellation);
        if (work is null)
            return false;
        var asOf = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(ChinaOffset).DateTime);
        var dossiers = await work.DossiersAsync(_inputs, asOf, cancellation);
        var answers = dossiers.Select(d => Evaluate(Told(d.Dossier), d.Profile)).ToArray();
        await work.SaveAsync(answers, parameters.Version, cancellation);
        await work.RankAsync(_templates, LinkInterest.Of(parameters, asOf), cancellation);
        await work.CommitAsync(cancellation);
        ProcessingMetrics.Evaluate.Rows(work.Count, answers.Sum(a => (long)a.Findings.Length), 0, "");
        ProcessingMetrics.Evaluate.Duration(Stopwatch.GetElapsedTime(started), "");
        return true;
    }

    /// <summary>What linking knows of names and of its own decisions, in the words of the dossier.</summary>
    private static Dossier Told(Dossier dossier) => dossier.Party.Sightings.IsEmpty ? dossier
        : dossier.With(dossier.Party with { Sightings = [.. dossier.Party.Sightings.Select(Told)] });

    private static Sighting Told(Sighting sighting) => sighting with
    {
        Kind = OperatorName.Of(sighting.Name),
        // The register may have an operator under his own name, which no finding repeats.
        Nearest = OperatorName.Of(sighting.Nearest) == NameKind.Person ? "（个人姓名，见归户判定）" : sighting.Nearest,
        Against = LinkWording.OfBreak(sighting.Against),
    };

    private Evaluation Evaluate(Dossier dossier, PartyProfile profile)
    {
        var findings = ImmutableArray.CreateBuilder<FindingDraft>();
        var awaits = ImmutableArray.CreateBuilder<(string, DateOnly)>();
        DateOnly? revisit = null;
        foreach (var model in models)
        {
            if (Ask(model, dossier, out var reason) is not { } answer)
                return new Evaluation(dossier, profile, [], [], null) { Fault = (model.Id, reason) };
            findings.AddRange(answer.Findings);
            awaits.AddRange(answer.Awaits.Select(a => (a.Item, a.Period.End)));
            if (answer.RevisitOn is { } day && (revisit is not { } earlier || day < earlier))
                revisit = day;
        }
        return new Evaluation(dossier, profile, findings.ToImmutable(), awaits.ToImmutable(), revisit);
    }

    /// <summary>
    /// The edge between our plant and one party's facts: a model that fails parks this party and stops nobody else.
    /// </summary>
    private ModelAnswer? Ask(ComparisonModel model, Dossier dossier, out string reason)
    {
        reason = "";
        try
        {
            return model.Decide(dossier, parameters);
        }
        catch (Exception fault)
        {
            Log.ModelFailed(logger, model.Id, dossier.Party.Id, fault);
            reason = fault.Message;
            return null;
        }
    }
}
