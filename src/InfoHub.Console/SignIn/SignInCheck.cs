using System.Security.Claims;

namespace InfoHub.Console.SignIn;

/// <summary>
/// Tells who signs in, or null when id and secret do not belong together. The principal carries
/// <see cref="ConsoleClaims.Kind"/> and <see cref="ConsoleClaims.Region"/>. The seam on which accounts of people follow.
/// </summary>
public delegate Task<ClaimsPrincipal?> SignInCheck(string clientId, string secret, CancellationToken cancellation);

/// <summary>What the console asks of a principal. FROZEN names: cookies in officers' browsers carry them.</summary>
public static class ConsoleClaims
{
    /// <summary>Division prefix of the consumer's own branch; "" is the whole city.</summary>
    public const string Region = "infohub_region";

    /// <summary>Must be <see cref="KindConsumer"/>: a partner department has no business here.</summary>
    public const string Kind = "infohub_kind";

    public const string KindConsumer = "consumer";
}

/// <summary>The consumer behind a request.</summary>
public sealed record ConsoleUser(string Consumer, string Region)
{
    /// <summary>Null unless <paramref name="principal"/> is a signed-in consumer with a branch.</summary>
    public static ConsoleUser? From(ClaimsPrincipal? principal) =>
        principal?.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name }
        && principal.HasClaim(ConsoleClaims.Kind, ConsoleClaims.KindConsumer)
        && principal.FindFirstValue(ConsoleClaims.Region) is { } region
            ? new ConsoleUser(name, region)
            : null;

    /// <summary>Whoever asks for a page behind sign-in.</summary>
    internal static ConsoleUser Of(Microsoft.AspNetCore.Http.HttpContext context) => From(context.User)
        ?? throw new InvalidOperationException("a page behind sign-in was reached without a consumer");

    /// <summary>Only these claims go into the cookie, whatever else the authority knows.</summary>
    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, Consumer),
            new Claim(ClaimTypes.NameIdentifier, Consumer),
            new Claim(ConsoleClaims.Kind, ConsoleClaims.KindConsumer),
            new Claim(ConsoleClaims.Region, Region),
        ],
        ConsoleModule.AuthenticationScheme));
}
