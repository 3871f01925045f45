using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InfoHub.Cli.Commands;
using InfoHub.Cli.Reporting;
using InfoHub.Cli.Settings;
using InfoHub.Client.Checking;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Cli.Extracting;

/// <summary>What an extract wrote: rows, and the sums of the number columns, exact.</summary>
internal sealed record Extracted(string Path, long Rows, IReadOnlyList<(Field Field, decimal Sum)> Sums);

/// <summary>Where an extract goes.</summary>
/// <param name="Overwrites">Whether a file of that name gives way.</param>
internal sealed record ExtractTarget(string Path, bool Overwrites = false);

/// <summary>
/// Turns the rows of one query into a file in the template's layout, which only its owner can read. One row is in
/// memory at a time; the transaction is rolled back, and with PostgreSQL it is read-only; the file appears under its
/// name when it is whole.
/// </summary>
internal sealed class Extraction(Template template, Period period)
{
    private const int TimeoutSeconds = 3600;
    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);
    private static readonly string[] OperationNames = ["record_op", "记录操作"];

    private readonly Dictionary<Field, decimal> _sums = [];

    /// <exception cref="ProblemException">
    /// IH-INT-138: columns. IH-INT-139: the database, or a value. IH-INT-207: no rows. IH-CFG-013: no such provider.
    /// IH-CFG-014: a file of that name is there, or none can be written.
    /// </exception>
    public async Task<Extracted> RunAsync(CommandRun run, ExtractSource source, string query, ExtractTarget target)
    {
        using var file = FreshFile.Create(target.Path, target.Overwrites);
        var rows = 0L;
        try
        {
            await using var connection = source.Connect(ProvidersFolder(run));
            await connection.OpenAsync(run.Cancellation);
            await using var transaction = await BeginAsync(connection, source, run.Cancellation);
            await using var command = Command(connection, transaction, query);
            await using (var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult, run.Cancellation))
            await using (var text = new StreamWriter(file.Content, new UTF8Encoding(false), leaveOpen: true))
                rows = await WriteAsync(reader, text, run.Cancellation);
            await transaction.RollbackAsync(run.Cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubHome.NotWritable(target.Path, e.Message);
        }
        catch (Exception e) when (e is not (ProblemException or OperationCanceledException))
        {
            // A provider that was dropped in throws what it likes.
            throw new ProblemException(new Problem(ProblemCatalogue.ExtractFailed, ("reason", e.Message)));
        }
        if (rows == 0)
            throw new ProblemException(new Problem(ProblemCatalogue.NoRows));
        file.Complete();
        return new Extracted(target.Path, rows,
            [.. template.Fields.Where(_sums.ContainsKey).Select(f => (f, _sums[f]))]);
    }

    /// <summary>Beside the user's other settings, so that an update of the program leaves it alone.</summary>
    public static string ProvidersFolder(CommandRun run) =>
        run.Home.Folder is null ? Path.Combine(AppContext.BaseDirectory, "providers") : run.Home.PathOf("providers");

    private static async Task<DbTransaction> BeginAsync(
        DbConnection connection, ExtractSource source, CancellationToken cancellation)
    {
        // Many databases know no read-only transaction; what is never committed changes nothing either.
        if (!source.IsPostgres)
            return await connection.BeginTransactionAsync(cancellation);
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var command = connection.CreateCommand();
        // A day of the period begins at midnight in China, wherever the server thinks it is.
        command.CommandText = "SET TRANSACTION READ ONLY; SET LOCAL TIME ZONE 'Asia/Shanghai'";
        await command.ExecuteNonQueryAsync(cancellation);
        return transaction;
    }

    /// <summary>
    /// A query may name @period, @period_start, @period_end (the last day) and @period_next (the day behind it, for
    /// columns with a time of day), or with a colon.
    /// </summary>
    private DbCommand Command(DbConnection connection, DbTransaction transaction, string query)
    {
        var command = connection.CreateCommand();
        (command.Transaction, command.CommandText, command.CommandTimeout) = (transaction, query, TimeoutSeconds);
        foreach (var (name, value) in new (string, object)[]
            { ("period", period.ToString()), ("period_start", period.Start), ("period_end", period.End),
              ("period_next", period.End.AddDays(1)) })
        {
            if (!Regex.IsMatch(query, $@"[@:]{name}\b", RegexOptions.CultureInvariant))
                continue;
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private async Task<long> WriteAsync(DbDataReader reader, StreamWriter file, CancellationToken cancellation)
    {
        var columns = Match(reader);
        file.Write(DelimitedRow.Join(columns.Select(c => c.Field?.Title ?? OperationNames[1])));
        var cells = new string[columns.Length];
        var rows = 0L;
        while (await reader.ReadAsync(cancellation))
        {
            for (var i = 0; i < cells.Length; i++)
                cells[i] = Cell(reader, columns[i].Ordinal, columns[i].Field);
            await file.WriteAsync(DelimitedRow.Join(cells).AsMemory(), cancellation);
            rows++;
        }
        return rows;
    }

    /// <summary>In the template's order; a column that is not required may be left out.</summary>
    private (Field? Field, int Ordinal)[] Match(DbDataReader reader)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        bool Fits(Field field, string name) =>
            name == field.Title || name.Equals(field.Name, StringComparison.OrdinalIgnoreCase);
        var unknown = names.Where(n => !template.Fields.Any(f => Fits(f, n))
            && !OperationNames.Contains(n, StringComparer.OrdinalIgnoreCase)).ToArray();
        var missing = template.Fields.Where(f => f is { Required: true, RequiredUnless.Length: 0 }
            && !names.Any(n => Fits(f, n)))
            .Select(f => $"{f.Title}（{f.Name}）").ToArray();
        var twice = template.Fields.Where(f => names.Count(n => Fits(f, n)) > 1).Select(f => f.Title).ToArray();
        if (unknown.Length + missing.Length + twice.Length > 0)
            throw new ProblemException(new Problem(ProblemCatalogue.ExtractColumnsUnfit, ("missing", List(missing)),
                ("unknown", List(unknown)), ("twice", List(twice)), ("template", template.Id)));
        return
        [
            .. template.Fields.Select(f => ((Field?)f, Array.FindIndex(names, n => Fits(f, n))))
                .Where(c => c.Item2 >= 0),
            .. Enumerable.Range(0, names.Length)
                .Where(i => OperationNames.Contains(names[i], StringComparer.OrdinalIgnoreCase))
                    .Select(i => ((Field?)null, i)),
        ];
    }

    private string Cell(DbDataReader reader, int ordinal, Field? field)
    {
        if (reader.IsDBNull(ordinal))
            return "";
        var value = reader.GetValue(ordinal);
        if (field?.Kind == FieldKind.Number && Exact(value) is { } number)
        {
            _sums[field] = _sums.GetValueOrDefault(field) + number;
            return number.ToString(CultureInfo.InvariantCulture);
        }
        return value switch
        {
            string text => Summed(text, field),
            DateOnly date => Date(date, field),
            DateTime { Kind: DateTimeKind.Utc } at => Time(at + ChinaOffset, field),
            DateTime at => Time(at, field),
            DateTimeOffset at => Time(at.ToOffset(ChinaOffset).DateTime, field),
            TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
            bool flag => flag ? "1" : "0",
            decimal or int or long or short or byte or uint or ulong or ushort or sbyte =>
                ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
            char or Guid => value.ToString() ?? "",
            _ => throw Inexact(reader, ordinal, value),
        };
    }

    /// <summary>A number that the database keeps as text stays as it is written.</summary>
    private string Summed(string text, Field? field)
    {
        if (field?.Kind == FieldKind.Number && decimal.TryParse(text, NumberStyles.AllowLeadingSign
            | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            _sums[field] = _sums.GetValueOrDefault(field) + number;
        return text;
    }

    private static decimal? Exact(object value) => value switch
    {
        decimal number => number,
        long or int or short or byte or sbyte or ushort or uint or ulong =>
            Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Date(DateOnly date, Field? field) => date.ToString(field?.Kind switch
    {
        FieldKind.Month => "yyyyMM", FieldKind.Year => "yyyy", _ => "yyyy-MM-dd",
    }, CultureInfo.InvariantCulture);

    /// <summary>A column of dates takes the day; in any other the time of day is part of the value.</summary>
    private static string Time(DateTime at, Field? field) =>
        field?.Kind is FieldKind.Date or FieldKind.Month or FieldKind.Year
            ? Date(DateOnly.FromDateTime(at), field)
            : at.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    /// <summary>A binary fraction is not the number that stands in the books.</summary>
    private static ProblemException Inexact(DbDataReader reader, int ordinal, object value) =>
        new(new Problem(ProblemCatalogue.ExtractFailed, ("reason",
            $"列 {reader.GetName(ordinal)} 的类型 {value.GetType().Name} 不能精确写出，请在查询中转换为 numeric 或文本")));

    private static string List(string[] names) => names.Length == 0 ? "无" : string.Join("、", names.Take(20));
}
