using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using FileFormat = InfoHub.Domain.Submissions.FileFormat;
using Operation = InfoHub.Domain.Submissions.Operation;
using SubmissionState = InfoHub.Domain.Submissions.SubmissionState;

namespace InfoHub.Intake.Submit;

/// <summary>
/// Submissions that come whole in one call: nil returns and typed batches. A batch is spooled as the CSV it amounts
/// to and goes
/// the way of every file: the same key and rows are the same batch, whatever becomes of the answer.
/// </summary>
internal sealed class DirectDesk(SubmissionDesk desk, SubmissionStore submissions, FileSpool spool)
{
    public const int RecordsMax = 1000;

    private const int ColumnsMax = 220;
    private const int ReasonLengthMax = 200;


    /// <summary>Declares that nothing happened in the period. Refused when the department has sent rows for
    /// it.</summary>
    public async Task<Submission> DeclareNilAsync(Caller caller, NilReturn nil, CancellationToken cancellation)
    {
        if (nil.Reason.Length > ReasonLengthMax)
            throw SubmissionDesk.Refused(ProblemCatalogue.RequestUnsound, ("field", "reason"), ("reason", $"0..{ReasonLengthMax}"));
        var opened = new OpenedFile(nil.Item, nil.TemplateVersion, nil.Period, nil.Sequence == 0 ? 1 : nil.Sequence,
            new DeclaredFile([.. SHA256.HashData([])], 0, FileFormat.Nil, nil.Reason))
        {
            Terms = new SubmissionTerms(Operation.Nil, nil.Environment == Contracts.Intake.V1.Environment.Test),
        };
        var (_, key) = desk.KeyOf(caller, opened);
        var known = await submissions.FindAsync(key.Ref, cancellation);
        if (known is { File.Format: FileFormat.Nil, State: not SubmissionState.Withdrawn }
            && known.File.Name != nil.Reason)
            throw SubmissionDesk.Refused(ProblemCatalogue.NilReasonKept, ("submission", key.Ref), ("reason",
                known.File.Name),
                ("next", (await submissions.LastSequenceAsync(key, cancellation)
                    + 1).ToString(CultureInfo.InvariantCulture)));
        if (known is null && await submissions.HasDataAsync(key, cancellation))
            throw SubmissionDesk.Refused(ProblemCatalogue.NilContradicted, ("item", key.Item), ("period", key.Period.ToString()));
        var submission = await desk.OpenAsync(caller, opened, cancellation);
        if (submission.State <= SubmissionState.Uploading)
            await desk.ReceiveAsync(submission, new JsonObject { ["nil"] = true, ["reason"] = nil.Reason, ["department"] = key.Department }, epoch: null, cancellation);
        return await desk.FindAsync(caller, key.Ref, cancellation);
    }

    /// <summary>Takes up to <see cref="RecordsMax"/> typed rows.</summary>
    public async Task<Submission> SubmitAsync(Caller caller, SubmitRecordsRequest request, CancellationToken cancellation)
    {
        RequireSound(request);
        var content = Encoding.UTF8.GetBytes(CsvOf(request));
        var file = new DeclaredFile([.. SHA256.HashData(content)], content.Length, FileFormat.Records, "") { Encoding = Templates.Reading.TextEncoding.Utf8 };
        var submission = await desk.OpenAsync(caller, new OpenedFile(request.Item, request.TemplateVersion, request.Period, request.Sequence, file)
        {
            Terms = new SubmissionTerms(request.Operation == 0 ? Operation.Increment : (Operation)(int)request.Operation,
                request.Environment == Contracts.Intake.V1.Environment.Test),
            BaseRef = request.Base,
        }, cancellation);
        if (submission.State > SubmissionState.Uploading)
            return submission;
        spool.Replace(submission.Id, content);
        return await desk.CommitAsync(caller, submission.Key.Ref, null, cancellation);
    }

    private static void RequireSound(SubmitRecordsRequest request)
    {
        var fault = request.Columns.Count is 0 or > ColumnsMax ? ("columns", $"1..{ColumnsMax}")
            : request.Records.Count is 0 or > RecordsMax ? ("records", $"1..{RecordsMax}")
            : request.Records.Any(r => r.Cells.Count != request.Columns.Count) ? ("cells", "one for each column")
            : request.Operation == Contracts.Intake.V1.Operation.Nil ? ("operation", "DeclareNil")
            : ("", "");
        if (fault.Item1.Length > 0)
            throw SubmissionDesk.Refused(ProblemCatalogue.RequestUnsound, ("field", fault.Item1), ("reason", fault.Item2));
    }

    private static string CsvOf(SubmitRecordsRequest request)
    {
        var csv = new StringBuilder(RecordCells.Join(request.Columns)).Append('\n');
        foreach (var record in request.Records)
            csv.Append(RecordCells.Join(record.Cells.Select(TextOf))).Append('\n');
        return csv.ToString();
    }

    private static string TextOf(Cell cell) => cell.ValueCase switch
    {
        Cell.ValueOneofCase.Text => cell.Text,
        Cell.ValueOneofCase.Whole => cell.Whole.ToString(CultureInfo.InvariantCulture),
        Cell.ValueOneofCase.Decimal => cell.Decimal,
        Cell.ValueOneofCase.Date => cell.Date,
        _ => "",
    };
}
