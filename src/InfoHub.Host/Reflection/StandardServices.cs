using InfoHub.Contracts.Delivery.V1;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Host.Composition;
using InfoHub.Host.Health;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace InfoHub.Host.Reflection;

/// <summary>
/// The services every gRPC server is expected to have: health and reflection, open to all, beside those of the roles.
/// </summary>
internal static class StandardServices
{
    public static IServiceCollection AddStandardServices(this IServiceCollection services, HubRoles roles)
    {
        var served = Served(roles).ToArray();
        foreach (var service in served)
            services.AddSingleton(new ServiceNeeds(service.FullName, NeedsSpool: service == Submissions.Descriptor));
        if (roles.HasFlag(HubRoles.Processing))
            services.AddSingleton(new ServiceNeeds(ServiceNeeds.Processing, NeedsSpool: false, NeedsStages: true));
        services.AddSingleton(new DescriptorIndex(
        [
            .. served, Contracts.Health.V1.Health.Descriptor, Contracts.Reflection.V1.ServerReflection.Descriptor,
            Contracts.Reflection.V1Alpha.ServerReflection.Descriptor,
        ]));
        return services.AddSingleton<ReflectionService>().AddSingleton<HealthMonitor>()
            .AddHostedService(provider => provider.GetRequiredService<HealthMonitor>());
    }

    public static void MapStandardServices(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<HealthService>().AllowAnonymous();
        endpoints.MapGrpcService<ReflectionService>().AllowAnonymous();
        endpoints.MapGrpcService<ReflectionAlphaService>().AllowAnonymous();
        HealthPage.Map(endpoints);
    }

    private static IEnumerable<ServiceDescriptor> Served(HubRoles roles)
    {
        if (roles.HasFlag(HubRoles.Intake))
            yield return Submissions.Descriptor;
        if (roles.HasFlag(HubRoles.Delivery))
            yield return Findings.Descriptor;
    }
}
