using System.Runtime.CompilerServices;
using AutoMapper;
using Google.Protobuf;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Domain.Submissions;
using InfoHub.Intake.Submit;
using InfoHub.Storage.Landing;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Intake.Validate;

/// <summary>What the check of a submission came to, row by row: errors, rejected rows as they came, and proofs of
/// stored ones.</summary>
internal sealed class ErrorReport(
    SubmissionStore submissions, RowErrorStore errors, RowProofs proofs, TemplateRegistry templates, IMapper mapper)
{
    private const int GroupsMax = 50;

    /// <summary>First the exact totals with the errors that repeat, then every error behind the row, in row
    /// order.</summary>
    public async IAsyncEnumerable<RowErrorsReply> ReadAsync(Submission submission, long afterRow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var template = templates.Get(submission.Key.Item, submission.Key.Version);
        var sum = submission.ErrorTotals.Sum(t => t.Count);
        var (groups, count) = await errors.GroupsAsync(submission.Id, GroupsMax, cancellation);
        yield return new RowErrorsReply
        {
            Totals = new ErrorTotals
            {
                Errors = sum, Details = sum, Totals = { submission.ErrorTotals.Select(mapper.Map<Wire.ErrorTotal>) },
                Groups = { groups.Select(ToWire) },
                    GroupsLeftOut = count - groups.Count,
                HeaderRow = submission.HeaderRow,
            },
        };
        await foreach (var error in errors.ReadErrorsAsync(submission.Id, afterRow, cancellation))
            yield return new RowErrorsReply { Error = ToWire(template, error, submission.HeaderRow) };
    }

    private Wire.ErrorGroup ToWire(Storage.Submissions.ErrorGroup group)
    {
        var wire = mapper.Map<Wire.ErrorGroup>(group);
        wire.Severity = group.Rejects ? Wire.Severity.Error : Wire.Severity.Warning;
        return wire;
    }

    /// <summary>First the header as it came, then every rejected row behind the row that nobody has mended.</summary>
    public async IAsyncEnumerable<RejectedRowsReply> ReadRejectedAsync(
        Submission submission, long afterRow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var template = templates.Get(submission.Key.Item, submission.Key.Version);
        var own = submission.Columns.Select(title => !RejectedColumns.Has(title)).ToArray();
        yield return new RejectedRowsReply
        {
            Header = new RejectedHeader
            {
                Columns = { submission.Columns.Where((_, i) => own[i]) }, Rows = submission.RowsRejected - submission.RowsMended,
                NextSequence = await submissions.LastSequenceAsync(submission.Key, cancellation) + 1,
                    HeaderRow = submission.HeaderRow,
            },
        };
        await foreach (var rejected in errors.OpenRejectionsAsync(submission.Id, afterRow, cancellation))
        {
            var cells = RecordCells.Split(rejected.Raw, submission.Delimiter);
            yield return new RejectedRowsReply
            {
                Row = new RejectedRow
                {
                    // A row with too many cells keeps them: nothing of what came is left out.
                    Row = rejected.Row, Cells = { cells.Where((_, i) => i >= own.Length || own[i]) },
                    Reasons = { rejected.Reasons.Select(e => ToWire(template, e, submission.HeaderRow)) },
                },
            };
        }
    }

    /// <exception cref="ProblemException">IH-INT-123: the row is not stored.</exception>
    public async Task<RowProof> ProveAsync(Submission submission, long row, CancellationToken cancellation)
    {
        var template = templates.Get(submission.Key.Item, submission.Key.Version);
        if (submission.State is not (Domain.Submissions.SubmissionState.Stored or Domain.Submissions.SubmissionState.Used
                or Domain.Submissions.SubmissionState.Withdrawn)
            || await proofs.ProveAsync(template, submission, row, cancellation) is not { } path)
            throw SubmissionDesk.Refused(ProblemCatalogue.RowNotStored, ("submission", submission.Key.Ref), ("row", $"{row}"));
        return new RowProof
        {
            Submission = submission.Key.Ref, Row = row, RowHash = ByteString.CopyFrom(path.RowHash),
            Steps =
            {
                path.Steps.Select(s => new ProofStep
                {
                    Position = s.Position, Siblings = { s.Siblings.Select(ByteString.CopyFrom) },
                }),
            },
        };
    }

    private RowError ToWire(Template template, Templates.Checks.RowError error, long headerRow)
    {
        var wire = mapper.Map<RowError>(error);
        var field = error.Field.Length == 0 ? null : template.Fields[template.IndexOf(error.Field)];
        wire.FieldTitle = field?.Title ?? "";
        wire.Rule = error.Field.Length == 0 ? $"row@{template.Id}" : $"{error.Field}@{template.Id}";
        wire.SheetRow = headerRow > 0 ? headerRow + error.Row : 0;
        wire.Fix = new Templates.Problems.Problem(error.Kind, ("field", wire.FieldTitle.Length > 0 ? wire.FieldTitle
            : "本行"),
            ("expected", error.Expected), ("when", error.Expected), ("first",
                Templates.Checks.SheetRow.Of(error.Expected, headerRow))).Remedy;
        return wire;
    }
}
