using Grpc.Core;
using InfoHub.Contracts.Health.V1;
using InfoHub.Host.Problems;
using InfoHub.Templates.Problems;
using Status = InfoHub.Contracts.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace InfoHub.Host.Health;

/// <summary>
/// <c>grpc.health.v1</c>: load balancers and stock tools ask without a token and learn nothing but yes or no.
/// </summary>
internal sealed class HealthService(HealthMonitor monitor, IHostApplicationLifetime lifetime)
    : Contracts.Health.V1.Health.HealthBase
{
    private const int WatchersMax = 256;
    private const int RetryAfterSeconds = 5;

    private static readonly TimeSpan WatchPoll = TimeSpan.FromMilliseconds(200);

    private static int _watchers;

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        monitor.Of(request.Service) is var status && status != Status.ServiceUnknown
            ? Task.FromResult(new HealthCheckResponse { Status = status })
            : throw ProblemStatus.ToException(new Templates.Problems.Problem(ProblemCatalogue.RequestUnsound,
                ("field", "service"), ("reason", "本平台没有这个服务")), StatusCode.NotFound);

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var end =
            CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            if (Interlocked.Increment(ref _watchers) > WatchersMax)
                throw new ProblemException(
                    Templates.Problems.Problem.Busy(RetryAfterSeconds));
            for (var told = Status.Unknown; ; await Task.Delay(WatchPoll, end.Token))
            {
                var status = monitor.Of(request.Service);
                if (status == told)
                    continue;
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, end.Token);
                told = status;
            }
        }
        catch (OperationCanceledException) when (
            lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            await responseStream.WriteAsync(
                new HealthCheckResponse { Status = Status.NotServing }, context.CancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }
}
