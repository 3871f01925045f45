using System.Reflection;
using AutoMapper;
using Grpc.Core;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Intake.Validate;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using Microsoft.AspNetCore.Authorization;
using Wire = InfoHub.Contracts.Intake.V1;
using SubmissionState = InfoHub.Domain.Submissions.SubmissionState;

namespace InfoHub.Intake.Submit;

/// <summary>The gRPC edge of the intake. Problems thrown below become status and trailer in one interceptor of the
/// host.</summary>
[Authorize(HubPolicies.Department)]
internal sealed class SubmissionsService(
    SubmissionDesk desk, DirectDesk direct, UploadSession uploads, SubmissionWatch watch, ErrorReport errors,
    TemplateRegistry templates, ReceiptSigner signer, IntakeOptions options, TimeProvider clock, IMapper mapper)
    : Submissions.SubmissionsBase
{
    private const int ProtocolVersion = 3;
    private const int ListedDefault = 20;
    private const int ListedMax = 100;

    private static readonly string ServerVersion =
        typeof(SubmissionsService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public override Task<HubDescription> Describe(DescribeRequest request, ServerCallContext context)
    {
        var caller = CallerOf(context);
        return Task.FromResult(new HubDescription
        {
            ServerVersion = ServerVersion, ProtocolVersion = ProtocolVersion, Department = caller.Department, ClientId = caller.ClientId,
            Environment = options.IsTest ? Wire.Environment.Test : Wire.Environment.Production,
            FileBytesMax = options.FileBytesMax, ChunkBytesMax = UploadSession.ChunkBytesMax, UploadCreditBytes = UploadSession.CreditBytes,
            RecordsMax = DirectDesk.RecordsMax, Compressions = { Compression.Gzip, Compression.Zstd },
            Encodings = { TextEncoding.Utf8, TextEncoding.Gb18030, TextEncoding.Utf16 },
            ReceiptKeys = { signer.Keys.Select(mapper.Map<Wire.ReceiptKey>) },
            TimeUnixMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        });
    }

    public override async Task<SubmissionStatus> Open(OpenRequest request, ServerCallContext context)
    {
        var caller = CallerOf(context);
        return Status(await desk.OpenAsync(caller, mapper.Map<OpenedFile>(request), context.CancellationToken));
    }

    public override Task Upload(IAsyncStreamReader<UploadChunk> requestStream, IServerStreamWriter<UploadAck> responseStream, ServerCallContext context) =>
        uploads.RunAsync(CallerOf(context), requestStream, responseStream, context.CancellationToken);

    public override async Task<SubmissionStatus> Commit(CommitRequest request, ServerCallContext context) =>
        Status(await desk.CommitAsync(CallerOf(context), request.Submission, ManifestText.Read(request.Manifest), context.CancellationToken));

    public override async Task<SubmissionStatus> Get(GetSubmissionRequest request, ServerCallContext context) =>
        Status(await desk.FindAsync(CallerOf(context), request.Submission, context.CancellationToken));

    public override async Task<ListSubmissionsReply> List(ListSubmissionsRequest request, ServerCallContext context)
    {
        if (request.Limit is < 0 or > ListedMax)
            throw SubmissionDesk.Refused(ProblemCatalogue.RequestUnsound, ("field", "limit"), ("reason",
                $"应为 0 至 {ListedMax}"));
        var found = await desk.RecentAsync(CallerOf(context), request.Item, request.Limit == 0 ? ListedDefault
            : request.Limit,
            context.CancellationToken);
        return new ListSubmissionsReply { Submissions = { found.Select(Status) } };
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<SubmissionStatus> responseStream, ServerCallContext context)
    {
        var (last, known) = (default(SubmissionState), request.AfterReceipt);
        while (true)
        {
            var submission = await desk.FindAsync(CallerOf(context), request.Submission, context.CancellationToken);
            if (submission.State != last)
            {
                var status = Status(submission with { Receipts = [.. submission.Receipts.Where(r => (int)r.Kind > known)] });
                await responseStream.WriteAsync(status, context.CancellationToken);
            }
            last = submission.State;
            if (last.Rests())
                return;
            await watch.MovedAsync(submission.Id, last, context.CancellationToken);
        }
    }

    public override async Task ReadErrors(ReadErrorsRequest request, IServerStreamWriter<RowErrorsReply> responseStream, ServerCallContext context)
    {
        var submission = await desk.FindAsync(CallerOf(context), request.Submission, context.CancellationToken);
        await foreach (var reply in errors.ReadAsync(submission, request.AfterRow, context.CancellationToken))
            await responseStream.WriteAsync(reply, context.CancellationToken);
    }

    public override async Task ReadRejectedRows(
        ReadRejectedRowsRequest request, IServerStreamWriter<RejectedRowsReply> responseStream, ServerCallContext context)
    {
        var submission = await desk.FindAsync(CallerOf(context), request.Submission, context.CancellationToken);
        await foreach (var reply in errors.ReadRejectedAsync(submission, request.AfterRow, context.CancellationToken))
            await responseStream.WriteAsync(reply, context.CancellationToken);
    }

    public override async Task<SubmissionStatus> DeclareNil(NilReturn request, ServerCallContext context) =>
        Status(await direct.DeclareNilAsync(CallerOf(context), request, context.CancellationToken));

    public override async Task<SubmissionStatus> SubmitRecords(SubmitRecordsRequest request, ServerCallContext context) =>
        Status(await direct.SubmitAsync(CallerOf(context), request, context.CancellationToken));

    public override async Task<SubmissionStatus> Withdraw(WithdrawRequest request, ServerCallContext context) =>
        Status(await desk.WithdrawAsync(CallerOf(context), request.Submission, request.Reason, context.CancellationToken));

    public override async Task<RowProof> ProveRow(ProveRowRequest request, ServerCallContext context)
    {
        var submission = await desk.FindAsync(CallerOf(context), request.Submission, context.CancellationToken);
        return await errors.ProveAsync(submission, request.Row, context.CancellationToken);
    }

    public override Task<ListTemplatesReply> ListTemplates(ListTemplatesRequest request, ServerCallContext context)
    {
        var caller = CallerOf(context);
        var reply = new ListTemplatesReply();
        foreach (var (template, yaml) in templates.All.Where(t => t.Template.Department == caller.Department))
            reply.Templates.Add(new TemplateDocument
            {
                Item = template.Item,
                Version = template.Version,
                OdcsYaml = yaml,
                Sha256Hex = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(yaml))),
            });
        return Task.FromResult(reply);
    }

    private SubmissionStatus Status(Submission submission)
    {
        var status = mapper.Map<SubmissionStatus>(submission);
        status.DurableOffset = desk.DurableOffset(submission);
        status.UploadCreditBytes = UploadSession.CreditBytes;
        // What landed of a file that was refused in the end is being taken away: none of it counts.
        if (submission.State == SubmissionState.FileRefused)
            status.RowsStored = 0;
        return status;
    }

    private static Caller CallerOf(ServerCallContext context) =>
        Caller.TryRead(context.GetHttpContext().User, out var caller) && caller.Kind == CallerKind.Department
            ? caller : throw SubmissionDesk.Refused(ProblemCatalogue.NotSignedIn);
}
