using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Reading;

/// <summary>
/// Which column of the template each cell of the header is. Titles are compared by meaning, Chinese or English, in any
/// order; the system columns of catalogue.md §1.1 are allowed, and so are columns without a title.
/// </summary>
internal sealed class FileHeader
{
    public const int Ignored = -1;
    public const int RecordOperation = -2;
    public const int Unknown = -3;
    public const int OriginRow = -4;

    /// <summary>A column without a title. A cell in it is not read; it is told of.</summary>
    public const int Nameless = -5;

    /// <summary>In a file of mended rows: why a rejected row is not sent again.</summary>
    public const int DropReason = -6;

    /// <summary>数据所属期, 报送单位, … : common to all templates, and told by the submission itself.</summary>
    private static readonly Dictionary<string, int> SystemColumns = new[]
    {
        ("data_period", Ignored), ("数据所属期", Ignored), ("dept_code", Ignored), ("报送单位", Ignored),
        ("region_code", Ignored), ("行政区划", Ignored), ("source_pk", Ignored), ("源主键", Ignored),
        ("record_op", RecordOperation), ("记录操作", RecordOperation), ("submit_time", Ignored), ("提交时间", Ignored),
        ("batch_no", Ignored), ("批次号", Ignored),
    }.ToDictionary(c => TitleText.Bare(c.Item1), c => c.Item2, StringComparer.Ordinal);

    /// <summary>
    /// For each cell: an index into the template's fields, or one of the constants.
    /// </summary>
    public required int[] Columns { get; init; }

    /// <summary>Fields that have no column in this file.</summary>
    public required int[] Absent { get; init; }

    /// <summary>Rows have so many cells at least: what stands behind has no title.</summary>
    public required int NamedWidth { get; init; }

    /// <summary>The file names the rows it mends; its cells may carry the guard of the hub's own export.</summary>
    public bool HasOrigin { get; private init; }

    /// <summary>Maps the header's cells, or says why it cannot.</summary>
    /// <param name="found">How many cells name a column of the template.</param>
    public static (FileHeader? Header, Problem? Problem) Read(Template template, IReadOnlyList<string> titles,
        out int found)
    {
        var reading = HeaderReading.Of(template, titles);
        found = reading.Found;
        return reading.IsWhole ? (Of(template, reading), null) : (null, HeaderDiagnosis.Of(template, reading));
    }

    /// <summary>The header of a line that reads whole.</summary>
    public static FileHeader Of(Template template, HeaderReading reading) => new()
    {
        Columns = reading.Columns,
        Absent = [.. Enumerable.Range(0, template.Fields.Length).Except(reading.Columns)],
        NamedWidth = Array.FindLastIndex(reading.Columns, c => c != Nameless) + 1,
        HasOrigin = reading.Columns.Contains(OriginRow),
    };

    /// <summary>A column common to all templates, or one that the hub's own copy of rejected rows adds.</summary>
    public static bool CommonColumn(string title, out int column)
    {
        var bare = TitleText.Bare(title);
        if (SystemColumns.TryGetValue(bare, out column))
            return true;
        column = bare.Length == 0 ? Nameless : RejectedColumns.IsOrigin(title) ? OriginRow
            : RejectedColumns.IsDrop(title) ? DropReason
            : RejectedColumns.Has(title) || FileWords.Ordinals.Contains(bare) ? Ignored : Unknown;
        return column != Unknown;
    }

    public static string Title(ReadOnlySpan<byte> cell) => Encoding.UTF8.GetString(Checks.CellText.Trim(cell));
}
