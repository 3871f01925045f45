using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;
using InfoHub.Cli.Settings;
using InfoHub.Client.Checking;
using InfoHub.Templates.Reading;

namespace InfoHub.Cli.Reporting;

/// <summary>One reason why a row was rejected, in words.</summary>
internal sealed record RejectedReason(string Code, string Text, string Fix);

/// <summary>
/// A copy of the rejected rows in their own layout, to be mended and sent alone: 原行号 in front, the reasons behind, and
/// a column in which to say that a row is not sent again.
/// Rows are written as they come; the file appears under its name when it is whole.
/// </summary>
internal abstract class RejectedCopy : IDisposable
{
    private static readonly string[] ReasonTitles =
        [RejectedColumns.Codes, RejectedColumns.Reasons, RejectedColumns.Fixes, RejectedColumns.Drop];

    private int[] _kept = [];
    private int _columns;
    private long _headerRow;
    private FreshFile? _file;

    public long Rows { get; private set; }

    /// <summary>
    /// By the ending of the name: .xlsx, else CSV in UTF-8 with a byte order mark, so that Excel shows Chinese.
    /// </summary>
    /// <param name="overwrites">Whether a file of that name gives way; somebody may have mended rows in it.</param>
    /// <param name="forGroup">Whether the group of the folder may read and mend it, or only this account.</param>
    /// <exception cref="InfoHub.Templates.Problems.ProblemException">IH-CFG-014: a file of that name is there, or none
    /// can be written.</exception>
    public static RejectedCopy Create(string path, bool overwrites = false, bool forGroup = false)
    {
        var file = FreshFile.Create(path, overwrites, forGroup);
        RejectedCopy copy = Path.GetExtension(path).Equals(".xlsx", StringComparison.OrdinalIgnoreCase)
            ? new WorkbookCopy(file.Content)
            : new CsvCopy(new StreamWriter(file.Content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
                leaveOpen: true));
        copy._file = file;
        return copy;
    }

    /// <summary>CSV without a byte order mark, onto a writer that stays open.</summary>
    public static RejectedCopy To(TextWriter writer) => new CsvCopy(writer) { KeepsOpen = true };

    /// <summary>Column titles as they came. Columns that an earlier copy added are left out.</summary>
    /// <param name="headerRow">Row of a spreadsheet the header stands in; 0 when it is not known.</param>
    public void Begin(IReadOnlyList<string> columns, long headerRow)
    {
        (_columns, _headerRow) = (columns.Count, headerRow);
        _kept = [.. Enumerable.Range(0, columns.Count).Where(i => !RejectedColumns.Has(columns[i]))];
        WriteRow([RejectedColumns.Origin, RejectedColumns.SheetRow, .. _kept.Select(i => columns[i]), .. ReasonTitles]);
    }

    /// <summary>
    /// A row with too few cells is filled up; what a row has too many stays together in its last cell, so that the
    /// reasons keep their columns.
    /// </summary>
    public void Write(long row, IReadOnlyList<string> cells, IReadOnlyList<RejectedReason> reasons)
    {
        string CellAt(int column) => column >= cells.Count ? ""
            : column == _columns - 1 && cells.Count > _columns ? string.Join(',', cells.Skip(column)) : cells[column];
        WriteRow(
        [
            row.ToString(CultureInfo.InvariantCulture), _headerRow == 0 ? "" : (_headerRow + row).ToString(
                CultureInfo.InvariantCulture), .. _kept.Select(CellAt),
            string.Join('；', reasons.Select(r => r.Code)), string.Join('；', reasons.Select(r => r.Text)),
            string.Join('；', reasons.Select(r => r.Fix).Distinct()), "",
        ]);
        Rows++;
    }

    /// <summary>The file is whole: gives it its name.</summary>
    public void Complete()
    {
        Close();
        _file?.Complete();
    }

    public void Dispose()
    {
        try
        {
            Close();
        }
        finally
        {
            _file?.Dispose();
        }
    }

    protected abstract void WriteRow(IReadOnlyList<string> cells);

    protected abstract void Close();

    private sealed class CsvCopy(TextWriter writer) : RejectedCopy
    {
        private bool _closed;

        public bool KeepsOpen { get; init; }

        protected override void WriteRow(IReadOnlyList<string> cells) =>
            writer.Write(DelimitedRow.Join(cells));

        protected override void Close()
        {
            if (KeepsOpen)
                writer.Flush();
            else if (!_closed)
                writer.Dispose();
            _closed = true;
        }
    }

    /// <summary>
    /// A workbook of one sheet whose cells are all text, so that no code loses its zeros. Written front to back into
    /// the archive: nothing of it is held in memory, which the usual library does with a whole sheet.
    /// </summary>
    private sealed class WorkbookCopy : RejectedCopy
    {
        private const int RowsMax = 1_048_576;
        private const int CellCharactersMax = 32_767;

        private static readonly (string Name, string Text)[] Parts =
        [
            ("[Content_Types].xml", """
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
                <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                <Default Extension="xml" ContentType="application/xml"/>
                <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
                <Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
                <Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
                </Types>
                """),
            ("_rels/.rels", """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                <Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
                </Relationships>
                """),
            ("xl/workbook.xml", """
                <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
                <sheets><sheet name="退回行" sheetId="1" r:id="r1"/></sheets></workbook>
                """),
            ("xl/_rels/workbook.xml.rels", """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                <Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
                <Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
                </Relationships>
                """),
            ("xl/styles.xml", """
                <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font>
                <sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>
                <patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
                <borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">
                <xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>
                """),
        ];

        private readonly ZipArchive _archive;
        private readonly StreamWriter _sheet;
        private int _row;
        private bool _closed;

        public WorkbookCopy(FileStream file)
        {
            _archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, text) in Parts)
                using (var part = new StreamWriter(_archive.CreateEntry(name).Open()))
                    part.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text.Trim());
            _sheet = new StreamWriter(_archive.CreateEntry("xl/worksheets/sheet1.xml").Open());
            _sheet.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<worksheet "
                + "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView "
                + "workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" state=\"frozen\"/></sheetView></sheetViews>"
                + "<sheetData>");
        }

        protected override void WriteRow(IReadOnlyList<string> cells)
        {
            if (++_row > RowsMax)
                throw HubHome.NotWritable("xlsx", "退回行超过一个工作表的行数上限，请改用 .csv");
            _sheet.Write($"<row r=\"{_row}\">");
            foreach (var cell in cells)
                _sheet.Write($"<c t=\"inlineStr\" s=\"1\"><is><t xml:space=\"preserve\">{Escape(cell)}</t></is></c>");
            _sheet.Write("</row>");
        }

        protected override void Close()
        {
            if (_closed)
                return;
            _closed = true;
            _sheet.Write("</sheetData></worksheet>");
            _sheet.Dispose();
            _archive.Dispose();
        }

        /// <summary>XML has no way to write most control characters; they go.</summary>
        private static string Escape(string cell)
        {
            if (cell.Length > CellCharactersMax)
                cell = cell[..CellCharactersMax];
            var plain = cell.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c >= '\uFFFE')
                ? string.Concat(cell.EnumerateRunes().Where(r => r.Value is '\t' or '\n' or '\r'
                    || (!Rune.IsControl(r) && r.Value is not (0xFFFE or 0xFFFF)))) : cell;
            return SecurityElement.Escape(plain);
        }
    }
}
