using InfoHub.Console.Errors;
using InfoHub.Console.Findings;
using InfoHub.Console.Links;
using InfoHub.Console.Problems;
using InfoHub.Console.Shell;
using InfoHub.Console.SignIn;
using InfoHub.Console.Unjudged;
using InfoHub.Domain.Parameters;
using InfoHub.Storage.Access;
using InfoHub.Storage.Findings;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Model;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace InfoHub.Console;

/// <summary>
/// The officers' console. The host registers <see cref="SignInCheck"/>, a data source and, for names beside codes, a
/// <see cref="ConsoleCatalogue"/>; it calls <see cref="AddConsole"/> and <see cref="MapConsole"/> and nothing else.
/// </summary>
public static class ConsoleModule
{
    /// <summary>Cookie scheme of signed-in consumers; never the default scheme of the host.</summary>
    public const string AuthenticationScheme = "infohub-console";

    /// <summary>How long a sign-in lasts without a click.</summary>
    public static readonly TimeSpan IdleTimeMax = TimeSpan.FromMinutes(60);

    /// <summary>How long a sign-in lasts however often it is used: a working day.</summary>
    public static readonly TimeSpan SessionTimeMax = TimeSpan.FromHours(12);

    /// <param name="services">The host's services.</param>
    /// <param name="isSandbox">Every page says that this is a rehearsal.</param>
    public static IServiceCollection AddConsole(this IServiceCollection services, bool isSandbox = false)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "infohub-form";
            options.FormFieldName = PageFrame.FormTokenField;
        });
        services.AddAuthentication().AddCookie(AuthenticationScheme, Configure);
        services.AddSingleton<ConsoleSessions>().AddSingleton<SessionTickets>();
        services.AddOptions<CookieAuthenticationOptions>(AuthenticationScheme)
            .Configure<SessionTickets>((cookie, tickets) => cookie.SessionStore = tickets);
        services.AddAuthorization();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ConsoleCatalogue.Empty);
        services.TryAddSingleton<FindingQuery>();
        services.TryAddSingleton<FindingFigures>();
        services.TryAddSingleton(ParameterSet.Shipped);
        services.TryAddSingleton(new TemplateRegistry([]));
        services.AddSingleton<UnjudgedQuery>();
        services.AddSingleton<LinkQueue>();
        services.AddSingleton<LinkRulings>();
        services.AddSingleton<LinkAudits>();
        services.AddSingleton<LinkModelStore>();
        services.AddSingleton<RegisterEntries>();
        services.AddSingleton<LinkDesk>();
        services.AddSingleton<PartyPlaces>();
        services.AddSingleton<FindingDesk>();
        services.AddSingleton<LinkModelDesk>();
        services.TryAddSingleton<ClientAddresses>();
        services.AddSingleton<SignInThrottle>();
        services.AddScoped<SignInDesk>();
        services.AddSingleton(provider => new PageFrames(
            provider.GetRequiredService<IAntiforgery>(), provider.GetRequiredService<ConsoleCatalogue>(),
            provider.GetRequiredService<LinkQueue>(),
            provider.GetRequiredService<TimeProvider>(), isSandbox));
        return services;
    }

    public static IEndpointRouteBuilder MapConsole(this IEndpointRouteBuilder endpoints)
    {
        ConsoleAssets.Map(endpoints);

        var open = endpoints.MapGroup("").AddEndpointFilter<PageGuard>().AllowAnonymous();
        SignInEndpoints.MapOpen(open);
        ProblemsEndpoints.Map(open);

        var signedIn = endpoints.MapGroup("").AddEndpointFilter<PageGuard>().RequireAuthorization(SignedInConsumer());
        SignInEndpoints.MapSignedIn(signedIn);
        FindingsEndpoints.Map(signedIn);
        UnjudgedEndpoints.Map(signedIn);
        LinksEndpoints.Map(signedIn);
        LinkModelEndpoints.Map(signedIn);
        ErrorEndpoints.Map(signedIn);
        return endpoints;
    }

    private static AuthorizationPolicy SignedInConsumer() => new AuthorizationPolicyBuilder(AuthenticationScheme)
        .RequireAuthenticatedUser()
        .RequireClaim(ConsoleClaims.Kind, ConsoleClaims.KindConsumer)
        .RequireClaim(ConsoleClaims.Region)
        .Build();

    private static void Configure(CookieAuthenticationOptions options)
    {
        options.LoginPath = SignInEndpoints.Path;
        options.AccessDeniedPath = SignInEndpoints.Path;
        options.ReturnUrlParameter = SignInEndpoints.ReturnParameter;
        options.ExpireTimeSpan = IdleTimeMax;
        options.SlidingExpiration = true;
        options.Cookie.Name = "infohub-console";
        options.Cookie.HttpOnly = true;

        // Lax, not Strict: a link to a finding sent by a colleague must open without signing in again.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }
}
