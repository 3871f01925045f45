using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace InfoHub.Console.Shell;

/// <summary>
/// Style sheet and drawings, served from the assembly. The address carries a fingerprint of the content, so a browser may
/// keep a file for ever and a new release is seen at once.
/// </summary>
internal static class ConsoleAssets
{
    private const string Folder = "/console-assets/";
    private const string KeepForEver = "public, max-age=31536000, immutable";

    private static readonly FrozenDictionary<string, Asset> ByAddress = new[]
    {
        Load("console", "css", "text/css; charset=utf-8"), Load("emblem", "svg", "image/svg+xml"),
    }.ToFrozenDictionary(a => a.Address);

    public static readonly string Style = ByAddress.Keys.Single(a => a.EndsWith(".css", StringComparison.Ordinal));

    public static readonly string Emblem = ByAddress.Keys.Single(a => a.EndsWith(".svg", StringComparison.Ordinal));

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Folder + "{file}", Send).AllowAnonymous();

    private static IResult Send(string file, HttpContext context)
    {
        if (!ByAddress.TryGetValue(Folder + file, out var asset))
            return Results.NotFound();
        context.Response.Headers.CacheControl = KeepForEver;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(asset.Content, asset.Type, entityTag: asset.Tag);
    }

    private static Asset Load(string name, string extension, string type)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.{extension}")!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(content))[..12];
        return new Asset($"{Folder}{name}.{fingerprint}.{extension}", type, content, new EntityTagHeaderValue($"\"{fingerprint}\""));
    }

    private sealed record Asset(string Address, string Type, byte[] Content, EntityTagHeaderValue Tag);
}
