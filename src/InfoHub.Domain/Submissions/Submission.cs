using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Domain.Receipts;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Submissions;

/// <summary>Where a submission stands (exchange.md §4.1). FROZEN numbers: wire and store.</summary>
public enum SubmissionState
{
    Opened = 1,
    Uploading = 2,

    /// <summary>R1: all bytes are on disk and have the declared hash.</summary>
    Received = 3,

    /// <summary>R2: the header fits the template.</summary>
    Readable = 4,

    /// <summary>Rests here: the file as a whole was refused.</summary>
    FileRefused = 5,

    /// <summary>R3: every row is checked and the accepted ones are on the record log.</summary>
    Checked = 6,

    /// <summary>Rests here: no row was good.</summary>
    AllRowsRejected = 7,

    /// <summary>R4: all accepted rows are in the store and visible.</summary>
    Stored = 8,

    /// <summary>R5, rests here: rows are resolved and the models have run.</summary>
    Used = 9,

    /// <summary>Rests here: taken back by its department. The rows are kept and no longer count.</summary>
    Withdrawn = 10,
}

/// <summary>What a submission does to those of the same item and period with a lower sequence. FROZEN
/// numbers.</summary>
public enum Operation
{
    /// <summary>Adds rows; a row replaces the earlier one with its key, record_op D takes it away.</summary>
    Increment = 1,

    /// <summary>Replaces all of them.</summary>
    Snapshot = 2,

    /// <summary>Rows of a base submission, named by their key.</summary>
    Correction = 3,

    /// <summary>Rejected rows of a base submission, mended.</summary>
    Mend = 4,

    /// <summary>No rows: nothing happened in the period.</summary>
    Nil = 5,
}

public static class SubmissionStates
{
    public static bool Rests(this SubmissionState state) =>
        state is SubmissionState.FileRefused or SubmissionState.AllRowsRejected or SubmissionState.Used or SubmissionState.Withdrawn;

    public static string Title(this SubmissionState state) => state switch
    {
        SubmissionState.Opened => "已登记",
        SubmissionState.Uploading => "上传中",
        SubmissionState.Received => "已收到",
        SubmissionState.Readable => "校验中",
        SubmissionState.FileRefused => "整份退回",
        SubmissionState.Checked => "已校验",
        SubmissionState.AllRowsRejected => "全部行退回",
        SubmissionState.Stored => "已入库",
        SubmissionState.Used => "已使用",
        _ => "已撤回",
    };
}

/// <summary>What names a submission for ever: a file sent twice under one key is one submission.</summary>
public sealed record SubmissionKey(string Department, string Item, int Version, Period Period, int Sequence)
{
    /// <summary>GD-01.v1.202503.1: the public number.</summary>
    public string Ref => string.Create(CultureInfo.InvariantCulture, $"{Item}.v{Version}.{Period}.{Sequence}");
}

public enum FileFormat
{
    Csv = 1,
    Xlsx = 2,

    /// <summary>A nil return: no file.</summary>
    Nil = 3,

    /// <summary>Typed rows of a program, spooled as CSV.</summary>
    Records = 4,
}

/// <summary>The file as the sender declares it: SHA-256 (32 bytes), size in bytes, format, and a name for
/// people.</summary>
public sealed record DeclaredFile(ImmutableArray<byte> Sha256, long SizeBytes, FileFormat Format, string Name)
{
    /// <summary>Null: found out from the bytes.</summary>
    public TextEncoding? Encoding { get; init; }

    /// <summary>The sheet of a workbook; empty for the first.</summary>
    public string Sheet { get; init; } = "";
}

/// <summary>What the sender means the file to do. The base (its id and number) goes with Correction and Mend
/// only.</summary>
public sealed record SubmissionTerms(Operation Operation, bool IsTest)
{
    public static readonly SubmissionTerms Default = new(Operation.Increment, IsTest: false);

    public long? BaseId { get; init; }

    public string BaseRef { get; init; } = "";
}

/// <summary>What the sender counted: rows, and sums by English column name. Null or empty where nothing was
/// said.</summary>
public sealed record Manifest(long? Rows, ImmutableSortedDictionary<string, decimal> Sums);

/// <summary>How often one problem occurs in one column, exact.</summary>
/// <param name="Rejects">Its rows are rejected; else it is a hint. The same check may do the one in one column and the
/// other in another.</param>
public sealed record ErrorTotal(string Code, string Field, long Count, bool Rejects = true);

/// <summary>The sum of a number column over the rows of one submission; Received = Rejected + Accepted. Stored is
/// null until R4.</summary>
public sealed record ControlSum(string Field, decimal Received, decimal Rejected, decimal Accepted)
{
    public decimal? Stored { get; init; }

    /// <summary>False when cells that could not be read are missing from it: it is compared with no manifest.</summary>
    public bool IsComplete { get; init; } = true;
}

/// <summary>A submission as it stands in the store.</summary>
public sealed record Submission(long Id, SubmissionKey Key, DeclaredFile File, SubmissionState State)
{
    public SubmissionTerms Terms { get; init; } = SubmissionTerms.Default;

    public Manifest? Manifest { get; init; }

    public long RowsReceived { get; init; }

    public long RowsRejected { get; init; }

    public long RowsAccepted { get; init; }

    public long RowsStored { get; init; }

    /// <summary>Rejected rows that later submissions have mended; all of them make the submission complete.</summary>
    public long RowsMended { get; init; }

    /// <summary>Number of the later snapshot of the period that replaced it; empty while it counts.</summary>
    public string SupersededBy { get; init; } = "";

    public string WithdrawnReason { get; init; } = "";

    /// <summary>Column titles as they came, and the character between cells; empty until the header was read.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    public char Delimiter { get; init; } = ',';

    /// <summary>Row of a spreadsheet the header stood in, so that data row n is row HeaderRow + n; 0 when it is not
    /// known.</summary>
    public long HeaderRow { get; init; }

    public ImmutableArray<ControlSum> Sums { get; init; } = [];

    /// <summary>Problems of the file as a whole.</summary>
    public ImmutableArray<Problem> Problems { get; init; } = [];

    public ImmutableArray<ErrorTotal> ErrorTotals { get; init; } = [];

    /// <summary>In order of issue.</summary>
    public ImmutableArray<Receipt> Receipts { get; init; } = [];
}
