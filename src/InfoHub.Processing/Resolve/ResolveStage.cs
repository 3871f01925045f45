using System.Diagnostics;
using InfoHub.Domain.Identity;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Storage.Parked;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using Microsoft.Extensions.Logging;

namespace InfoHub.Processing.Resolve;

/// <summary>
/// Works out whose the rows of a sealed submission are: one decision per distinct identity, by the deterministic
/// ladder. Everything of one submission is written in one transaction.
/// </summary>
internal sealed class ResolveStage(ResolutionStore resolution, SubmissionStore submissions, TemplateRegistry templates,
    ParkedWork parked, ILogger<ResolveStage> logger)
{
    private const int IdentitiesPerStep = 20_000;

    /// <summary>
    /// Resolves a submission, or parks it as a whole: with some of its rows it would count as received, and the
    /// absence of the others would mean something.
    /// </summary>
    /// <exception cref="Exception">The store is away.</exception>
    public async Task RunAsync(long id, CancellationToken cancellation)
    {
        try
        {
            await ResolveAsync(id, cancellation);
        }
        catch (Exception fault) when (!Outage.Is(fault))
        {
            Log.SetAside(logger, "resolve", $"submission {id}", fault);
            await parked.ParkSubmissionAsync(id, Outage.ReasonOf(fault), cancellation);
            ProcessingMetrics.Resolve.Rows(0, 0, 1, "");
        }
    }

    private async Task ResolveAsync(long id, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var submission = await submissions.GetAsync(id, cancellation);
        var template = templates.Get(submission.Key.Item, submission.Key.Version);
        await using var work = await resolution.BeginAsync(cancellation);
        if (!await work.IsDueAsync(id, cancellation))
            return;
        var merges = new List<(PartyId Merged, PartyId Into)>();
        var identities = 0;
        await foreach (var step in work.IdentitiesAsync(template, id, IdentitiesPerStep, cancellation))
        {
            identities += step.Length;
            // A row that has been placed stays where it is; whether still rightly so is linking's question.
            var isLinked = !PartyProfile.Registrars.Contains(template.Department);
            var open = isLinked
                ? await work.NotPlacedAsync(template.Item, submission.Key.Period.Code, step, cancellation) : step;
            var decisions = await DecideAsync(work, template, open, cancellation);
            await work.SaveAsync(template.Item, submission.Key.Ref, submission.Key.Period.Start, decisions,
                cancellation);
            if (isLinked)
                await work.SaveOpenRowsAsync(
                    decisions.ConvertAll(d => OpenRowOf(template, submission.Key.Period.Code, d.Row, d.Decision)),
                        cancellation);
            foreach (var (_, _, decision) in decisions)
                foreach (var merged in decision.Merged)
                    merges.Add((merged, decision.Party));
            foreach (var (merged, into) in merges)
                await work.MergeAsync(merged, into,
                    templates.All.Select(t => t.Template).DistinctBy(t => t.TableName), id, cancellation);
            merges.Clear();
        }
        await work.FinishAsync(template, id, submission.Key.Period.End, cancellation);
        await work.CommitAsync(cancellation);
        ProcessingMetrics.Resolve.Rows(identities, identities, 0, template.Item);
        ProcessingMetrics.Resolve.Duration(Stopwatch.GetElapsedTime(started), template.Item);
    }

    /// <summary>Decisions of one step see the aliases that earlier ones of the same step have taught.</summary>
    private static async Task<List<(RowIdentity Row, string Name, LadderDecision Decision)>> DecideAsync(
        ResolutionTransaction work, Template template, RowIdentity[] step, CancellationToken cancellation)
    {
        var claims = step.Select(row => (Row: row, Claim: IdentityClaim.Read(template, row.Cells))).ToArray();
        var fallbacks = claims.Select(c => new Alias(AliasKind.SourceKey, Fallback(template, c.Row)));
        var known = await work.FindAsync([.. claims.SelectMany(c => c.Claim.Aliases).Concat(fallbacks).Distinct()],
            cancellation);
        var moved = new Dictionary<PartyId, KnownParty>();
        KnownParty? Find(Alias alias)
        {
            if (!known.TryGetValue(alias, out var party))
                return null;
            while (moved.TryGetValue(party.Party, out var into))
                party = into;
            return party;
        }

        var decisions = new List<(RowIdentity, string, LadderDecision)>(step.Length);
        foreach (var (row, claim) in claims)
        {
            var decision = Ladder.Decide(claim, Find, Fallback(template, row));
            var party = new KnownParty(decision.Party, decision.FoundedBy);
            foreach (var alias in decision.NewAliases)
                known[alias] = party;
            foreach (var merged in decision.Merged)
                moved[merged] = party;
            decisions.Add((row, claim.Name, decision));
        }
        return decisions;
    }

    /// <summary>What linking compares of a row.</summary>
    private static OpenRow OpenRowOf(Template template, int period, RowIdentity row, LadderDecision decision)
    {
        string Cell(IdentityRole role) => template.IndexOf(role) is >= 0 and var index ? row.Cells[index] ?? "" : "";
        var claim = IdentityClaim.Read(template, row.Cells);
        var source = claim.Aliases.Where(a => a.Kind == AliasKind.SourceKey).Select(a => a.Value)
            .FirstOrDefault(Fallback(template, row));
        var own = PartyId.FoundedBy(new Alias(AliasKind.SourceKey, source));
        var codes = string.Join(' ', template.Fields.Select((f, i) => IsCode(f.Identity) ? row.Cells[i] : null)
            .Where(c => !string.IsNullOrEmpty(c)));
        var town = Cell(IdentityRole.Town);
        var text = new PartyText("", Cell(IdentityRole.Name), Cell(IdentityRole.Representative),
            Cell(IdentityRole.Address),
            town.Length >= 6 ? town[..6] : Cell(IdentityRole.Division), codes);
        PartyId? coded = decision.FoundedBy < AliasKind.SourceKey ? decision.Party : null;
        return new OpenRow(row.Identity, template.Item, own, coded, decision.Party, source, text.Name, text.Person,
            text.Address,
            text.City, codes, period, PartyKeys.OfRow(text));
    }

    private static bool IsCode(IdentityRole role) => role is IdentityRole.Uscc or IdentityRole.AnyCode
        or IdentityRole.TaxpayerNumber or IdentityRole.OrganisationCode or IdentityRole.RegistrationNumber;

    private static string Fallback(Template template, RowIdentity row) => $"{template.Item}#{row.Identity:N}";
}
