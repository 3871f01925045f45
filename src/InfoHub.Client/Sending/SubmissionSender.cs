using System.Runtime.CompilerServices;
using InfoHub.Client.Calling;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Client.Sending;

/// <summary>
/// Sends extracts and follows them. Every method throws <see cref="ProblemException"/> for what the caller can mend:
/// the hub's own numbered problems, IH-INT-116 when it cannot be reached, IH-INT-117 when the file cannot be read.
/// Memory does not grow with the file.
/// </summary>
public sealed class SubmissionSender(HubConnection connection)
{
    /// <summary>
    /// Sends one file. Sending the same file again continues or repeats nothing: the answer is the submission on file.
    /// A file that the hub refused is an answer (<see cref="SubmissionState.FileRefused"/>), not an exception. So is
    /// one that does not rest yet when <see cref="HubConnectionOptions.FollowTimeout"/> is over.
    /// </summary>
    public async Task<SubmissionStatus> SendAsync(
        SubmissionFile file, SendUntil until, IProgress<SendingProgress>? progress, CancellationToken cancellation)
    {
        await using var content = file.OpenRead();
        var digest = await DigestAsync(file, content, progress, cancellation).ConfigureAwait(false);
        var sending = new FileUnderWay(connection, file, digest, progress);
        await sending.RequireEnvironmentAsync(cancellation).ConfigureAwait(false);
        var status = await sending.OpenAsync(cancellation).ConfigureAwait(false);
        if (IsOpen(status.State))
        {
            status = await sending.UploadAsync(content, status, cancellation).ConfigureAwait(false);
            if (IsOpen(status.State))
                status = await sending.CommitAsync(status.Submission, cancellation).ConfigureAwait(false);
        }
        if (until == SendUntil.Resting && !Rests(status.State))
            status = await sending.FollowAsync(status, cancellation).ConfigureAwait(false);
        sending.Report(Rests(status.State) ? SendingStep.Resting : SendingStep.Processing, status);
        return status;
    }

    public Task<SubmissionStatus> GetAsync(string submission, CancellationToken cancellation) =>
        connection.CallAsync(o => connection.Submissions.GetAsync(new GetSubmissionRequest { Submission = submission },
            o), null, cancellation);

    /// <summary>"Nothing happened in this period". Repeating it changes nothing.</summary>
    /// <param name="reason">Why there is nothing; it is part of the receipt.</param>
    public async Task<SubmissionStatus> DeclareNilAsync(
        string item, string period, int sequence, string reason, CancellationToken cancellation)
    {
        await FileUnderWay.RequireEnvironmentAsync(connection, null, cancellation).ConfigureAwait(false);
        var nil = new NilReturn
        {
            Item = item, Period = period, Sequence = sequence, Reason = reason,
            Environment = connection.Options.Environment,
        };
        return await connection.CallAsync(o => connection.Submissions.DeclareNilAsync(nil, o), null, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Takes a submission that rests back; the reason is part of the receipt.</summary>
    public Task<SubmissionStatus> WithdrawAsync(string submission, string reason, CancellationToken cancellation) =>
        connection.CallAsync(o => connection.Submissions.WithdrawAsync(
            new WithdrawRequest { Submission = submission, Reason = reason }, o), null, cancellation);

    /// <summary>The path from one stored row to rows_root of receipt R4.</summary>
    public Task<RowProof> ProveRowAsync(string submission, long row, CancellationToken cancellation) =>
        connection.CallAsync(o => connection.Submissions.ProveRowAsync(
            new ProveRowRequest { Submission = submission, Row = row }, o), null, cancellation);

    /// <summary>
    /// First the header of the file as it came, then the rejected rows that nobody has mended yet, each once, also
    /// across a cut.
    /// </summary>
    public async IAsyncEnumerable<RejectedRowsReply> ReadRejectedRowsAsync(
        string submission, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (row, hasHeader) = (0L, false);
        var replies = connection.StreamAsync(o => connection.Submissions.ReadRejectedRows(
            new ReadRejectedRowsRequest { Submission = submission, AfterRow = row }, o), null, cancellation);
        await foreach (var reply in replies.ConfigureAwait(false))
        {
            if (reply.PartCase == RejectedRowsReply.PartOneofCase.Row)
            {
                row = reply.Row.Row;
                yield return reply;
            }
            else if (!hasHeader)
            {
                hasHeader = true;
                yield return reply;
            }
        }
    }

    /// <summary>The department's submissions, the one that moved last first.</summary>
    /// <param name="item">Of this item only; empty for all.</param>
    public async Task<IReadOnlyList<SubmissionStatus>> ListAsync(string item, int limit,
        CancellationToken cancellation) =>
        (await connection.CallAsync(o => connection.Submissions.ListAsync(
            new ListSubmissionsRequest { Item = item, Limit = limit }, o), null, cancellation)
            .ConfigureAwait(false)).Submissions;

    /// <summary>
    /// The status now and at every change, until the submission rests. A cut is mended without a trace.
    /// </summary>
    public IAsyncEnumerable<SubmissionStatus> WatchAsync(string submission, CancellationToken cancellation) =>
        WatchAsync(connection, submission, null, cancellation);

    /// <summary>
    /// First one message with the exact totals per code, then the row errors of rows behind <paramref name="afterRow"/>
    /// (0: all) in row order, each once, also across a cut.
    /// </summary>
    public async IAsyncEnumerable<RowErrorsReply> ReadErrorsAsync(
        string submission, long afterRow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A row may have several errors: after a cut its row is read again and what was handed on is left out.
        var (row, seenOfRow, skip, hasTotals) = (afterRow, 0, 0, false);
        var replies = connection.StreamAsync(o =>
        {
            skip = seenOfRow;
            var behind = seenOfRow > 0 ? row - 1 : row;
            return connection.Submissions.ReadErrors(new ReadErrorsRequest { Submission = submission,
                AfterRow = behind }, o);
        }, null, cancellation);
        await foreach (var reply in replies.ConfigureAwait(false))
        {
            if (reply.PartCase == RowErrorsReply.PartOneofCase.Totals)
            {
                if (!hasTotals)
                    yield return reply;
                hasTotals = true;
                continue;
            }
            if (reply.Error.Row == row && skip > 0)
            {
                skip--;
                continue;
            }
            seenOfRow = reply.Error.Row == row ? seenOfRow + 1 : 1;
            row = reply.Error.Row;
            yield return reply;
        }
    }

    /// <summary>The agreed templates this department may send.</summary>
    public async Task<IReadOnlyList<TemplateDocument>> ListTemplatesAsync(CancellationToken cancellation) =>
        (await connection.CallAsync(o => connection.Submissions.ListTemplatesAsync(new ListTemplatesRequest(), o),
            null, cancellation)
            .ConfigureAwait(false)).Templates;

    /// <summary>Nothing will change any more.</summary>
    public static bool Rests(SubmissionState state) =>
        state is SubmissionState.Used or SubmissionState.FileRefused or SubmissionState.AllRowsRejected or SubmissionState.Withdrawn;

    internal static async IAsyncEnumerable<SubmissionStatus> WatchAsync(
        HubConnection connection, string submission, Action<Retry>? onRetry,
            [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var statuses = connection.StreamAsync(
                o => connection.Submissions.Watch(new WatchRequest { Submission = submission }, o), onRetry,
                    cancellation);
            await foreach (var status in statuses.ConfigureAwait(false))
            {
                yield return status;
                if (Rests(status.State))
                    yield break;
            }
            // The hub ended the stream early, for example to shut down in good order: watch on.
            await Task.Delay(connection.Options.RetryDelayMin, connection.Options.Clock,
                cancellation).ConfigureAwait(false);
        }
    }

    internal static bool IsOpen(SubmissionState state) => state is SubmissionState.Opened or SubmissionState.Uploading;

    private static async Task<FileDigest> DigestAsync(
        SubmissionFile file, FileStream content, IProgress<SendingProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            var total = content.Length;
            var digest = await FileDigest.ComputeAsync(
                content, read => progress?.Report(new SendingProgress(SendingStep.Hashing, read, total)),
                    cancellation).ConfigureAwait(false);
            return digest.SizeBytes > 0 ? digest : throw new ProblemException(new Problem(ProblemCatalogue.FileEmpty));
        }
        catch (IOException e)
        {
            throw file.Unreadable(e);
        }
    }
}
