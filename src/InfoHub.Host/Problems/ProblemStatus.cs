using Google.Protobuf;
using Grpc.Core;
using InfoHub.Templates.Problems;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Host.Problems;

/// <summary>The one table from numbered problems to gRPC status and trailing metadata.</summary>
internal static class ProblemStatus
{
    public const string ProblemTrailer = "infohub-problem-bin";
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
        "IH-INT-109" or "IH-INT-114" or "IH-INT-120" or "IH-INT-121" or "IH-INT-122" => StatusCode.FailedPrecondition,
        _ => FamilyOf(problem.Code) switch
        {
            "TPL" or "DLV" => StatusCode.InvalidArgument,
            "INT" => problem.Code[7] == '1' ? StatusCode.InvalidArgument : StatusCode.FailedPrecondition,
            _ => StatusCode.Internal,
        },
    };

    public static RpcException ToException(Problem problem)
    {
        var trailers = new Metadata { { ProblemTrailer, ToWire(problem).ToByteArray() } };
        if (RetryAfterOf(problem) is { } seconds)
            trailers.Add(RetryAfterTrailer, seconds);
        return new RpcException(StatusOf(problem), trailers);
    }

    /// <summary>
    /// A whole failed answer without a body (gRPC "trailers only"), for what never reaches a service: HTTP 200 and the
    /// status in the header fields.
    /// </summary>
    public static void WriteTo(HttpResponse response, Problem problem)
    {
        var status = StatusOf(problem);
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)status.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(status.Detail);
        response.Headers[ProblemTrailer] = Convert.ToBase64String(ToWire(problem).ToByteArray());
    }

    public static Wire.Problem ToWire(Problem problem) => new()
    {
        Code = problem.Code, Title = problem.Kind.TitleZh, Detail = problem.Detail, Remedy = problem.Remedy,
        TitleEn = problem.Kind.TitleEn, RemedyEn = problem.RemedyEn,
    };

    private static Status StatusOf(Problem problem) => new(CodeOf(problem), $"{problem.Code} {problem.Kind.TitleZh}：{problem.Detail}");

    private static string? RetryAfterOf(Problem problem) =>
        problem.Code == ProblemCatalogue.Overloaded.Code ? problem.Values.FirstOrDefault(v => v.Key == "seconds").Value : null;

    /// <summary>IH-INT-101 → INT.</summary>
    private static string FamilyOf(string code) => code.Length > 6 ? code[3..6] : "";
}
