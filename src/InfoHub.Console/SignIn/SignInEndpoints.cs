using System.Net;
using System.Security.Claims;
using InfoHub.Console.Shell;
using InfoHub.Storage.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace InfoHub.Console.SignIn;

/// <summary>Why a sign-in was refused and what to do, zh-CN.</summary>
public sealed record SignInProblem(int Status, string What, string Remedy)
{
    public static readonly SignInProblem Incomplete = new(StatusCodes.Status400BadRequest, SignInText.Incomplete, "");
    public static readonly SignInProblem Refused =
        new(StatusCodes.Status403Forbidden, SignInText.Refused, SignInText.RefusedRemedy);
    public static readonly SignInProblem NotConsumer =
        new(StatusCodes.Status403Forbidden, SignInText.NotConsumer, SignInText.NotConsumerRemedy);
    public static readonly SignInProblem Throttled =
        new(StatusCodes.Status429TooManyRequests, SignInText.Throttled, SignInText.ThrottledRemedy);
}

internal static class SignInEndpoints
{
    public const string Path = "/signin";
    public const string ReturnParameter = "returnUrl";

    private const string Home = "/";
    private const int FieldLengthMax = 200;

    public static void MapOpen(RouteGroupBuilder open)
    {
        open.MapGet(Path, (HttpContext context, PageFrames frames) =>
            Page(frames.For(context), LocalAddress(context.Request.Query[ReturnParameter]), "", null));
        open.MapPost(Path, SignInAsync).AddEndpointFilter<PostedForm>();
    }

    public static void MapSignedIn(RouteGroupBuilder signedIn) =>
        signedIn.MapPost("/signout", (Delegate)SignOutAsync).AddEndpointFilter<PostedForm>();

    private static async Task<IResult> SignInAsync(HttpContext context, PageFrames frames, SignInDesk desk,
        CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var (clientId, secret) = (form["client_id"].ToString().Trim(), form["secret"].ToString());
        var returnTo = LocalAddress(form[ReturnParameter]);

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var (user, problem) = await desk.AdmitAsync(address, clientId, secret, cancellation);
        if (user is null)
            return Page(frames.For(context), returnTo, clientId, problem);
        await context.SignInAsync(ConsoleModule.AuthenticationScheme, user.ToPrincipal());
        return Results.LocalRedirect(returnTo);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(ConsoleModule.AuthenticationScheme);
        return Results.LocalRedirect(Path);
    }

    /// <summary>Only an address of this site: anything else would make the sign-in page a door to a stranger's.</summary>
    internal static string LocalAddress(string? address) =>
        address is ['/'] or ['/', not ('/' or '\\'), ..] && !address.Any(char.IsControl) ? address : Home;

    private static RazorComponentResult<SignInPage> Page(
        PageFrame frame, string returnTo, string clientId, SignInProblem? problem) =>
        new(new Dictionary<string, object?>
        {
            [nameof(SignInPage.Page)] = frame,
            [nameof(SignInPage.ReturnTo)] = returnTo,
            [nameof(SignInPage.ClientId)] = clientId.Length > FieldLengthMax ? "" : clientId,
            [nameof(SignInPage.Problem)] = problem,
        })
        { StatusCode = problem?.Status ?? StatusCodes.Status200OK };
}

/// <summary>Decides whether somebody may come in.</summary>
internal sealed class SignInDesk(
    SignInCheck check, SignInThrottle throttle, ClientAddresses addresses, ILogger<SignInDesk> log)
{
    private const int FieldLengthMax = 200;

    /// <summary>
    /// After too many refusals nobody is let in from that address but who has been in from there before: the wrong
    /// secrets of others never keep a right one out.
    /// </summary>
    public async Task<(ConsoleUser? User, SignInProblem? Problem)> AdmitAsync(
        IPAddress address, string clientId, string secret, CancellationToken cancellation)
    {
        if (clientId.Length is 0 or > FieldLengthMax || secret.Length is 0 or > FieldLengthMax)
            return (null, SignInProblem.Incomplete);
        var isThrottled = !throttle.Admits(address, clientId);
        if (isThrottled && !await addresses.IsKnownAsync(clientId, address, cancellation))
            return Refused(address, SignInProblem.Throttled);
        if (await check(clientId, secret, cancellation) is not { } principal)
        {
            throttle.CountRefusal(address, clientId);
            return Refused(address, isThrottled ? SignInProblem.Throttled : SignInProblem.Refused);
        }
        if (!principal.HasClaim(ConsoleClaims.Kind, ConsoleClaims.KindConsumer)
            || principal.FindFirstValue(ConsoleClaims.Region) is not { } region)
            return (null, SignInProblem.NotConsumer);
        await addresses.RememberAsync(clientId, address, cancellation);
        Log.SignedIn(log, clientId);
        return (new ConsoleUser(clientId, region), null);
    }

    private (ConsoleUser? User, SignInProblem? Problem) Refused(IPAddress address, SignInProblem problem)
    {
        if (problem == SignInProblem.Throttled)
            Log.SignInThrottled(log, address.ToString());
        else
            Log.SignInRefused(log, address.ToString());
        return (null, problem);
    }
}
