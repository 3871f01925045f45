using System.Globalization;
using InfoHub.Console.Errors;
using InfoHub.Console.Shell;
using InfoHub.Console.SignIn;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Storage.Parties;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace InfoHub.Console.Links;

internal static class LinksEndpoints
{
    public const int PageSize = 50;
    public const int ReasonLengthMax = 500;

    public static void Map(RouteGroupBuilder signedIn)
    {
        signedIn.MapGet("/links", ListAsync);
        signedIn.MapGet("/links/{number:long}", ShowAsync);
        signedIn.MapPost("/links/{number:long}", RuleAsync).AddEndpointFilter<PostedForm>();
    }

    private static async Task<IResult> ListAsync(HttpContext context, LinkQueue queue, ConsoleCatalogue names,
        PageFrames frames, CancellationToken cancellation)
    {
        var user = ConsoleUser.Of(context);
        var query = LinksQuery.Read(context.Request.Query);
        var page = await queue.PageAsync(query.ToFilter(user.Region, user.Consumer), PageSize, query.After,
            cancellation);
        return frames.Show<LinksPage>(context, new LinksView(query, page, names));
    }

    private static async Task<IResult> ShowAsync(long number, HttpContext context, LinkDesk desk, PageFrames frames,
        CancellationToken cancellation)
    {
        var notice = context.Request.Query[LinksQuery.Field.Done].ToString() switch
        {
            nameof(VerdictOutcome.Taken) => new LinkNotice(LinksText.Taken, IsFault: false),
            nameof(VerdictOutcome.AwaitsSecond) => new LinkNotice(LinksText.AwaitsSecond, IsFault: false),
            _ => null,
        };
        var back = "links" + LinksQuery.Read(context.Request.Query).ToQueryString();
        return await PageAsync(context, desk, frames, new Shown(number,
            AuditOf(context.Request.Query[LinksQuery.Field.Audit]), back, notice),
            StatusCodes.Status200OK, cancellation);
    }

    private static async Task<IResult> RuleAsync(long number, HttpContext context, LinkDesk desk, PageFrames frames,
        CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var back = form["back"].ToString() is { Length: < 200 } address && address.StartsWith("links",
            StringComparison.Ordinal)
            && SignInEndpoints.LocalAddress($"/{address}") == $"/{address}" ? address : "links";
        var audit = AuditOf(form["audit"]);
        var reason = new string([.. form["reason"].ToString().Trim().Where(c => !char.IsControl(c) || c == '\n').Take(
            ReasonLengthMax)]);
        Task<IResult> Refused(string why, int status) => PageAsync(context, desk, frames,
            new Shown(number, audit, back, new LinkNotice(why, IsFault: true)), status, cancellation);
        if (!PartyId.TryParse(form["party"].ToString(), out var party)
            || !Enum.TryParse<LinkVerdict>(form["verdict"].ToString(), out var verdict) || !Enum.IsDefined(verdict))
            return await Refused(LinksText.ChoiceMissing, StatusCodes.Status400BadRequest);
        if (verdict == LinkVerdict.Different && reason.Length == 0)
            return await Refused(LinksText.ReasonMissing, StatusCodes.Status400BadRequest);
        var outcome = await desk.RuleAsync(ConsoleUser.Of(context), number, verdict, party, reason,
            form["version"].ToString(), audit, cancellation);
        return outcome switch
        {
            VerdictOutcome.Taken or VerdictOutcome.AwaitsSecond when audit is null => Results.LocalRedirect(
                string.Create(CultureInfo.InvariantCulture, $"/links/{number}{With(back, outcome)}")),
            VerdictOutcome.Taken or VerdictOutcome.AwaitsSecond => Results.LocalRedirect($"/{back}"),
            VerdictOutcome.Changed => await Refused(await desk.ChangedAsync(number, ConsoleUser.Of(context),
                cancellation),
                StatusCodes.Status409Conflict),
            VerdictOutcome.Busy => await Refused(LinksText.Busy, StatusCodes.Status503ServiceUnavailable),
            _ => NotFound(frames.For(context)),
        };
    }

    private static string With(string back, VerdictOutcome outcome)
    {
        var query = back.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? back[at..] + "&" : "?";
        return $"{query}{LinksQuery.Field.Done}={outcome}";
    }

    private static long? AuditOf(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var audit) ? audit : null;

    private static async Task<IResult> PageAsync(HttpContext context, LinkDesk desk, PageFrames frames, Shown shown,
        int status,
        CancellationToken cancellation)
    {
        var view = await desk.ViewAsync(ConsoleUser.Of(context), shown.Number, shown.Audit, shown.Back, cancellation);
        if (view is null)
            return NotFound(frames.For(context));
        return frames.Show<LinkPage>(context, view with { Notice = shown.Notice }, status);
    }

    private static RazorComponentResult NotFound(PageFrame frame) =>
        ErrorEndpoints.Page(frame, StatusCodes.Status404NotFound, LinksText.NoSuchRow, LinksText.NoSuchRowRemedy);

    private sealed record Shown(long Number, long? Audit, string Back, LinkNotice? Notice);
}

/// <summary>Puts a row before an officer, and his verdict into the store.</summary>
internal sealed class LinkDesk(LinkQueue queue, LinkRulings rulings, LinkAudits audits, ConsoleCatalogue names,
    ParameterSet parameters, TimeProvider clock)
{
    /// <summary>Null when there is no such row in the officer's branch.</summary>
    public async Task<LinkView?> ViewAsync(ConsoleUser user, long number, long? audit, string back,
        CancellationToken cancellation)
    {
        if (await queue.GetAsync(number, user.Region, cancellation) is not { } row)
            return null;
        if (audit is { } sample)
            return await BlindAsync(row, sample, user, cancellation);
        var explanation = LinkView.ExplanationOf(row);
        var parties = LinkView.PartiesOf(row, explanation);
        var faces = await queue.FacesAsync(parties, cancellation);
        return new LinkView(row, [.. parties.Select(p => LinkView.CandidateOf(p, explanation, faces[p], names))],
            LinkView.FieldsOf(explanation), explanation, names, back, user.Consumer, row.Interest >= TwoPersonFrom(),
                audit);
    }

    /// <summary>The row beside the entry of the sample, and nothing of what was decided.</summary>
    private async Task<LinkView?> BlindAsync(OpenRowView row, long sample, ConsoleUser user,
        CancellationToken cancellation)
    {
        if (await audits.ShownAsync(sample, row.Number, cancellation) is not { } party)
            return null;
        var faces = await queue.FacesAsync([party], cancellation);
        return new LinkView(row, [LinkView.CandidateOf(party, null, faces[party], names)], [], null, names,
            "links/audit",
            user.Consumer, NeedsTwo: false, sample);
    }

    public Task<VerdictOutcome> RuleAsync(ConsoleUser user, long number, LinkVerdict verdict, PartyId party,
        string reason,
        string version, long? audit, CancellationToken cancellation) => rulings.RuleAsync(
            new GivenVerdict(number, user.Region, user.Consumer, verdict, party, reason, version, TwoPersonFrom(),
                audit), cancellation);

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
