using System.Globalization;
using InfoHub.Templates.Model;

namespace InfoHub.Templates.Reading;

/// <summary>One line read as a header: which cells name columns, and what keeps it from being the header.</summary>
internal sealed class HeaderReading
{
    /// <summary>So many digits in a row are a code, a telephone or a number: data.</summary>
    private const int DataDigits = 5;

    private const int TitleLengthMax = 40;

    /// <summary>The cells as they came, without blanks around them.</summary>
    public required IReadOnlyList<string> Titles { get; init; }

    /// <summary>As <see cref="FileHeader.Columns"/>, with <see cref="FileHeader.Unknown"/> among them.</summary>
    public required int[] Columns { get; init; }

    /// <summary>How many cells name a column of the template.</summary>
    public required int Found { get; init; }

    /// <summary>Indexes of cells whose column stands before them already.</summary>
    public required int[] Twice { get; init; }

    /// <summary>Columns of the template under another unit: cell, column, unit in bare form ("" for none).</summary>
    public required (int Cell, int Column, string Unit)[] Units { get; init; }

    /// <summary>Columns that have to be there and are not.</summary>
    public required int[] Missing { get; init; }

    public IEnumerable<int> UnknownCells => Enumerable.Range(0, Columns.Length)
        .Where(i => Columns[i] == FileHeader.Unknown && Units.All(u => u.Cell != i));

    public int Filled => Titles.Count(t => t.Length > 0);

    public bool IsWhole => Found > 0 && Twice.Length + Units.Length + Missing.Length == 0
        && !Columns.Contains(FileHeader.Unknown);

    /// <summary>
    /// So many of its cells are titles that it cannot be anything but a header, and none of the others looks like data:
    /// a header and a row on one line are no header.
    /// </summary>
    public bool IsHeader => Found + Units.Length >= Math.Max(2, (Filled + 1) / 2) && !Titles.Any(LooksLikeData);

    /// <summary>Cells that could be a row of data: as many as a row has, with codes or numbers among them.</summary>
    public bool LooksLikeRow(Template template) => Found < 2 && Titles.Any(LooksLikeData)
        && Filled >= Math.Min(3, template.Fields.Count(f => f.Required));

    public static HeaderReading Of(Template template, IReadOnlyList<string> titles)
    {
        var (columns, taken, found) = (new int[titles.Count], new HashSet<int>(), 0);
        var (twice, units) = (new List<int>(), new List<(int, int, string)>());
        var index = TitleIndex.Of(template);
        for (var i = 0; i < columns.Length; i++)
        {
            var match = index.Find(titles[i], out columns[i], out var unit);
            if (match is TitleMatch.OtherUnit or TitleMatch.NoUnit)
            {
                units.Add((i, columns[i], unit));
                columns[i] = FileHeader.Unknown;
            }
            else if (columns[i] is >= 0 or FileHeader.OriginRow && !taken.Add(columns[i]))
                twice.Add(i);
            found += columns[i] >= 0 ? 1 : 0;
        }
        return new HeaderReading
        {
            Titles = titles, Columns = columns, Found = found, Twice = [.. twice],
            Units = [.. units.Where(u => !taken.Contains(u.Item2))],
            Missing = [.. Enumerable.Range(0, template.Fields.Length).Where(i => !taken.Contains(i)
                && template.Fields[i] is { Required: true, RequiredUnless.Length: 0 })],
        };
    }

    /// <summary>A code, a number or a text too long for a title.</summary>
    public static bool LooksLikeData(string cell)
    {
        var (run, most) = (0, 0);
        foreach (var c in cell)
            most = Math.Max(most, run = char.IsDigit(c) ? run + 1 : 0);
        return most >= DataDigits || cell.Length > TitleLengthMax || (cell.Length > 1 && decimal.TryParse(cell,
            NumberStyles.Number, CultureInfo.InvariantCulture, out _));
    }
}
