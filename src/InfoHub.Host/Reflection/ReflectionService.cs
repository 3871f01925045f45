using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using InfoHub.Contracts.Reflection.V1;
using Alpha = InfoHub.Contracts.Reflection.V1Alpha;
using Asked = InfoHub.Contracts.Reflection.V1.ServerReflectionRequest.MessageRequestOneofCase;

namespace InfoHub.Host.Reflection;

/// <summary>
/// <c>grpc.reflection.v1</c>: the published contracts, from the server itself and without a token, so that stock tools
/// can call the hub without the proto files.
/// </summary>
internal sealed class ReflectionService(DescriptorIndex index) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
            IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
            await responseStream.WriteAsync(Answer(requestStream.Current), context.CancellationToken);
    }

    internal ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var answer = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case Asked.ListServices:
                answer.ListServicesResponse = new ListServiceResponse();
                answer.ListServicesResponse.Service.AddRange(
                    index.Services.Select(name => new ServiceResponse { Name = name }));
                break;
            case Asked.FileByFilename:
                Put(answer, index.File(request.FileByFilename), request.FileByFilename);
                break;
            case Asked.FileContainingSymbol:
                Put(answer, index.Declaring(request.FileContainingSymbol), request.FileContainingSymbol);
                break;
            // The contracts have no extensions.
            case Asked.AllExtensionNumbersOfType when index.IsMessage(request.AllExtensionNumbersOfType):
                answer.AllExtensionNumbersResponse =
                    new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case Asked.AllExtensionNumbersOfType:
                answer.ErrorResponse = Error(StatusCode.NotFound, request.AllExtensionNumbersOfType);
                break;
            case Asked.FileContainingExtension:
                answer.ErrorResponse = Error(StatusCode.NotFound, request.FileContainingExtension.ContainingType);
                break;
            default:
                answer.ErrorResponse = Error(StatusCode.InvalidArgument, "message_request");
                break;
        }
        return answer;
    }

    private static void Put(ServerReflectionResponse answer, FileDescriptor? file, string asked)
    {
        if (file is null)
        {
            answer.ErrorResponse = Error(StatusCode.NotFound, asked);
            return;
        }
        answer.FileDescriptorResponse = new FileDescriptorResponse();
        answer.FileDescriptorResponse.FileDescriptorProto.AddRange(DescriptorIndex.WithImports(file));
    }

    private static ErrorResponse Error(StatusCode code, string what) =>
        new() { ErrorCode = (int)code, ErrorMessage = code == StatusCode.NotFound ? $"{what} is not served here"
            : $"{what} is missing" };
}

/// <summary>
/// The same under the older name. The two are equal on the wire, so the answer is the newer one's, byte for byte.
/// </summary>
internal sealed class ReflectionAlphaService(ReflectionService newer) : Alpha.ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(IAsyncStreamReader<Alpha.ServerReflectionRequest> requestStream,
        IServerStreamWriter<Alpha.ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var answer = newer.Answer(ServerReflectionRequest.Parser.ParseFrom(requestStream.Current.ToByteString()));
            await responseStream.WriteAsync(
                Alpha.ServerReflectionResponse.Parser.ParseFrom(answer.ToByteString()), context.CancellationToken);
        }
    }
}
