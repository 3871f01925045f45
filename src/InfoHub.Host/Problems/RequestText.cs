using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Problems;

/// <summary>Finds text in a request that the store cannot hold: PostgreSQL refuses U+0000 in every text.</summary>
internal static class RequestText
{
    private const char Forbidden = '\0';

    /// <summary>The fields of a type under which there is text; recursive types hold themselves.</summary>
    private static readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor[]> Texts = new();

    /// <exception cref="ProblemException">IH-INT-113, naming the field by its path:
    /// records[3].cells[0].text.</exception>
    public static void Require(object? request)
    {
        if (request is IMessage message && PathOfForbidden(message) is { } path)
            throw new ProblemException(new Problem(ProblemCatalogue.RequestUnsound,
                ("field", path), ("reason", "含有空字符（U+0000），请删除")));
    }

    /// <summary>Null when every text is sound.</summary>
    public static string? PathOfForbidden(IMessage message)
    {
        foreach (var field in Texts.GetOrAdd(
            message.Descriptor, static type => [.. type.Fields.InDeclarationOrder().Where(f => HoldsText(f, []))]))
            if (PathOf(field, field.Accessor.GetValue(message)) is { } path)
                return path;
        return null;
    }

    private static string? PathOf(FieldDescriptor field, object? value) => value switch
    {
        string text => text.Contains(Forbidden, StringComparison.Ordinal) ? field.Name : null,
        IMessage nested => PathOfForbidden(nested) is { } path ? $"{field.Name}.{path}" : null,
        IDictionary map => PathOfEntry(field, map),
        IList list => PathOfItem(field, list),
        _ => null,
    };

    private static string? PathOfItem(FieldDescriptor field, IList list)
    {
        for (var i = 0; i < list.Count; i++)
            if (list[i] is string text ? text.Contains(Forbidden, StringComparison.Ordinal) : false)
                return string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{i}]");
            else if (list[i] is IMessage nested && PathOfForbidden(nested) is { } path)
                return string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{i}].{path}");
        return null;
    }

    private static string? PathOfEntry(FieldDescriptor field, IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
            if ((entry.Key as string ?? "").Contains(Forbidden, StringComparison.Ordinal))
                return $"{field.Name} (key)";
            else if (PathOf(field, entry.Value) is { } path)
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
