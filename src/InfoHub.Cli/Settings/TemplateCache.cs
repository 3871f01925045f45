using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using InfoHub.Client.Checking;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli.Settings;

/// <summary>A template as it lies in the cache.</summary>
internal sealed record CachedTemplate(string Item, int Version, string Title, string Sha256, string Path);

/// <summary>The agreed templates, kept so that a file can be checked without a network.</summary>
internal sealed partial class TemplateCache(HubHome home)
{
    private string Folder => home.PathOf("templates");

    /// <summary>When the templates were fetched last; null when never.</summary>
    public DateTimeOffset? FetchedAt => home.Folder is not null && Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*.yaml")
            .Select(path => (DateTimeOffset?)File.GetLastWriteTimeUtc(path)).Max()
        : null;

    /// <summary>
    /// Fetches every template of this department and keeps those that changed. What cannot be kept is only noted: the
    /// templates are here.
    /// </summary>
    public async Task<IReadOnlyList<TemplateDocument>> RefreshAsync(SubmissionSender sender, TimeProvider clock,
        Action<string> note, CancellationToken cancellation)
    {
        var documents = await sender.ListTemplatesAsync(cancellation);
        try
        {
            if (home.Folder is not null)
                foreach (var document in documents.Where(d => ItemForm().IsMatch(d.Item)))
                    Keep(PathOf(Folder, document), document.OdcsYaml, clock);
        }
        catch (Exception e) when (e is ProblemException or IOException or UnauthorizedAccessException)
        {
            note($"模板没有保存到本机，离线检查可能用旧模板：{e.Message}");
        }
        return documents;
    }

    /// <summary>Another process may be reading the file: one that is right already is left in its place.</summary>
    private static void Keep(string path, string yaml, TimeProvider clock)
    {
        if (File.Exists(path) && File.ReadAllText(path) == yaml)
            File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
        else
            HubHome.Write(path, yaml);
    }

    public IReadOnlyList<CachedTemplate> List()
    {
        if (home.Folder is null || !Directory.Exists(Folder))
            return [];
        return [.. Directory.EnumerateFiles(Folder, "*.yaml")
            .Select(path => (path, Name: FileForm().Match(Path.GetFileName(path)))).Where(file => file.Name.Success)
            .Select(file => Describe(file.path, file.Name)).OrderBy(t => t.Item, StringComparer.Ordinal).ThenBy(t =>
                t.Version)];
    }

    /// <summary>The newest version that is kept.</summary>
    /// <exception cref="ProblemException">IH-INT-135: none is. IH-TPL-*: it is newer than this program can
    /// read.</exception>
    public Template Get(string item, int version = 0)
    {
        var kept = List().Where(t => t.Item == item && (version == 0 || t.Version == version)).MaxBy(t => t.Version)
            ?? throw new ProblemException(new Problem(ProblemCatalogue.TemplateNotHere, ("item", item)));
        return FromFile(kept.Path);
    }

    /// <summary>Null when it is not kept, or cannot be read.</summary>
    public Template? Find(string item, int version)
    {
        try
        {
            return Get(item, version);
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    /// <summary>
    /// Every template on this machine that can be read: those that are kept, and those of the tree
    /// (DEPARTMENT/ITEM/vN/template.odcs.yaml) that a named one lies in.
    /// </summary>
    public IEnumerable<Template> All(string? named = null)
    {
        var paths = List().Select(t => t.Path);
        if (named is not null && Path.GetFullPath(Path.Combine(named, "..", "..", "..", "..")) is var tree
            && Directory.Exists(tree) && Path.GetFileName(named) is var name
            && ItemForm().IsMatch(Path.GetFileName(Path.GetFullPath(Path.Combine(named, "..", "..")))))
            paths = paths.Concat(Directory.EnumerateDirectories(tree).SelectMany(Directory.EnumerateDirectories)
                .SelectMany(Directory.EnumerateDirectories).Select(v => Path.Combine(v, name)).Where(File.Exists));
        foreach (var path in paths)
        {
            Template? template = null;
            try
            {
                template = FromFile(path);
            }
            catch (ProblemException)
            {
                // A template that this version cannot read says nothing about a file's header.
            }
            if (template is not null)
                yield return template;
        }
    }

    public static string PathOf(string folder, TemplateDocument document) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{document.Item}.v{document.Version}.yaml"));

    /// <exception cref="ProblemException">IH-INT-117: the file cannot be read. IH-TPL-*: it is no sound
    /// template.</exception>
    public static Template FromFile(string path)
    {
        try
        {
            return OdcsReader.Read(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(LocalFile.Unreadable(path, e));
        }
    }

    /// <summary>The contract's name stands in a top-level <c>name:</c> line; enough for a list.</summary>
    public static string TitleOf(string yaml) =>
        yaml.Split('\n').FirstOrDefault(text => text.StartsWith("name:", StringComparison.Ordinal))
            ?["name:".Length..].Trim(' ', '\'', '"', '\r') ?? "";

    private static CachedTemplate Describe(string path, Match name)
    {
        var yaml = File.ReadAllText(path);
        return new CachedTemplate(name.Groups["item"].Value,
            int.Parse(name.Groups["version"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), TitleOf(yaml),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(yaml))), path);
    }

    [GeneratedRegex(@"\A[A-Z][A-Z0-9]{0,19}-[A-Z0-9]{2}\z")]
    private static partial Regex ItemForm();

    [GeneratedRegex(@"\A(?<item>[A-Z][A-Z0-9]{0,19}-[A-Z0-9]{2})\.v(?<version>[0-9]{1,6})\.yaml\z")]
    private static partial Regex FileForm();
}
