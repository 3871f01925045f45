using InfoHub.Domain.Identity;
using InfoHub.Templates.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace InfoHub.Host.Problems;

/// <summary>
/// Makes every failed gRPC call carry its numbered problem, whether a service or the door refused it.
/// </summary>
public static class ProblemModule
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<ProblemInterceptor>();
            // Answered by ProblemEdge, with a number.
            grpc.IgnoreUnknownServices = true;
        });
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswer>();
        return services;
    }

    /// <summary>Goes before authentication: an unknown method is unknown to everybody.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder application)
    {
        ProblemEdge.Use(application);
        return application;
    }

    /// <summary>A refused gRPC call is answered in gRPC; everything else as ASP.NET does.</summary>
    private sealed class AuthorizationAnswer : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _otherwise = new();

        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
        {
            if (result.Succeeded || !ProblemStatus.IsGrpc(context.Request))
                return _otherwise.HandleAsync(next, context, policy, result);
            var client = context.User.FindFirst(CallerClaims.ClientId)?.Value ?? "本客户端";
            ProblemStatus.WriteTo(context.Response, result.Challenged
                ? new Problem(ProblemCatalogue.NotSignedIn)
                : new Problem(ProblemCatalogue.NotYours, ("who", client), ("what", context.Request.Path.Value?.TrimStart('/') ?? "")));
            return Task.CompletedTask;
        }
    }
}
