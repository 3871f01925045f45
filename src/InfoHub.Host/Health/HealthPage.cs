using System.Net;
using Status = InfoHub.Contracts.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace InfoHub.Host.Health;

/// <summary>
/// <c>/health</c>: what a person or a supervisor on this machine asks with curl. 200 when all is well, else 503, and
/// what is wrong in either case.
/// </summary>
internal static class HealthPage
{
    private const string Path = "/health";

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapGet(Path, (HttpContext context, HealthMonitor monitor) => !IsOfThisMachine(context) ? Results.NotFound()
            : Results.Json(monitor.Told(), statusCode: monitor.Of("") == Status.Serving
                ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable))
        .AllowAnonymous();

    /// <summary>The same door for whatever else tells of the hub's inside.</summary>
    public static async Task OnThisMachineAsync(HttpContext context, RequestDelegate next)
    {
        if (IsOfThisMachine(context))
            await next(context);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>
    /// What is said tells of departments and addresses: nobody gets it through a proxy, which names those it asks for.
    /// </summary>
    private static bool IsOfThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For");
}
