using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Model;

namespace InfoHub.Console.Findings;

/// <summary>Gathers what an officer needs beside a finding to act on it.</summary>
internal sealed class FindingDesk(FindingQuery findings, LinkQueue links, PartyPlaces places,
    TemplateRegistry templates, ConsoleCatalogue names, ParameterSet parameters)
{
    private const int RelatedMax = 20;
    private const string ConfidenceName = ".confidence.";

    /// <summary>Parameters for parties without a code.</summary>
    private const string NobodyName = "nobody";

    private readonly Template[] _templates = [.. templates.All.Select(t => t.Template)];

    /// <summary>Null when there is no such finding in the branch.</summary>
    public async Task<FindingView?> ViewAsync(string id, string scope, FindingsQuery list,
        CancellationToken cancellation)
    {
        if (await findings.GetAsync(id, scope, cancellation) is not { } finding)
            return null;
        var isKnown = PartyId.TryParse(finding.PartyId, out var party);
        var wordings = isKnown && finding.Uscc is null ? await links.OfPartyAsync(party, scope, cancellation) : [];
        var told = isKnown ? await places.OfAsync(party, _templates, cancellation) : [];
        var others = await findings.SearchAsync(new FindingFilter
        {
            Scope = scope, Party = finding.PartyId, States = [.. FindingsText.States],
        }, RelatedMax, null, cancellation);
        return FindingView.Of(finding, list, names, wordings) with
        {
            Places = [.. told.Select(p => PlaceView.Of(p, names))],
            Related = [.. others.Findings.Where(f => f.Id != finding.Id)
                .Select(f => RelatedView.Of(f, finding, list)).OrderByDescending(r => r.IsSameMatter)],
            ConfidenceFrom = ConfidenceOf(finding, parameters),
        };
    }

    /// <summary>
    /// The model's parameter of that value: the finding keeps the value, not the name. "" when there are several or it
    /// was added up of several.
    /// </summary>
    internal static string ConfidenceOf(StoredFinding finding, ParameterSet parameters)
    {
        var draft = finding.Draft;
        string[] told = [.. (ModelCatalogue.Find(draft.Model)?.Parameters ?? [])
            .Where(p => p.Contains(ConfidenceName, StringComparison.Ordinal) && parameters.All.ContainsKey(p))
            .Where(p => p.Contains(NobodyName, StringComparison.Ordinal) == finding.Uscc is null)
            .SelectMany(p => parameters.All[p].Values.Where(v => v.Value == draft.Confidence)
                .Select(v => $"{parameters.All[p].Title}（{v.Citation}）")).Distinct()];
        return told is [var only] ? only : "";
    }
}
