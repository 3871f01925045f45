using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Workbooks;

namespace InfoHub.Templates.Reading;

/// <summary>What a file is by its content, where that is no delimited text.</summary>
/// <param name="Name">旧版 xls, zh-CN, as it stands before 不能报送.</param>
/// <param name="Mend">How to make a file of it that is taken, zh-CN.</param>
public sealed record FileKind(string Name, string Mend)
{
    /// <summary>An xlsx workbook, which is taken under its own name.</summary>
    public static readonly FileKind Workbook = new("扩展名不是 .xlsx 的工作簿", "把扩展名改为 .xlsx 后再报送");

    /// <summary>A workbook with programs in it, which is read and they are told of.</summary>
    public static readonly FileKind WithMacros = new("带宏的工作簿 xlsm ", "用表格软件另存为 xlsx 或 CSV UTF-8");

    /// <summary>An archive, as a workbook is one, that cannot be opened.</summary>
    public static readonly FileKind Damaged = new("损坏的工作簿或压缩包", "重新导出或重新复制一份；能用表格软件打开的，另存为 xlsx");

    /// <summary>Bytes of no text and of no kind that is known.</summary>
    public static readonly FileKind Binary = new("不是表格的二进制文件", "从业务系统重新导出为 xlsx 或 CSV UTF-8");

    /// <summary>A workbook with a password to open it.</summary>
    public static readonly FileKind Locked = new("加了打开密码的工作簿", "去掉打开密码后另存为 xlsx");
}

/// <summary>
/// Tells by its content what a file is, whatever its name: workbooks of other programs, archives, documents, pictures,
/// databases. The same at the department and at the hub.
/// </summary>
public static class FileKinds
{
    /// <summary>So many bytes from the front are looked at; a shorter file as a whole.</summary>
    public const int HeadBytes = 1024;

    /// <summary>So many tell every kind that has a mark at its very front.</summary>
    internal const int MarkBytes = 16;

    private const string SaveAs = "用表格软件另存为 xlsx 或 CSV UTF-8";
    private const string ExportAgain = "从业务系统重新导出为 xlsx 或 CSV UTF-8";
    private const string Decrypt = "先用本单位的文档加密软件解密，再报送";

    /// <summary>A directory of an old compound file lies within so many bytes in all but the largest.</summary>
    private const int CompoundBytesMax = 64 << 20;

    /// <summary>Share of bytes that no text has, in percent, from which on they are no text.</summary>
    private const int ControlPercentMax = 10;

    private static readonly (byte[] Magic, FileKind Kind)[] Beginnings =
    [
        ([(byte)'%', (byte)'P', (byte)'D', (byte)'F'], new("PDF", ExportAgain)),
        ([(byte)'R', (byte)'a', (byte)'r', (byte)'!', 0x1A, 7], Archive("rar 压缩包")),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], Archive("7z 压缩包")),
        ([0x1F, 0x8B, 8], Archive("gz 压缩包")),
        ([(byte)'B', (byte)'Z', (byte)'h'], Archive("bz2 压缩包")),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], Archive("xz 压缩包")),
        ([0x28, 0xB5, 0x2F, 0xFD], Archive("zst 压缩包")),
        ([(byte)'M', (byte)'S', (byte)'C', (byte)'F', 0, 0, 0, 0], Archive("cab 压缩包")),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], Picture()),
        ([0xFF, 0xD8, 0xFF], Picture()),
        ([(byte)'G', (byte)'I', (byte)'F', (byte)'8'], Picture()),
        ([(byte)'I', (byte)'I', 0x2A, 0], Picture()),
        ([(byte)'M', (byte)'M', 0, 0x2A], Picture()),
        ([(byte)'{', (byte)'\\', (byte)'r', (byte)'t', (byte)'f'], new("RTF 文档", SaveAs)),
        (Encoding.ASCII.GetBytes("SQLite format 3\0"), new("SQLite 数据库文件", ExportAgain)),
        ([0, 1, 0, 0, .. Encoding.ASCII.GetBytes("Standard ")], new("Access 数据库文件", ExportAgain)),
        (Encoding.ASCII.GetBytes("PGDMP"), new("数据库备份文件", ExportAgain)),
        (Encoding.ASCII.GetBytes("PAR1"), new("Parquet 文件", ExportAgain)),
        (Encoding.ASCII.GetBytes("%TSD-Header-"), new("被文档加密软件加密的文件", Decrypt)),
        ([(byte)'b', 0x14, (byte)'#', (byte)'e'], new("被文档加密软件加密的文件", Decrypt)),
        ([0x09, 0x08, 0x10, 0, 0, 6], new("旧版 xls ", SaveAs)),
        ([0x09, 0x08, 0x08, 0, 0, 5], new("旧版 xls ", SaveAs)),
        ([0x09, 4, 6, 0], new("旧版 xls ", SaveAs)),
        ([0x09, 2, 6, 0], new("旧版 xls ", SaveAs)),
    ];

    private static readonly (string Begins, FileKind Kind)[] Texts =
    [
        ("<html", Web), ("<!doctype html", Web), ("<table", Web), ("<meta", Web), ("<head", Web), ("<body", Web),
        ("<style", Web), ("<script", Web), ("<div", Web), ("<!--", Web), ("mime-version:", Web), ("<svg", Picture()),
        ("insert into", Sql), ("create table", Sql), ("drop table", Sql), ("-- mysql dump", Sql),
        ("-- postgresql database dump", Sql), ("--\n-- postgresql", Sql), ("/*!40", Sql), ("use [", Sql),
            ("set names ", Sql),
    ];

    private static FileKind Web => new("网页", "用表格软件打开后另存为 xlsx 或 CSV UTF-8，不要只改扩展名");

    private static FileKind Sql => new("数据库脚本（SQL）", ExportAgain);

    /// <summary>By the first bytes alone; null for what may be delimited text.</summary>
    /// <param name="head"><see cref="HeadBytes"/> from the front, or the whole file.</param>
    public static FileKind? OfHead(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8))
            return Archive("zip 压缩包");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return new FileKind("旧版 xls ", SaveAs);
        foreach (var (magic, kind) in Beginnings)
            if (head.StartsWith(magic))
                return kind;
        if (IsDbf(head))
            return new FileKind("dbf 数据库表", SaveAs);
        if (head.StartsWith("BM"u8) && head.Length > 14 && BinaryPrimitives.ReadInt32LittleEndian(head[6..]) == 0)
            return Picture();
        if (head.Length > 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8))
            return Picture();
        if (head.Length > 12 && head[4..].StartsWith("ftyp"u8))
            return new FileKind("图片或视频", ExportAgain);
        return head.Length > 262 && head[257..].StartsWith("ustar"u8) ? Archive("tar 压缩包")
            : OfText(head) ?? (IsBinary(head) ? FileKind.Binary : null);
    }

    /// <summary>
    /// By the content, looking into archives and compound files for what they are; null for what may be delimited text.
    /// </summary>
    /// <param name="file">Readable and seekable; stands where it stood afterwards.</param>
    public static FileKind? Of(Stream file)
    {
        var start = file.Position;
        try
        {
            var head = new byte[HeadBytes];
            var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            file.Position = start;
            return head.AsSpan(0, length) switch
            {
                [(byte)'P', (byte)'K', 3, 4, ..] => OfZip(file),
                [0xD0, 0xCF, 0x11, 0xE0, ..] => OfCompound(file),
                var other => OfHead(other),
            };
        }
        finally
        {
            file.Position = start;
        }
    }

    /// <summary>
    /// Null when the content is of the format, or is a damaged workbook, which its reader tells of; else IH-INT-209,
    /// 219 or 220.
    /// </summary>
    /// <param name="isWorkbook">The format is xlsx; else delimited text.</param>
    public static Problem? Refusal(Stream file, bool isWorkbook)
    {
        var kind = Of(file);
        if (isWorkbook)
            return kind == FileKind.Workbook || kind == FileKind.WithMacros || kind == FileKind.Damaged ? null
                : kind == FileKind.Locked
                ? new Problem(ProblemCatalogue.WorkbookLocked)
                : RefusalOf(kind ?? OfText(file), ProblemCatalogue.NotAWorkbook);
        return kind is null ? null : kind == FileKind.Locked ? new Problem(ProblemCatalogue.WorkbookLocked)
            : RefusalOf(kind, ProblemCatalogue.NotACsv);
    }

    internal static Problem RefusalOf(FileKind kind, ProblemKind problem) =>
        new(problem, ("what", kind.Name), ("mend", kind.Mend));

    private static FileKind OfText(Stream file) => file.Length == file.Position
        ? new FileKind("空文件", "重新导出") : new FileKind("文本文件（不是工作簿）", "用表格软件打开后另存为 xlsx，或把扩展名改为 .csv");

    private static FileKind Archive(string name) => new(name, "先解压，再报送其中的 xlsx 或 CSV 文件");

    private static FileKind Picture() => new("图片", ExportAgain);

    private static FileKind? OfText(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\uFEFF"u8))
            head = head[3..];
        head = head.TrimStart(" \t\r\n"u8);
        if (head.IsEmpty)
            return null;
        var text = Encoding.Latin1.GetString(head).ToLowerInvariant();
        foreach (var (begins, kind) in Texts)
            if (text.StartsWith(begins, StringComparison.Ordinal))
                return kind;
        if (text.StartsWith("<?xml", StringComparison.Ordinal) || text.StartsWith("<workbook",
            StringComparison.Ordinal))
            return text.Contains("office:spreadsheet", StringComparison.Ordinal)
                || text.Contains("excel.sheet", StringComparison.Ordinal)
                ? new FileKind("XML 表格（Excel 2003 XML）", SaveAs)
                : text.Contains("<html", StringComparison.Ordinal) ? Web : new FileKind("XML 文件", ExportAgain);
        var second = text[1..].TrimStart();
        return (text[0] == '{' && second is ['"' or '\'' or '}', ..])
            || (text[0] == '[' && second is ['{' or '[', ..]) ? new FileKind("JSON 文件", ExportAgain) : null;
    }

    /// <summary>A version, a plausible day, a header that ends where it says with a carriage return or fields of 32
    /// bytes.</summary>
    private static bool IsDbf(ReadOnlySpan<byte> head)
    {
        if (head.Length < 65 || head[0] is not (0x03 or 0x30 or 0x31 or 0x43 or 0x83 or 0x8B or 0xF5))
            return false;
        var size = BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        return head[2] is >= 1 and <= 12 && head[3] is >= 1 and <= 31 && size >= 65
            && (size > head.Length || head[..size].Contains((byte)0x0D));
    }

    /// <summary>Many control characters, and no UTF-16, whose every second byte may be zero.</summary>
    private static bool IsBinary(ReadOnlySpan<byte> head)
    {
        if (head.Length < 32 || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
            || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || head[1] == 0 || head[0] == 0)
            return false;
        var control = 0;
        foreach (var unit in head)
            control += unit is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x1F or 1 or 0x1A) ? 1 : 0;
        return control * 100 > head.Length * ControlPercentMax;
    }

    private static FileKind OfZip(Stream file)
    {
        string[] names;
        string types;
        try
        {
            WorkbookParts.RequireFewEntries(file);
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            names = [.. archive.Entries.Select(e => e.FullName.Replace('\\', '/').ToLowerInvariant())];
            types = Start(archive.Entries.FirstOrDefault(e => e.FullName is "[Content_Types].xml" or "mimetype"));
        }
        catch (Exception broken) when (broken
            is InvalidDataException or EndOfStreamException or NotSupportedException or ProblemException
                or WorkbookDamageException)
        {
            return FileKind.Damaged;
        }
        bool Has(string begins) => names.Any(n => n.StartsWith(begins, StringComparison.Ordinal));
        return types.Contains("opendocument.spreadsheet", StringComparison.Ordinal) ? new FileKind("ods 表格", SaveAs)
            : types.Contains("opendocument", StringComparison.Ordinal) ? new FileKind("OpenDocument 文档", ExportAgain)
            : Has("xl/workbook.bin") ? new FileKind("二进制工作簿 xlsb ", SaveAs)
            : types.Contains("macroenabled", StringComparison.OrdinalIgnoreCase) && Has("xl/")
                ? FileKind.WithMacros
            : Has("word/") ? new FileKind("Word 文档", "把其中的表格复制到表格软件，另存为 xlsx")
            : Has("ppt/") ? new FileKind("演示文稿", ExportAgain)
            : Has("ofd.xml") ? new FileKind("OFD 版式文件", ExportAgain)
            : Has("index/document.iwa") || Has("index.zip") ? new FileKind("Numbers 表格", SaveAs)
            : Has("[content_types].xml") || Has("xl/") ? FileKind.Workbook
            : Archive(names.Length == 0 ? "空的压缩包" : names.Any(IsTable) ? "zip 压缩包（里面才是表格）" : "zip 压缩包");
    }

    private static bool IsTable(string name) =>
        name[(name.LastIndexOf('.') + 1)..] is "csv" or "xlsx" or "xls" or "txt" or "tsv" or "et";

    private static string Start(ZipArchiveEntry? entry)
    {
        if (entry is null)
            return "";
        using var content = entry.Open();
        var text = new byte[16 * 1024];
        return Encoding.UTF8.GetString(text, 0, content.ReadAtLeast(text, text.Length, throwOnEndOfStream: false));
    }

    /// <summary>By the names in its directory, which are UTF-16.</summary>
    private static FileKind OfCompound(Stream file)
    {
        var found = Holding(file, ["EncryptedPackage", "WordDocument", "PowerPoint Document", "Workbook",
            "__substg1.0"]);
        return found switch
        {
            "EncryptedPackage" => FileKind.Locked,
            "WordDocument" => new FileKind("旧版 Word 或 WPS 文字文档", "把其中的表格复制到表格软件，另存为 xlsx"),
            "PowerPoint Document" => new FileKind("旧版演示文稿", ExportAgain),
            "__substg1.0" => new FileKind("邮件", "把附件另存出来再报送"),
            _ => new FileKind("旧版 xls ", SaveAs),
        };
    }

    private static string? Holding(Stream file, string[] names)
    {
        var buffer = new byte[64 * 1024];
        var (kept, read) = (0, 0L);
        const int Overlap = 64;
        while (read < CompoundBytesMax && file.Read(buffer, kept, buffer.Length - kept) is > 0 and var count)
        {
            read += count;
            foreach (var name in names)
                if (buffer.AsSpan(0, kept + count).IndexOf(Encoding.Unicode.GetBytes(name)) >= 0)
                    return name;
            var tail = Math.Min(Overlap, kept + count);
            buffer.AsSpan(kept + count - tail, tail).CopyTo(buffer);
            kept = tail;
        }
        return null;
    }
}
