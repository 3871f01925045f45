using Google.Protobuf;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace InfoHub.Host.Reflection;

/// <summary>Where each name of the served contracts is declared.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _bySymbol = new(StringComparer.Ordinal);
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);

    public DescriptorIndex(IEnumerable<ServiceDescriptor> services)
    {
        Services = [.. services.Select(s => s.FullName).Order(StringComparer.Ordinal)];
        foreach (var service in services)
            Add(service.File);
    }

    /// <summary>Full names of the services, in order.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>Null when no contract declares the name.</summary>
    public FileDescriptor? Declaring(string symbol) => _bySymbol.GetValueOrDefault(symbol);

    /// <summary>Null when there is no such file.</summary>
    public FileDescriptor? File(string name) => _byName.GetValueOrDefault(name);

    public bool IsMessage(string name) => _messages.Contains(name);

    /// <summary>The file and all it imports, each once, the file first.</summary>
    public static IReadOnlyList<ByteString> WithImports(FileDescriptor file)
    {
        var (found, waiting) = (new List<FileDescriptor>(), new Queue<FileDescriptor>([file]));
        while (waiting.TryDequeue(out var next))
        {
            if (found.Contains(next))
                continue;
            found.Add(next);
            foreach (var import in next.Dependencies)
                waiting.Enqueue(import);
        }
        return [.. found.Select(f => f.SerializedData)];
    }

    private void Add(FileDescriptor file)
    {
        if (!_byName.TryAdd(file.Name, file))
            return;
        foreach (var service in file.Services)
        {
            _bySymbol[service.FullName] = file;
            foreach (var method in service.Methods)
                _bySymbol[method.FullName] = file;
        }
        foreach (var message in file.MessageTypes)
            Add(message);
        foreach (var type in file.EnumTypes)
            Add(type);
        foreach (var import in file.Dependencies)
            Add(import);
    }

    private void Add(MessageDescriptor message)
    {
        _messages.Add(message.FullName);
        _bySymbol[message.FullName] = message.File;
        foreach (var field in message.Fields.InDeclarationOrder())
            _bySymbol[field.FullName] = message.File;
        foreach (var nested in message.NestedTypes)
            Add(nested);
        foreach (var type in message.EnumTypes)
            Add(type);
    }

    private void Add(EnumDescriptor type)
    {
        _bySymbol[type.FullName] = type.File;
        foreach (var value in type.Values)
            _bySymbol[value.FullName] = type.File;
    }
}
