namespace InfoHub.Bench;

/// <summary>A decision beside the truth.</summary>
/// <param name="Best">The most probable entry, also of rows that were called nobody's.</param>
/// <param name="P">Its probability.</param>
internal readonly record struct ScoredRow(string Decision, string Best, double P, double Nobody, string Truth)
{
    public bool IsRight => Truth.Length > 0 && Best == Truth;

    public bool IsUnregistered => Truth.Length == 0;
}

/// <summary>How well decisions agree with the truth. Shares from 0 to 1; NaN where nothing is to be counted.</summary>
internal sealed class LinkScore
{
    private const double LinkPrecision = .999;
    private const double NonePrecision = .99;

    /// <summary>The precision that the shipped band of "nobody" is chosen for.</summary>
    private const double NoneBandPrecision = .985;

    private readonly ScoredRow[] _rows;
    private readonly int[] _byLink;
    private readonly int[] _byNobody;

    public LinkScore(IEnumerable<ScoredRow> rows)
    {
        _rows = [.. rows];
        _byLink = [.. Enumerable.Range(0, _rows.Length).OrderByDescending(i => _rows[i].P)];
        _byNobody = [.. Enumerable.Range(0, _rows.Length).OrderByDescending(i => _rows[i].Nobody)];
    }

    public int Count => _rows.Length;

    /// <summary>Of what is linked at the shipped bands.</summary>
    public Agreement Link(bool leaning = false, int[]? times = null) => Of(times, r => r.Truth.Length > 0,
        r => r.Decision == "link" || (leaning && r.Decision is "review" or "ambiguous" && r.P > r.Nobody),
        r => r.IsRight);

    /// <summary>Of the list of rows that nobody in the register is.</summary>
    public Agreement Unregistered(bool leaning = false, int[]? times = null) => Of(times, r => r.IsUnregistered,
        r => r.Decision == "none" || (leaning && r.Decision == "review" && r.Nobody >= r.P), r => r.IsUnregistered);

    public double ReviewShare(int[]? times = null)
    {
        var (review, all) = (0, 0);
        for (var i = 0; i < _rows.Length; i++)
        {
            var weight = times?[i] ?? 1;
            all += weight;
            review += _rows[i].Decision is "review" or "ambiguous" ? weight : 0;
        }
        return (double)review / all;
    }

    /// <summary>Registered rows that are linked when links are cut, with the truth, at 99.9 % precision.</summary>
    public double LinkRecallAtPrecision(int[]? times = null)
    {
        var cut = Cut(_byLink, r => r.P, r => r.IsRight, LinkPrecision, times);
        var registered = 0;
        for (var i = 0; i < _rows.Length; i++)
            registered += _rows[i].IsUnregistered ? 0 : times?[i] ?? 1;
        return (double)cut.Right / registered;
    }

    /// <summary>
    /// Unregistered rows on their list when it is cut, with the truth, at 98.5 % precision: rules of decision are
    /// compared at the same precision, not at a band that was chosen for one of them.
    /// </summary>
    public double UnregisteredRecallAtPrecision() =>
        (double)Cut(_byNobody, r => r.Nobody, r => r.IsUnregistered, NoneBandPrecision, times: null).Right
        / _rows.Count(r => r.IsUnregistered);

    /// <summary>Rows neither linked at 99.9 % precision nor unregistered at 99 %.</summary>
    public double ReviewShareAtPrecision(int[]? times = null)
    {
        var linked = Cut(_byLink, r => r.P, r => r.IsRight, LinkPrecision, times);
        var none = Cut(_byNobody, r => r.Nobody, r => r.IsUnregistered, NonePrecision, times);
        return 1 - ((double)(linked.Taken + none.Taken) / (times?.Sum() ?? _rows.Length));
    }

    /// <summary>The best F1 of the unregistered list over all cuts of the probability.</summary>
    public double BestUnregisteredF1()
    {
        var (right, best, all) = (0, 0.0, _rows.Count(r => r.IsUnregistered));
        for (var i = 0; i < _byNobody.Length; i++)
        {
            right += _rows[_byNobody[i]].IsUnregistered ? 1 : 0;
            best = Math.Max(best, 2.0 * right / (i + 1 + all));
        }
        return best;
    }

    /// <summary>The middle 95 % of a figure over resampled rows; the same seed gives the same interval.</summary>
    public (double Low, double High) Interval(Func<int[], double> figure, int resamples = 200, int seed = 7)
    {
        var dice = new Random(seed);
        var figures = new double[resamples];
        var times = new int[_rows.Length];
        for (var sample = 0; sample < resamples; sample++)
        {
            Array.Clear(times);
            for (var i = 0; i < times.Length; i++)
                times[dice.Next(times.Length)]++;
            figures[sample] = figure(times);
        }
        Array.Sort(figures);
        return (figures[(int)(resamples * .025)], figures[Math.Min(resamples - 1, (int)(resamples * .975))]);
    }

    /// <summary>The most rows from the top of a ranking that are right often enough; equals go together.</summary>
    private (int Taken, int Right) Cut(int[] order, Func<ScoredRow, double> by, Func<ScoredRow, bool> isRight,
        double precision, int[]? times)
    {
        var (taken, right, best) = (0, 0, (Taken: 0, Right: 0));
        for (var i = 0; i < order.Length; i++)
        {
            var (row, weight) = (_rows[order[i]], times?[order[i]] ?? 1);
            taken += weight;
            right += isRight(row) ? weight : 0;
            if ((i + 1 == order.Length || by(_rows[order[i + 1]]) != by(row)) && right >= precision * taken)
                best = (taken, right);
        }
        return best;
    }

    private Agreement Of(int[]? times, Func<ScoredRow, bool> isWanted, Func<ScoredRow, bool> isFound,
        Func<ScoredRow, bool> isRight)
    {
        var (wanted, found, right) = (0, 0, 0);
        for (var i = 0; i < _rows.Length; i++)
        {
            var weight = times?[i] ?? 1;
            wanted += isWanted(_rows[i]) ? weight : 0;
            if (!isFound(_rows[i]))
                continue;
            found += weight;
            right += isRight(_rows[i]) ? weight : 0;
        }
        return new Agreement(wanted, found, right);
    }
}

/// <summary>How many were wanted, found, and found rightly.</summary>
internal readonly record struct Agreement(int Wanted, int Found, int Right)
{
    public double Precision => Found == 0 ? double.NaN : (double)Right / Found;

    public double Recall => Wanted == 0 ? double.NaN : (double)Right / Wanted;

    public double F1 => Wanted + Found == 0 ? double.NaN : 2.0 * Right / (Wanted + Found);
}
