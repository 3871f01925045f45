using System.Globalization;
using System.Numerics;
using System.Text;

namespace InfoHub.Templates.Checks;

/// <summary>Row numbers, one bit each up to the largest: cheap for many rows, and in order.</summary>
internal sealed class RowSet
{
    private const int RangesShown = 8;

    private ulong[] _bits = new ulong[4];

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <param name="row">0 or greater.</param>
    public void Add(int row)
    {
        var word = row >> 6;
        if (word >= _bits.Length)
            Array.Resize(ref _bits, Math.Max(word + 1, _bits.Length * 2));
        var bit = 1UL << (row & 63);
        if ((_bits[word] & bit) != 0)
            return;
        _bits[word] |= bit;
        Count++;
    }

    public bool Contains(int row) => row >> 6 is var word && word < _bits.Length && (_bits[word] & (1UL << (row & 63))) != 0;

    /// <summary>All rows of the other set, each greater by <paramref name="offset"/>.</summary>
    public void AddAll(RowSet other, int offset)
    {
        foreach (var row in other.Rows())
            Add(row + offset);
    }

    /// <summary>In order.</summary>
    public IEnumerable<int> Rows()
    {
        for (var word = 0; word < _bits.Length; word++)
            for (var rest = _bits[word]; rest != 0; rest &= rest - 1)
                yield return (word << 6) + BitOperations.TrailingZeroCount(rest);
    }

    /// <summary>2～4、7，共 4 行; the ranges behind the eighth are left to the count.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var (first, last, ranges) = (-1, -1, 0);
        foreach (var row in Rows())
        {
            if (first < 0)
                (first, last) = (row, row);
            else if (row == last + 1)
                last = row;
            else if (ranges == RangesShown)
                break;
            else
            {
                Append(text, first, last, ranges++);
                (first, last) = (row, row);
            }
        }
        if (ranges < RangesShown && first >= 0)
            Append(text, first, last, ranges);
        else
            text.Append(" 等");
        return string.Create(CultureInfo.InvariantCulture, $"{text}，共 {Count} 行");
    }

    private static void Append(StringBuilder text, int first, int last, int ranges)
    {
        if (ranges > 0)
            text.Append('、');
        text.Append(CultureInfo.InvariantCulture, $"{first}");
        if (last > first)
            text.Append(CultureInfo.InvariantCulture, $"～{last}");
    }
}
