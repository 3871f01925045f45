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
    private readonly Action _checkpoint;
    private readonly Lazy<ContentTypes> _types;
    private long _room = UnpackedBytesMax;

    /// <param name="checkpoint">Called before every block of a part that is unpacked; may throw to break off.</param>
    public WorkbookParts(Stream workbook, Action checkpoint)
    {
        _checkpoint = checkpoint;
        RequireFewEntries(workbook);
        _archive = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in _archive.Entries)
            if (!_parts.TryAdd(PackagePath.Normalise(entry.FullName), entry))
                throw new WorkbookDamageException("压缩包里有重名的文件");
        _types = new Lazy<ContentTypes>(() => new ContentTypes(this));
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
            throw new WorkbookDamageException("压缩包没有结尾，文件不完整");
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
            throw new WorkbookDamageException("压缩包的目录在文件末尾之后");
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
            throw new WorkbookDamageException($"压缩包写明有 {stated} 个文件，目录里只有 {count} 个");
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
            throw new WorkbookDamageException("压缩包缺少 zip64 定位记录");
        var record = BinaryPrimitives.ReadUInt64LittleEndian(found[8..]);
        if (record > (ulong)workbook.Length)
            throw new WorkbookDamageException("压缩包的 zip64 记录在文件末尾之后");
        workbook.Position = (long)record;
        if (workbook.ReadAtLeast(found, recordBytes, throwOnEndOfStream: false) < recordBytes
            || !found.StartsWith("PK\u0006\u0006"u8))
            throw new WorkbookDamageException("压缩包缺少 zip64 记录");
        return (BinaryPrimitives.ReadUInt64LittleEndian(found[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(found[48..]));
    }

    public bool Has(string name) => _parts.ContainsKey(name);

    public bool HasFolder(string prefix) => _parts.Keys.Any(k => k.StartsWith(prefix,
        StringComparison.OrdinalIgnoreCase));

    /// <summary>As [Content_Types].xml states for the very part; "" when it states none.</summary>
    public string ContentTypeOf(string? name) => name is null ? "" : _types.Value.Of(name);

    public string? FindByContentType(Func<string, bool> isWanted) => _types.Value.Find(isWanted);

    /// <exception cref="WorkbookDamageException">There is no such part.</exception>
    public XmlReader Open(string name)
    {
        if (!_parts.TryGetValue(name, out var entry))
            throw new WorkbookDamageException($"缺少部件 {name}");
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
            parts._checkpoint();
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

    /// <summary>What [Content_Types].xml says of single parts.</summary>
    private sealed class ContentTypes
    {
        private const string Part = "[Content_Types].xml";

        private readonly Dictionary<string, string> _types = new(StringComparer.OrdinalIgnoreCase);

        public ContentTypes(WorkbookParts parts)
        {
            if (!parts.Has(Part))
                return;
            using var xml = parts.Open(Part);
            while (XmlText.ReadNode(xml))
                if (xml is { NodeType: XmlNodeType.Element, LocalName: "Override" } && _types.Count < EntriesMax
                    && xml.GetAttribute("PartName") is { } name)
                    _types[PackagePath.Normalise(name)] = xml.GetAttribute("ContentType") ?? "";
        }

        public string Of(string name) => _types.GetValueOrDefault(name, "");

        public string? Find(Func<string, bool> isWanted) =>
            _types.Where(t => isWanted(t.Value)).Select(t => t.Key).FirstOrDefault();
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
            ++_names <= NamesMax ? added : throw new WorkbookDamageException("部件里的元素名过多");
    }
}
