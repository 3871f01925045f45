using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Workbooks;
using Problem = InfoHub.Templates.Problems.Problem;
using RowError = InfoHub.Templates.Checks.RowError;
using FileKinds = InfoHub.Templates.Reading.FileKinds;
using Operation = InfoHub.Contracts.Intake.V1.Operation;
using TextEncoding = InfoHub.Templates.Reading.TextEncoding;
using WireEncoding = InfoHub.Contracts.Intake.V1.TextEncoding;

namespace InfoHub.Client.Checking;

/// <summary>How often one error occurs, exact.</summary>
/// <param name="IsRejecting">It rejects rows here; the template may only warn of what others reject.</param>
public sealed record CheckedTotal(ProblemKind Kind, string Field, long Count, bool IsRejecting);

/// <summary>The control sums of one number column, exact: received = rejected + accepted.</summary>
public sealed record CheckedSum(Field Field, string Received, string Rejected, string Accepted);

/// <summary>What the hub would make of a file. <see cref="RowsReceived"/> = rejected + accepted.</summary>
/// <param name="Refusal">Why the file as a whole would be refused; null when its good rows would be taken.</param>
/// <param name="Sums">By the template's order.</param>
public sealed record CheckOutcome(
    Template Template, long RowsReceived, long RowsRejected, long RowsAccepted, IReadOnlyList<CheckedTotal> Totals,
    IReadOnlyList<CheckedSum> Sums, Problem? Refusal)
{
    /// <summary>What is to be said of the file beside its rows; counted in <see cref="Totals"/> too.</summary>
    public IReadOnlyList<FileNotice> Notices { get; init; } = [];
    /// <summary>
    /// Rows of a mended file that are not sent again for a reason; they are not among those received.
    /// </summary>
    public long RowsDropped { get; init; }

    /// <summary>What is told at Commit; the hub counts with the same validator.</summary>
    public Manifest Manifest()
    {
        var manifest = new Manifest { Rows = RowsReceived };
        foreach (var sum in Sums)
            manifest.ControlSums[sum.Field.Name] = sum.Received;
        return manifest;
    }
}

/// <summary>A rejected row as it came, with what is wrong with it.</summary>
public sealed record CheckedRow(long Row, IReadOnlyList<string> Cells, IReadOnlyList<RowError> Reasons);

/// <summary>Takes what is found row by row; what it is told of first is the header of the file as it came.</summary>
public sealed class CheckListener
{
    /// <summary>The titles, and the row of a spreadsheet that they stand in: data row n is n below it.</summary>
    public Action<IReadOnlyList<string>, long> OnHeader { get; init; } = (_, _) => { };

    /// <summary>Errors and warnings, in row order.</summary>
    public Action<RowError> OnError { get; init; } = _ => { };

    public Action<CheckedRow> OnRejected { get; init; } = _ => { };

    /// <summary>Bytes read so far.</summary>
    public Action<long> OnRead { get; init; } = _ => { };
}

/// <summary>
/// The hub's own validator on this machine, without a network: the same rows are rejected for the same reasons. Memory
/// grows only with the keys of the duplicate check.
/// </summary>
public sealed class LocalCheck(Template template, TimeProvider clock)
{
    private const int BufferBytes = RowReader.BufferBytesMin + (1 << 20);

    /// <summary>Of a workbook once it is unpacked.</summary>
    private const long CsvBytesMax = 4L << 30;

    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    private char _delimiter = ',';

    /// <summary>
    /// The department's other templates, of one of which a misfit header may be; asked for then only.
    /// </summary>
    public Func<IEnumerable<Template>> OtherTemplates { get; init; } = () => [];

    /// <summary>Reads the whole file; a refused one up to what refuses it.</summary>
    /// <exception cref="ProblemException">
    /// IH-INT-117: the file cannot be read. IH-CFG-014: the folder for scratch files cannot be written to, or is full.
    /// IH-INT-106: not this item's period. IH-INT-149: one that has not begun. IH-INT-209: no text. IH-INT-213 to 226:
    /// no
    /// sound workbook.
    /// </exception>
    public async Task<CheckOutcome> RunAsync(
        SubmissionFile file, CheckListener listener, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(ChinaOffset).DateTime);
        var period = TemplateRegistry.ReadPeriod(template, file.Period.ToString(), today);
        var seed = new UInt128(
            BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
                BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var overflow = Scratch();
            var (opened, workbook) = Open(file, cancellation);
            await using var content = opened;
            var reader = new RowReader(template, new FileContext(period, today, seed)
            {
                Overflow = overflow, Notices = workbook?.Notices ?? [], Marks = workbook?.Marks,
                Encoding = file.Format == FileFormat.Xlsx || file.Encoding == WireEncoding.Unspecified
                    ? null : (TextEncoding)file.Encoding,
                AnyPeriod = file.Operation is Operation.Mend or Operation.Correction, OtherTemplates = OtherTemplates,
            });
            await ReadAsync(reader, (file, content), buffer, listener, cancellation).ConfigureAwait(false);
            return OutcomeOf(reader, file) with { Notices = workbook?.Notices ?? [] };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file itself is read below, where its own failures are named; what is left is the scratch files.
            throw NoScratch(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private CheckOutcome OutcomeOf(RowReader reader, SubmissionFile file) => new(
        template, reader.RowsReceived, reader.RowsRejected, reader.RowsAccepted,
        [.. reader.Errors.Totals().Select(t => new CheckedTotal(t.Kind, t.Field, t.Count, t.IsRejecting))],
        [.. reader.Sums().Select(s => new CheckedSum(template.Fields[template.IndexOf(s.Field)],
            s.Received.ToString(), s.Rejected.ToString(), s.Accepted.ToString()))],
        WithNext(reader.Refusal ?? reader.NothingGood, file)) { RowsDropped = reader.RowsDropped };

    /// <summary>The file, or the tables of a workbook as text and what it says beside them.</summary>
    private (FileStream Content, WorkbookReading? Workbook) Open(SubmissionFile file, CancellationToken cancellation)
    {
        var content = file.OpenRead();
        if (file.Format != FileFormat.Xlsx)
        {
            if (FileKinds.Refusal(content, isWorkbook: false) is not { } refusal)
                return (content, null);
            content.Dispose();
            throw new ProblemException(refusal);
        }
        var csv = Scratch();
        try
        {
            WorkbookReading workbook;
            using (content)
                workbook = WorkbookAsCsv.Write(content, csv, new WorkbookRequest(template, CsvBytesMax)
                {
                    Sheet = file.Sheet, Checkpoint = cancellation.ThrowIfCancellationRequested,
                });
            csv.Position = 0;
            return (csv, workbook);
        }
        catch
        {
            csv.Dispose();
            throw;
        }
    }

    /// <summary>A file of this account's own that is gone when it is closed.</summary>
    private static FileStream Scratch()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(Path.GetTempPath(), $"infohub-{Guid.NewGuid():N}.tmp"), options);
    }

    private async Task ReadAsync(RowReader reader, (SubmissionFile File, FileStream Content) source, byte[] buffer,
        CheckListener listener, CancellationToken cancellation)
    {
        var (start, end, ended, read, hasHeader) = (0, 0, false, 0L, false);
        while (true)
        {
            var status = reader.Read(buffer.AsSpan(start, end - start), ended, out var consumed);
            start += consumed;
            if (!hasHeader && reader.Layout is { } layout)
            {
                (hasHeader, _delimiter) = (true, layout.Delimiter);
                listener.OnHeader(layout.Titles, layout.HeaderRow);
            }
            if (status != ReadStatus.NeedsData)
                Take(reader, listener);
            if (status is ReadStatus.Refused or ReadStatus.End)
                return;
            if (status == ReadStatus.Pause)
                continue;
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var count = await ReadAsync(source, buffer.AsMemory(end, BufferBytes - end), cancellation)
                .ConfigureAwait(false);
            end += count;
            ended = count == 0;
            listener.OnRead(read += count);
        }
    }

    private static async ValueTask<int> ReadAsync(
        (SubmissionFile File, FileStream Content) source, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await source.Content.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw source.File.Unreadable(e);
        }
    }

    private static ProblemException NoScratch(Exception cause) => new(new Problem(ProblemCatalogue.NotWritable,
        ("file", Path.GetTempPath()), ("reason", cause.Message)));

    private void Take(RowReader reader, CheckListener listener)
    {
        var reasons = new List<RowError>();
        using var errors = reader.Errors.Details().GetEnumerator();
        var has = errors.MoveNext();
        foreach (var rejected in reader.Errors.Rejections())
        {
            for (; has && errors.Current.Row <= rejected.Row; has = errors.MoveNext())
            {
                listener.OnError(errors.Current);
                if (errors.Current.Row == rejected.Row)
                    reasons.Add(errors.Current);
            }
            // A mended row that is still bad keeps the number by which its first submission knows it.
            listener.OnRejected(new CheckedRow(rejected.Origin > 0 ? rejected.Origin : rejected.Row,
                DelimitedRow.Split(rejected.Raw, _delimiter), [.. reasons]));
            reasons.Clear();
        }
        for (; has; has = errors.MoveNext())
            listener.OnError(errors.Current);
        reader.Errors.Clear();
        reader.Batch.Clear();
    }

    private static Problem? WithNext(Problem? problem, SubmissionFile file) => problem is null ? null
        : new Problem(problem.Kind,
        [.. problem.Values, KeyValuePair.Create("next", file.Sequence.ToString(CultureInfo.InvariantCulture))]);
}
