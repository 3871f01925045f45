namespace InfoHub.Domain.Identity;

/// <summary>
/// The rejected rows of the tax register, as far as they can be read. A party with the same name, or with a code that
/// differs in one character, may be the one on the rejected row.
/// </summary>
public sealed class RegistryDoubts
{
    private readonly HashSet<string> _names;
    private readonly HashSet<string> _patterns;

    public RegistryDoubts(IEnumerable<string> nameKeys, IEnumerable<string> codes)
    {
        _names = [.. nameKeys.Where(n => n.Length > 0)];
        _patterns = [.. codes.SelectMany(Patterns)];
    }

    public bool Concern(string nameKey, string? uscc) =>
        (nameKey.Length > 0 && _names.Contains(nameKey)) || (uscc is not null && Patterns(uscc).Any(_patterns.Contains));

    /// <summary>
    /// The code with each character left open in turn: two codes share one exactly when they differ in at most one
    /// place.
    /// </summary>
    private static IEnumerable<string> Patterns(string code) =>
        Enumerable.Range(0, code.Length).Select(i => string.Concat(code.AsSpan(0, i), "?", code.AsSpan(i + 1)));
}
