namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// Who registers, and what: positions 1 and 2 of a USCC, GB 32100-2015 with its amendments. Dated and cited in
/// Tables/uscc-departments.yaml.
/// </summary>
internal static class RegisteringDepartments
{
    private static readonly bool[] Known = Read();

    /// <summary>A department of the table and a kind of organisation that it registers, ASCII.</summary>
    public static bool Has(byte department, byte kind) => department < 0x80 && kind < 0x80
        && Known[(department << 7) | kind];

    private static bool[] Read()
    {
        var known = new bool[1 << 14];
        foreach (var (code, kinds) in EmbeddedTables.Departments())
            foreach (var kind in kinds)
                known[(code << 7) | kind] = true;
        return known;
    }
}
