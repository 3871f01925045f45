using Google.Protobuf.Reflection;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Contracts.Events.V1;
using InfoHub.Contracts.Health.V1;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Contracts.Reflection.V1;

namespace InfoHub.Repository.Tests.Stability;

/// <summary>The contracts as text: one line for each field, enum number and call.</summary>
internal static class WireText
{
    private static readonly FileDescriptor[] Files =
    [
        ProblemReflection.Descriptor, ReceiptReflection.Descriptor, SubmissionReflection.Descriptor,
        RecordReflection.Descriptor, FindingReflection.Descriptor, HealthReflection.Descriptor,
        ReflectionReflection.Descriptor, Contracts.Reflection.V1Alpha.ReflectionReflection.Descriptor,
    ];

    public static IEnumerable<string> FileNames => Files.Select(file => file.Name);

    public static IEnumerable<string> Lines() => Files.SelectMany(file => file.MessageTypes.SelectMany(Fields)
        .Concat(file.EnumTypes
            .SelectMany(Numbers))
        .Concat(file.Services.SelectMany(service => service.Methods.Select(Call))));

    private static IEnumerable<string> Fields(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder().Select(field => $"{field.FullName} = {field.FieldNumber} {Type(field)}")
            .Concat(message.NestedTypes.SelectMany(Fields))
            .Concat(message.EnumTypes.SelectMany(Numbers));

    private static IEnumerable<string> Numbers(EnumDescriptor type) =>
        type.Values.Select(value => $"{type.FullName}.{value.Name} = {value.Number}");

    private static string Type(FieldDescriptor field)
    {
        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            var simple => simple.ToString().ToLowerInvariant(),
        };
        var oneof = field.RealContainingOneof is { } group ? $" oneof {group.Name}" : "";
        return (field.IsRepeated ? "repeated " : field.HasPresence && oneof == ""
            && field.FieldType != FieldType.Message
            ? "optional " : "") + type + oneof;
    }

    private static string Call(MethodDescriptor call) =>
        $"{call.FullName} ({(call.IsClientStreaming ? "stream " : "")}{call.InputType.Name}) "
        + $"returns ({(call.IsServerStreaming ? "stream " : "")}{call.OutputType.Name})";
}
