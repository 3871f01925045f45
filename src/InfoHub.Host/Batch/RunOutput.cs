using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Host.Composition;
using InfoHub.Processing;
using InfoHub.Storage.Figures;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Parked;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Host.Batch;

/// <summary>
/// Writes what a batch run came to. The same input gives the same bytes in every file; only the durations in
/// summary.json
/// are of the day.
/// </summary>
public sealed class RunOutput(Hub hub, string folder)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>More of what is set aside is counted in the problem and not listed.</summary>
    private const int AsideMax = 1000;

    private readonly RunFigures _figures = new(hub.Store);

    public async Task WriteAsync(
        IReadOnlyList<PushedFile> pushed, IReadOnlyList<(string Submission, Problem Problem)> refused, TimeSpan elapsed, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await WriteFindingsAsync(cancellation);
        await WriteUnjudgedAsync(cancellation);
        await WriteLinksAsync(cancellation);
        await WriteErrorsAsync(cancellation);
        await WriteReceiptsAsync(cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "summary.json"), (await SummaryAsync(pushed, refused, elapsed, cancellation)).ToJsonString(Json) + "\n", cancellation);
    }

    private async Task WriteFindingsAsync(CancellationToken cancellation)
    {
        await using var csv = Open("findings.csv");
        await csv.WriteLineAsync("finding_id,model,model_version,party_id,uscc,party_name,period,business_key,expected,actual,gap,estimated_tax,late_fee,confidence,state,single_source");
        var query = new FindingQuery(hub.Store);
        await foreach (var id in _figures.FindingIdsAsync(cancellation))
        {
            var finding = await query.GetAsync(id, "", cancellation) ?? throw new InvalidOperationException($"finding {id} vanished");
            var draft = finding.Draft;
            await csv.WriteLineAsync(Line(finding.Id, draft.Model, Whole(draft.ModelVersion), finding.PartyId,
                Safe(finding.Uscc ?? ""), Safe(finding.PartyName),
                draft.Period.ToString(), draft.BusinessKey, Amount(draft.Expected), Amount(draft.Actual), Amount(draft.Gap), Amount(draft.EstimatedTax),
                Amount(draft.LateFee), draft.Confidence.ToString("0.000", CultureInfo.InvariantCulture), StateName(finding.State), draft.SingleSource ? "true" : "false"));
        }
    }

    private async Task WriteUnjudgedAsync(CancellationToken cancellation)
    {
        await using var csv = Open("unjudged.csv");
        await csv.WriteLineAsync("model,party_id,party_name,needs");
        await foreach (var line in _figures.UnjudgedAsync(cancellation))
            await csv.WriteLineAsync(Line(line.Model, line.PartyId, Safe(line.PartyName), line.Needs));
    }

    private async Task WriteLinksAsync(CancellationToken cancellation)
    {
        await using var csv = Open("links.csv");
        await csv.WriteLineAsync("item,submission,row,row_key,party_id,uscc,decision,score");
        foreach (var template in hub.Templates.All.Select(t => t.Template).DistinctBy(t => t.TableName))
            await foreach (var link in _figures.LinksAsync(template, cancellation))
                await csv.WriteLineAsync(Line(link.Item, link.Submission, Whole(link.Row), Safe(link.RowKey),
                    link.PartyId, Safe(link.Uscc ?? ""),
                    DecisionName(link.Decision), link.Score.ToString("0.00000", CultureInfo.InvariantCulture)));
    }

    private async Task WriteErrorsAsync(CancellationToken cancellation)
    {
        await using var csv = Open("row-errors.csv");
        await csv.WriteLineAsync("submission,row,row_key,field,code,disposition,title,observed,expected,fix");
        await foreach (var error in _figures.ErrorsAsync(cancellation))
        {
            var kind = ProblemCatalogue.All[error.Code];
            await csv.WriteLineAsync(Line(error.Submission, Whole(error.Row), error.RowKey, error.Field, error.Code,
                (Disposition)error.Disposition == Disposition.Warn ? "warn" : "reject-row", kind.TitleZh, error.Observed, error.Expected,
                new Problem(kind, ("field", error.Field), ("expected", error.Expected), ("when", error.Expected)).Remedy));
        }
    }

    private async Task WriteReceiptsAsync(CancellationToken cancellation)
    {
        await using var lines = Open("receipts.jsonl");
        await foreach (var receipt in _figures.ReceiptsAsync(cancellation))
            await lines.WriteLineAsync($"{{\"submission\":\"{receipt.Submission}\",\"kind\":\"R{receipt.Kind}\",\"hash\":\"{Convert.ToHexStringLower(receipt.Hash)}\",\"body\":{receipt.BodyJson}}}");
    }

    private async Task<JsonObject> SummaryAsync(
        IReadOnlyList<PushedFile> pushed, IReadOnlyList<(string Submission, Problem Problem)> refused, TimeSpan elapsed, CancellationToken cancellation)
    {
        var totals = await _figures.TotalsAsync(cancellation);
        var placed = await _figures.PlacementsAsync(cancellation);
        var items = await _figures.RowsPerItemAsync(cancellation);
        var models = await _figures.FindingsPerModelAsync(cancellation);
        var aside = await new ParkedWork(hub.Store, TimeProvider.System).ListAsync(AsideMax, cancellation);
        return new JsonObject
        {
            ["as_of"] = hub.Options.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["rule_set"] = Domain.Parameters.ParameterSet.Shipped.Version,
            ["files"] = pushed.Count,
            ["submissions"] = totals.Submissions,
            ["rows"] = new JsonObject { ["received"] = totals.RowsReceived, ["rejected"] = totals.RowsRejected, ["stored"] = totals.RowsStored },
            ["balanced"] = totals.RowsReceived == totals.RowsRejected + totals.RowsStored,
            ["parties"] = totals.Parties,
            ["parties_identified"] = totals.PartiesIdentified,
            ["placements"] = new JsonObject
            {
                ["code"] = placed.ByCode, ["repaired_code"] = placed.ByRepairedCode, ["likeness"] = placed.ByLikeness,
                ["ambiguous"] = placed.Ambiguous, ["review"] = placed.Review, ["nobody"] = placed.Nobody,
            },
            ["findings"] = new JsonObject(models.Select(m => KeyValuePair.Create(m.Model, (JsonNode?)m.Findings))),
            ["items"] = new JsonObject(items.Select(i => KeyValuePair.Create(i.Item,
                (JsonNode?)new JsonObject { ["received"] = i.Received, ["rejected"] = i.Rejected, ["stored"] = i.Stored }))),
            ["refused"] = new JsonArray([.. pushed.Where(p => p.Problem is not null).Select(p => Refusal(p.Name, p.Problem!)),
                .. refused.Select(r => Refusal(r.Submission, r.Problem))]),
            ["set_aside"] = new JsonArray([.. aside.Select(a => (JsonNode)new JsonObject
            {
                ["kind"] = a.Kind, ["what"] = a.What, ["reason"] = a.Reason,
            })]),
            ["durations_seconds"] = Durations(elapsed),
        };
    }

    private static JsonNode Refusal(string what, Problem problem) => new JsonObject
    {
        ["what"] = what, ["code"] = problem.Code, ["title"] = problem.Kind.TitleZh, ["detail"] = problem.Detail, ["remedy"] = problem.Remedy,
    };

    private static JsonObject Durations(TimeSpan elapsed)
    {
        var durations = new JsonObject { ["check"] = Math.Round(Intake.IntakeModule.CheckStage.Sums.Seconds, 3) };
        foreach (var (name, stage) in ProcessingModule.Stages)
            durations[name] = Math.Round(stage.Sums.Seconds, 3);
        durations["total"] = Math.Round(elapsed.TotalSeconds, 3);
        return durations;
    }

    private StreamWriter Open(string name) => new(Path.Combine(folder, name), false, new UTF8Encoding(false)) { NewLine = "\n" };

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Amount(Money? amount) => amount?.ToString() ?? "";

    private static string DecisionName(LinkDecision decision) => decision switch
    {
        LinkDecision.Linked => "link", LinkDecision.Review => "review", LinkDecision.Ambiguous => "ambiguous", _ => "none",
    };

    private static string StateName(FindingState state) => state switch
    {
        FindingState.Found => "found", FindingState.Pushed => "pushed", FindingState.Answered => "answered", FindingState.Archived => "archived",
        FindingState.Cleared => "cleared", FindingState.Returned => "returned", FindingState.Dismissed => "dismissed", _ => "to_inspection",
    };

    /// <summary>An identity number is personal whatever column it stands in.</summary>
    private static string Safe(string text) => PersonalNumber.Cover(text);

    private static string Line(params string[] cells) => RecordCells.JoinGuarded(cells);
}
