using System.Globalization;
using System.Net;
using System.Text;
using InfoHub.Domain.Identity;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace InfoHub.Host.Authority;

/// <summary><c>POST /connect/token</c>: client credentials (RFC 6749 §4.4), secret by Basic or in the form.</summary>
internal sealed class TokenEndpoint(
    AuthorityOptions options, SigningKey key, ClientRegistry clients, AttemptLimit attempts, ILogger<TokenEndpoint> log)
{
    private const int FormBytesMax = 8 << 10;
    private const int FormValuesMax = 16;

    private readonly JsonWebTokenHandler _tokens = new() { SetDefaultTimesOnTokenCreation = false };

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var form = await ReadFormAsync(context);
        if (form is null || form.Any(field => field.Value.Count != 1) || !TryReadClient(context, form, out var client, out var isBasic))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_request");
            return;
        }
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var wait = attempts.WaitFor(client.Id, address);
        if (wait is { } time && !await attempts.IsKnownAsync(client.Id, address, context.RequestAborted))
        {
            await PutOffAsync(context, time, client.Id);
            return;
        }
        if (clients.Find(client.Id, client.Secret) is not { } caller)
        {
            attempts.Failed(client.Id, address);
            if (isBasic)
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"infohub\"";
            await (wait is { } left ? PutOffAsync(context, left, client.Id)
                : RefuseAsync(context, StatusCodes.Status401Unauthorized, "invalid_client", client.Id));
            return;
        }
        await attempts.SucceededAsync(client.Id, address, context.RequestAborted);
        var grant = form["grant_type"].ToString();
        if (grant != "client_credentials")
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, grant.Length == 0 ? "invalid_request" : "unsupported_grant_type", client.Id);
            return;
        }
        Log.TokenIssued(log, caller.ClientId);
        await context.Response.WriteAsJsonAsync(
            new { access_token = Issue(caller), token_type = "Bearer", expires_in = (long)options.TokenLifetime.TotalSeconds },
            context.RequestAborted);
    }

    private string Issue(Caller caller)
    {
        var now = options.Clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = caller.ClientId,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("n"),
            [CallerClaims.ClientId] = caller.ClientId,
        };
        if (caller.Kind == CallerKind.Department)
            (claims[CallerClaims.Kind], claims[CallerClaims.Department]) = (CallerClaims.KindDepartment, caller.Department);
        else
            (claims[CallerClaims.Kind], claims[CallerClaims.Region]) = (CallerClaims.KindConsumer, caller.Region);
        return _tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AuthorityModule.IssuerOf(options), Audience = options.Audience, Claims = claims,
            IssuedAt = now, NotBefore = now, Expires = now + options.TokenLifetime,
            SigningCredentials = new SigningCredentials(key.Security, SecurityAlgorithms.EcdsaSha256),
        });
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength is null or > FormBytesMax)
            return null;
        try
        {
            return await context.Request.ReadFormAsync(
                new FormOptions { ValueCountLimit = FormValuesMax, ValueLengthLimit = FormBytesMax, BufferBodyLengthLimit = FormBytesMax },
                context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>False when credentials come in two ways or in none (RFC 6749 §2.3: one way only).</summary>
    private static bool TryReadClient(HttpContext context, IFormCollection form, out (string Id, string Secret) client, out bool isBasic)
    {
        var header = context.Request.Headers.Authorization.ToString();
        isBasic = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
        client = (form["client_id"].ToString(), form["client_secret"].ToString());
        if (!isBasic)
            return header.Length == 0 && client.Id.Length > 0 && client.Secret.Length > 0;
        var named = client.Id;
        return client.Secret.Length == 0 && TryReadBasic(header["Basic ".Length..].Trim(), out client) && (named.Length == 0 || named == client.Id);
    }

    private static bool TryReadBasic(string encoded, out (string Id, string Secret) client)
    {
        client = ("", "");
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var count))
            return false;
        var text = Encoding.UTF8.GetString(bytes, 0, count);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            return false;
        client = (WebUtility.UrlDecode(text[..colon]), WebUtility.UrlDecode(text[(colon + 1)..]));
        return true;
    }

    private Task PutOffAsync(HttpContext context, TimeSpan wait, string client)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return RefuseAsync(context, StatusCodes.Status429TooManyRequests, "invalid_client", client);
    }

    private Task RefuseAsync(HttpContext context, int status, string error, string client = "")
    {
        Log.TokenRefused(log, clients.Knows(client) ? client : "(unknown)", error);
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error }, context.RequestAborted);
    }
}
