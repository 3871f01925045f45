using System.Collections;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>
/// What holds for one whole file: its period, the day it is checked, and the key of its duplicate check.
/// </summary>
/// <param name="Today">Dates more than a month after it are implausible.</param>
/// <param name="KeySeed">Drawn at random per file by the caller; changes no result.</param>
public readonly record struct FileContext(Period Period, DateOnly Today, UInt128 KeySeed)
{
    /// <summary>
    /// The file is refused (IH-INT-222) when a row that is not blank has a greater number; blank lines between rows are
    /// numbered too. 2^31-1 unless said otherwise, as rows are stored.
    /// </summary>
    public int RowsMax { get; init; } = int.MaxValue;

    /// <summary>As declared by the sender; null: found out from the bytes.</summary>
    public TextEncoding? Encoding { get; init; }

    /// <summary>
    /// Where the keys of the duplicate check go when they are too many for memory: an empty stream that can be read,
    /// written and sought, used by this file alone; the caller disposes of it. Null: all stay in memory.
    /// </summary>
    public Stream? Overflow { get; init; }

    /// <summary>
    /// Which rows, by number, of the submission that this file mends were rejected; a mended row of another number is
    /// warned of (IH-INT-503). Null: the file mends nothing, or it is not known here.
    /// </summary>
    public BitArray? RejectedOrigins { get; init; }

    /// <summary>
    /// The rows may all be of other periods than the file: it mends or corrects rows of a submission that has such
    /// rows.
    /// </summary>
    public bool AnyPeriod { get; init; }

    /// <summary>The other templates of the department, of which a misfit header may be; null: none are known.</summary>
    public Func<IEnumerable<Template>>? OtherTemplates { get; init; }

    /// <summary>What is to be said of the file beside its rows; told before them.</summary>
    public IReadOnlyList<FileNotice> Notices { get; init; } = [];

    /// <summary>What is known of single cells beside their text; null for a file that is text itself.</summary>
    public CellMarks? Marks { get; init; }
}

/// <summary>What the reader knows of a record before its cells are checked.</summary>
/// <param name="IsUnusual">It may hold characters that are read otherwise, or signs of lost text.</param>
/// <param name="IsHandedOut">The file is the hub's own copy: its guards are the hub's and not worth a word.</param>
internal readonly record struct RecordTraits(bool IsUnusual, bool IsHandedOut);
