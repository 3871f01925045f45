using InfoHub.Console.Errors;
using InfoHub.Console.Shell;
using InfoHub.Console.SignIn;
using InfoHub.Storage.Findings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace InfoHub.Console.Findings;

internal static class FindingsEndpoints
{
    public const int PageSize = 50;

    private const int IdLengthMax = 100;

    public static void Map(RouteGroupBuilder signedIn)
    {
        signedIn.MapGet("/", ListAsync);
        signedIn.MapGet("/findings", ListAsync);
        signedIn.MapGet("/findings/{id}", ShowAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, FindingQuery findings, FindingFigures figures,
        ConsoleCatalogue names, PageFrames frames, CancellationToken cancellation)
    {
        var scope = ConsoleUser.Of(context).Region;
        var query = FindingsQuery.Read(context.Request.Query);
        var filter = query.ToFilter(scope);
        var perModel = await figures.PerModelAsync(filter, cancellation);
        var page = await findings.SearchAsync(filter, PageSize, query.After, cancellation);
        return frames.Show<FindingsPage>(context, new FindingsView(query, page, perModel, names, scope)
        {
            Codes = names.Divisions.Length > 0 ? [] : await figures.DivisionsAsync(scope, cancellation),
        });
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext context, FindingDesk desk, PageFrames frames,
        CancellationToken cancellation)
    {
        var readable = id.Length <= IdLengthMax && !id.Any(char.IsControl);
        var list = FindingsQuery.Read(context.Request.Query);
        if (!readable || await desk.ViewAsync(id, ConsoleUser.Of(context).Region, list, cancellation) is not { } view)
            return ErrorEndpoints.Page(frames.For(context), StatusCodes.Status404NotFound, ErrorsText.NoSuchFinding,
                ErrorsText.NoSuchFindingRemedy);
        return frames.Show<FindingDetailPage>(context, view);
    }
}
