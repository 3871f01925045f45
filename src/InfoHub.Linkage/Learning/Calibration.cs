using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Deciding;

namespace InfoHub.Linkage.Learning;

/// <summary>
/// An audited row: how probable the model thought the entry that was shown, and whether it was the right one.
/// </summary>
public readonly record struct AuditedRow(float Probability, bool IsRight);

/// <summary>
/// Makes probabilities agree with what audits found. A model that is too sure of itself, or not sure enough, is so by
/// a factor on all log-odds: decisions keep their order, and the explanation still adds up.
/// </summary>
public static class Calibration
{
    /// <summary>Fewer audited rows tell less than the fit itself.</summary>
    public const int AuditedMin = 200;

    private const double FactorMost = 4;
    private const double Least = 1e-6;

    /// <summary>Holds the factor at 1 as a few dozen audited rows would.</summary>
    private const double Prior = 4;

    private const int Halvings = 60;

    /// <summary>
    /// The factor under which the verdicts are most probable, from ¼ to 4; 1 with fewer than <see cref="AuditedMin"/>
    /// rows.
    /// </summary>
    public static float Factor(IReadOnlyList<AuditedRow> audited)
    {
        if (audited.Count < AuditedMin)
            return 1;
        // A golden section over the logarithm: the loss of the verdicts is convex in the factor and has one least.
        var (low, high) = (-Math.Log(FactorMost), Math.Log(FactorMost));
        for (var i = 0; i < Halvings; i++)
        {
            var (a, b) = (high - ((high - low) / 1.618033988749895), low + ((high - low) / 1.618033988749895));
            if (Loss(audited, a) <= Loss(audited, b))
                high = b;
            else
                low = a;
        }
        return (float)Math.Exp((low + high) / 2);
    }

    /// <summary>The model with all log-odds multiplied.</summary>
    public static LinkModel Apply(LinkModel model, float factor) =>
        new(new LinkWeights(model.Version, [.. model.Weights.All.ToArray().Select(w => w * factor)]), model.Bands);

    private static double Loss(IReadOnlyList<AuditedRow> audited, double logFactor)
    {
        var (factor, loss) = (Math.Exp(logFactor), Prior * logFactor * logFactor);
        foreach (var row in audited)
        {
            var p = Math.Clamp(row.Probability, Least, 1 - Least);
            var odds = factor * Math.Log(p / (1 - p));
            loss += Math.Log(1 + Math.Exp(row.IsRight ? -odds : odds));
        }
        return loss;
    }
}
