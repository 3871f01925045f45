using System.Collections.Immutable;

namespace InfoHub.Templates.Reading;

/// <summary>How a file is laid out, as it was found; complete at the end of the file.</summary>
/// <param name="Encoding">
/// As it was found or declared; null while everything is ASCII and nothing is declared. Final at the end of the file:
/// what is not ASCII may begin far behind the header.
/// </param>
/// <param name="Delimiter">One of , ; | and tab.</param>
/// <param name="HeaderLine">1-based line of the file the header begins on; lines before it are blank or a
/// title.</param>
/// <param name="Titles">The header's cells as they came, without blanks around them.</param>
/// <param name="TotalRow">The row of totals at the end, or null when there is none or the end is not reached.</param>
public sealed record FileLayout(
    TextEncoding? Encoding, char Delimiter, long HeaderLine, ImmutableArray<string> Titles, TotalRow? TotalRow)
{
    /// <summary>
    /// 1-based row of a spreadsheet the header stands in: with line ends inside cells more than one line is a row.
    /// Data row n is row <c>HeaderRow + n</c> there.
    /// </summary>
    public long HeaderRow { get; init; }
}

/// <summary>A row of totals at the end of a file. It is no data row: it is compared with the data.</summary>
/// <param name="Row">Its number, counted like data rows.</param>
/// <param name="Compared">English names of the columns whose total equals the sum over all rows received.</param>
public sealed record TotalRow(int Row, ImmutableArray<string> Compared);
