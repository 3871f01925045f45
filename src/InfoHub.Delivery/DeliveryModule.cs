using InfoHub.Delivery.Query;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Findings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace InfoHub.Delivery;

/// <summary>
/// Delivery: gives findings to whoever is entitled to them. Needs in DI: the store's <c>NpgsqlDataSource</c>, and the
/// titles of the models as <c>IReadOnlyDictionary&lt;string, string&gt;</c> (model id → zh-CN title).
/// </summary>
public static class DeliveryModule
{
    /// <param name="services">The host's services.</param>
    /// <param name="mapperLicenceKey">AutoMapper's licence key; without one it logs a notice.</param>
    public static IServiceCollection AddDelivery(this IServiceCollection services, string? mapperLicenceKey = null)
    {
        services.AddGrpc();
        services.AddAutoMapper(mapper =>
        {
            if (mapperLicenceKey is not null)
                mapper.LicenseKey = mapperLicenceKey;
            mapper.AddProfile<DeliveryProfile>();
        });
        services.TryAddSingleton<FindingQuery>();
        return services;
    }

    /// <summary>Maps the gRPC service; only consumers pass.</summary>
    public static IEndpointConventionBuilder MapDelivery(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGrpcService<FindingsService>().RequireAuthorization(HubPolicies.Consumer);
}
