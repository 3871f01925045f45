using InfoHub.Console.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace InfoHub.Console.Errors;

internal static class ErrorEndpoints
{
    /// <summary>Addresses nobody serves. Behind sign-in, so that a stranger cannot tell which pages exist.</summary>
    public static void Map(RouteGroupBuilder signedIn) =>
        signedIn.MapGet("/{*path:nonfile}", (HttpContext context, PageFrames frames) =>
                Page(frames.For(context), StatusCodes.Status404NotFound, ErrorsText.NoSuchPage, ErrorsText.NoSuchPageRemedy))
            .WithOrder(int.MaxValue);

    public static RazorComponentResult Page(PageFrame frame, int status, string title, string remedy, string traceId = "") =>
        new RazorComponentResult<MessagePage>(new Dictionary<string, object?>
        {
            [nameof(MessagePage.Page)] = frame,
            [nameof(MessagePage.Title)] = title,
            [nameof(MessagePage.Remedy)] = remedy,
            [nameof(MessagePage.TraceId)] = traceId,
        })
        { StatusCode = status };
}
