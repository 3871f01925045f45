using System.Collections.Immutable;
using System.Diagnostics;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Parked;
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
    private const string RowAside = "a row of this party is set aside in linking";

    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    private readonly Template[] _templates = [.. templates.All.Select(t => t.Template)];
    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(ChinaOffset).DateTime);

    private readonly DossierScope _scope = DossierScope.Of(templates.All.Select(t => t.Template), [.. models]);

    /// <summary>
    /// Evaluates one batch of touched parties or, when none is left, makes the city's figures anew; false when nothing
    /// was waiting. A party that cannot be evaluated is
    /// parked, and the others of its batch are evaluated without it.
    /// </summary>
    /// <exception cref="Exception">Nobody can be evaluated, or the store is away.</exception>
    public async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
        long[] parties;
        Exception failed;
        await using (var work = await evaluations.ClaimAsync(PartiesPerBatch, cancellation))
        {
            if (work is null)
                return await evaluations.RefreshCitySharesAsync(InsuranceSettlements.LeastMembers(parameters, Today),
                    cancellation);
            parties = [.. work.Parties];
            if (await TryAsync(work, cancellation) is not { } fault)
                return true;
            failed = fault;
        }
        await NarrowAsync(parties, failed, cancellation);
        return true;
    }

    /// <summary>Halves the batch until the parties at fault are alone.</summary>
    private async Task NarrowAsync(long[] parties, Exception fault, CancellationToken cancellation)
    {
        if (parties is [var party])
        {
            await using (var nobody = await evaluations.ClaimNobodyAsync(cancellation))
                await EvaluateAsync(nobody, cancellation);
            Log.SetAside(logger, "evaluate", new PartyId(party).ToString(), fault);
            await evaluations.ParkAsync(party, Outage.ReasonOf(fault), cancellation);
            ProcessingMetrics.Evaluate.Rows(0, 0, 1, "");
            return;
        }
        Log.Narrowing(logger, "evaluate", parties.Length, fault);
        foreach (var half in parties.Chunk((parties.Length + 1) / 2))
        {
            Exception? again = null;
            await using (var work = await evaluations.ClaimAsync(half.Length, cancellation, half))
                if (work is not null)
                    again = await TryAsync(work, cancellation);
            if (again is not null)
                await NarrowAsync(half, again, cancellation);
        }
    }

    /// <summary>The fault of ours that kept the parties from being evaluated; null when they are.</summary>
    private async Task<Exception?> TryAsync(EvaluationTransaction work, CancellationToken cancellation)
    {
        try
        {
            await EvaluateAsync(work, cancellation);
            return null;
        }
        catch (Exception fault) when (!Outage.Is(fault))
        {
            return fault;
        }
    }

    private async Task EvaluateAsync(EvaluationTransaction work, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var asOf = Today;
        var dossiers = await work.DossiersAsync(_scope, asOf, cancellation);
        var answers = dossiers.Select(d => work.HasRowAside(d.Dossier)
            ? new Evaluation(d.Dossier, d.Profile, [], [], null) { Faults = [("", RowAside)] }
            : Evaluate(Told(d.Dossier), d.Profile)).ToArray();
        await work.SaveAsync(answers, parameters.Version, cancellation);
        await work.RankAsync(_templates, LinkInterest.Of(parameters, asOf), cancellation);
        await work.CommitAsync(cancellation);
        ProcessingMetrics.Evaluate.Rows(work.Count, answers.Sum(a => (long)a.Findings.Length),
            answers.Count(a => !a.Faults.IsEmpty), "");
        ProcessingMetrics.Evaluate.Duration(Stopwatch.GetElapsedTime(started), "");
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
        var faults = ImmutableArray.CreateBuilder<(string, string)>();
        var unjudged = ImmutableArray.CreateBuilder<(string, string)>();
        var shares = ImmutableArray.CreateBuilder<ProviderShare>();
        DateOnly? revisit = null;
        foreach (var model in models)
        {
            if (Ask(model, dossier, out var reason) is not { } answer)
            {
                faults.Add((model.Id, reason));
                continue;
            }
            findings.AddRange(answer.Findings);
            unjudged.AddRange(answer.Unjudged.Select(needs => (model.Id, needs)));
            shares.AddRange(answer.Shares);
            awaits.AddRange(answer.Awaits.Select(a => (a.Item, a.Period.End)));
            if (answer.RevisitOn is { } day && (revisit is not { } earlier || day < earlier))
                revisit = day;
        }
        return new Evaluation(dossier, profile, findings.ToImmutable(), awaits.ToImmutable(), revisit)
        {
            Faults = faults.ToImmutable(), Unjudged = unjudged.ToImmutable(), Shares = shares.ToImmutable(),
        };
    }

    /// <summary>
    /// The edge between our plant and one party's facts: a model that fails is parked with this party, and stops no
    /// other model and nobody else.
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
            reason = Outage.ReasonOf(fault);
            return null;
        }
    }
}
