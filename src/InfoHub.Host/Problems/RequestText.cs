using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using InfoHub.Templates.Problems;
using Cell = InfoHub.Contracts.Intake.V1.Cell;

namespace InfoHub.Host.Problems;

/// <summary>
/// Finds text in a request that cannot be: U+0000, which PostgreSQL refuses in every text, and a name or id of a length
/// that none has, before anything is looked up by it. Cells of typed rows are the validator's.
/// </summary>
internal static class RequestText
{
    private const char Forbidden = '\0';

    /// <summary>Of every text but a cell: ids, names, reasons, tokens of pages.</summary>
    private const int LengthMax = 1024;

    /// <summary>The fields of a type under which there is text; recursive types hold themselves.</summary>
    private static readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor[]> Texts = new();

    /// <exception cref="ProblemException">IH-INT-113, naming the field by its path:
    /// records[3].cells[0].text.</exception>
    public static void Require(object? request)
    {
        if (request is not IMessage message)
            return;
        if (PathOfForbidden(message) is { } path)
            throw Unsound(path, "含有空字符（U+0000），请删除");
        if (PathOf(message, IsTooLong) is { } longer)
            throw Unsound(longer, $"超过 {LengthMax} 个字符，请核对");
    }

    /// <summary>Null when every text is sound.</summary>
    public static string? PathOfForbidden(IMessage message) => PathOf(message, HoldsForbidden);

    private static ProblemException Unsound(string path, string reason) =>
        new(new Problem(ProblemCatalogue.RequestUnsound, ("field", path), ("reason", reason)));

    private static bool HoldsForbidden(FieldDescriptor field, string text) =>
        text.Contains(Forbidden, StringComparison.Ordinal);

    private static bool IsTooLong(FieldDescriptor field, string text) =>
        text.Length > LengthMax && field.ContainingType != Cell.Descriptor;

    private static string? PathOf(IMessage message, Func<FieldDescriptor, string, bool> isUnsound)
    {
        foreach (var field in Texts.GetOrAdd(
            message.Descriptor, static type => [.. type.Fields.InDeclarationOrder().Where(f => HoldsText(f, []))]))
            if (PathOf(field, field.Accessor.GetValue(message), isUnsound) is { } path)
                return path;
        return null;
    }

    private static string? PathOf(FieldDescriptor field, object? value, Func<FieldDescriptor, string, bool> isUnsound) =>
        value switch
        {
            string text => isUnsound(field, text) ? field.Name : null,
            IMessage nested => PathOf(nested, isUnsound) is { } path ? $"{field.Name}.{path}" : null,
            IDictionary map => PathOfEntry(field, map, isUnsound),
            IList list => PathOfItem(field, list, isUnsound),
            _ => null,
        };

    private static string? PathOfItem(FieldDescriptor field, IList list, Func<FieldDescriptor, string, bool> isUnsound)
    {
        for (var i = 0; i < list.Count; i++)
            if (list[i] is string text && isUnsound(field, text))
                return string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{i}]");
            else if (list[i] is IMessage nested && PathOf(nested, isUnsound) is { } path)
                return string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{i}].{path}");
        return null;
    }

    private static string? PathOfEntry(FieldDescriptor field, IDictionary map, Func<FieldDescriptor, string, bool> isUnsound)
    {
        foreach (DictionaryEntry entry in map)
            if (isUnsound(field, entry.Key as string ?? ""))
                return $"{field.Name} (key)";
            else if (PathOf(field, entry.Value, isUnsound) is { } path)
                return $"{path} [{entry.Key}]";
        return null;
    }

    private static bool HoldsText(FieldDescriptor field, HashSet<MessageDescriptor> above) => field.FieldType switch
    {
        FieldType.String => true,
        FieldType.Message => !above.Add(field.MessageType) || field.MessageType.Fields.InDeclarationOrder()
            .Any(f => HoldsText(f, above)),
        _ => false,
    };
}
