using System.Security.Cryptography;
using InfoHub.Templates.Rows;
using Xunit;

namespace InfoHub.Rules.Tests.Receipts;

/// <summary>The root grows row by row to what the definition says, and a path proves its own row only.</summary>
public sealed class RowTreeTests
{
    private static readonly byte[][] Hashes = [.. Enumerable.Range(0, 5_000).Select(i => SHA256.HashData(BitConverter.GetBytes(i)))];

    /// <summary>
    /// The definition, level by level: sixteen hashes to a node, the last one shorter, until one is left.
    /// </summary>
    private static byte[] Defined(IReadOnlyList<byte[]> hashes)
    {
        if (hashes.Count == 0)
            return SHA256.HashData([]);
        while (hashes.Count > 1)
            hashes = [.. hashes.Chunk(16).Select(node => SHA256.HashData([1, .. node.SelectMany(h => h)]))];
        return hashes[0];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(272)]
    [InlineData(273)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(5000)]
    public void Root_OfRowsOneByOne_IsTheDefinedOne(int rows)
    {
        var tree = new RowTree();
        foreach (var hash in Hashes.Take(rows))
            tree.Append(hash);

        Assert.Equal(Defined(Hashes[..rows]), tree.Root());
        Assert.Equal(rows, tree.Count);
    }

    [Fact]
    public void Restore_AnywhereInTheRows_GoesOnToTheSameRoot()
    {
        var tree = new RowTree();
        for (var i = 0; i < 1_000; i++)
        {
            tree = RowTree.Restore(tree.Save());
            tree.Append(Hashes[i]);
        }

        Assert.Equal(Defined(Hashes[..1_000]), tree.Root());
        Assert.Equal(SHA256.HashData([]), RowTree.Restore([]).Root());
        Assert.Throws<InvalidDataException>(() => RowTree.Restore([1, 2, 3]));
        Assert.Throws<InvalidDataException>(() => RowTree.Restore([0, 0, 0, 0, 0, 0, 0, 0, 200]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(300)]
    [InlineData(4097)]
    public void Prove_EveryRow_LeadsToTheRoot(int rows)
    {
        var root = Defined(Hashes[..rows]);
        foreach (var index in Enumerable.Range(0, rows).Where(i => rows < 400 || i % 97 == 0 || i == rows - 1))
        {
            var (steps, found) = RowTree.Prove([], Hashes.Take(rows), index);
            Assert.Equal(root, found);
            Assert.True(RowTree.Verify(Hashes[index], steps, root));
            Assert.False(RowTree.Verify(Hashes[rows], steps, root));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(4112)]
    [InlineData(5000)]
    [InlineData(8192)]
    [InlineData(70_000)]
    public void Prove_FromOneSegmentAndTheNodesOfTheOthers_IsTheProofFromAllRows(int rows)
    {
        var hashes = Enumerable.Range(0, rows).Select(i => SHA256.HashData(BitConverter.GetBytes(i))).ToArray();
        var (tree, segments) = (new RowTree(), new List<byte[]>());
        foreach (var hash in hashes)
        {
            // Landing carries the tree from transaction to transaction.
            if (tree.Count % 999 == 0)
                tree = RowTree.Restore(tree.Save());
            tree.Append(hash);
            if (tree.Count % RowTree.SegmentRows == 0)
                segments.Add(tree.LastSegment());
        }
        if (tree.OpenSegment() is { } open)
            segments.Add(open);
        Assert.Equal(Defined(hashes), tree.Root());
        int[] indexes = [0, 15, 16, 4095, 4096, 4111, 8191, rows / 2, rows - 2, rows - 1];
        foreach (var index in indexes.Where(i => i >= 0 && i < rows))
        {
            var own = index / RowTree.SegmentRows * RowTree.SegmentRows;
            var (steps, root) = RowTree.Prove(segments, hashes.Skip(own).Take(RowTree.SegmentRows), index);
            var (expected, _) = RowTree.Prove([], hashes, index);
            Assert.Equal(tree.Root(), root);
            Assert.Equal(expected.Select(Text), steps.Select(Text));
        }
    }

    private static string Text(TreeStep step) =>
        $"{step.Position}:{string.Join(' ', step.Siblings.Select(Convert.ToHexString))}";

    [Fact]
    public void Verify_APathThatWasAltered_Fails()
    {
        var (steps, root) = RowTree.Prove([], Hashes.Take(300), 42);
        for (var level = 0; level < steps.Count; level++)
        {
            var moved = steps.ToArray();
            moved[level] = moved[level] with { Position = (moved[level].Position + 1) % 16 };
            Assert.False(RowTree.Verify(Hashes[42], moved, root));
            var other = steps.ToArray();
            other[level] = other[level] with { Siblings = [.. other[level].Siblings.Select((s, i) => i == 0 ? Hashes[999] : s)] };
            Assert.False(RowTree.Verify(Hashes[42], other, root));
        }
        Assert.False(RowTree.Verify(Hashes[42], [new TreeStep(-1, [])], root));
        Assert.False(RowTree.Verify(Hashes[42], [new TreeStep(0, [[1, 2]])], root));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowTree.Prove([], Hashes.Take(3), 3));
    }
}
