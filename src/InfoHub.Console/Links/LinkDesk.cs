using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Console.Shell;
using InfoHub.Console.SignIn;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Storage.Parties;

namespace InfoHub.Console.Links;

/// <summary>Puts a row before an officer, and his verdict into the store.</summary>
internal sealed class LinkDesk(LinkQueue queue, LinkRulings rulings, LinkAudits audits, RegisterEntries register,
    ConsoleCatalogue names, ParameterSet parameters, TimeProvider clock)
{
    /// <summary>Entries that a blind page shows, always as many: one more than a decision tells candidates.</summary>
    public const int BlindShown = 6;

    public const int FoundMax = 20;

    /// <summary>Null when there is no such row in the officer's branch.</summary>
    public async Task<LinkView?> ViewAsync(ConsoleUser user, long number, LinkForm form,
        CancellationToken cancellation)
    {
        if (await queue.GetAsync(number, user.Region, cancellation) is not { } row)
            return null;
        if (form.Audit is { } sample)
            return await BlindAsync(row, sample, user, form, cancellation);
        var explanation = LinkView.ExplanationOf(row);
        var parties = LinkView.PartiesOf(row, explanation, user.Consumer);
        var faces = await queue.FacesAsync(parties, cancellation);
        return new LinkView(row, [.. parties.Select(p => LinkView.CandidateOf(p, explanation, faces[p], names))],
            LinkView.FieldsOf(explanation), explanation, names, form, user.Consumer, row.Interest >= TwoPersonFrom());
    }

    /// <summary>
    /// The row beside entries of which one may be the decided one, and nothing of what was decided: there are as many
    /// when nothing was compared, taken from the register by the row's own words, in the order of their ids.
    /// </summary>
    private async Task<LinkView?> BlindAsync(OpenRowView row, long sample, ConsoleUser user, LinkForm form,
        CancellationToken cancellation)
    {
        if (await audits.ShownAsync(sample, row.Number, cancellation) is not { } decided)
            return null;
        var compared = (LinkView.ExplanationOf(row)?.Candidates ?? [])
            .Select(c => PartyId.TryParse(c.Entry, out var id) ? id : default)
            .Prepend(decided).Where(p => p != default).Distinct().Take(BlindShown).ToArray();
        var text = new PartyText("", row.Name, row.Person, row.Address, row.Region, "");
        var near = await register.NearAsync(user.Region, SearchGrams.OfLikeness(text), compared,
            BlindShown - compared.Length, PlaceOf(row.Number), cancellation);
        PartyId[] shown = [.. compared.Concat(near).Order()];
        var faces = await queue.FacesAsync(shown, cancellation);
        return new LinkView(LinkView.Undecided(row), [.. shown.Select(p =>
            LinkView.CandidateOf(p, null, faces[p], names))], [], null, names,
            form with { Back = "links/audit", Version = "" }, user.Consumer, NeedsTwo: false);
    }

    /// <summary>Anywhere in the register, the same for a row every time (Fibonacci hashing).</summary>
    private static long PlaceOf(long row) => unchecked((long)(((ulong)row * 0x9E3779B97F4A7C15UL) >> 1));

    /// <summary>What the officer's search finds in his own branch; null when he did not search.</summary>
    public async Task<FoundView?> SearchAsync(ConsoleUser user, LinkForm form, CancellationToken cancellation)
    {
        var grams = SearchGrams.OfQuestion(form.Asked);
        if (grams.Length == 0)
            return form.IsSearch ? new FoundView([], LinksText.SearchShort) : null;
        var found = await register.SearchAsync(user.Region, grams, cancellation);
        var parties = found.Faces.Where(f => SearchGrams.Answers(
                new PartyText("", f.Name, f.Person, f.Address, "", f.Codes), form.Asked))
            .Select(f => f.Party).Distinct().ToArray();
        var faces = await queue.FacesAsync(parties[..Math.Min(FoundMax, parties.Length)], cancellation);
        ImmutableArray<CandidateView> entries = [.. faces.Select(f => LinkView.CandidateOf(f.Key, null, f, names))
            .OrderBy(e => e.Name, StringComparer.Ordinal).ThenBy(e => e.Party)];
        return new FoundView(entries, (parties.Length > FoundMax || found.IsCut, entries.Length) switch
        {
            (true, 0) => LinksText.FoundTooMany,
            (true, _) => LinksText.With(LinksText.FoundMore, $"{entries.Length}"),
            (false, 0) => LinksText.FoundNone,
            (false, _) => LinksText.With(LinksText.Found, $"{entries.Length}"),
        });
    }

    public Task<VerdictOutcome> RuleAsync(ConsoleUser user, long number, LinkForm form,
        CancellationToken cancellation) => rulings.RuleAsync(
            new GivenVerdict(number, user.Region, user.Consumer, form.Verdict!.Value, form.About, form.Reason,
                form.Version, TwoPersonFrom(), form.Audit),
            LinkInterest.Of(parameters, PageFrames.Today(clock)), cancellation);

    /// <summary>How long ago it was that somebody else ruled, or linking decided anew.</summary>
    public async Task<string> ChangedAsync(long number, ConsoleUser user, CancellationToken cancellation)
    {
        var row = await queue.GetAsync(number, user.Region, cancellation);
        var last = new[] { row?.Rulings.LastOrDefault()?.At, row?.DecidedAt }.Max();
        var ago = last is { } at ? LinksText.Ago(clock.GetUtcNow() - at) : "";
        return LinksText.Changed + "。" + string.Format(CultureInfo.InvariantCulture, LinksText.ChangedRemedy, ago);
    }

    private decimal TwoPersonFrom() => parameters.At("linkage.two-person", PageFrames.Today(clock)).Value;
}
