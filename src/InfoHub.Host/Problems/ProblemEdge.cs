using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using InfoHub.Templates.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace InfoHub.Host.Problems;

/// <summary>
/// Around every gRPC call, for what never reaches a service or its interceptor: an unknown method, and a request that
/// the gRPC library itself could not read (damaged, too large, compressed in a way nobody agreed on).
/// </summary>
internal static class ProblemEdge
{
    private const string NoSuchMethod = "本平台没有这个方法";

    public static void Use(IApplicationBuilder application) => application.Use(async (context, next) =>
    {
        var isOurs = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;
        if (!isOurs && !ProblemStatus.IsGrpc(context.Request))
        {
            await next(context);
            return;
        }
        if (!isOurs)
        {
            ProblemStatus.WriteTo(context.Response, new Problem(ProblemCatalogue.RequestUnsound,
                ("field", context.Request.Path.Value?.TrimStart('/') ?? ""), ("reason", NoSuchMethod)),
                    StatusCode.Unimplemented);
            return;
        }
        await next(context);
        Number(context.Response);
    });

    public static Problem Unreadable(string reason) =>
        new(ProblemCatalogue.RequestUnsound, ("field", "message"), ("reason", reason));

    /// <summary>What a library's own status means to the caller, and the status under which we say it.</summary>
    public static (Problem Problem, StatusCode Status) Explain(StatusCode status, string detail) => status switch
    {
        StatusCode.ResourceExhausted => (Unreadable("单条消息超过 4 MiB 上限"), status),
        StatusCode.Unimplemented when detail.Length == 0 => (new Problem(ProblemCatalogue.RequestUnsound,
            ("field", "method"), ("reason", NoSuchMethod)), status),
        StatusCode.Unimplemented => (Unreadable("压缩方式不受支持，可用 gzip 或不压缩"), status),
        _ => (Unreadable("消息损坏或不完整，无法解析"), StatusCode.InvalidArgument),
    };

    private static void Number(HttpResponse response)
    {
        var trailers = response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        var fields = response.HasStarted ? trailers : response.Headers;
        if (fields is null || fields.IsReadOnly || fields.ContainsKey(ProblemStatus.ProblemTrailer)
            || !int.TryParse(
                fields[ProblemStatus.StatusField], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            || (StatusCode)status is StatusCode.OK or StatusCode.Cancelled
                or StatusCode.DeadlineExceeded or StatusCode.Unavailable)
            return;
        var (problem, code) = Explain((StatusCode)status, fields["grpc-message"].ToString());
        foreach (var (name, value) in ProblemStatus.Fields(problem, code))
            fields[name] = value;
    }
}
