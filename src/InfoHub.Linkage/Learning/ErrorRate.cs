namespace InfoHub.Linkage.Learning;

/// <summary>
/// A measured share with its 95 % interval by Wilson's score, which holds for few rows and for shares near 0 and 1.
/// </summary>
/// <param name="Count">Rows measured; with none the interval is the whole of 0 to 1.</param>
public readonly record struct ErrorRate(int Errors, int Count)
{
    private const double Z = 1.959963984540054;

    public double Share => Count == 0 ? 0 : (double)Errors / Count;

    public double Low => Bound(-1, Z);

    public double High => Bound(+1, Z);

    /// <summary>
    /// The share of all rows from samples of their strata, each with the rows of the whole it stands for; a stratum
    /// that nobody measured may be all right or all wrong. The interval is Wilson's of each stratum at the
    /// confidence that together makes 95 % (Yan and Su, 2010).
    /// </summary>
    public static (double Share, double Low, double High) Weighted(
        IReadOnlyCollection<(ErrorRate Rate, long Rows)> strata)
    {
        var all = (double)strata.Sum(s => s.Rows);
        if (all == 0)
            return (0, 0, 1);
        var parts = strata.Select(s => (s.Rate, Weight: s.Rows / all, Deviation: s.Rate.Deviation())).ToArray();
        var z = Z * Math.Sqrt(parts.Sum(p => Math.Pow(p.Weight * p.Deviation, 2)))
            / parts.Sum(p => p.Weight * p.Deviation);
        return (parts.Sum(p => p.Weight * p.Rate.Share), parts.Sum(p => p.Weight * p.Rate.Bound(-1, z)),
            parts.Sum(p => p.Weight * p.Rate.Bound(+1, z)));
    }

    private double Bound(int side, double z)
    {
        if (Count == 0)
            return side < 0 ? 0 : 1;
        var square = z * z;
        var centre = Share + (square / (2 * Count));
        var width = z * Math.Sqrt((Share * (1 - Share) / Count) + (square / (4.0 * Count * Count)));
        return Math.Clamp((centre + (side * width)) / (1 + (square / Count)), 0, 1);
    }

    /// <summary>Of the share, at the centre of its interval: not 0 where no error was found.</summary>
    private double Deviation()
    {
        const double Square = Z * Z;
        var centre = (Errors + (Square / 2)) / (Count + Square);
        return Math.Sqrt(centre * (1 - centre) / (Count + Square));
    }

    /// <summary>
    /// Cohen's kappa of two readers who each said yes or no of the same rows; null when chance alone would have made
    /// them agree, or there are no rows.
    /// </summary>
    public static double? Kappa(int bothYes, int firstOnly, int secondOnly, int bothNo)
    {
        var all = (double)(bothYes + firstOnly + secondOnly + bothNo);
        if (all == 0)
            return null;
        var (first, second) = ((bothYes + firstOnly) / all, (bothYes + secondOnly) / all);
        var chance = (first * second) + ((1 - first) * (1 - second));
        return chance >= 1 ? null : (((bothYes + bothNo) / all) - chance) / (1 - chance);
    }
}
