namespace InfoHub.Templates.Problems;

public enum Severity
{
    Warning = 1,
    Error = 2,
}

/// <summary>What becomes of the row or file. FROZEN numbers: they are on the wire and in the store.</summary>
public enum Disposition
{
    Warn = 1,
    RejectRow = 2,
    RefuseFile = 3,
}

/// <summary>
/// One entry of the public list of numbered problems. Once shipped a code is never reused or re-meant.
/// Text in braces (<c>{field}</c>) is filled from <see cref="Problem.Values"/>.
/// </summary>
public sealed record ProblemKind(
    string Code, Disposition Disposition, string TitleZh, string DetailZh, string RemedyZh, string TitleEn, string RemedyEn);

/// <summary>
/// A numbered problem that somebody outside the team can cause: what happened, with which values, and what to do next.
/// Our own mistakes are exceptions, never problems.
/// </summary>
public sealed record Problem(ProblemKind Kind, IReadOnlyList<KeyValuePair<string, string>> Values)
{
    public Problem(ProblemKind kind, params (string Name, string Value)[] values)
        : this(kind, values.Select(v => KeyValuePair.Create(v.Name, v.Value)).ToArray())
    {
    }

    /// <summary>IH-INT-111: not now.</summary>
    /// <param name="seconds">When to try again.</param>
    /// <param name="why">zh-CN, without a full stop.</param>
    public static Problem Busy(int seconds, string why = "平台暂不受理新的报送") => new(ProblemCatalogue.Overloaded,
        ("seconds", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("why", why));

    public string Code => Kind.Code;

    /// <summary>zh-CN, with the values filled in.</summary>
    public string Detail => Fill(Kind.DetailZh);

    public string Remedy => Fill(Kind.RemedyZh);

    public string RemedyEn => Fill(Kind.RemedyEn);

    private string Fill(string text) =>
        Values.Aggregate(text, (filled, v) => filled.Replace($"{{{v.Key}}}", v.Value, StringComparison.Ordinal));

    public override string ToString() => $"{Code} {Kind.TitleZh}：{Detail} {Remedy}";
}

/// <summary>
/// Carries a <see cref="Problem"/> up to the one place that maps problems to gRPC, HTTP or an exit code.
/// </summary>
public sealed class ProblemException(Problem problem) : Exception(problem.ToString())
{
    public Problem Problem { get; } = problem;
}
