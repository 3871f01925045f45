using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Contracts.Reflection.V1;
using InfoHub.Host.Problems;
using InfoHub.Stages.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace InfoHub.Stages.Tests.Problems;

/// <summary>The host's edge on Kestrel over loopback, around services that fail as they are told.</summary>
internal sealed class FaultyHub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FaultyHub(WebApplication app, Uri address) =>
        (_app, Address, Channel) = (app, address, GrpcChannel.ForAddress(address));

    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    public Findings.FindingsClient Findings => new(Channel);

    public ServerReflection.ServerReflectionClient Streams => new(Channel);

    /// <summary>What the service does with the next call.</summary>
    public Func<ServerCallContext, Task> Act { get; set; } = _ => Task.CompletedTask;

    public List<string> Logged { get; } = [];

    public static async Task<FaultyHub> StartAsync()
    {
        var address = new Uri($"http://127.0.0.1:{FakeHub.FreePort()}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, address.Port, listen => listen.Protocols = HttpProtocols.Http2));
        FaultyHub? hub = null;
        builder.Logging.ClearProviders().AddProvider(new Recorder(text => hub?.Note(text)));
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorization();
        builder.Services.AddProblems().AddSingleton(_ => new FaultyFindings(context => hub!.Act(context)))
            .AddSingleton<EchoingStream>();
        var app = builder.Build();
        app.UseProblems();
        app.MapGrpcService<FaultyFindings>();
        app.MapGrpcService<EchoingStream>();
        hub = new FaultyHub(app, address);
        await app.StartAsync();
        return hub;
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }

    private void Note(string text)
    {
        lock (Logged)
            Logged.Add(text);
    }

    private sealed class FaultyFindings(Func<ServerCallContext, Task> act) : Findings.FindingsBase
    {
        public override async Task<SearchFindingsReply> Search(SearchFindingsRequest request, ServerCallContext context)
        {
            await act(context);
            return new SearchFindingsReply();
        }
    }

    /// <summary>Answers each message with itself.</summary>
    private sealed class EchoingStream : ServerReflection.ServerReflectionBase
    {
        public override async Task ServerReflectionInfo(IAsyncStreamReader<ServerReflectionRequest> requestStream,
            IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
        {
            while (await requestStream.MoveNext(context.CancellationToken))
                await responseStream.WriteAsync(
                    new ServerReflectionResponse { OriginalRequest = requestStream.Current });
        }
    }

    private sealed class Recorder(Action<string> note) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState,
            Exception?, string> formatter) =>
            note($"{eventId.Id} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
