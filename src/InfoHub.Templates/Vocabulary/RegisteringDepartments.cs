using YamlDotNet.RepresentationModel;

namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// Who registers, and what: positions 1 and 2 of a USCC, GB 32100-2015 with its amendments. Dated and cited in
/// Tables/uscc-departments.yaml.
/// </summary>
internal static class RegisteringDepartments
{
    private const string Resource = "templates/uscc-departments.yaml";

    private static readonly bool[] Known = Read();

    /// <summary>A department of the table and a kind of organisation that it registers, ASCII.</summary>
    public static bool Has(byte department, byte kind) => department < 0x80 && kind < 0x80
        && Known[(department << 7) | kind];

    private static bool[] Read()
    {
        using var reader = new StreamReader(typeof(RegisteringDepartments).Assembly.GetManifestResourceStream(Resource)!);
        var yaml = new YamlStream();
        yaml.Load(reader);
        var known = new bool[1 << 14];
        foreach (var department in (YamlSequenceNode)yaml.Documents[0].RootNode["departments"])
            foreach (var kind in department["kinds"].ToString())
                known[(department["code"].ToString()[0] << 7) | kind] = true;
        return known;
    }
}
