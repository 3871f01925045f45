namespace InfoHub.Linkage.Learning;

/// <summary>
/// A measured share with its 95 % interval by Wilson's score, which holds for few rows and for shares near 0 and 1.
/// </summary>
/// <param name="Count">Rows measured; with none the interval is the whole of 0 to 1.</param>
public readonly record struct ErrorRate(int Errors, int Count)
{
    private const double Z = 1.959963984540054;

    public double Share => Count == 0 ? 0 : (double)Errors / Count;

    public double Low => Math.Max(0, Bound(-1));

    public double High => Math.Min(1, Bound(+1));

    private double Bound(int side)
    {
        if (Count == 0)
            return side < 0 ? 0 : 1;
        const double Square = Z * Z;
        var centre = Share + (Square / (2 * Count));
        var width = Z * Math.Sqrt((Share * (1 - Share) / Count) + (Square / (4.0 * Count * Count)));
        return (centre + (side * width)) / (1 + (Square / Count));
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
