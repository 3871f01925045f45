using System.Buffers.Binary;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;

namespace InfoHub.Storage.Landing;

/// <summary>
/// What has landed of a submission, folded up: the tree over its row hashes and the sum of each number column. It is
/// carried
/// from transaction to transaction, so that R4 vouches for what is in the table and not for what was once checked.
/// </summary>
internal sealed class LandedState
{
    private const int SumBytes = 16;

    private readonly int[] _columns;
    private readonly Template _template;
    private readonly Int128[] _sums;
    private readonly List<(int Number, int FirstRow)> _begun = [];
    private readonly List<(int Number, byte[] Node)> _ended = [];

    private LandedState(Template template, RowTree tree)
    {
        _template = template;
        _columns = [.. Enumerable.Range(0, template.Fields.Length).Where(i => template.Fields[i].Kind == FieldKind.Number)];
        _sums = new Int128[_columns.Length];
        Tree = tree;
    }

    public RowTree Tree { get; }

    /// <summary>Segments of the tree that rows added here begin, with the row number they begin with.</summary>
    public IReadOnlyList<(int Number, int FirstRow)> SegmentsBegun => _begun;

    /// <summary>Segments that rows added here complete.</summary>
    public IReadOnlyList<(int Number, byte[] Node)> SegmentsEnded => _ended;

    /// <summary>The sums come first, then the tree; no bytes for a submission of which nothing has landed.</summary>
    public static LandedState Read(Template template, byte[]? saved)
    {
        if (saved is null)
            return new LandedState(template, new RowTree());
        var sums = template.Fields.Count(f => f.Kind == FieldKind.Number);
        var state = new LandedState(template, RowTree.Restore(saved.AsSpan(sums * SumBytes)));
        for (var i = 0; i < sums; i++)
            state._sums[i] = BinaryPrimitives.ReadInt128LittleEndian(saved.AsSpan(i * SumBytes));
        return state;
    }

    public byte[] Save()
    {
        var tree = Tree.Save();
        var saved = new byte[(_sums.Length * SumBytes) + tree.Length];
        for (var i = 0; i < _sums.Length; i++)
            BinaryPrimitives.WriteInt128LittleEndian(saved.AsSpan(i * SumBytes), _sums[i]);
        tree.CopyTo(saved.AsSpan(_sums.Length * SumBytes));
        return saved;
    }

    public void Add(RowBatchView rows)
    {
        for (var row = 0; row < rows.RowCount; row++)
        {
            if (Tree.Count % RowTree.SegmentRows == 0)
                _begun.Add(((int)(Tree.Count / RowTree.SegmentRows), rows.RowNumber(row)));
            Tree.Append(rows.Hash(row));
            if (Tree.Count % RowTree.SegmentRows == 0)
                _ended.Add(((int)(Tree.Count / RowTree.SegmentRows) - 1, Tree.LastSegment()));
        }
        for (var i = 0; i < _columns.Length; i++)
            _sums[i] += rows.SumOf(_columns[i]);
    }

    /// <summary>By English column name, in the unit of the column.</summary>
    public IEnumerable<(string Field, ExactDecimal Sum)> Sums() => _columns.Select((column, i) =>
        (_template.Fields[column].Name, new ExactDecimal(_sums[i], _template.Fields[column].Scale)));
}
