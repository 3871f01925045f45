using InfoHub.Templates.Vocabulary;

namespace InfoHub.Host.Demo;

/// <summary>What to generate. The same options give the same bytes.</summary>
public sealed record DemoOptions
{
    public const int PartiesMin = 1_000;
    public const int PartiesMax = 4_000_000;

    /// <summary>Models look at three months in a row; one before and one after tell them apart.</summary>
    public const int MonthsMin = 5;
    public const int MonthsMax = 24;

    /// <summary>Registered and unregistered parties together, 1 000 to 4 000 000. Default 20 000.</summary>
    public int Parties { get; init; } = 20_000;

    /// <summary>Default 20251.</summary>
    public int Seed { get; init; } = 20251;

    /// <summary>The first month. Default 202501.</summary>
    public Period First { get; init; } = Period.Month(2025, 1);

    /// <summary>Months in a row, 5 to 24. Default 6.</summary>
    public int Months { get; init; } = 6;

    /// <summary>
    /// The day the models are to be evaluated for: "older than 30 days" is measured to it. New firms (the trap of
    /// HJ-01)
    /// exist only when it lies at most 24 days after the last month; the last month's taxes are due, and may be found
    /// short, only when it lies 19 days after or more. Default 2025-07-20, between the two.
    /// </summary>
    public DateOnly AsOf { get; init; } = new(2025, 7, 20);

    /// <summary>
    /// Real enterprises to take names, codes and addresses from: gzip CSV with the header
    /// <c>uscc,name,representative,established,type,capital,province,city,address,scope</c>. Null, or not there: all
    /// are
    /// made up.
    /// </summary>
    public string? EnterpriseCsvGz { get; init; }

    /// <summary>Created when it is not there; files in it are overwritten.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>
    /// Plant faulty rows, each listed in <c>faults.csv</c>. Off: every file validates without an error. Default on.
    /// </summary>
    public bool Faults { get; init; } = true;

    /// <summary>
    /// The tax register sends everybody every month, as most do; off: newly registered ones and changes only. Default
    /// on.
    /// </summary>
    public bool FullRegister { get; init; } = true;

    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    internal void RequireSound()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Parties, PartiesMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Parties, PartiesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(Months, MonthsMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Months, MonthsMax);
        ArgumentException.ThrowIfNullOrEmpty(OutputFolder);
        if (First.Kind != PeriodKind.Month)
            throw new ArgumentException($"First: {First} is not a month");
        if (AsOf <= First.AddMonths(Months - 1).End)
            throw new ArgumentException($"AsOf: {AsOf:yyyy-MM-dd} is not after the last month");
    }
}

/// <summary>One generated extract, ready to be submitted.</summary>
/// <param name="Rows">Rows below the header, faulty ones included.</param>
/// <param name="FaultyRows">How many of them are listed in <c>faults.csv</c>.</param>
public sealed record DemoFile(string Item, Period Period, string Path, int Rows, int FaultyRows);

/// <summary>A finding that must come (in truth.csv) or must not come (in traps.csv).</summary>
/// <param name="Model">HJ-05</param>
/// <param name="Period">
/// The month or quarter it shows in (202503, 2025Q1), first and last month of a span (202501-202506), or empty when the
/// model speaks of the party as such.
/// </param>
/// <param name="Uscc">"" of a party without any code.</param>
/// <param name="Behaviour">Name of the <see cref="Behaviour"/> that planted it.</param>
/// <param name="Reason">zh-CN: the facts and the rule.</param>
public sealed record DemoExpectation(string Model, string Uscc, string Period, string Behaviour, string Reason)
{
    /// <summary>Of a party without a code, the name it has in the end; else "".</summary>
    public string Name { get; init; } = "";

    /// <summary>By which a finding is recognised.</summary>
    public string Party => Uscc.Length > 0 ? Uscc : Name;
}

/// <summary>A planted faulty row.</summary>
/// <param name="Row">1-based among the rows below the header.</param>
/// <param name="Line">1-based line of the file the row begins on; the header is line 1.</param>
/// <param name="Field">English column name; empty when the fault is the row's (402, 405, 501).</param>
/// <param name="Code">The problem the validator must report.</param>
public sealed record DemoFault(string File, int Row, int Line, string Field, string Code);

/// <summary>What was generated; <see cref="Files"/> are in the order in which they may be submitted.</summary>
public sealed record DemoSummary
{
    public required IReadOnlyList<DemoFile> Files { get; init; }

    /// <summary>Every finding the models must come to, and no other. Also in <c>truth.csv</c>.</summary>
    public required IReadOnlyList<DemoExpectation> Truth { get; init; }

    /// <summary>Planted look-alikes that no model may report. Also in <c>traps.csv</c>.</summary>
    public required IReadOnlyList<DemoExpectation> Traps { get; init; }

    public required IReadOnlyList<DemoFault> Faults { get; init; }

    /// <summary>Parties per behaviour.</summary>
    public required IReadOnlyDictionary<string, int> Behaviours { get; init; }

    /// <summary>Parties whose code, name and address are those of a real enterprise.</summary>
    public required int RealEnterprises { get; init; }

    public int Rows => Files.Sum(f => f.Rows);
}
