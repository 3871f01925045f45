using System.Collections.Immutable;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Findings;

/// <summary>Workflow state of a finding (workflow.md §5.4). FROZEN numbers: wire and store.</summary>
public enum FindingState
{
    Found = 1,
    Pushed = 2,
    Answered = 3,
    Archived = 4,

    /// <summary>自动消除: the next run no longer finds it.</summary>
    Cleared = 5,
    Returned = 6,
    Dismissed = 7,
    ToInspection = 8,
}

/// <summary>One line of the arithmetic, as an officer reads it: 欠缴 = 应缴 − 实缴.</summary>
/// <param name="Label">zh-CN.</param>
/// <param name="Expression">How the value came about, with the numbers filled in; empty for a fact.</param>
/// <param name="Value">Formatted with a decimal point and no grouping.</param>
/// <param name="Unit">元, kWh, 天, 月, 人; may be empty.</param>
/// <param name="Source">Citation of the parameter, or the item the fact comes from.</param>
public sealed record ArithmeticLine(string Label, string Expression, string Value, string Unit, string Source);

/// <summary>A row a finding rests on. <paramref name="Summary"/> tells in zh-CN the values the model used.</summary>
public sealed record Evidence(string Item, long SubmissionId, int Row, ImmutableArray<byte> RowHash, string Summary);

/// <summary>
/// What a model says of one business key: taxes or registration do not agree with the facts. Pure data; the store adds
/// id, party and state. The same facts, parameters and date give the same draft.
/// </summary>
public sealed record FindingDraft
{
    public required string Model { get; init; }

    public required int ModelVersion { get; init; }

    /// <summary>The period (所属期) it is about: the last period when it spans several.</summary>
    public required Period Period { get; init; }

    /// <summary>Unique within model and party, stable over re-runs: a re-run updates, never duplicates.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>zh-CN, one line.</summary>
    public required string Title { get; init; }

    public Money? Expected { get; init; }

    public Money? Actual { get; init; }

    /// <summary>Expected − actual.</summary>
    public Money? Gap { get; init; }

    /// <summary>应补税额估算; null when the model cannot say.</summary>
    public Money? EstimatedTax { get; init; }

    /// <summary>滞纳金 to the day of evaluation, 征管法32条.</summary>
    public Money? LateFee { get; init; }

    /// <summary>0..1, three decimals.</summary>
    public required decimal Confidence { get; init; }

    /// <summary>zh-CN: what would make the finding disappear.</summary>
    public required string DissolvesIf { get; init; }

    public required ImmutableArray<ArithmeticLine> Arithmetic { get; init; }

    public required ImmutableArray<Evidence> Evidence { get; init; }

    /// <summary>
    /// All facts against the party (not the tax bureau's own) come from one department: needs corroboration or release.
    /// </summary>
    public required bool SingleSource { get; init; }
}
