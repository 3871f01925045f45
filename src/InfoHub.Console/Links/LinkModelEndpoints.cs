using System.Globalization;
using InfoHub.Console.Shell;
using InfoHub.Console.SignIn;
using InfoHub.Domain.Parameters;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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

    private static async Task<IResult> ShowAsync(HttpContext context, LinkModelDesk desk, LinkAudits audits,
        LinkModelStore models, PageFrames frames, CancellationToken cancellation)
    {
        var user = ConsoleUser.Of(context);
        var notice = int.TryParse(context.Request.Query["drawn"].ToString(), NumberStyles.None,
            CultureInfo.InvariantCulture, out var count)
            ? new LinkNotice(string.Format(CultureInfo.InvariantCulture, LinkModelText.Drawn, count), IsFault: false)
            : context.Request.Query.ContainsKey("busy") ? new LinkNotice(LinkModelText.DrawBusy, IsFault: true)
            : context.Request.Query.ContainsKey("unsound") ? new LinkNotice(LinkModelText.DrawUnsound, IsFault: true)
            : null;
        var pending = await audits.PendingAsync(user.Region, user.Consumer, PendingMax, cancellation);
        return frames.Show<LinkModelPage>(context, new LinkModelView(
            await desk.RatesAsync(user.Region, cancellation), await audits.CalibrationAsync("", cancellation),
            [.. (await models.ListAsync(ModelsMax, cancellation)).Select(ModelRow.Of)], pending.Count, SeedShown,
            notice));
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
        return Results.LocalRedirect(drawn is null ? "/links/model?busy"
            : string.Create(CultureInfo.InvariantCulture, $"/links/model?drawn={drawn}"));
    }

    private static async Task<IResult> AuditAsync(HttpContext context, LinkAudits audits, ConsoleCatalogue names,
        PageFrames frames, CancellationToken cancellation)
    {
        var user = ConsoleUser.Of(context);
        var items = await audits.PendingAsync(user.Region, user.Consumer, PendingMax, cancellation);
        var notice = context.Request.Query.ContainsKey(LinksQuery.Field.Done) ? LinksText.AuditTaken : "";
        return frames.Show<LinkAuditPage>(context, new LinkAuditView(items, names, notice));
    }
}

/// <summary>Works out what the blind verdicts tell of the whole, of departments and of branches.</summary>
internal sealed class LinkModelDesk(LinkAudits audits, TemplateRegistry templates, ConsoleCatalogue names,
    ParameterSet parameters, TimeProvider clock)
{
    public async Task<ErrorRatesView> RatesAsync(string scope, CancellationToken cancellation)
    {
        var bands = await audits.BandsAsync(scope, cancellation);
        var strata = await audits.StrataAsync(cancellation);
        var titles = templates.All.Select(t => t.Template).GroupBy(t => t.Department)
            .ToDictionary(g => g.Key, g => g.MaxBy(t => t.Version)!.DepartmentTitle);
        var departments = bands.Where(b => b.Department.Length > 0).GroupBy(b => b.Department).Select(g =>
            GroupView.Of($"{g.Key} {titles.GetValueOrDefault(g.Key, "")}".TrimEnd(), [.. g],
                strata.Where(s => s.Department == g.Key)));
        var branches = bands.Where(b => b.Branch.Length > 0).GroupBy(b => b.Branch).Select(g =>
            GroupView.Of(names.DivisionName(g.Key), [.. g], strata.Where(s => s.Branch == g.Key)));
        return new ErrorRatesView(
            [.. BandView.All([.. bands.Where(b => b.Department.Length + b.Branch.Length == 0)], strata)],
            [.. departments], [.. branches], (int)parameters.At("linkage.audit-rows", PageFrames.Today(clock)).Value,
            strata.Where(s => s.Branch.StartsWith(scope, StringComparison.Ordinal)).GroupBy(s => s.Band)
                .OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Sum(s => s.Rows)));
    }
}
