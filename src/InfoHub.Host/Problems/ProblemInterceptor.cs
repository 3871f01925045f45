using System.Data.Common;
using Grpc.Core;
using Grpc.Core.Interceptors;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Problems;

/// <summary>
/// Turns a service's <see cref="ProblemException"/> into status and trailing problem, and an outage of the store into
/// UNAVAILABLE, so that callers try again. Logs code and method, never the values.
/// </summary>
internal sealed class ProblemInterceptor(ILogger<ProblemInterceptor> log) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(() => continuation(request, context), context);

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(() => continuation(requestStream, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(() => DoneAsync(continuation(request, responseStream, context)), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(() => DoneAsync(continuation(requestStream, responseStream, context)), context);

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, ServerCallContext context)
    {
        try
        {
            return await call();
        }
        catch (ProblemException refused)
        {
            Log.CallRefused(log, context.Method, refused.Problem.Code);
            throw ProblemStatus.ToException(refused.Problem);
        }
        catch (DbException outage) when (outage.IsTransient)
        {
            Log.StoreUnavailable(log, context.Method, outage);
            throw new RpcException(new Status(StatusCode.Unavailable, "the store cannot be reached"));
        }
    }

    private static async Task<bool> DoneAsync(Task call)
    {
        await call;
        return true;
    }
}
