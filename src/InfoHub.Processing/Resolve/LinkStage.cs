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

    /// <summary>So many changed parties: it costs less to decide every row than to find out which.</summary>
    private const int ChangesMax = 20_000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Template[] _registers = [.. Newest(templates).Where(t => PartyProfile.Registers.Contains(t.Item))];
    private readonly Template[] _items = [.. Newest(templates)];
    private readonly OperatorClusters _clusters = new();
    private PartyRegister? _register;
    private long _weightsVersion = -1;
    private Dictionary<PartyId, RegisterFace[]> _faces = [];
    private LinkTexts _texts = new("");
    private long _version = -1;
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
        if (!await links.HasWorkAsync(models.Label, cancellation))
            return false;
        var started = Stopwatch.GetTimestamp();
        await using var work = await links.BeginAsync(cancellation);
        var progress = await work.ProgressAsync(cancellation);
        var latest = progress.Latest;
        if (progress.Passes != _passes)
            _clusters.Forget();
        // Known again only once this pass is in the store.
        _passes = -1;
        if (await FollowAsync(work, progress, cancellation))
            await work.WakeAllAsync(cancellation);
        else if (progress.Done < latest)
            await WakeAsync(work, progress.Done, latest, cancellation);
        if (progress.Model != models.Label)
            await work.WakeModelsAsync(models.Versions, cancellation);
        var rows = await work.WaitingAsync(rowsMax, cancellation);
        _taken = rows;
        if (rows.Length > 0)
            await DecideAsync(work, models, rows, latest, cancellation);
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
        var changed = _register is null ? [] : await work.ChangedAsync(_version, progress.Latest, cancellation);
        if (_register is null || _register.IsWorn || _weightsVersion != progress.WeightsVersion
            || changed.Length > ChangesMax)
        {
            var faces = await work.FacesAsync(_registers, null, cancellation);
            _faces = faces.GroupBy(f => f.Party).ToDictionary(g => g.Key, g => g.ToArray());
            var weights = await work.WeightsAsync(cancellation) is { } bytes ? RegisterWeights.FromBytes(bytes) : null;
            Build(weights, progress.WeightsVersion);
        }
        else if (changed.Length > 0)
            Change(changed, await work.FacesAsync(_registers, changed, cancellation));
        _version = progress.Latest;
        var share = (decimal)progress.ChangedSince / Math.Max(1, _faces.Count);
        if (progress.WeightsVersion > 0 && share <= options.Parameters.At("linkage.reweigh-share",
            options.AsOf()).Value)
            return false;
        Build(null, Math.Max(1, progress.Latest));
        await work.SaveWeightsAsync(_weightsVersion, _register!.Weights.ToBytes(), cancellation);
        Log.RegisterBuilt(logger, _register.Count, progress.Latest);
        return true;
    }

    private void Build(RegisterWeights? weights, long weightsVersion)
    {
        var faces = _faces.OrderBy(f => f.Key).SelectMany(f => f.Value).ToArray();
        _texts = LinkTexts.Of(faces);
        _register = PartyRegister.Build(Array.ConvertAll(faces, _texts.Of), Environment.ProcessorCount, weights);
        _weightsVersion = weightsVersion;
        _clusters.Forget();
    }

    private void Change(long[] changed, List<RegisterFace> faces)
    {
        var now = faces.GroupBy(f => f.Party).ToDictionary(g => g.Key, g => g.ToArray());
        var gone = changed.Select(p => new PartyId(p)).Where(p => !now.ContainsKey(p)).ToArray();
        var other = now.Where(n => !(_faces.TryGetValue(n.Key,
            out var before) && before.AsSpan().SequenceEqual(n.Value))).ToArray();
        foreach (var party in gone)
            _faces.Remove(party);
        foreach (var (party, wording) in other)
            _faces[party] = wording;
        _register = _register!.With(
            [.. other.SelectMany(o => o.Value.Select(_texts.Of))], [.. gone.Select(g => g.ToString())],
                Environment.ProcessorCount);
    }

    private async Task WakeAsync(LinkTransaction work, long done, long latest, CancellationToken cancellation)
    {
        var changed = await work.ChangedAsync(done, latest, cancellation);
        if (changed.Length > ChangesMax)
        {
            await work.WakeAllAsync(cancellation);
            return;
        }
        var keys = new HashSet<long>();
        foreach (var party in changed)
            foreach (var face in _faces.GetValueOrDefault(new PartyId(party), []))
                keys.UnionWith(PartyKeys.OfEntry(_texts.Of(face), _register!));
        await work.WakeAsync([.. keys], changed, cancellation);
    }

    private async Task DecideAsync(LinkTransaction work, LinkModels models, OpenRow[] rows, long version,
        CancellationToken cancellation)
    {
        var decided = new OpenRowDecision?[rows.Length];
        var faults = new ConcurrentQueue<(OpenRow Row, string Reason)>();
        foreach (var group in Enumerable.Range(0, rows.Length).GroupBy(i => models.Of(rows[i].Item)))
            Decide(rows, [.. group], new PartyMatcher(_register!, group.Key), (decided, faults));
        if (!faults.IsEmpty)
        {
            await work.ParkAsync(faults, cancellation);
            ProcessingMetrics.Link.Rows(0, 0, faults.Count, "");
        }
        OpenRowDecision[] decisions = [.. decided.OfType<OpenRowDecision>()];
        await _clusters.FollowAsync(work, _register!.Weights, _texts.Of, cancellation);
        var leastOdds = (float)options.Parameters.At("linkage.same-operator", options.AsOf()).Value;
        var moves = _clusters.Place(decisions, models.Shipped, leastOdds, _texts.Of);
        for (var i = 0; i < decisions.Length; i++)
            if (moves.Remove((rows[i].Identity, rows[i].Item), out var place))
                decisions[i] = decisions[i] with { Party = place.Party };
        await work.SaveAsync(decisions, _items, version, cancellation);
        // Rows decided earlier whose cluster has another name now.
        await work.MoveAsync([.. moves.Values], _items, cancellation);
        await work.RankAsync(decisions, _items, LinkInterest.Of(options.Parameters, options.AsOf()), cancellation);
    }

    /// <summary>Decides rows under one model; those on which it fails are left to be parked.</summary>
    private void Decide(OpenRow[] rows, int[] some, PartyMatcher matcher,
        (OpenRowDecision?[] Decided, ConcurrentQueue<(OpenRow Row, string Reason)> Faults) answers)
    {
        var texts = Array.ConvertAll(some, i => _texts.Of(rows[i]));
        var decided = TryDecide(matcher, texts);
        Parallel.For(0, some.Length, n =>
        {
            var row = rows[some[n]];
            try
            {
                answers.Decided[some[n]] = Decide(row, decided?[n], matcher, texts[n]);
            }
            catch (Exception fault) when (!Outage.Is(fault))
            {
                Log.SetAside(logger, "link", $"{row.Item} {row.Identity}", fault);
                answers.Faults.Enqueue((row, Outage.ReasonOf(fault)));
            }
        });
    }

    /// <summary>All at once; null when one of them fails, and each has to be decided alone.</summary>
    private RowDecision[]? TryDecide(PartyMatcher matcher, PartyText[] texts)
    {
        try
        {
            return matcher.Decide(texts, Environment.ProcessorCount);
        }
        catch (Exception fault) when (!Outage.Is(fault))
        {
            Log.Narrowing(logger, "link", texts.Length, fault);
            return null;
        }
    }

    private OpenRowDecision Decide(OpenRow row, RowDecision? decided, PartyMatcher matcher, PartyText text)
    {
        if (row.RuledOut.Length > 0)
        {
            // For this row the register does not have the entries that officers ruled out.
            matcher = new PartyMatcher(matcher.Register.With([],
                [.. row.RuledOut.Select(p => new PartyId(p).ToString())], 1), matcher.Model);
            decided = null;
        }
        return DecisionOf(row, decided ?? matcher.Decide([text], 1)[0], matcher, text);
    }

    /// <summary>Whose the row is by this decision; rows that match nobody still stand for themselves.</summary>
    private OpenRowDecision DecisionOf(OpenRow row, RowDecision decided, PartyMatcher matcher, PartyText text)
    {
        PartyId? entry = PartyId.TryParse(decided.Entry, out var id) ? id : null;
        PartyId? second = PartyId.TryParse(decided.Second, out var other) ? other : null;
        var (party, decision) = decided.Outcome switch
        {
            _ when row.RuledParty is { } ruled => (ruled, Domain.Identity.LinkDecision.Linked),
            LinkOutcome.Link => (entry!.Value, Domain.Identity.LinkDecision.Linked),
            LinkOutcome.None when row.CodedParty is { } coded && !row.IsRuledOut(coded) =>
                (coded, Domain.Identity.LinkDecision.Linked),
            LinkOutcome.None => (row.OwnParty, Domain.Identity.LinkDecision.Nobody),
            LinkOutcome.Ambiguous => (row.OwnParty, Domain.Identity.LinkDecision.Ambiguous),
            _ => (row.OwnParty, Domain.Identity.LinkDecision.Review),
        };
        var explanation = JsonSerializer.Serialize(matcher.Explain(text), Json);
        if (row.RuledParty is not null)
            (decided, entry) = (decided with { Outcome = LinkOutcome.Link, Step = LinkStep.Confirmed,
                Probability = 1 }, party);
        return new OpenRowDecision(row, party, decision, (int)decided.Outcome, StepName(decided.Step),
            (int)decided.Step, entry,
            decided.Probability, second, decided.SecondProbability, decided.Nobody, matcher.Model.Version, explanation)
        {
            Branch = row.Region.Length > 0 ? row.Region : BranchOf(entry ?? second),
        };
    }

    /// <summary>The division of an entry: its officers look at rows that may be it.</summary>
    private string BranchOf(PartyId? entry) => entry is { } party && _faces.TryGetValue(party, out var faces)
        ? faces.Select(f => f.Region).FirstOrDefault(r => r.Length > 0) ?? "" : "";

    private static string StepName(LinkStep step) => JsonNamingPolicy.KebabCaseLower.ConvertName(step.ToString());
}
