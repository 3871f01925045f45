using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using InfoHub.Console.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Storage.Parties;

namespace InfoHub.Console.Links;

/// <summary>A page of the queue.</summary>
public sealed record LinksView(LinksQuery Query, QueuePage Page, ConsoleCatalogue Names)
{
    public string FirstAddress => "links" + (Query with { After = null }).ToQueryString();

    public string NextAddress => "links" + (Query with { After = Page.Next }).ToQueryString();

    public string Total => Page.Total >= LinkQueue.CountMax ? $"{Amounts.Count(LinkQueue.CountMax)} 以上"
        : Amounts.Count(Page.Total);

    public string AddressOf(QueuedRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"links/{row.Number}{Query.ToQueryString()}");
}

/// <summary>One field as it was compared; <paramref name="Weight"/> in log-odds.</summary>
public sealed record FieldView(string Field, string Row, string Entry, string Level, float Weight);

/// <summary>An entry that the row may be: every wording the registers have of it, personal numbers hidden.</summary>
/// <param name="Probability">Null where the blind must not see it.</param>
public sealed record CandidateView(
    PartyId Party, string Name, string Person, string Address, string Region, string Codes, float? Probability,
        float LogOdds, string Against);

/// <summary>What a search of the register found, and in words how much that is.</summary>
public sealed record FoundView(ImmutableArray<CandidateView> Entries, string Told);

/// <summary>What an officer is told of his last post, or why it was not taken.</summary>
public sealed record LinkNotice(string Text, bool IsFault);

/// <summary>One row as shown: beside its candidates, with everything that led to the decision.</summary>
/// <param name="Form">What the officer has filled in so far.</param>
public sealed record LinkView(
    OpenRowView Row, ImmutableArray<CandidateView> Candidates, ImmutableArray<FieldView> Fields,
        LinkExplanation? Explanation,
    ConsoleCatalogue Names, LinkForm Form, string Viewer, bool NeedsTwo)
{
    private const int CandidatesShownMax = 3;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy =
        JsonNamingPolicy.SnakeCaseLower };

    public bool IsBlind => Form.Audit is not null;

    /// <summary>Where he rules; with the sample, so that signing in again leads there, not to the decision.</summary>
    public string RuleAddress => string.Create(CultureInfo.InvariantCulture, $"links/{Row.Number}{Sample}");

    public string SearchAddress => string.Create(CultureInfo.InvariantCulture,
        $"links/{Row.Number}/search{Sample}#found");

    private string Sample => Form.Audit is { } audit
        ? string.Create(CultureInfo.InvariantCulture, $"?{LinksQuery.Field.Audit}={audit}") : "";

    public LinkNotice? Notice { get; init; }

    /// <summary>Null when nothing was searched for.</summary>
    public FoundView? Found { get; init; }

    /// <summary>The entry that is marked; where there are several, none is before the officer has chosen.</summary>
    public PartyId? Chosen => Form.Party ?? (!IsBlind && Candidates is [var only] ? only.Party : null);

    /// <summary>A first ruling that the viewer may not know before he has given his own.</summary>
    public bool HidesHistory => IsBlind || HidesFirst(Row, Viewer);

    /// <summary>Whom the weights are about: the entry of the decision, of a none the most probable one.</summary>
    public string EvidenceName
    {
        get
        {
            var entry = Explanation is null ? "" : Explanation.Decision.Entry.Length > 0 ? Explanation.Decision.Entry
                : Explanation.Candidates.Select(c => c.Entry).FirstOrDefault("");
            return Candidates.FirstOrDefault(c => c.Party.ToString() == entry)?.Name
                ?? PersonalNumbers.Hide(Explanation?.Candidates.FirstOrDefault(c => c.Entry == entry)?.Name ?? entry);
        }
    }

    public float WeightMax => Fields.Length == 0 ? 1 : Math.Max(1, Fields.Max(f => Math.Abs(f.Weight)));

    public IEnumerable<string> Keys => Explanation is null ? []
        : Explanation.Blocked.Select(k => LinkWording.Of(Enum.Parse<BlockingKey>(k)));

    public IEnumerable<string> Rules => Explanation is null ? []
        : Explanation.Rules.Select(r => LinkWording.Of(Enum.Parse<AppliedRules>(r)));

    public string Outcome => Row.Outcome == 0 ? LinksText.None : LinkWording.Of((LinkOutcome)Row.Outcome);

    public string Step => Row.Step == 0 ? LinksText.None : LinkWording.Of((LinkStep)Row.Step);

    /// <summary>Probability of whatever was compared beyond the candidates that are listed.</summary>
    public double Rest => Explanation is null ? 0
        : Math.Max(0, 1 - Nobody - Explanation.Candidates.Sum(c => (double)c.Probability));

    /// <summary>Asked of the most probable entry alone; the others share what is left.</summary>
    public double Nobody => Explanation is { Candidates: [var best, ..] } ? 1 / (1 + Math.Exp(best.LogOdds)) : 1;

    /// <summary>What the department sent, without anything that came of it.</summary>
    public static OpenRowView Undecided(OpenRowView row) => row with
    {
        Outcome = 0, Step = 0, Party = default, Entry = null, Probability = 0, Nobody = 0, Model = "",
        RegisterVersion = 0, DecidedAt = null, Explanation = "", Version = "", Interest = 0, Resolves = 0,
        IsWaiting = false, IsDisputed = false, Rulings = [], FoundBlind = [], Past = [], IsQueued = false,
    };

    public static LinkExplanation? ExplanationOf(OpenRowView row) =>
        row.Explanation.Length == 0 ? null : JsonSerializer.Deserialize<LinkExplanation>(row.Explanation, Json);

    /// <summary>
    /// Parties to be shown, the decided one first; then whom others found, and the candidates. Whom a first officer
    /// found by searching a second one finds himself.
    /// </summary>
    public static IReadOnlyList<PartyId> PartiesOf(OpenRowView row, LinkExplanation? explanation, string viewer) =>
        [.. new[] { row.Entry }.Concat(row.FoundBlind.Select(p => (PartyId?)p))
            .Concat(row.Rulings.Where(r => r.Party != default && !HidesFirst(row, viewer))
                .Select(r => (PartyId?)r.Party).Reverse().Take(1))
            .Concat((explanation?.Candidates ?? []).Select(c => PartyId.TryParse(c.Entry,
                out var id) ? id : (PartyId?)null))
            .OfType<PartyId>().Distinct().Take(CandidatesShownMax)];

    private static bool HidesFirst(OpenRowView row, string viewer) =>
        row.State.Awaiting is not null && row.Rulings.All(r => r.Officer != viewer);

    public static CandidateView CandidateOf(PartyId party, LinkExplanation? explanation,
        IEnumerable<RegisterFace> faces, ConsoleCatalogue names)
    {
        var evidence = explanation?.Candidates.FirstOrDefault(c => c.Entry == party.ToString());
        string Of(Func<RegisterFace, string> part) => PersonalNumbers.Hide(string.Join("；",
            faces.Select(part).Where(p => p.Length > 0).Distinct()));
        var against = LinkWording.OfBreak(evidence?.BrokenBy ?? "");
        return new CandidateView(party, Of(f => f.Name) is { Length: > 0 } name ? name
            : PersonalNumbers.Hide(evidence?.Name ?? party.ToString()),
            Of(f => f.Person), Of(f => f.Address), Of(f => names.DivisionName(f.Region)),
            PersonalNumbers.Hide(string.Join(' ', faces.SelectMany(f => f.Codes.Split(' ', '；'))
                .Where(c => c.Length > 0).Distinct())),
            evidence?.Probability, evidence?.LogOdds ?? 0, against);
    }

    public static ImmutableArray<FieldView> FieldsOf(LinkExplanation? explanation) => explanation is null ? []
        : [.. explanation.Fields.Select(f => new FieldView(LinkWording.OfField(f.Field), PersonalNumbers.Hide(f.Row),
            PersonalNumbers.Hide(f.Entry), LinkWording.OfLevel(f.Field, f.Level), f.Weight))];
}
