using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace InfoHub.Repository.Tests.StandIns;

/// <summary>
/// Says which references of a caller into the provider assemblies do not resolve at run time: assembly identities,
/// types, members by name and signature, and overrides without anything to override.
/// </summary>
internal sealed class ReferenceResolver
{
    private static readonly string[] OverridesOfObject = ["ToString", "Equals", "GetHashCode", "Finalize"];

    private readonly Dictionary<string, AssemblyName> _assemblies = [];
    private readonly Dictionary<string, ProvidedType> _types = [];

    public ReferenceResolver(IEnumerable<string> providerPaths)
    {
        foreach (var path in providerPaths)
            Read(path);
    }

    /// <summary>References followed by the last call of <see cref="Unresolved(MetadataReader)"/>.</summary>
    public int FollowedCount { get; private set; }

    public IReadOnlyList<string> Unresolved(string callerPath)
    {
        using var image = new PEReader(File.OpenRead(callerPath));
        return Unresolved(image.GetMetadataReader());
    }

    public IReadOnlyList<string> Unresolved(MetadataReader caller)
    {
        FollowedCount = 0;
        return [.. Identities(caller), .. Types(caller), .. Members(caller), .. Overrides(caller)];
    }

    private IEnumerable<string> Identities(MetadataReader caller)
    {
        foreach (var reference in caller.AssemblyReferences.Select(caller.GetAssemblyReference))
        {
            if (!_assemblies.TryGetValue(caller.GetString(reference.Name), out var provided))
                continue;
            FollowedCount++;
            var token = caller.GetBlobBytes(reference.PublicKeyOrToken);
            if (provided.Version < reference.Version || !token.SequenceEqual(provided.GetPublicKeyToken() ?? []))
                yield return $"assembly {provided.FullName}, not {reference.Version} {Convert.ToHexString(token)}";
        }
    }

    private IEnumerable<string> Types(MetadataReader caller)
    {
        foreach (var handle in caller.TypeReferences.Where(handle => IsProvided(caller, handle)))
        {
            FollowedCount++;
            var name = SignatureText.FullName(caller, handle);
            if (!_types.ContainsKey(name))
                yield return $"type {name}";
        }
    }

    private IEnumerable<string> Members(MetadataReader caller)
    {
        foreach (var member in caller.MemberReferences.Select(caller.GetMemberReference))
        {
            if (ProvidedParent(caller, member.Parent) is not { } parent)
                continue;
            FollowedCount++;
            var name = caller.GetString(member.Name);
            var text = member.GetKind() == MemberReferenceKind.Method
                ? SignatureText.Of(name, member.DecodeMethodSignature(SignatureText.Provider, null))
                : SignatureText.OfField(name, member.DecodeFieldSignature(SignatureText.Provider, null));
            if (!Chain(parent.Name).Any(type => type.Members.Contains(text)))
                yield return $"member {parent.Name}: {text}";
        }
    }

    /// <summary>A renamed virtual method is no load error: the override silently never runs.</summary>
    private IEnumerable<string> Overrides(MetadataReader caller)
    {
        foreach (var handle in caller.TypeDefinitions)
        {
            var type = caller.GetTypeDefinition(handle);
            if (ProvidedParent(caller, type.BaseType) is not { } parent)
                continue;
            foreach (var method in type.GetMethods().Select(caller.GetMethodDefinition).Where(IsOverride))
            {
                FollowedCount++;
                var name = caller.GetString(method.Name);
                var text = SignatureText.Of(name, method.DecodeSignature(SignatureText.Provider, null));
                if (!OverridesOfObject.Contains(name) && !Chain(parent.Name).Any(Overridden))
                    yield return $"override {SignatureText.FullName(caller, handle)}: {text}";

                bool Overridden(ProvidedType provided) =>
                    provided.Virtuals.Any(candidate => Instantiated(candidate, parent.Arguments) == text);
            }
        }
    }

    private static bool IsOverride(MethodDefinition method) =>
        (method.Attributes & (MethodAttributes.Virtual | MethodAttributes.NewSlot)) == MethodAttributes.Virtual;

    private static string Instantiated(string text, ImmutableArray<string> arguments) =>
        arguments.Select((argument, index) => (argument, index))
            .Aggregate(text, (result, next) =>
                result.Replace($"T!{next.index}", next.argument, StringComparison.Ordinal));

    private IEnumerable<ProvidedType> Chain(string? name)
    {
        while (name is not null && _types.TryGetValue(name, out var type))
        {
            yield return type;
            name = type.Base;
        }
    }

    /// <summary>The type a member reference or a base type names, if a provider has it.</summary>
    private (string Name, ImmutableArray<string> Arguments)? ProvidedParent(MetadataReader caller, EntityHandle parent)
    {
        if (parent.IsNil)
            return null;
        ImmutableArray<string> arguments = [];
        if (parent.Kind == HandleKind.TypeSpecification)
        {
            var specification = caller.GetTypeSpecification((TypeSpecificationHandle)parent);
            var signature = caller.GetBlobReader(specification.Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                return null;
            signature.ReadByte(); // class or value type
            parent = signature.ReadTypeHandle();
            var decoder = new SignatureDecoder<string, object?>(
                SignatureText.Provider, caller, genericContext: null);
            var count = signature.ReadCompressedInteger();
            for (var i = 0; i < count; i++)
                arguments = arguments.Add(decoder.DecodeType(ref signature));
        }

        return parent.Kind == HandleKind.TypeReference && IsProvided(caller, (TypeReferenceHandle)parent)
            ? (SignatureText.FullName(caller, (TypeReferenceHandle)parent), arguments)
            : null;
    }

    private bool IsProvided(MetadataReader caller, TypeReferenceHandle handle)
    {
        var scope = caller.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => IsProvided(caller, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => _assemblies.ContainsKey(
                caller.GetString(caller.GetAssemblyReference((AssemblyReferenceHandle)scope).Name)),
            _ => false,
        };
    }

    private void Read(string path)
    {
        var name = AssemblyName.GetAssemblyName(path);
        _assemblies.Add(name.Name!, name);
        using var image = new PEReader(File.OpenRead(path));
        var reader = image.GetMetadataReader();
        foreach (var handle in reader.TypeDefinitions.Where(handle => IsVisible(reader, handle)))
            _types.Add(SignatureText.FullName(reader, handle), Provided(reader, reader.GetTypeDefinition(handle)));
    }

    private static ProvidedType Provided(MetadataReader reader, TypeDefinition type)
    {
        var methods = type.GetMethods().Select(reader.GetMethodDefinition)
            .Where(method => (method.Attributes & MethodAttributes.MemberAccessMask) is
                MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem)
            .Select(method => (
                IsVirtual: (method.Attributes & MethodAttributes.Virtual) != 0,
                Text: SignatureText.Of(
                    reader.GetString(method.Name), method.DecodeSignature(SignatureText.Provider, null))))
            .ToList();
        var fields = type.GetFields().Select(reader.GetFieldDefinition)
            .Where(field => (field.Attributes & FieldAttributes.FieldAccessMask) is
                FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem)
            .Select(field => SignatureText.OfField(
                reader.GetString(field.Name), field.DecodeSignature(SignatureText.Provider, null)));
        return new ProvidedType(
            [.. methods.Select(method => method.Text), .. fields],
            [.. methods.Where(method => method.IsVirtual).Select(method => method.Text)],
            type.BaseType.Kind == HandleKind.TypeDefinition && !type.BaseType.IsNil
                ? SignatureText.FullName(reader, (TypeDefinitionHandle)type.BaseType)
                : null);
    }

    private static bool IsVisible(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
                IsVisible(reader, type.GetDeclaringType()),
            _ => false,
        };
    }

    private sealed record ProvidedType(HashSet<string> Members, HashSet<string> Virtuals, string? Base);
}
