using Google.Protobuf;
using Grpc.Core;
using InfoHub.Client.Calling;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Client.Sending;

/// <summary>One file on its way to the hub: each step may be repeated, and reports what it waits for.</summary>
internal sealed class FileUnderWay(
    HubConnection connection, SubmissionFile file, FileDigest digest, IProgress<SendingProgress>? progress)
{
    private static readonly Compression[] Preferred = [Compression.Zstd, Compression.Gzip];

    private SubmissionStatus? _last;
    private long _durable;
    private bool _replaced;

    /// <summary>Test data never goes to a production hub, nor the other way round.</summary>
    /// <exception cref="ProblemException">IH-INT-136.</exception>
    public Task RequireEnvironmentAsync(CancellationToken cancellation) =>
        RequireEnvironmentAsync(connection, OnRetry, cancellation);

    internal static async Task RequireEnvironmentAsync(
        HubConnection connection, Action<Retry>? onRetry, CancellationToken cancellation)
    {
        var own = connection.Options.Environment;
        if (await connection.DescribedAsync(onRetry, cancellation).ConfigureAwait(false) is not { } hub
            || own == HubEnvironment.Unspecified || IsTest(own) == IsTest(hub.Environment))
            return;
        throw new ProblemException(new Problem(ProblemCatalogue.EnvironmentDiffers,
            ("profile", IsTest(own) ? "测试" : "正式"), ("hub", IsTest(hub.Environment) ? "测试" : "正式")));
    }

    private static bool IsTest(HubEnvironment environment) => environment == HubEnvironment.Test;

    private async Task<UploadSource> SourceAsync(FileStream content, string submission, CancellationToken cancellation)
    {
        var hub = await connection.DescribedAsync(OnRetry, cancellation).ConfigureAwait(false);
        var wishes = connection.Options.Compression switch
        {
            ChunkCompression.Never => false,
            ChunkCompression.Auto => !connection.Options.Hub.IsLoopback,
            _ => true,
        };
        return new UploadSource(file, content.SafeFileHandle, digest.SizeBytes, submission)
        {
            ChunkBytes = hub is { ChunkBytesMax: > 0 }
                ? Math.Min(hub.ChunkBytesMax, UploadSource.ChunkBytesDefault) : UploadSource.ChunkBytesDefault,
            Compression = !wishes || hub is null ? Compression.Unspecified
                : Preferred.FirstOrDefault(hub.Compressions.Contains),
        };
    }

    public Task<SubmissionStatus> OpenAsync(CancellationToken cancellation) =>
        CallAsync(o => connection.Submissions.OpenAsync(OpenRequestNow(), o), cancellation);

    private OpenRequest OpenRequestNow() => new()
    {
        Item = file.Item, TemplateVersion = file.TemplateVersion, Period = file.Period.ToString(),
            Sequence = file.Sequence,
        Sha256 = ByteString.CopyFrom(digest.Sha256), SizeBytes = digest.SizeBytes, Format = file.Format,
            FileName = file.Name,
        Operation = file.Operation, Base = file.Base, Encoding = file.Encoding, Sheet = file.Sheet,
        Environment = connection.Options.Environment, ReplaceUnfinished = file.ReplacesUnfinished && !_replaced,
    };

    public async Task<SubmissionStatus> UploadAsync(FileStream content, SubmissionStatus status,
        CancellationToken cancellation)
    {
        var attempts = connection.NewAttempts(OnRetry, isUpload: true);
        var source = await SourceAsync(content, status.Submission, cancellation).ConfigureAwait(false);
        while (SubmissionSender.IsOpen(status.State) && status.DurableOffset < digest.SizeBytes)
        {
            var upload = new UploadStream(connection, source, durable =>
            {
                if (durable > _durable)
                    attempts.Progressed();
                _durable = durable;
                Report(SendingStep.Uploading, _last);
            });
            Report(SendingStep.Uploading, status);
            try
            {
                await upload.RunAsync(status.DurableOffset, status.UploadCreditBytes,
                    cancellation).ConfigureAwait(false);
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
        CallAsync(o => connection.Submissions.CommitAsync(
            new CommitRequest { Submission = submission, Manifest = file.Manifest }, o), cancellation);

    /// <summary>The last status that was seen, when the time to follow is over before the submission rests.</summary>
    public async Task<SubmissionStatus> FollowAsync(SubmissionStatus status, CancellationToken cancellation)
    {
        using var patience =
            new CancellationTokenSource(connection.Options.FollowTimeout, connection.Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await foreach (var change in SubmissionSender.WatchAsync(connection, status.Submission, OnRetry,
                either.Token).ConfigureAwait(false))
                Report(SendingStep.Processing, status = change);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The hub goes on without us; that the submission does not rest is in the status.
        }
        return status;
    }

    public void Report(SendingStep step, SubmissionStatus? status)
    {
        _last = status;
        progress?.Report(new SendingProgress(step, _durable, digest.SizeBytes, status));
    }

    private async Task<SubmissionStatus> CallAsync(
        Func<CallOptions, AsyncUnaryCall<SubmissionStatus>> call, CancellationToken cancellation)
    {
        _last = await connection.CallAsync(call, OnRetry, cancellation).ConfigureAwait(false);
        // What is on file from here on is this file's own: it must not be thrown away after a cut.
        _replaced = true;
        _durable = _last.DurableOffset;
        return _last;
    }

    private void OnRetry(Retry retry) =>
        progress?.Report(new SendingProgress(SendingStep.Waiting, _durable, digest.SizeBytes, _last, retry.Problem));
}
