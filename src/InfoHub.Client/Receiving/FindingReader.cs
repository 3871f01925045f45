using System.Runtime.CompilerServices;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Templates.Problems;

namespace InfoHub.Client.Receiving;

/// <summary>
/// Reads findings of the consumer's own branch. Throws <see cref="ProblemException"/>: IH-INT-102 for a caller that is
/// not a consumer, IH-DLV-101 for an id outside the branch, IH-DLV-102 for an unsound search.
/// </summary>
public sealed class FindingReader(HubConnection connection)
{
    /// <summary>One page, largest gap first, without arithmetic and evidence.</summary>
    public Task<SearchFindingsReply> SearchAsync(SearchFindingsRequest request, CancellationToken cancellation) =>
        connection.CallAsync(o => connection.Findings.SearchAsync(request, o), null, cancellation);

    /// <summary>Every finding of a search, page after page.</summary>
    public async IAsyncEnumerable<Finding> SearchAllAsync(
        SearchFindingsRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var page = request.Clone();
        do
        {
            var reply = await SearchAsync(page, cancellation).ConfigureAwait(false);
            foreach (var finding in reply.Findings)
                yield return finding;
            page.PageToken = reply.NextPageToken;
        }
        while (page.PageToken.Length > 0);
    }

    /// <summary>One finding with arithmetic and evidence.</summary>
    public Task<Finding> GetAsync(string findingId, CancellationToken cancellation) =>
        connection.CallAsync(o => connection.Findings.GetAsync(new GetFindingRequest { FindingId = findingId }, o),
            null, cancellation);
}
