using Google.Protobuf;
using Grpc.Core;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Problems;

/// <summary>
/// A stream of requests each of which is checked before the service sees it; a caller that has gone is a cancelled
/// call.
/// </summary>
internal sealed class CheckedReader<T>(IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            if (!await inner.MoveNext(cancellationToken))
                return false;
        }
        // The first of these is an IOException too, hence the order.
        catch (Exception unreadable)
            when (unreadable is InvalidProtocolBufferException or InvalidDataException or ArgumentException)
        {
            throw new ProblemException(ProblemEdge.Unreadable("消息损坏或不完整，无法解析"));
        }
        catch (IOException gone)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "the caller has gone", gone));
        }
        RequestText.Require(inner.Current);
        return true;
    }
}
