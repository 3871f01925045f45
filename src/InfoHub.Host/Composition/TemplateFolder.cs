using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;

namespace InfoHub.Host.Composition;

/// <summary>Reads <c>&lt;DEPT&gt;/&lt;ITEM&gt;/v&lt;N&gt;/template.odcs.yaml</c> below a folder.</summary>
public static class TemplateFolder
{
    /// <exception cref="ProblemException">A template is unsound, or the folder holds none.</exception>
    public static TemplateRegistry Read(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "template.odcs.yaml", SearchOption.AllDirectories) : [];
        if (files.Length == 0)
            throw new ProblemException(new Problem(ProblemCatalogue.PlantMissing, ("what", folder), ("reason", "没有模板"),
                ("remedy", "请用 --templates 指定 partner-templates 目录（Name the partner-templates folder with --templates）")));
        return new TemplateRegistry(files.Order(StringComparer.Ordinal).Select(file =>
        {
            var yaml = File.ReadAllText(file);
            return new RegisteredTemplate(OdcsReader.Read(yaml), yaml);
        }));
    }
}
