using System.Runtime.CompilerServices;
using InfoHub.Templates.Model;

namespace InfoHub.Templates.Reading;

/// <summary>How a title relates to the columns of a template.</summary>
internal enum TitleMatch
{
    /// <summary>No column of the template, and no column common to all.</summary>
    None = 0,

    /// <summary>The column, or one common to all templates: <see cref="FileHeader.Ignored"/> and below.</summary>
    Same,

    /// <summary>The column in another unit: 电费(万元) where 电费(元) is agreed.</summary>
    OtherUnit,

    /// <summary>The column without the unit that belongs to its title.</summary>
    NoUnit,
}

/// <summary>
/// The titles a template's columns may stand under, by meaning: Chinese, English or both, with or without marks and
/// numbers, the unit in any spelling.
/// </summary>
internal sealed class TitleIndex
{
    private static readonly ConditionalWeakTable<Template, TitleIndex> Known = [];

    private readonly Dictionary<string, int> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _bare = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Field, string Unit)> _otherUnit = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _noUnit = new(StringComparer.Ordinal);

    private TitleIndex(Template template)
    {
        for (var i = 0; i < template.Fields.Length; i++)
        {
            _exact.TryAdd(template.Fields[i].Name, i);
            _exact.TryAdd(template.Fields[i].Title, i);
        }
        for (var i = 0; i < template.Fields.Length; i++)
            Add(template.Fields[i], i);
    }

    /// <summary>Of a template, made when it is first asked for.</summary>
    public static TitleIndex Of(Template template) => Known.GetValue(template, t => new TitleIndex(t));

    /// <param name="column">An index into the template's fields, or one of the numbers of
    /// <see cref="FileHeader"/>.</param>
    /// <param name="unit">The unit the title names, where it is another one.</param>
    public TitleMatch Find(string title, out int column, out string unit)
    {
        unit = "";
        if (_exact.TryGetValue(title, out column))
            return TitleMatch.Same;
        var bare = TitleText.Bare(title);
        var unnumbered = TitleText.Bare(TitleText.WithoutNumber(title));
        string[] forms = [bare, unnumbered, WithoutMarks(bare), WithoutMarks(unnumbered)];
        // The template's own column before one common to all: region-code is 区划 where there is such a column.
        foreach (var form in forms)
            if (form.Length > 0 && _bare.TryGetValue(form, out column))
                return TitleMatch.Same;
        if (FileHeader.CommonColumn(title, out column))
            return TitleMatch.Same;
        foreach (var form in forms)
            if (form.Length > 0 && FileHeader.CommonColumn(form, out column))
                return TitleMatch.Same;
        var plain = WithoutMarks(unnumbered);
        if (_otherUnit.TryGetValue(plain, out var other))
        {
            (column, unit) = other;
            return TitleMatch.OtherUnit;
        }
        if (_noUnit.TryGetValue(plain, out column))
            return TitleMatch.NoUnit;
        column = FileHeader.Unknown;
        return TitleMatch.None;
    }

    private void Add(Field field, int index)
    {
        var (title, name) = (TitleText.Bare(field.Title), TitleText.Bare(field.Name));
        foreach (var form in new[] { title, name, title + name, name + title })
            _bare.TryAdd(form, index);
        var own = FileWords.SpellingsOf(field.Unit).ToHashSet(StringComparer.Ordinal);
        if (own.Count == 0)
            return;
        var written = own.Where(title.EndsWith).OrderByDescending(s => s.Length).FirstOrDefault();
        var bases = written is null || written.Length == title.Length ? title : title[..^written.Length];
        foreach (var spelling in own)
        {
            _bare.TryAdd(bases + spelling, index);
            _bare.TryAdd(bases + "单位" + spelling, index);
        }
        foreach (var (unit, spellings) in FileWords.Units.Where(u => !own.Contains(u.Key)))
            foreach (var spelling in spellings)
            {
                _otherUnit.TryAdd(bases + spelling, (index, unit));
                _otherUnit.TryAdd(bases + "单位" + spelling, (index, unit));
            }
        if (bases.Length < title.Length)
            _noUnit.TryAdd(bases, index);
    }

    private static string WithoutMarks(string bare)
    {
        foreach (var mark in FileWords.Marks)
            if (bare.Length > mark.Length && bare.EndsWith(mark, StringComparison.Ordinal))
                return bare[..^mark.Length];
            else if (bare.Length > mark.Length && bare.StartsWith(mark, StringComparison.Ordinal))
                return bare[mark.Length..];
        return bare;
    }
}
