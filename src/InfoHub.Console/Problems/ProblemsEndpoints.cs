using InfoHub.Console.Shell;
using InfoHub.Templates.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace InfoHub.Console.Problems;

/// <summary>
/// What each number means and what to do: open to all, because whoever meets a problem has not always signed in.
/// </summary>
internal static class ProblemsEndpoints
{
    public const string Path = "problems";

    private const int CodeShownMax = 40;

    public static void Map(RouteGroupBuilder open)
    {
        open.MapGet($"/{Path}", async (HttpContext context, PageFrames frames) =>
            List(await FrameAsync(context, frames), null));
        open.MapGet($"/{Path}/{{code}}", async (string code, HttpContext context, PageFrames frames) =>
            One(await FrameAsync(context, frames), code.Trim()));
    }

    public static string AddressOf(ProblemKind kind) => $"{Path}/{kind.Code}";

    /// <summary>Signed in or not, the page is the same; who is keeps the way back.</summary>
    private static async Task<PageFrame> FrameAsync(HttpContext context, PageFrames frames)
    {
        if (await context.AuthenticateAsync(ConsoleModule.AuthenticationScheme) is { Succeeded: true } signedIn)
            context.User = signedIn.Principal;
        return frames.For(context);
    }

    private static IResult One(PageFrame frame, string code) =>
        !ProblemCatalogue.All.TryGetValue(code.ToUpperInvariant(), out var kind) ? List(frame, code)
        : new RazorComponentResult<ProblemPage>(new Dictionary<string, object?>
        {
            [nameof(ProblemPage.Page)] = frame,
            [nameof(ProblemPage.Kind)] = kind,
        });

    private static RazorComponentResult List(PageFrame frame, string? unknown) =>
        new RazorComponentResult<ProblemsPage>(new Dictionary<string, object?>
        {
            [nameof(ProblemsPage.Page)] = frame,
            [nameof(ProblemsPage.Unknown)] = unknown is { Length: > CodeShownMax } ? unknown[..CodeShownMax] + "…"
                : unknown,
        })
        { StatusCode = unknown is null ? StatusCodes.Status200OK : StatusCodes.Status404NotFound };
}
