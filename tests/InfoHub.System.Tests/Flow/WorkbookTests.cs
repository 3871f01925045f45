using System.Globalization;
using System.Text;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Host.Commands;
using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.Flow;

/// <summary>A workbook gives the rows its CSV gives: real dates and numbers included.</summary>
[Collection(HubCollection.Name)]
public sealed class WorkbookTests(RunningHub hub)
{
    private static string Samples => Path.Combine(CommonOptions.RepositoryRoot, "partner-templates", "GD", "GD-01", "v1", "samples");

    [Theory]
    [InlineData("valid.csv", 0)]
    [InlineData("invalid.csv", 3)]
    public async Task Push_Workbook_SameRowsAsCsv(string sample, int exitCode)
    {
        // The sample is of another month than the files here are sent for.
        var text = (await File.ReadAllTextAsync(Path.Combine(Samples, sample), Encoding.UTF8))
            .Replace("202503", Electricity.Period, StringComparison.Ordinal);
        var cells = Csv.Parse(text);
        // A row shorter or longer than the header has no counterpart in a sheet, and a stray quote is none there.
        if (exitCode != 0)
            cells = [.. cells.Where(row => row.Length == cells[0].Length && !row[1].Contains("商行", StringComparison.Ordinal))];
        var csv = Encoding.UTF8.GetBytes(string.Concat(cells.Select(row => string.Join(',', row.Select(Quote)) + "\n")));
        var fromCsv = await PushAsync(hub.WriteFile(Electricity.Item, csv), exitCode);
        var sheet = cells.Select((row, number) => row.Select((cell, column) => number == 0 ? cell : CellOf(cells[0][column], cell)).ToArray());
        var fromSheet = await PushAsync(hub.WriteFile(Electricity.Item, Workbook.Write(sheet), ".xlsx"), exitCode);
        Assert.Equal((fromCsv.RowsReceived, fromCsv.RowsRejected, fromCsv.RowsStored), (fromSheet.RowsReceived, fromSheet.RowsRejected, fromSheet.RowsStored));
        Assert.Equal(fromCsv.ErrorTotals, fromSheet.ErrorTotals);
        var rows = await StoredRowsAsync(fromCsv.Submission);
        Assert.Equal(fromCsv.RowsStored, rows.Count);
        Assert.Equal(rows, await StoredRowsAsync(fromSheet.Submission));
    }

    /// <summary>What a person would have in the cell: amounts are numbers, dates are dates, codes are text.</summary>
    private static object? CellOf(string column, string cell)
    {
        if (cell.Length == 0)
            return null;
        if (DateOnly.TryParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        return column is "抄表电量(kWh)" or "电费(元)" or "合同容量(kVA)" or "kwh" or "fee" or "capacity_kva"
            && decimal.TryParse(cell, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : cell;
    }

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(',', '"') < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async Task<SubmissionStatus> PushAsync(string path, int exitCode)
    {
        var result = await hub.RunAsync("gd", "push", "--json", path);
        Assert.True(result.Code == exitCode, result.ToString());
        var submission = $"GD-01.v1.{Path.GetFileNameWithoutExtension(path)[6..].Replace('_', '.')}";
        using var connection = hub.Connect("gd");
        return await new RawSender(connection).GetAsync(submission);
    }

    /// <summary>
    /// The template's columns and the hash of each row; who it was linked to is the same for the same row.
    /// </summary>
    private async Task<IReadOnlyList<string>> StoredRowsAsync(string submission)
    {
        var columns = string.Join(", ", hub.Hub.Templates.Get(Electricity.Item, 1).Fields.Select(f => $"f.\"{f.Name}\""));
        await using var command = hub.Hub.Store.CreateCommand(
            $"select concat_ws('|', f._row, f._party, encode(f._hash, 'hex'), row({columns})::text) from facts.gd_01 f join hub.submission s on s.id = f._submission where s.ref = $1 order by f._row");
        command.Parameters.AddWithValue(submission);
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
