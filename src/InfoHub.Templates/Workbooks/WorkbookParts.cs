using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml;
using InfoHub.Templates.Problems;

namespace InfoHub.Templates.Workbooks;

/// <summary>The parts of the zip archive a workbook is, each unpacked as it is read and never past a bound.</summary>
internal sealed class WorkbookParts : IDisposable
{
    private const int EntriesMax = 10_000;

    /// <summary>A sheet of a million rows and twenty columns is about a gigabyte of XML.</summary>
    private const long UnpackedBytesMax = 2L << 30;

    /// <summary>XML of real sheets packs to a tenth or a fiftieth; deflate ends at a thousandth.</summary>
    private const int RatioMax = 500;
    private const long RatioFromBytes = 16 << 20;

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _parts = new(StringComparer.OrdinalIgnoreCase);
    private long _room = UnpackedBytesMax;

    public WorkbookParts(Stream workbook)
    {
        RequireFewEntries(workbook);
        _archive = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in _archive.Entries)
            _parts[entry.FullName.Replace('\\', '/').TrimStart('/')] = entry;
    }

    /// <summary>The archive keeps all its entries in memory, so they are counted before it is opened.</summary>
    internal static void RequireFewEntries(Stream workbook)
    {
        const int endBytes = 22, endBytesMax = endBytes + ushort.MaxValue;
        var tail = new byte[(int)Math.Min(endBytesMax, workbook.Length)];
        workbook.Position = workbook.Length - tail.Length;
        workbook.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || tail.Length - end < endBytes)
            throw new InvalidDataException("the archive has no end: the file is cut off");
        var position = workbook.Length - tail.Length + end;
        foreach (var (stated, start) in Lists(workbook, tail.AsSpan(end, endBytes), position))
            RequireFewEntries(workbook, stated, start);
        workbook.Position = 0;
    }

    private static void RequireFewEntries(Stream workbook, ulong stated, ulong start)
    {
        if (stated > EntriesMax)
            throw TooLarge("压缩包内的文件数", $"{EntriesMax} 个");
        if (start > (ulong)workbook.Length)
            throw new InvalidDataException("the list of the archive's entries lies behind its end");
        workbook.Position = (long)start;
        Span<byte> entry = stackalloc byte[46];
        var count = 0;
        while (workbook.ReadAtLeast(entry, 46, throwOnEndOfStream: false) == 46
            && entry.StartsWith("PK\u0001\u0002"u8))
        {
            if (++count > EntriesMax)
                throw TooLarge("压缩包内的文件数", $"{EntriesMax} 个");
            workbook.Position += BinaryPrimitives.ReadUInt16LittleEndian(entry[28..])
                + BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
        }
        if ((ulong)count < stated)
            throw new InvalidDataException($"the archive states {stated} entries and lists {count}");
    }

    /// <summary>
    /// How many entries are stated and where their list begins. A field full of ones sends a reader on to a zip64
    /// record and the list that it names. Readers differ in which fields they look at, so both lists have to be
    /// bounded.
    /// </summary>
    /// <param name="position">Where the end record lies in the file.</param>
    private static IReadOnlyList<(ulong Stated, ulong Start)> Lists(
        Stream workbook, ReadOnlySpan<byte> end, long position)
    {
        var (stated, start) = (BinaryPrimitives.ReadUInt16LittleEndian(end[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(end[16..]));
        var isZip64 = start == uint.MaxValue || BinaryPrimitives.ReadUInt32LittleEndian(end[12..]) == uint.MaxValue;
        foreach (var field in (ReadOnlySpan<int>)[4, 6, 8, 10])
            isZip64 |= BinaryPrimitives.ReadUInt16LittleEndian(end[field..]) == ushort.MaxValue;
        if (!isZip64)
            return [(stated, start)];
        var list = ReadZip64(workbook, position);
        return start == uint.MaxValue ? [list] : [list, (0, start)];
    }

    /// <summary>The record whose place the locator right before the end record tells.</summary>
    private static (ulong Stated, ulong Start) ReadZip64(Stream workbook, long end)
    {
        const int locatorBytes = 20, recordBytes = 56;
        Span<byte> found = stackalloc byte[recordBytes];
        workbook.Position = Math.Max(0, end - locatorBytes);
        if (workbook.ReadAtLeast(found[..locatorBytes], locatorBytes, throwOnEndOfStream: false) < locatorBytes
            || !found.StartsWith("PK\u0006\u0007"u8))
            throw new InvalidDataException("the archive has no zip64 locator where its end record says so");
        var record = BinaryPrimitives.ReadUInt64LittleEndian(found[8..]);
        if (record > (ulong)workbook.Length)
            throw new InvalidDataException("the zip64 record lies behind the end of the archive");
        workbook.Position = (long)record;
        if (workbook.ReadAtLeast(found, recordBytes, throwOnEndOfStream: false) < recordBytes
            || !found.StartsWith("PK\u0006\u0006"u8))
            throw new InvalidDataException("the archive has no zip64 record where its locator says so");
        return (BinaryPrimitives.ReadUInt64LittleEndian(found[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(found[48..]));
    }

    public bool Has(string name) => _parts.ContainsKey(name);

    public bool HasFolder(string prefix) => _parts.Keys.Any(k => k.StartsWith(prefix,
        StringComparison.OrdinalIgnoreCase));

    /// <exception cref="InvalidDataException">There is no such part.</exception>
    public XmlReader Open(string name)
    {
        if (!_parts.TryGetValue(name, out var entry))
            throw new InvalidDataException($"the part {name} is missing");
        if (entry.Length > UnpackedBytesMax
            || (entry.Length > RatioFromBytes && entry.Length / RatioMax > entry.CompressedLength))
            throw TooLarge(name, $"{UnpackedBytesMax >> 20} MB 或 {RatioMax} 倍");
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true, IgnoreComments = true,
            IgnoreProcessingInstructions = true, NameTable = new BoundedNames(),
        };
        return XmlReader.Create(new BoundedPart(entry.Open(), this, name), settings);
    }

    private void Take(int bytes, string name)
    {
        _room -= bytes;
        if (_room < 0)
            throw TooLarge(name, $"{UnpackedBytesMax >> 20} MB");
    }

    public static ProblemException TooLarge(string what, string max) =>
        new(new Problem(ProblemCatalogue.WorkbookTooLarge, ("what", what), ("max", max)));

    public void Dispose() => _archive.Dispose();

    /// <summary>
    /// A part as it is unpacked. Between two markup signs lies one name, attribute list or text, which the XML reader
    /// holds in memory: a stretch without one is bounded, and so is all of it.
    /// </summary>
    private sealed class BoundedPart(Stream inner, WorkbookParts parts, string name) : Stream
    {
        private const int StretchBytesMax = 1 << 20;

        private int _stretch;

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            parts.Take(read, name);
            var first = buffer[..read].IndexOf((byte)'<');
            _stretch += first < 0 ? read : first;
            if (_stretch > StretchBytesMax)
                throw TooLarge(name, "每个单元格 1 MB");
            if (first >= 0)
                _stretch = read - buffer[..read].LastIndexOf((byte)'<');
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>The reader keeps every name it has met; a workbook has some hundreds.</summary>
    private sealed class BoundedNames : NameTable
    {
        private const int NamesMax = 10_000;

        private int _names;

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Count(base.Add(key,
            start, len));

        public override string Add(string key) => Get(key) ?? Count(base.Add(key));

        private string Count(string added) =>
            ++_names <= NamesMax ? added : throw new InvalidDataException("the part has too many names");
    }
}

/// <summary>The sheets of a workbook and where they are.</summary>
internal sealed class WorkbookIndex
{
    private const int SheetsMax = 1000;
    private const int SheetsNamed = 20;

    private readonly List<(string Name, string Part, bool IsHidden)> _sheets = [];

    public WorkbookIndex(WorkbookParts parts)
    {
        var main = MainPart(parts);
        var folder = main[..(main.LastIndexOf('/') + 1)];
        var targets = ReadTargets(parts, $"{folder}_rels/{main[folder.Length..]}.rels");
        using var xml = parts.Open(main);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "workbookPr")
                IsFrom1904 = xml.GetAttribute("date1904") is "1" or "true";
            if (xml.LocalName == "sheet" && _sheets.Count < SheetsMax && Relation(xml) is { } id
                && targets.TryGetValue(id, out var target) && target.Contains("worksheets/",
                    StringComparison.OrdinalIgnoreCase))
                _sheets.Add((xml.GetAttribute("name") ?? "", Resolve(folder, target),
                    xml.GetAttribute("state") is "hidden" or "veryHidden"));
        }
    }

    public bool IsFrom1904 { get; }

    /// <exception cref="ProblemException">IH-INT-217.</exception>
    public string Find(string sheet)
    {
        var index = sheet.Length == 0
            ? Math.Max(0, _sheets.FindIndex(s => !s.IsHidden))
            : _sheets.FindIndex(s => s.Name.Trim().Equals(sheet.Trim(), StringComparison.OrdinalIgnoreCase));
        if (index >= 0 && index < _sheets.Count)
            return _sheets[index].Part;
        var known = string.Join("、", _sheets.Take(SheetsNamed).Select(s => s.Name));
        throw new ProblemException(new Problem(ProblemCatalogue.SheetUnknown,
            ("sheet", sheet), ("known", known.Length == 0 ? "没有任何工作表" : known)));
    }

    private static string MainPart(WorkbookParts parts)
    {
        if (parts.Has("_rels/.rels"))
        {
            using var xml = parts.Open("_rels/.rels");
            while (xml.Read())
                if (xml is { NodeType: XmlNodeType.Element, LocalName: "Relationship" }
                    && xml.GetAttribute("Type")?.EndsWith("/officeDocument", StringComparison.Ordinal) == true
                    && xml.GetAttribute("Target") is { } target && target.EndsWith("workbook.xml",
                        StringComparison.OrdinalIgnoreCase))
                    return target.TrimStart('/');
        }
        if (parts.Has("xl/workbook.xml"))
            return "xl/workbook.xml";
        var what = parts.Has("xl/workbook.bin") ? "xlsb 二进制工作簿" : parts.HasFolder("word/") ? "Word 文档"
            : parts.HasFolder("ppt/") ? "演示文稿" : parts.Has("content.xml") ? "OpenDocument 文档" : "zip 压缩包";
        throw new ProblemException(new Problem(ProblemCatalogue.NotAWorkbook, ("what", what),
            ("mend", "用表格软件另存为 xlsx 或 CSV UTF-8")));
    }

    private static Dictionary<string, string> ReadTargets(WorkbookParts parts, string name)
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        using var xml = parts.Open(name);
        while (xml.Read())
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "Relationship" } && targets.Count < SheetsMax * 4
                && xml.GetAttribute("Id") is { } id && xml.GetAttribute("Target") is { } target)
                targets[id] = target;
        return targets;
    }

    /// <summary>r:id, in the transitional or the strict namespace.</summary>
    private static string? Relation(XmlReader xml)
    {
        string? id = null;
        while (xml.MoveToNextAttribute())
            if (xml is { LocalName: "id", Prefix.Length: > 0 })
                id = xml.Value;
        xml.MoveToElement();
        return id;
    }

    private static string Resolve(string folder, string target) =>
        target.StartsWith('/') ? target[1..] : folder + target.Replace("./", "", StringComparison.Ordinal);
}
