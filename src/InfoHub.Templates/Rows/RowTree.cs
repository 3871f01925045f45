using System.Buffers.Binary;
using System.Security.Cryptography;

namespace InfoHub.Templates.Rows;

/// <summary>One level of a row's path: where the hash so far belongs (0..15) among the other hashes of its
/// node.</summary>
public sealed record TreeStep(int Position, IReadOnlyList<byte[]> Siblings);

/// <summary>
/// A Merkle tree over row hashes (32 bytes each, in row order), built row by row in memory that grows with the
/// logarithm
/// of the rows. Up to 16 hashes make a node: SHA-256 over the byte 0x01 and the hashes. One hash alone is its own
/// root; no
/// row makes the SHA-256 of nothing. A row hash covers text that begins with a template's id, so none can pass for a
/// node.
/// FROZEN: the root stands in signed receipts (HashTests).
/// </summary>
public sealed class RowTree
{
    public const int Width = 16;
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>Rows below one node of level three: whoever keeps those nodes can prove a row from its segment
    /// alone.</summary>
    public const int SegmentRows = Width * Width * Width;

    private const int SegmentLevel = 3;

    private const byte NodeMark = 1;

    private readonly List<Level> _levels = [new()];
    private readonly byte[] _segment = new byte[HashBytes];

    /// <summary>The node that the proven row lies in, per level, while a proof is being made; else null.</summary>
    private List<TreeStep>? _steps;
    private long _wanted = -1;

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>A level's hashes that are not yet a whole node, behind the mark that is hashed with them.</summary>
    private sealed class Level
    {
        public readonly byte[] Bytes = [NodeMark, .. new byte[Width * HashBytes]];
        public int Used;

        /// <summary>Position of the proven row's branch among the waiting hashes, or -1.</summary>
        public int Marked = -1;

        public Span<byte> Slot(int index) => Bytes.AsSpan(1 + (index * HashBytes), HashBytes);
    }

    public void Append(ReadOnlySpan<byte> rowHash)
    {
        Add(0, rowHash, Count == _wanted);
        Count++;
    }

    /// <summary>Node over the last whole segment; a copy.</summary>
    public byte[] LastSegment() => [.. _segment];

    /// <summary>Node over the rows behind the last whole segment, as the root of more than one segment covers them;
    /// null when there is none.</summary>
    public byte[]? OpenSegment()
    {
        if (Count % SegmentRows == 0)
            return null;
        var tree = Restore(Save());
        var node = new byte[HashBytes];
        for (var level = 0; level < SegmentLevel; level++)
            if (level < tree._levels.Count && tree._levels[level].Used > 0)
            {
                tree.CloseNode(tree._levels[level], node);
                tree.Add(level + 1, node, marked: false);
            }
        return tree._segment;
    }

    private void Add(int level, ReadOnlySpan<byte> hash, bool marked)
    {
        while (level >= _levels.Count)
            _levels.Add(new Level());
        if (level == SegmentLevel)
            hash.CopyTo(_segment);
        var at = _levels[level];
        hash.CopyTo(at.Slot(at.Used));
        if (marked)
            at.Marked = at.Used;
        if (++at.Used < Width)
            return;
        Span<byte> node = stackalloc byte[HashBytes];
        var holds = CloseNode(at, node);
        Add(level + 1, node, holds);
    }

    /// <summary>Hashes the waiting hashes of a level into a node and empties it. True when the proven row lies in
    /// it.</summary>
    private bool CloseNode(Level at, Span<byte> node)
    {
        SHA256.HashData(at.Bytes.AsSpan(0, 1 + (at.Used * HashBytes)), node);
        var holds = at.Marked >= 0;
        if (holds)
            _steps!.Add(new TreeStep(at.Marked, [.. Enumerable.Range(0, at.Used).Where(i => i != at.Marked).Select(i => at.Slot(i).ToArray())]));
        (at.Used, at.Marked) = (0, -1);
        return holds;
    }

    /// <summary>The root over the rows so far; the tree goes on growing.</summary>
    public byte[] Root() => Restore(Save()).Close();

    private byte[] Close()
    {
        if (Count == 0)
            return SHA256.HashData([]);
        var node = new byte[HashBytes];
        for (var level = 0; ; level++)
        {
            var at = _levels[level];
            var isTop = _levels.Skip(level + 1).All(l => l.Used == 0);
            if (isTop && at.Used == 1)
                return at.Slot(0).ToArray();
            if (at.Used == 0)
                continue;
            var holds = CloseNode(at, node);
            Add(level + 1, node, holds);
        }
    }

    /// <summary>Row count (int64), then per level its number of waiting hashes (one byte) and those hashes.</summary>
    public byte[] Save()
    {
        var saved = new byte[8 + _levels.Sum(l => 1 + (l.Used * HashBytes))];
        BinaryPrimitives.WriteInt64LittleEndian(saved, Count);
        var position = 8;
        foreach (var level in _levels)
        {
            saved[position++] = (byte)level.Used;
            level.Bytes.AsSpan(1, level.Used * HashBytes).CopyTo(saved.AsSpan(position));
            position += level.Used * HashBytes;
        }
        return saved;
    }

    /// <summary>The tree that <see cref="Save"/> wrote; the empty tree for no bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are no saved tree.</exception>
    public static RowTree Restore(ReadOnlySpan<byte> saved)
    {
        var tree = new RowTree();
        if (saved.IsEmpty)
            return tree;
        if (saved.Length < 9)
            throw new InvalidDataException("no saved tree");
        tree.Count = BinaryPrimitives.ReadInt64LittleEndian(saved);
        tree._levels.Clear();
        for (var rest = saved[8..]; rest.Length > 0;)
        {
            var level = new Level { Used = rest[0] };
            if (level.Used >= Width || rest.Length < 1 + (level.Used * HashBytes))
                throw new InvalidDataException("no saved tree");
            rest.Slice(1, level.Used * HashBytes).CopyTo(level.Bytes.AsSpan(1));
            tree._levels.Add(level);
            rest = rest[(1 + (level.Used * HashBytes))..];
        }
        return tree;
    }

    /// <summary>The steps from row <paramref name="index"/> (from 0) up to the root, and the root.</summary>
    /// <param name="segments">The nodes of all segments, the open one included; or none.</param>
    /// <param name="rowHashes">The hashes of the row's own segment; of all rows where there are no segments.</param>
    /// <param name="index">The row among all rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many rows.</exception>
    public static (IReadOnlyList<TreeStep> Steps, byte[] Root) Prove(
        IReadOnlyList<byte[]> segments, IEnumerable<byte[]> rowHashes, long index)
    {
        var tree = new RowTree { _steps = [], _wanted = index };
        var own = segments.Count == 0 ? 0 : (int)(index / SegmentRows);
        tree.AppendSegments(segments.Take(own));
        foreach (var hash in rowHashes)
            tree.Append(hash);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, tree.Count);
        tree.AppendSegments(segments.Skip(own + 1));
        var root = tree.Close();
        return (tree._steps, root);
    }

    private void AppendSegments(IEnumerable<byte[]> nodes)
    {
        foreach (var node in nodes)
        {
            Add(SegmentLevel, node, marked: false);
            Count += SegmentRows;
        }
    }

    /// <summary>True when the steps lead from the row's hash to the root.</summary>
    public static bool Verify(ReadOnlySpan<byte> rowHash, IEnumerable<TreeStep> steps, ReadOnlySpan<byte> root)
    {
        var hash = rowHash.ToArray();
        foreach (var step in steps)
        {
            if (step.Siblings.Count >= Width || step.Position < 0 || step.Position > step.Siblings.Count || step.Siblings.Any(s => s.Length != HashBytes))
                return false;
            byte[] node = [NodeMark, .. step.Siblings.Take(step.Position).SelectMany(s => s), .. hash, .. step.Siblings.Skip(step.Position).SelectMany(s => s)];
            hash = SHA256.HashData(node);
        }
        return hash.AsSpan().SequenceEqual(root);
    }
}
