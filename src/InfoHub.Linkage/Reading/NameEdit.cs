namespace InfoHub.Linkage.Reading;

/// <summary>How one text turns into another. FROZEN order: weights.</summary>
internal enum EditKind : byte
{
    Same,

    /// <summary>One character for one of the same sound or shape.</summary>
    LookAlike,

    /// <summary>Two neighbours changed places.</summary>
    Swap,

    /// <summary>One character is missing or was typed twice.</summary>
    Gap,

    /// <summary>One character for an unrelated one.</summary>
    Other,

    /// <summary>Two characters differ.</summary>
    Two,

    More,
}

/// <summary>The least number of changes between two short texts, up to two, and of what kind they are.</summary>
internal readonly record struct NameEdit(int Distance, EditKind Kind)
{
    private const int LongestCompared = 64;

    /// <summary>The distance of texts that are more than two changes apart: 3 stands for any.</summary>
    public const int TooFar = 3;

    /// <summary>
    /// Symmetric: the same for (a, b) and (b, a). Changes at two places are looked for only when <paramref
    /// name="apart"/>.
    /// </summary>
    public static NameEdit Between(ReadOnlySpan<char> a, ReadOnlySpan<char> b, bool apart = true)
    {
        var head = a.CommonPrefixLength(b);
        a = a[head..];
        b = b[head..];
        while (a.Length > 0 && b.Length > 0 && a[^1] == b[^1])
        {
            a = a[..^1];
            b = b[..^1];
        }
        var shorter = a.Length <= b.Length ? a : b;
        var longer = a.Length <= b.Length ? b : a;
        return (shorter.Length, longer.Length) switch
        {
            (0, 0) => new NameEdit(0, EditKind.Same),
            (0, 1) => new NameEdit(1, EditKind.Gap),
            (1, 1) => new NameEdit(1, LookAlikes.Are(a[0], b[0]) ? EditKind.LookAlike : EditKind.Other),
            (2, 2) when a[0] == b[1] && a[1] == b[0] => new NameEdit(1, EditKind.Swap),
            (_, <= 2) => new NameEdit(2, EditKind.Two),
            _ when !apart || longer.Length - shorter.Length > 2 || longer.Length > LongestCompared =>
                new NameEdit(TooFar, EditKind.More),
            _ => WithinTwo(shorter, longer) ? new NameEdit(2, EditKind.Two) : new NameEdit(TooFar, EditKind.More),
        };
    }

    /// <summary>Whether two insertions, deletions or substitutions are enough.</summary>
    private static bool WithinTwo(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> above = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            above[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                least = Math.Min(least, row[j]);
            }
            if (least > 2)
                return false;
            var swapped = above;
            above = row;
            row = swapped;
        }
        return above[b.Length] <= 2;
    }
}
