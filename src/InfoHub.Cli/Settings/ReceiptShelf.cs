using System.Globalization;
using InfoHub.Client;
using InfoHub.Client.Checking;
using InfoHub.Client.Receipts;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;

namespace InfoHub.Cli.Settings;

/// <summary>Receipts that were verified, and where they lie.</summary>
/// <param name="Path">Null: kept nowhere, this account has no folder.</param>
/// <param name="Trust">The weakest of what vouches for them.</param>
/// <param name="Profile">The profile whose pinned key it was; empty when none was.</param>
internal sealed record KeptReceipts(string? Path, KeyTrust Trust, string Profile, bool IsRehearsal)
{
    /// <summary>What was done and what vouches for it, for people; never more than is true.</summary>
    public string Text => (IsRehearsal ? "〔测试环境，不作凭证〕" : "")
        + TrustOf(Trust, Profile) + (Path is null ? "，没有保存" : $"，已保存：{Path}");

    private static string TrustOf(KeyTrust trust, string profile) => trust switch
    {
        KeyTrust.Given => "回执已由指定的公钥验证",
        KeyTrust.Pinned => $"回执已由登录档案 {profile} 记下的公钥验证",
        KeyTrust.Bundled => "回执前后一致，但本机没有记下平台公钥，尚未验证出自平台（请执行 infohub login）",
        _ => "回执没有签名，只核对了散列链",
    };
}

/// <summary>
/// Where receipts are kept, one bundle per submission: verified first, and a bundle that is on file is replaced only by
/// one that holds all of it and more.
/// </summary>
/// <param name="folder">Null: they are verified, and kept nowhere.</param>
/// <param name="pinned">The hub's keys as they were at login; empty when nobody logged in.</param>
/// <param name="profile">The profile that pinned them.</param>
internal sealed class ReceiptShelf(string? folder, IReadOnlyList<KeptKey> pinned, string profile)
{
    /// <summary>
    /// Verifies the receipts of a status and keeps them. Null when there is nothing to keep.
    /// </summary>
    /// <exception cref="ProblemException">
    /// IH-INT-131: a receipt does not hold. IH-INT-132: it holds, but by a key that is not the pinned one. The bundle
    /// is kept in either case, under a name of its own: it is evidence. IH-CFG-014: it cannot be written.
    /// </exception>
    public async Task<KeptReceipts?> KeepAsync(HubConnection connection, SubmissionStatus status,
        CancellationToken cancellation) => status.Receipts.Count == 0 ? null
        : Keep(await BundleAsync(connection, status, cancellation),
            folder is null ? null : Path.Combine(folder, status.Submission + ".json"));

    /// <inheritdoc cref="KeepAsync"/>
    /// <param name="path">The file; null to verify only.</param>
    public KeptReceipts Keep(ReceiptBundle bundle, string? path)
    {
        KeyTrust trust;
        try
        {
            trust = Require(bundle);
        }
        catch (ProblemException) when (path is not null)
        {
            WriteBeside(path, "unsound", bundle.ToBytes());
            throw;
        }
        return new KeptReceipts(path is null ? null : Place(bundle, path), trust,
            trust == KeyTrust.Pinned ? profile : "", bundle.IsRehearsal());
    }

    public static async Task<ReceiptBundle> BundleAsync(
        HubConnection connection, SubmissionStatus status, CancellationToken cancellation)
    {
        var keys = status.Receipts.All(r => r.KeyId.Length == 0) ? []
            : (await connection.DescribeAsync(cancellation)).ReceiptKeys.ToArray();
        return ReceiptBundle.Of(status, keys);
    }

    /// <summary>Whoever once pinned a key does not take an unsigned receipt, nor one of another key.</summary>
    private KeyTrust Require(ReceiptBundle bundle) =>
        new ReceiptCheck([], pinned) { UnsignedAllowed = pinned.Count == 0, BundledAllowed = pinned.Count == 0 }
            .Verify(bundle).Max(r => r.Trust);

    /// <summary>The path it lies under in the end.</summary>
    private static string Place(ReceiptBundle bundle, string path)
    {
        var bytes = bundle.ToBytes();
        if (!File.Exists(path))
        {
            HubHome.Write(path, bytes);
            return path;
        }
        if (TryRead(path) is not { } onFile)
        {
            // What cannot be read is no receipt, but nobody else may have a copy.
            WriteBeside(path, "damaged", ReadAll(path));
            HubHome.Write(path, bytes);
            return path;
        }
        if (!onFile.IsBeginOf(bundle))
            return WriteBeside(path, "other", bytes);
        if (onFile.Receipts.Count < bundle.Receipts.Count)
            HubHome.Write(path, bytes);
        return path;
    }

    private static ReceiptBundle? TryRead(string path)
    {
        try
        {
            return ReceiptBundle.Read(ReadAll(path));
        }
        catch (ProblemException unsound) when (unsound.Problem.Code == ProblemCatalogue.ReceiptNotGenuine.Code)
        {
            return null;
        }
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(LocalFile.Unreadable(path, e));
        }
    }

    /// <summary>GD-01.v1.202503.1.other-1.json and so on; the same bytes are kept once.</summary>
    private static string WriteBeside(string path, string reason, byte[] bytes)
    {
        for (var number = 1; ; number++)
        {
            var beside = Path.ChangeExtension(path,
                string.Create(CultureInfo.InvariantCulture, $".{reason}-{number}.json"));
            if (File.Exists(beside) && !File.ReadAllBytes(beside).AsSpan().SequenceEqual(bytes))
                continue;
            if (!File.Exists(beside))
                HubHome.Write(beside, bytes);
            return beside;
        }
    }
}
