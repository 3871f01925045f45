using System.Collections.Immutable;

namespace InfoHub.Domain.Parameters;

/// <summary>
/// One dated value of a parameter, in force from <paramref name="From"/> to <paramref name="To"/> (inclusive; null:
/// still).
/// </summary>
public sealed record ParameterValue(DateOnly From, DateOnly? To, decimal Value, string Citation, string Region);

/// <summary>
/// A rate, threshold, coefficient or tolerance: dated data with unit and source, never a literal in a formula.
/// </summary>
public sealed record Parameter(string Name, string Title, string Unit, ImmutableArray<ParameterValue> Values);

/// <summary>
/// All parameters of a rule set, looked up by name and day. The version is the SHA-256 (first 12 hex digits) over its
/// texts and its calendar, and is stored with each finding so that any past run can be repeated.
/// </summary>
/// <param name="calendar">Null: the one that comes with the program.</param>
public sealed class ParameterSet(
    string version, IReadOnlyDictionary<string, Parameter> parameters, LegalCalendar? calendar = null)
{
    /// <summary>The parameters that come with the program; a deployment may read its own texts instead.</summary>
    public static ParameterSet Shipped { get; } = ParameterReader.ReadShipped();

    public string Version { get; } = version;

    public IReadOnlyDictionary<string, Parameter> All { get; } = parameters;

    /// <summary>What every term in days is counted with; part of the rule set and of its version.</summary>
    public LegalCalendar Calendar { get; } = calendar ?? LegalCalendar.Shipped;

    /// <summary>The same parameters with another calendar, under a version of its own.</summary>
    public ParameterSet With(LegalCalendar calendar) =>
        new(ParameterReader.VersionOf([Version, calendar.Version]), All, calendar);

    /// <summary>
    /// The value in force on a day, for a region (longest matching division prefix; "" is everywhere).
    /// </summary>
    /// <exception cref="KeyNotFoundException">No such parameter, or none in force that day: a mistake in model or
    /// data.</exception>
    public ParameterValue At(string name, DateOnly day, string region = "")
    {
        ParameterValue? best = null;
        foreach (var value in All.TryGetValue(name, out var parameter) ? parameter.Values : throw new KeyNotFoundException($"no parameter {name}"))
            if (value.From <= day && (value.To is not { } to || day <= to)
                && region.StartsWith(value.Region, StringComparison.Ordinal) && (best is null || value.Region.Length > best.Region.Length))
                best = value;
        return best ?? throw new KeyNotFoundException($"parameter {name} has no value in force on {day:yyyy-MM-dd}");
    }

    /// <summary>As <see cref="At"/>; null when nothing is in force that day.</summary>
    public ParameterValue? Find(string name, DateOnly day, string region = "") =>
        All.TryGetValue(name, out var parameter) && parameter.Values.Any(v => v.From <= day && (v.To is null || day <= v.To)
            && region.StartsWith(v.Region, StringComparison.Ordinal)) ? At(name, day, region) : null;
}
