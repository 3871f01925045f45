using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using InfoHub.Domain.Identity;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Storage.Parked;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Model;
using Microsoft.Extensions.Logging;

namespace InfoHub.Processing.Resolve;

/// <summary>
/// Places the rows of departments in the registers: who has no code is matched by name, person and address, who has
/// one is checked against them. The register lies in memory, follows the store change by change, and wakes only the
/// rows a change may concern. Rows that match nobody are put together when they are the same operator.
/// </summary>
internal sealed class LinkStage(LinkStore links, TemplateRegistry templates, ProcessingOptions options,
    ILogger<LinkStage> logger)
{
    private const int RowsPerStep = 20_000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Template[] _registers = [.. Newest(templates).Where(t => PartyProfile.Registers.Contains(t.Item))];
    private readonly Template[] _items = [.. Newest(templates)];
    private readonly OperatorClusters _clusters = new();
    private readonly RegisterMirror _mirror = new();
    private long _passes = -1;
    private int _rowsMax = RowsPerStep;
    private OpenRow[] _taken = [];

    /// <summary>
    /// Decides what waits; false when nothing did. A row that cannot be decided is parked: passes are made smaller
    /// until it is alone.
    /// </summary>
    /// <exception cref="Exception">No row can be decided, or the store is away.</exception>
    public async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
        _taken = [];
        try
        {
            var hadWork = await PassAsync(_rowsMax, cancellation);
            _rowsMax = Math.Min(RowsPerStep, _rowsMax * 2);
            return hadWork;
        }
        catch (Exception fault) when (!Outage.Is(fault) && _taken.Length > 0)
        {
            if (_taken is [var row])
            {
                // A pass without it works, or it is not the row.
                await PassAsync(0, cancellation);
                Log.SetAside(logger, "link", $"{row.Item} {row.Identity}", fault);
                await links.ParkAsync([(row, Outage.ReasonOf(fault))], cancellation);
                ProcessingMetrics.Link.Rows(0, 0, 1, "");
                return true;
            }
            Log.Narrowing(logger, "link", _taken.Length, fault);
            _rowsMax = _taken.Length / 2;
            return true;
        }
    }

    private async Task<bool> PassAsync(int rowsMax, CancellationToken cancellation)
    {
        var models = new LinkModels(LinkModel.Shipped(options.Parameters, options.AsOf()), _items,
            await links.ActiveModelsAsync(cancellation));
        var interest = LinkInterest.Of(options.Parameters, options.AsOf());
        if (!await links.HasWorkAsync(models.Label, interest.Label, cancellation))
            return false;
        var started = Stopwatch.GetTimestamp();
        await using var work = await links.BeginAsync(cancellation);
        var progress = await work.ProgressAsync(cancellation);
        var latest = progress.Latest;
        if (progress.Passes != _passes)
            _clusters.Forget();
        // Known again only once this pass is in the store.
        _passes = -1;
        var changed = await work.Register.ChangedAsync(progress.Done, latest, cancellation);
        if (changed.Length > 0)
            // Keeps what the registers say now as the version that this pass decides with.
            await work.Register.RecordAsync(_registers, changed.Length > RegisterMirror.ChangesMax ? null : changed,
                latest, cancellation);
        await work.ShowAsync(latest, face => SearchGrams.OfEntry(
            new PartyText("", face.Name, face.Person, face.Address, "", face.Codes)), cancellation);
        if (await FollowAsync(work, progress, cancellation) || changed.Length > RegisterMirror.ChangesMax)
            await work.WakeAllAsync(cancellation);
        else if (changed.Length > 0)
            await work.WakeAsync([.. _mirror.KeysOf(changed)], changed, cancellation);
        if (progress.Model != models.Label)
            await work.WakeModelsAsync(models.BasisByItem, cancellation);
        var rows = await work.WaitingAsync(rowsMax, cancellation);
        _taken = rows;
        if (rows.Length > 0)
            await DecideAsync(work, models, rows, interest, cancellation);
        if (progress.Interest != interest.Label)
            await work.RankAllAsync(_items, interest, cancellation);
        await work.DoneAsync(latest, models.Label, cancellation);
        await work.CommitAsync(cancellation);
        _passes = progress.Passes + 1;
        ProcessingMetrics.Link.Rows(rows.Length, rows.Length, 0, "");
        ProcessingMetrics.Link.Duration(Stopwatch.GetElapsedTime(started), "");
        return true;
    }

    private static IEnumerable<Template> Newest(TemplateRegistry templates) =>
        templates.All.Select(t => t.Template).GroupBy(t => t.Item).Select(g => g.MaxBy(t => t.Version)!);

    /// <summary>
    /// Brings the register in memory to the version of the store. True when its words were counted anew: too much has
    /// changed since they were, and every row has to be decided by what they tell now.
    /// </summary>
    private async Task<bool> FollowAsync(LinkTransaction work, LinkProgress progress, CancellationToken cancellation)
    {
        if (await _mirror.MoveToAsync(work.Register, progress.Latest, progress.WeightsVersion, cancellation))
            _clusters.Forget();
        var share = (decimal)progress.ChangedSince / Math.Max(1, _mirror.Parties);
        if (progress.WeightsVersion != LinkProgress.NeverWeighed && share <= options.Parameters.At("linkage.reweigh-share",
            options.AsOf()).Value)
            return false;
        if (_mirror.WeightsVersion != progress.Latest)
            _mirror.Reweigh();
        _clusters.Forget();
        await work.Register.SaveWeightsAsync(_mirror.WeightsVersion, _mirror.Register.Weights.ToBytes(),
            _mirror.Texts.HomeCity, cancellation);
        Log.RegisterBuilt(logger, _mirror.Register.Count, progress.Latest);
        return true;
    }

    private async Task DecideAsync(LinkTransaction work, LinkModels models, OpenRow[] rows, LinkInterest interest,
        CancellationToken cancellation)
    {
        var decided = new OpenRowDecision?[rows.Length];
        var faults = new ConcurrentQueue<(OpenRow Row, string Reason)>();
        foreach (var group in Enumerable.Range(0, rows.Length).GroupBy(i => models.Of(rows[i].Item)))
            Decide(rows, [.. group], (group.Key, models.Bases[group.Key].Id), (decided, faults));
        if (!faults.IsEmpty)
        {
            await work.ParkAsync(faults, cancellation);
            ProcessingMetrics.Link.Rows(0, 0, faults.Count, "");
        }
        OpenRowDecision[] decisions = [.. decided.OfType<OpenRowDecision>()];
        await _clusters.FollowAsync(work, _mirror.Register.Weights, _mirror.Texts.Of, cancellation);
        var leastOdds = (float)options.Parameters.At("linkage.same-operator", options.AsOf()).Value;
        var moves = _clusters.Place(decisions, models.Shipped, leastOdds, _mirror.Texts.Of);
        for (var i = 0; i < decisions.Length; i++)
            if (moves.Remove((decisions[i].Row.Identity, decisions[i].Row.Item), out var place))
                decisions[i] = decisions[i] with { Party = place.Party };
        await work.SaveBasesAsync(models.Bases.Values, cancellation);
        await work.SaveAsync(decisions, _items, _mirror.Version, _mirror.WeightsVersion, cancellation);
        // Rows decided earlier whose cluster has another name now.
        await work.MoveAsync([.. moves.Values], _items, cancellation);
        await work.RankAsync(decisions, _items, interest, cancellation);
    }

    /// <summary>Decides rows under one model; those on which it fails are left to be parked.</summary>
    private void Decide(OpenRow[] rows, int[] some, (LinkModel Model, string Basis) by,
        (OpenRowDecision?[] Decided, ConcurrentQueue<(OpenRow Row, string Reason)> Faults) answers)
    {
        var judged = TryJudge(by.Model, Array.ConvertAll(some, i => rows[i]));
        Parallel.For(0, some.Length, n =>
        {
            var row = rows[some[n]];
            try
            {
                answers.Decided[some[n]] = DecisionOf(row, judged is null
                    ? RowJudging.Decide(_mirror, by.Model, [row])[0] : judged[n], by.Basis);
            }
            catch (Exception fault) when (!Outage.Is(fault))
            {
                Log.SetAside(logger, "link", $"{row.Item} {row.Identity}", fault);
                answers.Faults.Enqueue((row, Outage.ReasonOf(fault)));
            }
        });
    }

    /// <summary>All at once; null when one of them fails, and each has to be judged alone.</summary>
    private JudgedRow[]? TryJudge(LinkModel model, OpenRow[] rows)
    {
        try
        {
            return RowJudging.Decide(_mirror, model, rows);
        }
        catch (Exception fault) when (!Outage.Is(fault))
        {
            Log.Narrowing(logger, "link", rows.Length, fault);
            return null;
        }
    }

    /// <summary>Whose the row is by this decision; rows that match nobody still stand for themselves.</summary>
    private OpenRowDecision DecisionOf(OpenRow row, JudgedRow judged, string basis)
    {
        var decided = judged.Decision;
        PartyId? entry = PartyId.TryParse(decided.Entry, out var id) ? id : null;
        PartyId? second = PartyId.TryParse(decided.Second, out var other) ? other : null;
        var (party, decision) = decided.Outcome switch
        {
            LinkOutcome.Link => (entry!.Value, Domain.Identity.LinkDecision.Linked),
            LinkOutcome.None when row.CodedParty is { } coded && !row.IsRuledOut(coded)
                && (row.RuledNobody is null || _mirror.SinceOf(coded) is null) =>
                (coded, Domain.Identity.LinkDecision.Linked),
            LinkOutcome.None => (row.OwnParty, Domain.Identity.LinkDecision.Nobody),
            LinkOutcome.Ambiguous => (row.OwnParty, Domain.Identity.LinkDecision.Ambiguous),
            _ => (row.OwnParty, Domain.Identity.LinkDecision.Review),
        };
        var explanation = JsonSerializer.Serialize(judged.Matcher.Explain(judged.Text), Json);
        return new OpenRowDecision(row, party, decision, (int)decided.Outcome, StepName(decided.Step),
            (int)decided.Step, entry,
            decided.Probability, second, decided.SecondProbability, decided.Nobody, judged.Matcher.Model.Version,
            explanation)
        {
            Branch = BranchOf(row.Region, judged.Text.AddressCounty(), _mirror.BranchOf(entry ?? second)),
            Basis = basis,
        };
    }

    /// <summary>
    /// Where the department says, else where the address is, else the officers of the entry look at rows that may be
    /// it. What the address says is compared as address alone: it is no word of the department's on the division.
    /// </summary>
    private static string BranchOf(string told, string address, string entry) =>
        told.Length > 0 ? told : address.Length > 0 ? address : entry;

    private static string StepName(LinkStep step) => JsonNamingPolicy.KebabCaseLower.ConvertName(step.ToString());
}
