using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Core.Interceptors;
using InfoHub.Storage.Parked;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Problems;

/// <summary>
/// The services' edge: requests are checked on the way in, and on the way out no call fails without a number. A
/// <see cref="ProblemException"/> becomes status and trailing problem, an outage of the store UNAVAILABLE, so that
/// callers try again, and what nobody foresaw IH-INT-199 with the number of its log entry. Never logs or tells values.
/// </summary>
internal sealed class ProblemInterceptor(IHostApplicationLifetime lifetime, ILogger<ProblemInterceptor> log)
    : Interceptor
{
    private const int IncidentBytes = 6;
    private const int OutageSeconds = 2;
    private const int StoppingSeconds = 5;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(request, () => continuation(request, context), context);

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(null, () => continuation(new CheckedReader<TRequest>(requestStream), context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(request, () => DoneAsync(continuation(request, responseStream, context)), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(null, () =>
            DoneAsync(continuation(new CheckedReader<TRequest>(requestStream), responseStream, context)), context);

    private async Task<T> GuardAsync<T>(object? request, Func<Task<T>> call, ServerCallContext context)
    {
        try
        {
            RequestText.Require(request);
            return await call();
        }
        catch (ProblemException refused)
        {
            // Whoever is told to wait asks again and again.
            Log.CallRefused(log, refused.Problem.Code == ProblemCatalogue.Overloaded.Code
                ? LogLevel.Debug : LogLevel.Information, context.Method, refused.Problem.Code);
            throw ProblemStatus.ToException(refused.Problem);
        }
        catch (RpcException known)
        {
            throw ProblemStatus.Numbered(known);
        }
        catch (Exception) when (context.CancellationToken.IsCancellationRequested)
        {
            // Nobody is there any more; whatever failed failed because of that.
            throw new RpcException(context.Deadline <= TimeProvider.System.GetUtcNow().UtcDateTime
                ? new Status(StatusCode.DeadlineExceeded, "the caller's deadline has passed")
                    : Status.DefaultCancelled);
        }
        catch (Exception outage) when (Outage.IsOfStore(outage))
        {
            // That the store is away is said once, by whoever looks after it, not by every call that needs it.
            Log.StoreUnavailable(log, context.Method, Outage.ReasonOf(outage));
            throw ProblemStatus.ToException(Problem.Busy(OutageSeconds, "平台的数据库暂时连接不上"));
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw ProblemStatus.ToException(Problem.Busy(StoppingSeconds, "平台正在停止或重新启动"));
        }
        catch (Exception unforeseen)
        {
            var incident = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IncidentBytes));
            Log.Unforeseen(log, context.Method, incident, unforeseen);
            throw ProblemStatus.ToException(new Problem(ProblemCatalogue.InternalFault, ("incident", incident)));
        }
    }

    private static async Task<bool> DoneAsync(Task call)
    {
        await call;
        return true;
    }
}
