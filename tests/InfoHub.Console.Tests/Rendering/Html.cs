using System.Net;
using System.Text.RegularExpressions;
using InfoHub.Console.Findings;
using InfoHub.Console.Links;
using InfoHub.Console.Problems;
using InfoHub.Console.Shell;
using InfoHub.Console.SignIn;
using InfoHub.Console.Tests.Fixtures;
using InfoHub.Domain.Findings;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Vocabulary;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace InfoHub.Console.Tests.Rendering;

/// <summary>Renders components in-process and reads what came out the way a person would: cell by cell.</summary>
internal static partial class Html
{
    private static readonly PageFrame Frame = new(new ConsoleUser("tax-339901", "339901"), "城关区", new DateOnly(2025, 6, 22), "/findings", "token");

    public static Task<string> ListAsync(string address, IReadOnlyList<StoredFinding> findings, FindingCursor? next = null, params ModelFigure[] figures)
    {
        var query = FindingsQuery.Read(new QueryCollection(QueryHelpers.ParseQuery(address)));
        var view = new FindingsView(query, new FindingPage(findings, findings.Count, next), figures, LinjiangCity.Names, "339901");
        return RenderAsync<FindingsPage>(new() { [nameof(FindingsPage.Page)] = Frame, [nameof(FindingsPage.View)] = view });
    }

    public static Task<string> DetailAsync(StoredFinding finding, string address = "", params PartyRow[] rows)
    {
        var query = FindingsQuery.Read(new QueryCollection(QueryHelpers.ParseQuery(address)));
        var view = FindingView.Of(finding, query, LinjiangCity.Names, rows);
        return RenderAsync<FindingDetailPage>(new() { [nameof(FindingDetailPage.Page)] = Frame, [nameof(FindingDetailPage.View)] = view });
    }

    public static Task<string> DetailAsync(
        StoredFinding finding, PartyPlace[]? places = null, StoredFinding[]? related = null)
    {
        var list = FindingsQuery.Read(new QueryCollection());
        var view = FindingView.Of(finding, list, LinjiangCity.Names) with
        {
            Places = [.. (places ?? []).Select(p => PlaceView.Of(p, LinjiangCity.Names))],
            Related = [.. (related ?? []).Select(r => RelatedView.Of(r, finding, list))],
        };
        return RenderAsync<FindingDetailPage>(new()
        {
            [nameof(FindingDetailPage.Page)] = Frame, [nameof(FindingDetailPage.View)] = view,
        });
    }

    public static Task<string> QueueAsync(string address, params QueuedRow[] rows) => RenderAsync<LinksPage>(new()
    {
        [nameof(LinksPage.Page)] = Frame,
        [nameof(LinksPage.View)] = new LinksView(LinksQuery.Read(new QueryCollection(QueryHelpers.ParseQuery(address))),
            new QueuePage(rows, rows.Length, null), LinjiangCity.Names),
    });

    public static Task<string> ModelDeskAsync(ErrorRatesView rates) => RenderAsync<LinkModelPage>(new()
    {
        [nameof(LinkModelPage.Page)] = Frame,
        [nameof(LinkModelPage.View)] = new LinkModelView(rates, [], [], 0, 1, null),
    });

    public static Task<string> ProblemsAsync(bool isSandbox) => RenderAsync<ProblemsPage>(
        new() { [nameof(ProblemsPage.Page)] = Frame with { IsSandbox = isSandbox } });

    public static StoredFinding Finding(string id = "SZ14-202503-0001", string party = "临江仁和门诊部", decimal? gapYuan = 2_469_526.25m) => new(
        id,
        new FindingDraft
        {
            Model = "SZ-14",
            ModelVersion = 3,
            Period = Period.Month(2025, 3),
            BusinessKey = id,
            Title = "医保结算额高于申报销售额",
            Expected = Money.FromYuan(7_221_836.40m),
            Actual = Money.FromYuan(4_752_310.15m),
            Gap = gapYuan is { } gap ? Money.FromYuan(gap) : null,
            EstimatedTax = null,
            Confidence = 0.965m,
            DissolvesIf = "更正申报。",
            Arithmetic = [],
            Evidence = [],
            SingleSource = false,
        },
        "RS-2025.04", "P23NA77FMN53Y6", "91339901MA2K9T4X3E", party, FindingState.Pushed, "339901", "339901001", []);

    /// <summary>Text of every cell of the table body, row by row.</summary>
    public static string[][] Rows(string html, string table) =>
        [.. Row().Matches(Body(html, table)).Select(row => Cell().Matches(row.Value).Select(cell => Text(cell.Value)).ToArray())];

    public static string Text(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tag().Replace(html, " ")), " ").Trim();

    /// <summary>Address of the link with this text.</summary>
    public static string Link(string html, string text) => Anchor().Matches(html)
        .Where(a => Text(a.Groups["text"].Value) == text).Select(a => WebUtility.HtmlDecode(a.Groups["address"].Value)).Single();

    private static string Body(string html, string table)
    {
        var start = html.IndexOf("<tbody", html.IndexOf($"<table class=\"{table}\"", StringComparison.Ordinal), StringComparison.Ordinal);
        return html[start..html.IndexOf("</tbody>", start, StringComparison.Ordinal)];
    }

    private static async Task<string> RenderAsync<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    [GeneratedRegex("<tr.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("<t[dh][ >].*?</t[dh]>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"[\s-[　]]+")]
    private static partial Regex Spaces();

    [GeneratedRegex("<a [^>]*?href=\"(?<address>[^\"]*)\"[^>]*>(?<text>.*?)</a>", RegexOptions.Singleline)]
    private static partial Regex Anchor();
}
