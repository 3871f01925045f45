namespace InfoHub.Domain.Identity;

/// <summary>A rejected row of one of the tax bureau's own items, as far as it can be read.</summary>
/// <param name="NameKey">By <see cref="Identity.NameKey"/>; null when the row tells no name.</param>
/// <param name="Code">USCC or taxpayer number as it stands in the row; null when there is none.</param>
/// <param name="RegistrationKey">登记序号 as it stands in the row; null when there is none.</param>
public sealed record DoubtfulRow(string Item, string? NameKey, string? Code, string? RegistrationKey)
{
    /// <summary>The cells of its primary key as far as they can be read; null when none can.</summary>
    public string? RowKey { get; init; }

    /// <summary>Of the submission it came in: what is sent for a later one, or again, may be the row as it should
    /// be.</summary>
    public (DateOnly PeriodEnd, int Sequence) Sent { get; init; }
}

/// <summary>
/// The rejected rows of the tax bureau's own items. A party with the same name or 登记序号, or with a code that differs in
/// at
/// most one character, may be the one on the rejected row. 登记序号 have no check and follow each other: one that differs
/// is
/// somebody else's.
/// </summary>
public sealed class RegistryDoubts
{
    private readonly ILookup<string, DoubtfulRow> _names;
    private readonly ILookup<string, DoubtfulRow> _patterns;

    public RegistryDoubts(IReadOnlyCollection<DoubtfulRow> rows)
    {
        _names = rows.Where(r => r.NameKey is { Length: > 0 }).Distinct().ToLookup(r => r.NameKey!);
        _patterns = rows.Where(r => r.Code is not null).SelectMany(r => Patterns(r.Code!).Select(p => (Pattern: p,
            Row: r)))
            .Concat(rows.Where(r => r.RegistrationKey is not null).Select(r => (Pattern: r.RegistrationKey!, Row: r)))
            .Distinct().ToLookup(p => p.Pattern, p => p.Row);
    }

    /// <summary>
    /// The tax bureau's own items: absence from any of them is no absence while a rejected row may be it.
    /// </summary>
    public static IReadOnlyList<string> Items { get; } = ["SW-01", "SW-02", "SW-03"];

    /// <summary>
    /// The items of which a rejected row may be that of a party with these names and codes, in order.
    /// </summary>
    /// <param name="isSettled">True for a row that the party has by now as it should be; null: none is.</param>
    public IEnumerable<string> About(
        IEnumerable<string> nameKeys, IEnumerable<string> codes, Func<DoubtfulRow, bool>? isSettled = null) =>
        nameKeys.Where(n => n.Length > 0).SelectMany(n => _names[n])
            .Concat(_patterns.Count == 0 ? [] : codes.SelectMany(c => Patterns(c).Prepend(c)).SelectMany(p => _patterns[p]))
            .Where(r => isSettled?.Invoke(r) != true).Select(r => r.Item).Distinct().Order(StringComparer.Ordinal);

    /// <summary>
    /// The code with each character left open in turn: two codes share one exactly when they differ in at most one
    /// place.
    /// </summary>
    private static IEnumerable<string> Patterns(string code) =>
        Enumerable.Range(0, code.Length).Select(i => string.Concat(code.AsSpan(0, i), "?", code.AsSpan(i + 1)));
}
