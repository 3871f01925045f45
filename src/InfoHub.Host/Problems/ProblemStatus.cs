using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using InfoHub.Templates.Problems;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Host.Problems;

/// <summary>The one table from numbered problems to gRPC status and trailing metadata.</summary>
internal static class ProblemStatus
{
    /// <summary>Of a value that is told back; four of them, thrice over in percent signs, stay under 32 kB.</summary>
    private const int EchoLengthMax = 300;

    public const string ProblemTrailer = "infohub-problem-bin";
    public const string StatusField = "grpc-status";
    public const string RetryAfterTrailer = "retry-after";

    public static StatusCode CodeOf(Problem problem) => problem.Code switch
    {
        "IH-INT-101" => StatusCode.Unauthenticated,
        "IH-INT-102" => StatusCode.PermissionDenied,
        "IH-INT-103" or "IH-INT-104" or "IH-INT-110" or "IH-INT-123" or "IH-DLV-101" => StatusCode.NotFound,
        "IH-INT-105" => StatusCode.AlreadyExists,
        "IH-INT-107" => StatusCode.DataLoss,
        "IH-INT-108" => StatusCode.OutOfRange,
        "IH-INT-111" => StatusCode.Unavailable,
        "IH-INT-119" => StatusCode.Aborted,
        "IH-INT-152" => StatusCode.ResourceExhausted,
        "IH-INT-199" => StatusCode.Internal,
        "IH-INT-109" or "IH-INT-114" or "IH-INT-120" or "IH-INT-121" or "IH-INT-122" => StatusCode.FailedPrecondition,
        _ => FamilyOf(problem.Code) switch
        {
            "TPL" or "DLV" => StatusCode.InvalidArgument,
            "INT" => problem.Code[7] == '1' ? StatusCode.InvalidArgument : StatusCode.FailedPrecondition,
            _ => StatusCode.Internal,
        },
    };

    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    public static RpcException ToException(Problem problem) => ToException(problem, CodeOf(problem));

    /// <summary>For the few calls whose status a standard prescribes.</summary>
    public static RpcException ToException(Problem problem, StatusCode code)
    {
        problem = Bounded(problem);
        var trailers = new Metadata { { ProblemTrailer, ToWire(problem).ToByteArray() } };
        if (RetryAfterOf(problem) is { } seconds)
            trailers.Add(RetryAfterTrailer, seconds);
        return new RpcException(new Status(code, TextOf(problem)), trailers);
    }

    /// <summary>The failure as it is when it has its number or needs none (cancelled); else with one.</summary>
    public static RpcException Numbered(RpcException failure)
    {
        if (failure.Trailers.Get(ProblemTrailer) is not null
            || failure.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded or StatusCode.Unavailable)
            return failure;
        var (problem, code) = ProblemEdge.Explain(failure.StatusCode, failure.Status.Detail);
        return ToException(problem, code);
    }

    /// <summary>
    /// A whole failed answer without a body (gRPC "trailers only"), for what never reaches a service: HTTP 200 and the
    /// status in the header fields.
    /// </summary>
    public static void WriteTo(HttpResponse response, Problem problem, StatusCode? code = null)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        foreach (var (name, value) in Fields(problem, code ?? CodeOf(problem)))
            response.Headers[name] = value;
    }

    /// <summary>The header or trailer fields of a failed answer.</summary>
    public static IEnumerable<(string Name, string Value)> Fields(Problem problem, StatusCode code)
    {
        problem = Bounded(problem);
        yield return (StatusField, ((int)code).ToString(CultureInfo.InvariantCulture));
        yield return ("grpc-message", Uri.EscapeDataString(TextOf(problem)));
        yield return (ProblemTrailer, Convert.ToBase64String(ToWire(problem).ToByteArray()));
    }

    public static Wire.Problem ToWire(Problem problem) => new()
    {
        Code = problem.Code, Title = problem.Kind.TitleZh, Detail = problem.Detail, Remedy = problem.Remedy,
        TitleEn = problem.Kind.TitleEn, RemedyEn = problem.RemedyEn,
    };

    /// <summary>
    /// What the caller sent comes back shortened: an answer that is longer than a client's limit for header fields
    /// breaks and has no number.
    /// </summary>
    private static Problem Bounded(Problem problem) => problem.Values.All(v => v.Value.Length <= EchoLengthMax) ? problem
        : problem with { Values = [.. problem.Values.Select(v => KeyValuePair.Create(v.Key, Shortened(v.Value)))] };

    private static string Shortened(string value)
    {
        if (value.Length <= EchoLengthMax)
            return value;
        var kept = EchoLengthMax - (char.IsHighSurrogate(value[EchoLengthMax - 1]) ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value.AsSpan(0, kept)}…（共 {value.Length} 个字符）");
    }

    private static string TextOf(Problem problem) => $"{problem.Code} {problem.Kind.TitleZh}：{problem.Detail}";

    private static string? RetryAfterOf(Problem problem) =>
        problem.Code == ProblemCatalogue.Overloaded.Code ? problem.Values.FirstOrDefault(v => v.Key == "seconds").Value : null;

    /// <summary>IH-INT-101 → INT.</summary>
    private static string FamilyOf(string code) => code.Length > 6 ? code[3..6] : "";
}
