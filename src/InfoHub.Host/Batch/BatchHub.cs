using InfoHub.Host.Composition;
using InfoHub.Processing;
using InfoHub.Streaming;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Batch;

/// <summary>
/// A hub for one batch on free ports: evaluation is held until everything is loaded, and the data folder goes away with
/// it.
/// </summary>
public sealed class BatchHub : IAsyncDisposable
{
    private readonly KafkaMock? _mock;

    private BatchHub(Hub hub, KafkaMock? mock) => (Hub, _mock) = (hub, mock);

    public Hub Hub { get; }

    /// <param name="log"><c>postgres</c>, <c>kafka-mock</c> or <c>kafka=host:port</c>.</param>
    public static async Task<BatchHub> StartAsync(string log, HubOptions options, CancellationToken cancellation)
    {
        var mock = log == "kafka-mock" ? await KafkaMock.StartAsync(cancellation) : null;
        var kafka = mock?.Options ?? log switch
        {
            "postgres" => null,
            _ when log.StartsWith("kafka=", StringComparison.Ordinal) => new KafkaOptions { BootstrapServers = log[6..] },
            _ => throw new ProblemException(new Problem(ProblemCatalogue.ConfigurationUnsound,
                ("key", "--log"), ("value", log), ("reason", "postgres | kafka-mock | kafka=host:port"), ("default", "postgres"))),
        };
        try
        {
            var hub = await Hub.StartAsync(options with
            {
                GrpcPort = 0, WebPort = options.WebPort == 5081 ? 0 : options.WebPort, Kafka = kafka, EvaluationGate = new EvaluationGate(isOpen: false), ResolutionGate = new EvaluationGate(isOpen: false),
                EnvelopesAheadMax = mock is null ? options.EnvelopesAheadMax : KafkaMock.EnvelopesAheadMax,
            }, cancellation);
            return new BatchHub(hub, mock);
        }
        catch
        {
            if (mock is not null)
                await mock.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        if (_mock is not null)
            await _mock.DisposeAsync();
        Directory.Delete(Hub.Options.DataFolder, recursive: true);
    }
}
