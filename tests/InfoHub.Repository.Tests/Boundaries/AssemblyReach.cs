using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace InfoHub.Repository.Tests.Boundaries;

/// <summary>
/// What a compiled assembly reaches of the world outside its arguments: files, network, tasks, threads, clock, dice,
/// environment. Sees what the text rules cannot: names behind <c>var</c> and through implicit usings.
/// </summary>
internal static class AssemblyReach
{
    /// <summary>Text in memory, a resource of the assembly itself, and the exception for malformed input.</summary>
    private static readonly string[] Harmless =
    [
        "System.IO.StringReader", "System.IO.TextReader", "System.IO.StringWriter", "System.IO.TextWriter",
        "System.IO.InvalidDataException", "System.IO.Stream", "System.IO.StreamReader",
        // A workbook that was handed in as a stream: unpacked in memory, nothing is opened.
        "System.IO.Compression.ZipArchive", "System.IO.Compression.ZipArchiveEntry",
        "System.IO.Compression.ZipArchiveMode", "System.IO.EndOfStreamException", "System.IO.SeekOrigin",
        "System.Threading.Interlocked", "System.Threading.Volatile",
    ];

    private static readonly string[] Spaces =
        ["System.IO", "System.Net", "System.Threading", "System.Diagnostics.Process"];

    private static readonly string[] Types = ["System.TimeProvider", "System.Random", "System.AppContext"];

    private static readonly string[] Members =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid",
        "System.Environment.GetEnvironmentVariable", "System.Environment.get_MachineName",
        "System.Environment.get_TickCount64", "System.Diagnostics.Stopwatch.GetTimestamp",
    ];

    public static IReadOnlyList<string> Of(string assemblyPath)
    {
        using var image = new PEReader(File.OpenRead(assemblyPath));
        var reader = image.GetMetadataReader();
        var types = reader.TypeReferences.Select(handle => NameOf(reader, handle))
            .Where(name => Types.Contains(name)
                || Spaces.Any(space => name.StartsWith(space + '.', StringComparison.Ordinal)))
            .Except(Harmless);
        var members = reader.MemberReferences.Select(reader.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => $"{NameOf(reader, (TypeReferenceHandle)member.Parent)}.{reader.GetString(member.Name)}")
            .Intersect(Members);
        return [.. types.Concat(members).Distinct().Order(StringComparer.Ordinal)];
    }

    private static string NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }
}
