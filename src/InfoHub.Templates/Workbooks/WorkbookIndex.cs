using System.Collections.Immutable;
using System.Xml;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Workbooks;

/// <summary>One sheet of a workbook.</summary>
/// <param name="Part">Where its cells are; "" for a chart or another sheet without cells of its own.</param>
/// <param name="IsHidden">Hidden, or "very hidden": only a program can show it.</param>
internal sealed record WorkbookSheet(string Name, string Part, bool IsHidden);

/// <summary>
/// The sheets of a workbook and where its parts are: followed from relationship to relationship, whatever the parts are
/// called, as ECMA-376 part 2 has it.
/// </summary>
internal sealed class WorkbookIndex
{
    private const int SheetsMax = 1000;
    private const int SheetsNamed = 20;

    public WorkbookIndex(WorkbookParts parts)
    {
        var main = MainPart(parts);
        var relations = PackageRelations.Of(parts, main);
        StringsPart = relations.OfType("sharedStrings")?.Part;
        StylesPart = relations.OfType("styles")?.Part;
        HasMacros = relations.OfType("vbaProject") is not null;
        HasExternalLinks = relations.OfType("externalLink") is not null;
        var sheets = ImmutableArray.CreateBuilder<WorkbookSheet>();
        using var xml = parts.Open(main);
        while (XmlText.ReadNode(xml))
        {
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "workbookPr")
                IsFrom1904 = XmlText.Flag(xml, "date1904");
            else if (xml.LocalName == "calcPr")
                ReadCalculation(xml);
            else if (xml.LocalName == "sheet")
                sheets.Add(SheetOf(xml, relations));
            if (sheets.Count > SheetsMax)
                throw WorkbookParts.TooLarge("工作表数", $"{SheetsMax} 张");
        }
        Sheets = sheets.ToImmutable();
    }

    public ImmutableArray<WorkbookSheet> Sheets { get; }

    public string? StringsPart { get; }

    public string? StylesPart { get; }

    public bool IsFrom1904 { get; }

    public bool HasMacros { get; }

    public bool HasExternalLinks { get; }

    /// <summary>
    /// The workbook asks to be calculated when it is opened, or was saved before that had ended: no stored result of a
    /// formula is to be believed.
    /// </summary>
    public bool IsToBeCalculated { get; private set; }

    /// <summary>Calculated only on demand: a stored result may be older than what it is computed from.</summary>
    public bool IsCalculatedByHand { get; private set; }

    /// <exception cref="ProblemException">IH-INT-217.</exception>
    public WorkbookSheet Find(string name) =>
        Sheets.FirstOrDefault(s => s.Name.Trim().Equals(name.Trim(), StringComparison.OrdinalIgnoreCase))
        ?? throw Unknown(name);

    /// <summary>No such sheet, or no sheet with cells at all.</summary>
    public ProblemException Unknown(string name)
    {
        var known = string.Join("、", Sheets.Take(SheetsNamed).Select(s => s.Name));
        return new ProblemException(new Problem(ProblemCatalogue.SheetUnknown,
            ("sheet", name), ("known", known.Length == 0 ? "没有任何工作表" : known)));
    }

    private void ReadCalculation(XmlReader xml)
    {
        IsToBeCalculated = XmlText.Flag(xml, "fullCalcOnLoad")
            || xml.GetAttribute("calcCompleted")?.Trim() is "0" or "false";
        IsCalculatedByHand = xml.GetAttribute("calcMode") is "manual";
    }

    private static WorkbookSheet SheetOf(XmlReader xml, PackageRelations relations)
    {
        var name = xml.GetAttribute("name") ?? "";
        var isHidden = xml.GetAttribute("state") is "hidden" or "veryHidden";
        if (RelationId(xml) is not { } id || relations.Find(id) is not { } target)
            throw new WorkbookDamageException($"找不到工作表“{name}”的内容");
        return new WorkbookSheet(name, target.Type == "worksheet" ? target.Part : "", isHidden);
    }

    private static string MainPart(WorkbookParts parts)
    {
        var main = PackageRelations.Of(parts, "").OfType("officeDocument")?.Part;
        var type = parts.ContentTypeOf(main);
        if (main is null || (!parts.Has(main) && type.Length == 0))
            (main, type) = parts.FindByContentType(IsWorkbookType) is { } found
                ? (found, parts.ContentTypeOf(found)) : (parts.Has("xl/workbook.xml") ? "xl/workbook.xml" : "", "");
        var isWorkbook = IsWorkbookType(type) || (type.Length == 0
            && main.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
            && main.StartsWith("xl/", StringComparison.OrdinalIgnoreCase));
        if (main.Length > 0 && (isWorkbook || IsWorkbook(parts, main)))
            return main;
        var what = main.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) || parts.Has("xl/workbook.bin")
            ? "xlsb 二进制工作簿" : parts.HasFolder("word/") ? "Word 文档"
            : parts.HasFolder("ppt/") ? "演示文稿" : parts.Has("content.xml") ? "OpenDocument 文档" : "zip 压缩包";
        throw new ProblemException(new Problem(
            ProblemCatalogue.NotAWorkbook, ("what", what), ("mend", "用表格软件另存为 xlsx 或 CSV UTF-8")));
    }

    /// <summary>Workbooks, templates and add-ins, with macros or without; not the binary ones.</summary>
    private static bool IsWorkbookType(string type) =>
        type.EndsWith(".main+xml", StringComparison.OrdinalIgnoreCase)
        && (type.Contains("spreadsheetml.", StringComparison.OrdinalIgnoreCase)
            || type.Contains("ms-excel.", StringComparison.OrdinalIgnoreCase));

    /// <summary>Told by its root where the package says nothing of its type.</summary>
    private static bool IsWorkbook(WorkbookParts parts, string part)
    {
        if (!parts.Has(part) || part.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
            return false;
        using var xml = parts.Open(part);
        while (XmlText.ReadNode(xml))
            if (xml.NodeType == XmlNodeType.Element)
                return xml.LocalName == "workbook";
        return false;
    }

    /// <summary>r:id, in the transitional or the strict namespace.</summary>
    private static string? RelationId(XmlReader xml)
    {
        string? id = null;
        while (xml.MoveToNextAttribute())
            if (xml is { LocalName: "id", Prefix.Length: > 0 })
                id = xml.Value;
        xml.MoveToElement();
        return id;
    }
}

/// <summary>Where the relationships of one part lead.</summary>
internal sealed class PackageRelations
{
    private const int RelationsMax = 10_000;

    private readonly Dictionary<string, (string Type, string Part)> _byId = new(StringComparer.Ordinal);

    /// <param name="source">The part, or "" for the package as a whole. A part without relationships has none.</param>
    public static PackageRelations Of(WorkbookParts parts, string source)
    {
        var relations = new PackageRelations();
        var folder = source[..(source.LastIndexOf('/') + 1)];
        var name = $"{folder}_rels/{source[folder.Length..]}.rels";
        if (!parts.Has(name))
            return relations;
        using var xml = parts.Open(name);
        while (XmlText.ReadNode(xml))
        {
            if (xml is not { NodeType: XmlNodeType.Element, LocalName: "Relationship" }
                || xml.GetAttribute("Id") is not { } id || xml.GetAttribute("Target") is not { } target)
                continue;
            if (relations._byId.Count == RelationsMax)
                throw WorkbookParts.TooLarge("部件关系数", $"{RelationsMax} 个");
            var type = xml.GetAttribute("Type") ?? "";
            var isOutside = xml.GetAttribute("TargetMode") is "External";
            relations._byId[id] = (type[(type.LastIndexOf('/') + 1)..],
                isOutside ? "" : PackagePath.Resolve(folder, target));
        }
        return relations;
    }

    public (string Type, string Part)? Find(string id) =>
        _byId.TryGetValue(id, out var relation) && relation.Part.Length > 0 ? relation : null;

    /// <summary>By the last word of its type, which both namespaces share; outside targets are none.</summary>
    public (string Type, string Part)? OfType(string type) => All(type).Cast<(string, string)?>().FirstOrDefault();

    public IEnumerable<(string Type, string Part)> All(string type) =>
        _byId.Values.Where(r => r.Type == type && (r.Part.Length > 0 || type == "externalLink"));
}

/// <summary>Names of parts: without a leading slash, and with slashes as the package writes them.</summary>
internal static class PackagePath
{
    public static string Normalise(string name) => Unescape(name.Replace('\\', '/')).TrimStart('/');

    /// <summary>A target as it stands in a relationship: absolute, or from the folder of its source.</summary>
    public static string Resolve(string folder, string target)
    {
        target = target.Trim().Replace('\\', '/');
        var end = target.IndexOfAny(['#', '?']);
        target = Unescape(end < 0 ? target : target[..end]);
        var steps = new List<string>();
        foreach (var step in (target.StartsWith('/') ? target : folder + target).Split('/'))
        {
            if (step == ".." && steps.Count > 0)
                steps.RemoveAt(steps.Count - 1);
            else if (step is not ("" or "." or ".."))
                steps.Add(step);
        }
        return string.Join('/', steps);
    }

    private static string Unescape(string name) =>
        name.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(name) : name;
}
