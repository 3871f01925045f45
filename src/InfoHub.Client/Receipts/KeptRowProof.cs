using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Rows;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Client.Receipts;

/// <summary>One step of a path: where the hash so far belongs among the other hashes of the node, in hex.</summary>
public sealed record KeptStep(int Position, IReadOnlyList<string> Siblings);

/// <summary>
/// The proof that one row is among those of receipt R4, as a file: nothing of any other row is in it but hashes.
/// </summary>
public sealed record KeptRowProof(
    string Format, string Submission, long Row, string RowHash, IReadOnlyList<KeptStep> Steps)
{
    public const string CurrentFormat = "infohub-row-proof/1";

    private const int StepsMax = 64;

    public static KeptRowProof Of(RowProof proof) => new(
        CurrentFormat, proof.Submission, proof.Row, ReceiptBundle.Hex(proof.RowHash.Span),
        [.. proof.Steps.Select(s => new KeptStep(s.Position, [.. s.Siblings.Select(h => ReceiptBundle.Hex(h.Span))]))]);

    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ReceiptBundle.Json), (byte)'\n'];

    /// <exception cref="ProblemException">IH-INT-133: these bytes are no proof.</exception>
    public static KeptRowProof Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var proof = JsonSerializer.Deserialize<KeptRowProof>(bytes, ReceiptBundle.Json);
            if (proof is not null && proof.Format == CurrentFormat)
                return proof;
        }
        catch (JsonException)
        {
            // Told below.
        }
        throw Broken("", 0, "不是有效的行证明文件");
    }

    /// <summary>Requires that the path leads to the <c>rows_root</c> of the bundle's R4.</summary>
    /// <exception cref="ProblemException">IH-INT-133.</exception>
    public void Verify(ReceiptBundle bundle)
    {
        if (Submission != bundle.Submission)
            throw Broken(Submission, Row, $"回执属于 {bundle.Submission}");
        var root = bundle.ContentOf("R4", "rows_root") ?? throw Broken(Submission, Row, "回执 R4 没有行散列根");
        if (!TryHash(root, out var expected) || !TryHash(RowHash, out var leaf)
            || !TrySteps(out var steps) || !RowTree.Verify(leaf, steps, expected))
            throw Broken(Submission, Row, "路径得不到回执 R4 的行散列根");
    }

    /// <summary>Requires that a row's own content hashes to the leaf of this proof.</summary>
    /// <param name="rowHash">As the validator computes it for the accepted row.</param>
    /// <exception cref="ProblemException">IH-INT-133.</exception>
    public void VerifyRow(ReadOnlySpan<byte> rowHash)
    {
        if (ReceiptBundle.Hex(rowHash) != RowHash)
            throw Broken(Submission, Row, "行的内容与散列值不符");
    }

    private bool TrySteps(out List<TreeStep> steps)
    {
        steps = [];
        foreach (var step in Steps.Take(StepsMax + 1))
        {
            var siblings = new List<byte[]>();
            foreach (var hex in step.Siblings)
            {
                if (!TryHash(hex, out var sibling))
                    return false;
                siblings.Add(sibling);
            }
            if (siblings.Count >= RowTree.Width || step.Position < 0 || step.Position > siblings.Count)
                return false;
            steps.Add(new TreeStep(step.Position, siblings));
        }
        return steps.Count <= StepsMax;
    }

    private static bool TryHash(string hex, out byte[] hash)
    {
        hash = new byte[SHA256.HashSizeInBytes];
        return hex.Length == 2 * SHA256.HashSizeInBytes
            && Convert.FromHexString(hex, hash, out _, out var length) == System.Buffers.OperationStatus.Done
            && length == hash.Length;
    }

    private static ProblemException Broken(string submission, long row, string reason) => new(new Problem(
        ProblemCatalogue.RowProofNotGenuine, ("submission", submission),
        ("row", row.ToString(CultureInfo.InvariantCulture)), ("reason", reason)));
}
