using System.Globalization;
using System.IO.Compression;
using System.Text;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Host.Demo;

/// <summary>One real enterprise as its source wrote it.</summary>
internal sealed record RealEnterprise(
    byte[] Uscc, string Name, string Representative, DateOnly Established, string Address, string Scope);

/// <summary>
/// Real enterprises, read at run time only: their origin is licensed for non-commercial use, so none of them may enter
/// the
/// repository, its samples or its documents.
/// </summary>
internal sealed class RealEnterprises
{
    private const int Columns = 10;
    private static readonly string[] BranchMarks =
        ["分公司", "分店", "营业部", "门市部", "分行", "支行", "分部", "分厂", "分所", "办事处", "分院", "商场"];

    private readonly List<RealEnterprise> _rows = [];

    public static RealEnterprises None { get; } = new();

    public int Count => _rows.Count;

    public RealEnterprise this[int row] => _rows[row];

    public bool LooksLikeBranch(int row) =>
        BranchMarks.Any(m => _rows[row].Name.Contains(m, StringComparison.Ordinal));

    /// <summary>The first <paramref name="max"/> usable rows; none when there is no such file.</summary>
    public static RealEnterprises Read(string? path, int max, DateOnly before)
    {
        if (path is null || !File.Exists(path))
            return None;
        var real = new RealEnterprises();
        using var unzipped = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped, Encoding.UTF8);
        reader.ReadLine();
        while (real.Count < max && reader.ReadLine() is { } line)
            if (Parse(Split(line), before) is { } row)
                real._rows.Add(row);
        return real;
    }

    /// <summary>
    /// Null when the row is no enterprise (91), its code does not check, or a needed cell is blank or says so.
    /// </summary>
    private static RealEnterprise? Parse(List<string> cells, DateOnly before)
    {
        if (cells.Count != Columns || !cells[0].StartsWith("91", StringComparison.Ordinal) || !Checks(cells[0]))
            return null;
        var (name, representative) = (cells[1].Trim(), cells[2].Trim());
        var (address, scope) = (cells[8].Trim(), cells[9].Trim());
        if (name.Length < 4 || representative.Length < 2 || address.Length < 4 || NothingWords.IsNothing(representative))
            return null;
        var dated = DateOnly.TryParseExact(
            cells[3], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        return dated && day < before
            ? new RealEnterprise(Encoding.ASCII.GetBytes(cells[0]), name, representative, day, address, scope) : null;
    }

    private static bool Checks(string code)
    {
        if (code.Length != Codes.UsccLength || code.Any(c => !Codes.UsccCharacters.Contains((byte)c)))
            return false;
        var bytes = Encoding.ASCII.GetBytes(code);
        return Uscc.IsValid(bytes) && Uscc.HasValidInnerCode(bytes);
    }

    /// <summary>Cells of one line; the source has no line breaks inside quotes.</summary>
    private static List<string> Split(string line)
    {
        var (cells, cell, quoted) = (new List<string>(Columns), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                cell.Append(line[++i]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(line[i]);
        }
        cells.Add(cell.ToString());
        return cells;
    }
}
