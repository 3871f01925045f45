using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using InfoHub.Client.Checking;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using FileKind = InfoHub.Templates.Reading.FileKind;
using FileKinds = InfoHub.Templates.Reading.FileKinds;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Client.Sending;

/// <summary>
/// An extract on disk and what it reports: item, period and sequence, read from the name
/// <c>&lt;ITEM&gt;_&lt;period&gt;[_&lt;sequence&gt;].csv|tsv|txt|xlsx</c> or stated by the caller.
/// </summary>
public sealed partial record SubmissionFile
{
    public const int SequenceMax = 9999;

    public required string Path { get; init; }

    /// <summary>SCJG-01</summary>
    public required string Item { get; init; }

    public required Period Period { get; init; }

    /// <summary>1 for the first file of the period; a correction or supplement has the next number.</summary>
    public int Sequence { get; init; } = 1;

    /// <summary>0: the newest version.</summary>
    public int TemplateVersion { get; init; }

    public required FileFormat Format { get; init; }

    /// <summary>What the file does to those of the same item and period with a lower sequence.</summary>
    public Operation Operation { get; init; }

    /// <summary>Correction and mend: the number of the submission that is corrected.</summary>
    public string Base { get; init; } = "";

    /// <summary>Unspecified: the hub finds out from the bytes.</summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>The sheet of a workbook; empty for the first.</summary>
    public string Sheet { get; init; } = "";

    /// <summary>An upload under the same key that was never committed gives way to this file.</summary>
    public bool ReplacesUnfinished { get; init; }

    /// <summary>
    /// What was counted here; the hub refuses a file in which it counts otherwise. Null: nothing is compared.
    /// </summary>
    public Manifest? Manifest { get; init; }

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>
    /// Looks at the content first, since a file that cannot be sent needs no other name; then reads the name; what the
    /// caller states wins over it. With item and period stated the name is free, as long as
    /// its ending tells the format (.xlsx, or .csv, .tsv, .txt).
    /// </summary>
    /// <exception cref="ProblemException">
    /// IH-INT-209, 219, 220: no file of rows. IH-INT-115: the name does not tell item and period. IH-INT-106: no
    /// period.
    /// </exception>
    public static SubmissionFile FromPath(string path, string? item = null, string? period = null, int? sequence = null)
    {
        var name = System.IO.Path.GetFileName(path);
        if (RefusalByContent(path) is { } refusal)
            throw new ProblemException(refusal);
        var named = NameForm().Match(name);
        var itemText = item ?? (named.Success ? named.Groups["item"].Value : "");
        var periodText = period ?? (named.Success ? named.Groups["period"].Value : "");
        var sequenceText = named.Groups["sequence"].Success ? named.Groups["sequence"].Value : "1";
        var number = sequence ?? (int.TryParse(sequenceText, NumberStyles.None, CultureInfo.InvariantCulture,
            out var read) ? read : 0);
        if (FormatOf(name) is not { } format || !ItemForm().IsMatch(itemText) || periodText.Length == 0
            || number is < 1 or > SequenceMax)
            throw new ProblemException(new Problem(ProblemCatalogue.FileNameUnclear, ("file", name)));
        if (!Period.TryParse(periodText, out var parsed))
            throw period is null
                ? new ProblemException(new Problem(ProblemCatalogue.FileNameUnclear, ("file", name)))
                : new ProblemException(new Problem(ProblemCatalogue.PeriodInvalid,
                    ("period", period), ("item", itemText), ("form", "YYYYMM、YYYYQn 或 YYYY"), ("example", "202503")));
        return new SubmissionFile
        {
            Path = path, Item = itemText.ToUpperInvariant(), Period = parsed, Sequence = number, Format = format,
        };
    }

    /// <summary>A workbook of another kind, an archive, a picture: what it is, whatever it is called.</summary>
    private static Problem? RefusalByContent(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using var file = File.OpenRead(path);
            // Bytes of no kind may be text in an encoding that the check names better.
            if (FormatOf(path) is { } format)
                return format == FileFormat.Csv && FileKinds.Of(file) == FileKind.Binary ? null
                    : FileKinds.Refusal(file, format == FileFormat.Xlsx);
            var ending = System.IO.Path.GetExtension(path).ToLowerInvariant();
            return FileKinds.Refusal(file, isWorkbook: false) ?? (!SheetEndings.Contains(ending) ? null
                : new Problem(ProblemCatalogue.NotACsv, ("what", file.Length == 0 ? "空文件" : $"扩展名是 {ending} 的文本文件"),
                    ("mend", file.Length == 0 ? "重新导出为 xlsx 或 CSV UTF-8" : "把扩展名改为 .csv 后再报送")));
        }
        catch (Exception e) when (e
            is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Whoever reads it tells why it cannot be read.
            return null;
        }
    }

    private static readonly string[] SheetEndings = [".xls", ".xlsm", ".xlsb", ".et", ".ett", ".ods", ".htm", ".html"];

    /// <summary>Opens the file for reading; others may read it too.</summary>
    /// <exception cref="ProblemException">IH-INT-117: it cannot be read.</exception>
    internal FileStream OpenRead()
    {
        try
        {
            return new FileStream(Path, new FileStreamOptions
            {
                Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0,
                    Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception e) when (e
            is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(e);
        }
    }

    internal ProblemException Unreadable(Exception cause) =>
        new(LocalFile.Unreadable(Path, cause));

    /// <summary>Null when the name's ending is of no format that is taken.</summary>
    internal static FileFormat? FormatOf(string name) => System.IO.Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".XLSX" => FileFormat.Xlsx,
        ".CSV" or ".TSV" or ".TXT" => FileFormat.Csv,
        _ => null,
    };

    [GeneratedRegex(@"\A(?<item>[^_]+)_(?<period>[^_]+)(_(?<sequence>[0-9]{1,4}))?\.(csv|tsv|txt|xlsx)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NameForm();

    /// <summary>Department code, hyphen, two characters.</summary>
    [GeneratedRegex(@"\A[A-Z][A-Z0-9]{0,19}-[A-Z0-9]{2}\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ItemForm();
}

/// <summary>Size and SHA-256 of a file, read once in pieces of fixed size.</summary>
internal readonly record struct FileDigest(long SizeBytes, byte[] Sha256)
{
    private const int PieceBytes = 1 << 20;

    public static async Task<FileDigest> ComputeAsync(FileStream file, Action<long> onRead,
        CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        var size = 0L;
        while (await RandomAccess.ReadAsync(file.SafeFileHandle, piece, size,
            cancellation).ConfigureAwait(false) is var count and > 0)
        {
            hash.AppendData(piece, 0, count);
            size += count;
            onRead(size);
        }
        return new FileDigest(size, hash.GetHashAndReset());
    }
}
