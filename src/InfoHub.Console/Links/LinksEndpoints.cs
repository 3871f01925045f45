using System.Globalization;
using InfoHub.Console.Errors;
using InfoHub.Console.Shell;
using InfoHub.Console.SignIn;
using InfoHub.Domain.Identity;
using InfoHub.Linkage.Register;
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
        signedIn.MapPost("/links/{number:long}/search", SearchAsync).AddEndpointFilter<PostedForm>();
        // Where whoever has to sign in again between two clicks comes out.
        signedIn.MapGet("/links/{number:long}/search", (long number, HttpContext context) => Results.LocalRedirect(
            string.Create(CultureInfo.InvariantCulture, $"/links/{number}{context.Request.QueryString}")));
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

    private static Task<IResult> ShowAsync(long number, HttpContext context, LinkDesk desk, PageFrames frames,
        CancellationToken cancellation)
    {
        var notice = context.Request.Query[LinksQuery.Field.Done].ToString() switch
        {
            nameof(VerdictOutcome.Taken) => new LinkNotice(LinksText.Taken, IsFault: false),
            nameof(VerdictOutcome.AwaitsSecond) => new LinkNotice(LinksText.AwaitsSecond, IsFault: false),
            _ => null,
        };
        var form = LinkForm.Empty with
        {
            Audit = LinkForm.AuditOf(context.Request.Query[LinksQuery.Field.Audit]),
            Back = "links" + LinksQuery.Read(context.Request.Query).ToQueryString(),
        };
        return PageAsync(context, desk, frames, number, form, notice, StatusCodes.Status200OK, cancellation);
    }

    /// <summary>Posted, not asked for by address: what is searched for may be a person's name or number.</summary>
    private static async Task<IResult> SearchAsync(long number, HttpContext context, LinkDesk desk, PageFrames frames,
        CancellationToken cancellation)
    {
        var form = LinkForm.Read(await context.Request.ReadFormAsync(cancellation)) with { IsSearch = true };
        return await PageAsync(context, desk, frames, number, form, null, StatusCodes.Status200OK, cancellation);
    }

    private static async Task<IResult> RuleAsync(long number, HttpContext context, LinkDesk desk, PageFrames frames,
        CancellationToken cancellation)
    {
        var form = LinkForm.Read(await context.Request.ReadFormAsync(cancellation));
        Task<IResult> Refused(string why, int status) =>
            PageAsync(context, desk, frames, number, form, new LinkNotice(why, IsFault: true), status, cancellation);
        if (form.Fault is { } fault)
            return await Refused(fault, StatusCodes.Status400BadRequest);
        var user = ConsoleUser.Of(context);
        var outcome = await desk.RuleAsync(user, number, form, cancellation);
        return outcome switch
        {
            VerdictOutcome.Taken or VerdictOutcome.AwaitsSecond when form.Audit is null => Results.LocalRedirect(
                string.Create(CultureInfo.InvariantCulture, $"/links/{number}{With(form.Back, outcome)}")),
            VerdictOutcome.Taken or VerdictOutcome.AwaitsSecond =>
                Results.LocalRedirect($"/links/audit?{LinksQuery.Field.Done}={outcome}"),
            VerdictOutcome.Changed => await Refused(await desk.ChangedAsync(number, user, cancellation),
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

    private static async Task<IResult> PageAsync(HttpContext context, LinkDesk desk, PageFrames frames, long number,
        LinkForm form, LinkNotice? notice, int status, CancellationToken cancellation)
    {
        var user = ConsoleUser.Of(context);
        if (await desk.ViewAsync(user, number, form, cancellation) is not { } view)
            return NotFound(frames.For(context));
        var found = await desk.SearchAsync(user, form, cancellation);
        return frames.Show<LinkPage>(context, view with { Notice = notice, Found = found }, status);
    }

    private static RazorComponentResult NotFound(PageFrame frame) =>
        ErrorEndpoints.Page(frame, StatusCodes.Status404NotFound, LinksText.NoSuchRow, LinksText.NoSuchRowRemedy);
}

/// <summary>What an officer has filled in beside a row: kept while he searches, and when it is not taken.</summary>
/// <param name="Back">Address of the list he came from.</param>
/// <param name="Audit">The sample that is judged without the decision; null outside an audit.</param>
/// <param name="Party">The entry he chose; null while he chose none.</param>
/// <param name="Verdict">Null while he only looks.</param>
/// <param name="Version">Of the row as he saw it.</param>
public sealed record LinkForm(
    string Back, long? Audit, PartyId? Party, LinkVerdict? Verdict, string Reason, string Version, SearchedText Asked)
{
    public const int AskedLengthMax = 60;

    internal static readonly LinkForm Empty = new("links", null, null, null, "", "", new SearchedText("", "", "", ""));

    /// <summary>He asked for a search, however little he wrote.</summary>
    internal bool IsSearch { get; init; }

    /// <summary>Blind, an entry is the right one, or none is: "different" would tell nothing of the register.</summary>
    internal string? Fault => Verdict switch
    {
        null => LinksText.ChoiceMissing,
        LinkVerdict.Same when Party is null => LinksText.ChoiceMissing,
        LinkVerdict.Different when Party is null || Audit is not null => LinksText.ChoiceMissing,
        LinkVerdict.Different when Reason.Length == 0 => LinksText.ReasonMissing,
        LinkVerdict.Nobody when Audit is null && Reason.Length == 0 => LinksText.NobodyReasonMissing,
        _ => null,
    };

    /// <summary>Whom the verdict is about; nobody is about the row, and so is a doubt without an entry.</summary>
    internal PartyId About => Verdict == LinkVerdict.Nobody || (Verdict == LinkVerdict.NotSure && Audit is not null)
        ? default : Party ?? default;

    internal static LinkForm Read(IFormCollection form)
    {
        string Of(string name, int lengthMax) => new([.. form[name].ToString().Trim()
            .Where(c => !char.IsControl(c) || c == '\n').Take(lengthMax)]);
        return new LinkForm(
            form["back"].ToString() is { Length: < 200 } address
                && address.StartsWith("links", StringComparison.Ordinal)
                && SignInEndpoints.LocalAddress($"/{address}") == $"/{address}" ? address : "links",
            AuditOf(form["audit"]), PartyId.TryParse(form["party"].ToString(), out var party) ? party : null,
            Enum.TryParse<LinkVerdict>(form["verdict"].ToString(), out var verdict) && Enum.IsDefined(verdict)
                ? verdict : null,
            Of("reason", LinksEndpoints.ReasonLengthMax), form["version"].ToString(),
            new SearchedText(Of("name", AskedLengthMax), Of("address", AskedLengthMax), Of("person", AskedLengthMax),
                Of("code", AskedLengthMax)));
    }

    internal static long? AuditOf(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var audit) ? audit : null;
}
