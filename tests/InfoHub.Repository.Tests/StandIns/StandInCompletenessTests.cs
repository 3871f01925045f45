using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.InteropServices;
using Xunit;

namespace InfoHub.Repository.Tests.StandIns;

/// <summary>
/// The stand-in assemblies carry everything that the official packages and the generated contracts ask of them. The
/// same tests hold when the official assemblies are in their place.
/// </summary>
public sealed class StandInCompletenessTests
{
    private static readonly ReferenceResolver Resolver = new([Built("Grpc.Core.Api"), Built("Grpc.Net.Common")]);

    /// <summary>Imports of admin calls that no librdkafka of this line exports; the hub makes none of them.</summary>
    private static readonly string[] NativeGaps =
    [
        "rd_kafka_AdminOptions_set_incremental",
        "rd_kafka_ConfigResource_add_config",
        "rd_kafka_ConfigResource_delete_config",
    ];

    [Theory]
    [InlineData("Grpc.AspNetCore.Server", 100)]
    [InlineData("Grpc.Net.Client", 100)]
    [InlineData("InfoHub.Contracts", 50)]
    public void References_OfEachCaller_Resolve(string caller, int followedMin)
    {
        var unresolved = Resolver.Unresolved(Built(caller));

        Assert.True(unresolved.Count == 0, $"{caller} asks for:\n{string.Join('\n', unresolved)}");
        Assert.True(Resolver.FollowedCount >= followedMin, $"Only {Resolver.FollowedCount} references were followed.");
    }

    /// <summary>The runtime itself finds abstract members and interface methods that nobody implements.</summary>
    [Theory]
    [InlineData("Grpc.AspNetCore.Server")]
    [InlineData("Grpc.Net.Client")]
    [InlineData("InfoHub.Contracts")]
    public void Types_OfEachCaller_Load(string caller) =>
        Assert.NotEmpty(Assembly.LoadFrom(Built(caller)).GetTypes());

    [Fact]
    public void NativeImports_OfTheKafkaClient_AreExported()
    {
        var client = Assembly.LoadFrom(Built("Confluent.Kafka"));
        var library = NativeLibrary.Load("librdkafka", client, searchPath: null);
        var imports = client.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => (Import: method.GetCustomAttribute<DllImportAttribute>(), method.Name))
            .Where(method => method.Import?.Value == "librdkafka")
            .Select(method => method.Import!.EntryPoint ?? method.Name)
            .Distinct()
            .ToList();

        var missing = imports.Except(NativeGaps).Where(name => !NativeLibrary.TryGetExport(library, name, out _));

        Assert.NotEmpty(imports);
        Assert.Empty(missing);
    }

    [Fact]
    public void References_PlantedOnesThatDoNotExist_AreReported()
    {
        using var planted = MetadataReaderProvider.FromMetadataImage([.. Planted()]);

        var unresolved = Resolver.Unresolved(planted.GetMetadataReader());

        Assert.Equal(
            [
                "type Grpc.Core.NotThere",
                "member Grpc.Core.Metadata: instance Void Vanish()",
                "member Grpc.Core.Metadata: instance String get_Count()",
                "member Grpc.Core.Method`2: instance T!1 get_Name()",
                "member Grpc.Core.ChannelCredentials: instance Boolean get_IsComposable()",
                "override Planted.Context: instance Void Vanish()",
            ],
            unresolved);
    }

    private static string Built(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");

    /// <summary>An assembly with one good reference (the count of metadata) and one bad one of each kind.</summary>
    private static byte[] Planted()
    {
        var plant = new MetadataBuilder();
        var assembly = AssemblyThatRefersTo("Grpc.Core.Api", plant);

        Type("NotThere");
        var metadata = Type("Metadata");
        Member(metadata, "get_Count", returned => returned.Type().Int32());
        Member(metadata, "Vanish", returned => returned.Void());
        Member(metadata, "get_Count", returned => returned.Type().String());
        Member(MethodOfStrings(), "get_Name", returned => returned.Type().GenericTypeParameter(1));
        Member(Type("ChannelCredentials"), "get_IsComposable", returned => returned.Type().Boolean());
        Override(Type("ServerCallContext"));

        var image = new BlobBuilder();
        new MetadataRootBuilder(plant).Serialize(image, methodBodyStreamRva: 0, mappedFieldDataStreamRva: 0);
        return image.ToArray();

        TypeReferenceHandle Type(string name) =>
            plant.AddTypeReference(assembly, plant.GetOrAddString("Grpc.Core"), plant.GetOrAddString(name));

        void Member(EntityHandle parent, string name, Action<ReturnTypeEncoder> returned) =>
            plant.AddMemberReference(parent, plant.GetOrAddString(name), Parameterless(returned));

        BlobHandle Parameterless(Action<ReturnTypeEncoder> returned)
        {
            var signature = new BlobBuilder();
            new BlobEncoder(signature).MethodSignature(isInstanceMethod: true)
                .Parameters(parameterCount: 0, returned, parameters => { });
            return plant.GetOrAddBlob(signature);
        }

        EntityHandle MethodOfStrings()
        {
            var signature = new BlobBuilder();
            var arguments = new BlobEncoder(signature).TypeSpecificationSignature()
                .GenericInstantiation(Type("Method`2"), genericArgumentCount: 2, isValueType: false);
            arguments.AddArgument().String();
            arguments.AddArgument().String();
            return plant.AddTypeSpecification(plant.GetOrAddBlob(signature));
        }

        void Override(EntityHandle baseType)
        {
            var method = plant.AddMethodDefinition(
                MethodAttributes.Public | MethodAttributes.Virtual, MethodImplAttributes.IL,
                plant.GetOrAddString("Vanish"), Parameterless(returned => returned.Void()), bodyOffset: -1,
                MetadataTokens.ParameterHandle(1));
            var field = MetadataTokens.FieldDefinitionHandle(1);
            plant.AddTypeDefinition(
                TypeAttributes.NotPublic, default, plant.GetOrAddString("<Module>"), default, field, method);
            plant.AddTypeDefinition(
                TypeAttributes.Public, plant.GetOrAddString("Planted"), plant.GetOrAddString("Context"), baseType,
                field, method);
        }
    }

    private static AssemblyReferenceHandle AssemblyThatRefersTo(string provider, MetadataBuilder plant)
    {
        var name = AssemblyName.GetAssemblyName(Built(provider));
        plant.AddModule(
            generation: 0, plant.GetOrAddString("Planted.dll"), plant.GetOrAddGuid(Guid.Empty), default, default);
        plant.AddAssembly(
            plant.GetOrAddString("Planted"), new Version(1, 0), culture: default, publicKey: default, flags: default,
            hashAlgorithm: default);
        return plant.AddAssemblyReference(
            plant.GetOrAddString(name.Name!), name.Version!, culture: default,
            plant.GetOrAddBlob(name.GetPublicKeyToken()!), flags: default, hashValue: default);
    }
}
