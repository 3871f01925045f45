using System.Diagnostics;
using AutoMapper;
using Grpc.Core;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Findings;
using InfoHub.Streaming;
using InfoHub.Templates.Problems;

namespace InfoHub.Delivery.Query;

/// <summary>
/// Findings for consumers. The branch comes from the token; a finding outside it is unknown, not forbidden, so that an
/// id tells nobody whether the finding exists.
/// </summary>
internal sealed class FindingsService(FindingQuery findings, IMapper mapper, IReadOnlyDictionary<string, string> modelTitles)
    : Findings.FindingsBase
{
    private const int IdLengthMax = 64;

    private static readonly StageMetrics Metrics = new("deliver");

    public override async Task<SearchFindingsReply> Search(SearchFindingsRequest request, ServerCallContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var caller = ConsumerOf(context);
        var search = FindingSearch.Read(request, caller);
        var page = await findings.SearchAsync(search.Filter, search.PageSize, search.After, context.CancellationToken);
        var reply = new SearchFindingsReply
        {
            Total = page.Total, NextPageToken = page.Next is null ? "" : PageToken.Write(page.Next, request, caller.Region),
        };
        reply.Findings.AddRange(page.Findings.Select(ToWire));
        Metrics.Rows(1, reply.Findings.Count, 0, "");
        Metrics.Duration(Stopwatch.GetElapsedTime(started), "");
        return reply;
    }

    public override async Task<Finding> Get(GetFindingRequest request, ServerCallContext context)
    {
        var caller = ConsumerOf(context);
        var found = request.FindingId.Length is > 0 and <= IdLengthMax && !request.FindingId.Any(char.IsControl)
            ? await findings.GetAsync(request.FindingId, caller.Region, context.CancellationToken)
            : null;
        var shown = request.FindingId[..Math.Min(request.FindingId.Length, IdLengthMax)];
        Metrics.Rows(1, found is null ? 0 : 1, found is null ? 1 : 0, "");
        return found is not null
            ? ToWire(found)
            : throw new ProblemException(new Problem(ProblemCatalogue.FindingUnknown, ("finding", shown)));
    }

    private Finding ToWire(StoredFinding stored)
    {
        var wire = mapper.Map<Finding>(stored);
        wire.ModelTitle = modelTitles.GetValueOrDefault(wire.Model, wire.Model);
        return wire;
    }

    /// <summary>The policy has let only consumers in; this holds also where someone forgot to map the policy.</summary>
    private static Caller ConsumerOf(ServerCallContext context) =>
        Caller.TryRead(context.GetHttpContext().User, out var caller) && caller.Kind == CallerKind.Consumer
            ? caller
            : throw new ProblemException(new Problem(ProblemCatalogue.NotYours, ("who", "本客户端"), ("what", "疑点")));
}
