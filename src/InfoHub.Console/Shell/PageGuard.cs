using System.Diagnostics;
using InfoHub.Console.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace InfoHub.Console.Shell;

/// <summary>
/// The console's edge, around every page: security headers before it, and instead of an unhandled error a page that
/// tells the trace id and nothing else. The result runs inside the guard too, because rendering can fail as well.
/// </summary>
internal sealed class PageGuard(PageFrames frames, ILogger<PageGuard> log) : IEndpointFilter
{
    private const string ContentPolicy =
        "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        SetHeaders(invocation.HttpContext);
        await GuardAsync(invocation.HttpContext, async () =>
        {
            await frames.CountAsync(invocation.HttpContext);
            if (await next(invocation) is IResult result)
                await result.ExecuteAsync(invocation.HttpContext);
        });
        return Results.Empty;
    }

    private async Task GuardAsync(HttpContext context, Func<Task> page)
    {
        try
        {
            await page();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader has gone; there is nobody to tell.
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await ShowAsync(context, bad.StatusCode, ErrorsText.RequestUnsound, ErrorsText.RequestUnsoundRemedy);
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            Log.PageFailed(log, context.Request.Path, TraceId(context), failure);
            await ShowAsync(context, StatusCodes.Status500InternalServerError, ErrorsText.Failed, ErrorsText.FailedRemedy);
        }
    }

    private Task ShowAsync(HttpContext context, int status, string title, string remedy)
    {
        context.Response.Clear();
        SetHeaders(context);
        return ErrorEndpoints.Page(frames.For(context), status, title, remedy, TraceId(context)).ExecuteAsync(context);
    }

    private static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private static void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
