using InfoHub.Domain.Identity;
using InfoHub.Storage.Access;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.Tokens;

namespace InfoHub.Host.Authority;

/// <summary>
/// Who is calling: validates tokens of the configured authority, and is that authority itself unless
/// <c>Auth:Authority</c> names another. Deny by default: an endpoint that names no policy needs a valid token.
/// </summary>
public static class AuthorityModule
{
    private const string TokenPath = "/connect/token";
    private const string DiscoveryPath = "/.well-known/openid-configuration";
    private const string KeysPath = DiscoveryPath + "/jwks";
    private static readonly TimeSpan ClockSkewMax = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddAuthority(this IServiceCollection services, AuthorityOptions options)
    {
        services.AddSingleton(options);
        services.AddAuthentication().AddJwtBearer(JwtBearerDefaults.AuthenticationScheme, bearer => Validate(bearer, options));
        if (options.External is null)
        {
            services.AddSingleton(_ => SigningKey.Read(options.SigningKey));
            services.AddSingleton<ClientRegistry>();
            services.TryAddSingleton<ClientAddresses>();
            services.AddSingleton<AttemptLimit>();
            services.AddSingleton<TokenEndpoint>();
            services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
                .Configure<SigningKey>((bearer, key) => bearer.TokenValidationParameters.IssuerSigningKey = key.Security);
        }
        services.AddAuthorizationBuilder()
            .AddPolicy(HubPolicies.Department, policy => Require(policy, CallerKind.Department))
            .AddPolicy(HubPolicies.Consumer, policy => Require(policy, CallerKind.Consumer))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(JwtBearerDefaults.AuthenticationScheme).RequireAuthenticatedUser().Build());
        return services;
    }

    /// <summary>
    /// Maps the built-in authority's endpoints and makes key and clients now; nothing when it is external.
    /// </summary>
    public static IEndpointRouteBuilder MapAuthority(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<AuthorityOptions>();
        if (options.External is not null)
            return endpoints;
        var key = endpoints.ServiceProvider.GetRequiredService<SigningKey>();
        var token = endpoints.ServiceProvider.GetRequiredService<TokenEndpoint>();
        var issuer = IssuerOf(options);
        endpoints.MapGet(DiscoveryPath, () => Results.Json(new
        {
            issuer,
            token_endpoint = issuer + TokenPath,
            jwks_uri = issuer + KeysPath,
            grant_types_supported = new[] { "client_credentials" },
            response_types_supported = new[] { "token" },
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { SecurityAlgorithms.EcdsaSha256 },
            token_endpoint_auth_methods_supported = new[] { "client_secret_basic", "client_secret_post" },
        })).AllowAnonymous();
        endpoints.MapGet(KeysPath, () => Results.Json(key.KeySet())).AllowAnonymous();
        endpoints.MapPost(TokenPath, token.HandleAsync).AllowAnonymous();
        return endpoints;
    }

    internal static string IssuerOf(AuthorityOptions options) => options.Issuer.AbsoluteUri.TrimEnd('/');

    private static void Require(AuthorizationPolicyBuilder policy, CallerKind kind) => policy
        .AddAuthenticationSchemes(JwtBearerDefaults.AuthenticationScheme)
        .RequireAssertion(context => Caller.TryRead(context.User, out var caller) && caller.Kind == kind);

    private static void Validate(JwtBearerOptions bearer, AuthorityOptions options)
    {
        bearer.MapInboundClaims = false;
        bearer.TimeProvider = options.Clock;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = options.Audience, ClockSkew = ClockSkewMax, NameClaimType = CallerClaims.ClientId,
            // No symmetric algorithm: a public key must never pass as a shared secret.
            ValidAlgorithms =
            [
                SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha256,
                SecurityAlgorithms.RsaSsaPssSha256,
            ],
        };
        if (options.External is null)
        {
            // Whoever has the key is a host of this store, whatever address it goes by.
            bearer.TokenValidationParameters.ValidateIssuer = false;
            return;
        }
        bearer.Authority = options.External.AbsoluteUri.TrimEnd('/');
        bearer.RequireHttpsMetadata = !options.External.IsLoopback;
    }
}
