using System.Globalization;
using InfoHub.Console.Shell;
using InfoHub.Console.SignIn;
using InfoHub.Domain.Parameters;
using InfoHub.Storage.Parties;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace InfoHub.Console.Links;

/// <summary>How well linking decides, and the sample by which that is known.</summary>
internal static class LinkModelEndpoints
{
    public const int PendingMax = 200;

    private const int ModelsMax = 50;
    private const int SeedShown = 1;

    public static void Map(RouteGroupBuilder signedIn)
    {
        signedIn.MapGet("/links/model", ShowAsync);
        signedIn.MapPost("/links/model", DrawAsync).AddEndpointFilter<PostedForm>();
        signedIn.MapGet("/links/audit", AuditAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, LinkAudits audits, LinkModelStore models,
        PageFrames frames,
        CancellationToken cancellation)
    {
        var user = ConsoleUser.Of(context);
        var drawn = int.TryParse(context.Request.Query["drawn"].ToString(), NumberStyles.None,
            CultureInfo.InvariantCulture, out var count)
            ? string.Format(CultureInfo.InvariantCulture, LinkModelText.Drawn, count)
            : context.Request.Query.ContainsKey("unsound") ? LinkModelText.DrawUnsound : "";
        var bands = await audits.BandsAsync(cancellation);
        var pending = await audits.PendingAsync(user.Region, user.Consumer, PendingMax, cancellation);
        var view = new LinkModelView([.. bands.Select(b => new BandView(LinkModelView.NameOf(b.Band), b))],
            await audits.CalibrationAsync("", cancellation), await audits.OutcomesAsync(user.Region, cancellation),
            [.. (await models.ListAsync(ModelsMax, cancellation)).Select(ModelRow.Of)], pending.Count, SeedShown,
                drawn);
        return frames.Show<LinkModelPage>(context, view);
    }

    private static async Task<IResult> DrawAsync(HttpContext context, LinkAudits audits, ParameterSet parameters,
        TimeProvider clock, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        if (!int.TryParse(form["count"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is 0 or > LinkAudits.BandMax
            || !int.TryParse(form["seed"].ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out var seed))
            return Results.LocalRedirect("/links/model?unsound");
        var interest = LinkInterest.Of(parameters, PageFrames.Today(clock));
        var drawn = await audits.DrawAsync(ConsoleUser.Of(context).Region, seed, count, interest, cancellation);
        return Results.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/links/model?drawn={drawn}"));
    }

    private static async Task<IResult> AuditAsync(HttpContext context, LinkAudits audits, ConsoleCatalogue names,
        PageFrames frames,
        CancellationToken cancellation)
    {
        var user = ConsoleUser.Of(context);
        return new RazorComponentResult<LinkAuditPage>(new Dictionary<string, object?>
        {
            [nameof(LinkAuditPage.Page)] = frames.For(context),
            [nameof(LinkAuditPage.Items)] = await audits.PendingAsync(user.Region, user.Consumer, PendingMax,
                cancellation),
            [nameof(LinkAuditPage.Names)] = names,
        });
    }
}
