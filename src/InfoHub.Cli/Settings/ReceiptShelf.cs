using InfoHub.Client;
using InfoHub.Client.Receipts;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli.Settings;

/// <summary>Where receipts are kept: verified when they come in, one bundle per submission.</summary>
/// <param name="folder">Null: they are verified, and kept nowhere.</param>
/// <param name="pinned">The hub's keys as they were at login; empty when nobody logged in.</param>
internal sealed class ReceiptShelf(string? folder, IReadOnlyList<KeptKey> pinned)
{
    public string? Folder => folder;

    /// <summary>
    /// Verifies the receipts of a status and keeps them. The file's path; null when there is nothing to keep.
    /// </summary>
    /// <exception cref="ProblemException">
    /// IH-INT-131: a receipt does not hold. IH-INT-132: it holds, but by a key that is not the pinned one. The bundle
    /// is
    /// kept in either case: it is evidence.
    /// </exception>
    public async Task<string?> KeepAsync(HubConnection connection, SubmissionStatus status,
        CancellationToken cancellation)
    {
        if (status.Receipts.Count == 0)
            return null;
        var bundle = await BundleAsync(connection, status, cancellation);
        var path = folder is null ? null : Path.Combine(folder, status.Submission + ".json");
        if (path is not null)
            HubHome.Write(path, bundle.ToBytes());
        Require(bundle);
        return path;
    }

    public static async Task<ReceiptBundle> BundleAsync(
        HubConnection connection, SubmissionStatus status, CancellationToken cancellation)
    {
        var keys = status.Receipts.All(r => r.KeyId.Length == 0) ? []
            : (await connection.DescribeAsync(cancellation)).ReceiptKeys.ToArray();
        return ReceiptBundle.Of(status, keys);
    }

    /// <summary>Whoever once pinned a key does not take an unsigned receipt, nor one of another key.</summary>
    public void Require(ReceiptBundle bundle)
    {
        var check = new ReceiptCheck([], pinned) { UnsignedAllowed = pinned.Count == 0 };
        var stranger = check.Verify(bundle).FirstOrDefault(r => r.Trust == KeyTrust.Bundled);
        if (stranger is not null && pinned.Count > 0)
            throw new ProblemException(new Problem(ProblemCatalogue.HubKeyChanged, ("key", stranger.KeyId)));
    }
}
