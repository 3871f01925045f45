using AutoMapper;
using Grpc.Core;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using Microsoft.AspNetCore.Authorization;
using Wire = InfoHub.Contracts.Intake.V1;
using SubmissionState = InfoHub.Domain.Submissions.SubmissionState;

namespace InfoHub.Intake.Submit;

/// <summary>The gRPC edge of the intake. Problems thrown below become status and trailer in one interceptor of the host.</summary>
[Authorize(HubPolicies.Department)]
internal sealed class SubmissionsService(
    SubmissionDesk desk, UploadSession uploads, SubmissionStore submissions, TemplateRegistry templates, IMapper mapper) : Submissions.SubmissionsBase
{
    private static readonly TimeSpan WatchPoll = TimeSpan.FromMilliseconds(40);

    public override async Task<SubmissionStatus> Open(OpenRequest request, ServerCallContext context) =>
        Status(await desk.OpenAsync(CallerOf(context), mapper.Map<OpenedFile>(request), context.CancellationToken));

    public override Task Upload(IAsyncStreamReader<UploadChunk> requestStream, IServerStreamWriter<UploadAck> responseStream, ServerCallContext context) =>
        uploads.RunAsync(CallerOf(context), requestStream, responseStream, context.CancellationToken);

    public override async Task<SubmissionStatus> Commit(CommitRequest request, ServerCallContext context) =>
        Status(await desk.CommitAsync(CallerOf(context), request.Submission, context.CancellationToken));

    public override async Task<SubmissionStatus> Get(GetSubmissionRequest request, ServerCallContext context) =>
        Status(await desk.FindAsync(CallerOf(context), request.Submission, context.CancellationToken));

    public override async Task Watch(WatchRequest request, IServerStreamWriter<SubmissionStatus> responseStream, ServerCallContext context)
    {
        var last = default(SubmissionState);
        while (true)
        {
            var submission = await desk.FindAsync(CallerOf(context), request.Submission, context.CancellationToken);
            if (submission.State != last)
                await responseStream.WriteAsync(Status(submission), context.CancellationToken);
            last = submission.State;
            if (last.Rests())
                return;
            await Task.Delay(WatchPoll, context.CancellationToken);
        }
    }

    public override async Task ReadErrors(ReadErrorsRequest request, IServerStreamWriter<RowErrorsReply> responseStream, ServerCallContext context)
    {
        var submission = await desk.FindAsync(CallerOf(context), request.Submission, context.CancellationToken);
        var template = templates.Get(submission.Key.Item, submission.Key.Version);
        var totals = new ErrorTotals { Errors = submission.ErrorTotals.Sum(t => t.Count), Details = submission.ErrorTotals.Sum(t => t.Count) };
        totals.Totals.AddRange(submission.ErrorTotals.Select(mapper.Map<Wire.ErrorTotal>));
        await responseStream.WriteAsync(new RowErrorsReply { Totals = totals }, context.CancellationToken);
        await foreach (var error in submissions.ReadErrorsAsync(submission.Id, request.AfterRow, context.CancellationToken))
        {
            var wire = mapper.Map<RowError>(error);
            var field = error.Field.Length == 0 ? null : template.Fields[template.IndexOf(error.Field)];
            wire.FieldTitle = field?.Title ?? "";
            wire.Rule = error.Field.Length == 0 ? $"row@{template.Id}" : $"{error.Field}@{template.Id}";
            wire.Fix = new Templates.Problems.Problem(error.Kind, ("field", wire.FieldTitle),
                ("expected", error.Expected), ("when", error.Expected), ("first", error.Expected)).Remedy;
            await responseStream.WriteAsync(new RowErrorsReply { Error = wire }, context.CancellationToken);
        }
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
        return status;
    }

    private static Caller CallerOf(ServerCallContext context) =>
        Caller.TryRead(context.GetHttpContext().User, out var caller) && caller.Kind == CallerKind.Department
            ? caller : throw SubmissionDesk.Refused(ProblemCatalogue.NotSignedIn);
}
