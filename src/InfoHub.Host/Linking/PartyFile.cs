using System.Globalization;
using InfoHub.Linkage.Reading;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;

namespace InfoHub.Host.Linking;

/// <summary>The register or the rows, as a file has them.</summary>
/// <param name="Version">The beginning of the SHA-256 of its text.</param>
/// <param name="Misshapen">
/// Index of each row with more or fewer cells than the header: its parts may stand in the wrong columns.
/// </param>
internal sealed record PartyFile(string Path, string Version, List<PartyText> Parties, List<int> Misshapen)
{
    /// <exception cref="ProblemException">IH-INT-117, IH-MAT-001 to -006.</exception>
    public static PartyFile Read(string path, ColumnMapping mapping, bool isRegister)
    {
        var parties = new List<PartyText>();
        var (misshapen, lines, ids) = (new List<int>(), new List<long>(), new HashSet<string>(StringComparer.Ordinal));
        var titles = 0;
        PartyColumns? columns = null;
        var city = "";
        var version = TableFile.Read(path, header =>
        {
            columns = PartyColumns.Find(path, header, mapping, isRegister);
            titles = header.Count;
        }, row =>
        {
            if (row.CellCount != titles)
                misshapen.Add(parties.Count);
            var party = Of(row, columns!, city);
            city = party.City;
            if (party.Id.Length == 0)
                throw new ProblemException(new Problem(ProblemCatalogue.LinkIdMissing, ("file", path),
                    ("line", Whole(row.Line))));
            if (!ids.Add(party.Id))
                throw new ProblemException(new Problem(ProblemCatalogue.LinkIdTwice, ("file", path),
                    ("value", party.Id), ("line", Whole(row.Line)),
                    ("first", Whole(lines[parties.FindIndex(p => p.Id == party.Id)]))));
            lines.Add(row.Line);
            parties.Add(party);
        });
        if (isRegister && parties.Count == 0)
            throw new ProblemException(new Problem(ProblemCatalogue.LinkRegisterEmpty, ("file", path)));
        return new PartyFile(path, version, parties, misshapen);
    }

    /// <param name="city">Of the row before: a file has few, and each is kept once.</param>
    private static PartyText Of(TableRow row, PartyColumns columns, string city)
    {
        var here = row.Text(columns.City);
        var codes = columns.Codes.Length == 0 ? "" : row.Text(columns.Codes[0]);
        foreach (var column in columns.Codes.AsSpan(Math.Min(1, columns.Codes.Length)))
            if (row.Text(column) is { Length: > 0 } more)
                codes = codes.Length == 0 ? more : $"{codes} {more}";
        return new PartyText(columns.Id < 0 ? Whole(row.Number) : row.Text(columns.Id), row.Text(columns.Name),
            row.Text(columns.Person), row.Text(columns.Address), here == city ? city : here, codes);
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
