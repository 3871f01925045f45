using Google.Protobuf;
using Grpc.Core;
using InfoHub.Templates.Problems;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Client.Calling;

/// <summary>Reads the numbered problem out of a failed call.</summary>
internal static class WireProblems
{
    public const string Trailer = "infohub-problem-bin";
    private const int ReasonLengthMax = 200;

    /// <summary>
    /// Null when the failure is none that a person outside the hub can mend: an internal error, a broken contract.
    /// </summary>
    public static Problem? Read(Exception failure, Uri hub) => failure switch
    {
        ProblemException known => known.Problem,
        RpcException { StatusCode: StatusCode.Unimplemented } older => new Problem(ProblemCatalogue.HubLacksCall,
            ("what", FromTrailer(older)?.Detail ?? Shortened(older.Status.Detail))),
        RpcException call => FromTrailer(call) ?? FromStatus(call, hub),
        HttpRequestException or IOException => Unreachable(hub, failure),
        _ => null,
    };

    public static Problem Unreachable(Uri address, Exception cause)
    {
        while (cause.InnerException is { } inner)
            cause = inner;
        var reason = cause is RpcException call ? call.Status.Detail : cause.Message;
        return new Problem(ProblemCatalogue.HubUnreachable, ("address", address.GetLeftPart(UriPartial.Authority)),
            ("reason", Shortened(reason)));
    }

    private static string Shortened(string reason) =>
        reason.Length > ReasonLengthMax ? reason[..ReasonLengthMax] : reason;

    /// <summary>
    /// The kind by its code, with the hub's own text: the values are already filled in there, and a hub newer than
    /// this client may know codes that the client does not.
    /// </summary>
    public static Problem FromWire(Wire.Problem wire)
    {
        var kind = ProblemCatalogue.All.TryGetValue(wire.Code, out var known)
            ? known
            : new ProblemKind(wire.Code, Disposition.RefuseFile, wire.Title, wire.Detail, wire.Remedy, wire.TitleEn,
                wire.RemedyEn);
        return new Problem(kind with { DetailZh = wire.Detail, RemedyZh = wire.Remedy, RemedyEn = wire.RemedyEn });
    }

    private static Problem? FromTrailer(RpcException call)
    {
        if (call.Trailers.GetValueBytes(Trailer) is not { } bytes)
            return null;
        try
        {
            return FromWire(Wire.Problem.Parser.ParseFrom(bytes));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static Problem? FromStatus(RpcException call, Uri hub) => call.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => Unreachable(hub, call.Status.DebugException ?? call),
        // A reset stream or a killed hub: the transport failed under the call, whatever code the library chose for it.
        StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown when IsTransport(call.Status.DebugException) =>
            Unreachable(hub, call.Status.DebugException!),
        StatusCode.Unauthenticated => new Problem(ProblemCatalogue.NotSignedIn),
        StatusCode.PermissionDenied => new Problem(ProblemCatalogue.NotYours, ("who", "本客户端"), ("what", "平台")),
        _ => null,
    };

    private static bool IsTransport(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
            if (cause is HttpRequestException or IOException)
                return true;
        return false;
    }
}
