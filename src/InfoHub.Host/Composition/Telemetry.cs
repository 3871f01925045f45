using System.Net;
using System.Net.Sockets;
using InfoHub.Host.Health;
using InfoHub.Streaming;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace InfoHub.Host.Composition;

/// <summary>
/// The stages' figures, for whoever asks at <see cref="Path"/> on this machine, and for an OTLP collector when
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one.
/// </summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public const string Path = "/metrics";

    /// <summary>From a request to the longest check; the library's own bounds are meant for milliseconds.</summary>
    private static readonly double[] Seconds = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900];

    public static MeterProvider Start(IConfiguration configuration)
    {
        var meters = Sdk.CreateMeterProviderBuilder().AddMeter(StageMetrics.MeterName)
            .AddView(StageMetrics.DurationName, new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
            .AddPrometheusExporter();
        if (configuration[Endpoint] is { Length: > 0 } endpoint)
            meters.AddOtlpExporter(otlp => otlp.Endpoint = new Uri(endpoint));
        return meters.Build();
    }

    /// <summary>Figures name departments and items: they are for this machine.</summary>
    public static void Map(WebApplication application, MeterProvider meters) => application
        .MapPrometheusScrapingEndpoint(Path, meters, branch => branch.Use(HealthPage.OnThisMachineAsync), null)
        .AllowAnonymous();
}

internal static class Ports
{
    /// <summary>The port asked for, or a free one for 0.</summary>
    public static int Choose(int port)
    {
        if (port != 0)
            return port;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
