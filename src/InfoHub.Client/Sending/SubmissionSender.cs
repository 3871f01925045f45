using System.Runtime.CompilerServices;
using Google.Protobuf;
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
    /// A file that the hub refused is an answer (<see cref="SubmissionState.FileRefused"/>), not an exception.
    /// </summary>
    public async Task<SubmissionStatus> SendAsync(
        SubmissionFile file, SendUntil until, IProgress<SendingProgress>? progress, CancellationToken cancellation)
    {
        await using var content = file.OpenRead();
        var digest = await DigestAsync(file, content, progress, cancellation).ConfigureAwait(false);
        var sending = new Sending(connection, file, digest, progress);
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
        connection.CallAsync(o => connection.Submissions.GetAsync(new GetSubmissionRequest { Submission = submission }, o), null, cancellation);

    /// <summary>The status now and at every change, until the submission rests. A cut is mended without a trace.</summary>
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
            return connection.Submissions.ReadErrors(new ReadErrorsRequest { Submission = submission, AfterRow = behind }, o);
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
        (await connection.CallAsync(o => connection.Submissions.ListTemplatesAsync(new ListTemplatesRequest(), o), null, cancellation)
            .ConfigureAwait(false)).Templates;

    /// <summary>Nothing will change any more.</summary>
    public static bool Rests(SubmissionState state) =>
        state is SubmissionState.Used or SubmissionState.FileRefused or SubmissionState.AllRowsRejected or SubmissionState.Withdrawn;

    internal static async IAsyncEnumerable<SubmissionStatus> WatchAsync(
        HubConnection connection, string submission, Action<Retry>? onRetry, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var statuses = connection.StreamAsync(
                o => connection.Submissions.Watch(new WatchRequest { Submission = submission }, o), onRetry, cancellation);
            await foreach (var status in statuses.ConfigureAwait(false))
            {
                yield return status;
                if (Rests(status.State))
                    yield break;
            }
            // The hub ended the stream early, for example to shut down in good order: watch on.
            await Task.Delay(connection.Options.RetryDelayMin, connection.Options.Clock, cancellation).ConfigureAwait(false);
        }
    }

    private static bool IsOpen(SubmissionState state) => state is SubmissionState.Opened or SubmissionState.Uploading;

    private static async Task<FileDigest> DigestAsync(
        SubmissionFile file, FileStream content, IProgress<SendingProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            var total = content.Length;
            var digest = await FileDigest.ComputeAsync(
                content, read => progress?.Report(new SendingProgress(SendingStep.Hashing, read, total)), cancellation).ConfigureAwait(false);
            return digest.SizeBytes > 0 ? digest : throw new ProblemException(new Problem(ProblemCatalogue.FileEmpty));
        }
        catch (IOException e)
        {
            throw file.Unreadable(e);
        }
    }

    /// <summary>One file under way.</summary>
    private sealed class Sending(HubConnection connection, SubmissionFile file, FileDigest digest, IProgress<SendingProgress>? progress)
    {
        private SubmissionStatus? _last;
        private long _durable;

        public Task<SubmissionStatus> OpenAsync(CancellationToken cancellation) => CallAsync(o => connection.Submissions.OpenAsync(new OpenRequest
        {
            Item = file.Item, TemplateVersion = file.TemplateVersion, Period = file.Period.ToString(), Sequence = file.Sequence,
            Sha256 = ByteString.CopyFrom(digest.Sha256), SizeBytes = digest.SizeBytes, Format = file.Format, FileName = file.Name,
        }, o), cancellation);

        public async Task<SubmissionStatus> UploadAsync(FileStream content, SubmissionStatus status, CancellationToken cancellation)
        {
            var attempts = connection.NewAttempts(OnRetry, isUpload: true);
            var source = new UploadSource(file, content.SafeFileHandle, digest.SizeBytes, status.Submission);
            while (IsOpen(status.State) && status.DurableOffset < digest.SizeBytes)
            {
                var upload = new UploadStream(connection, source, durable =>
                {
                    attempts.Progressed();
                    _durable = durable;
                    Report(SendingStep.Uploading, _last);
                });
                Report(SendingStep.Uploading, status);
                try
                {
                    await upload.RunAsync(status.DurableOffset, status.UploadCreditBytes, cancellation).ConfigureAwait(false);
                    break;
                }
                catch (Exception failure) when (attempts.Recognises(failure))
                {
                    await attempts.PauseAsync(failure, cancellation).ConfigureAwait(false);
                }
                // Acknowledgements may be lost in the cut: what counts is how far the hub says it has come.
                var before = status.DurableOffset;
                status = await OpenAsync(cancellation).ConfigureAwait(false);
                if (status.DurableOffset > before)
                    attempts.Progressed();
            }
            return status;
        }

        public Task<SubmissionStatus> CommitAsync(string submission, CancellationToken cancellation) =>
            CallAsync(o => connection.Submissions.CommitAsync(new CommitRequest { Submission = submission }, o), cancellation);

        public async Task<SubmissionStatus> FollowAsync(SubmissionStatus status, CancellationToken cancellation)
        {
            await foreach (var change in WatchAsync(connection, status.Submission, OnRetry, cancellation).ConfigureAwait(false))
                Report(SendingStep.Processing, status = change);
            return status;
        }

        public void Report(SendingStep step, SubmissionStatus? status)
        {
            _last = status;
            progress?.Report(new SendingProgress(step, _durable, digest.SizeBytes, status));
        }

        private async Task<SubmissionStatus> CallAsync(
            Func<Grpc.Core.CallOptions, Grpc.Core.AsyncUnaryCall<SubmissionStatus>> call, CancellationToken cancellation)
        {
            _last = await connection.CallAsync(call, OnRetry, cancellation).ConfigureAwait(false);
            _durable = _last.DurableOffset;
            return _last;
        }

        private void OnRetry(Retry retry) =>
            progress?.Report(new SendingProgress(SendingStep.Waiting, _durable, digest.SizeBytes, _last, retry.Problem));
    }
}
