using InfoHub.Contracts.Delivery.V1;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Host.Demo;

/// <summary>
/// How one model did against the planted truth. A planted place may span months and then has a finding for each: places
/// are counted against places, findings against findings.
/// </summary>
/// <param name="Planted">Places that were planted.</param>
/// <param name="Found">How many of those have a finding.</param>
/// <param name="Findings">Findings the consumer received.</param>
/// <param name="WithoutGround">How many of those no planted place accounts for.</param>
/// <param name="Wrong">What was missed or found without ground, in words.</param>
internal sealed record DemoScore(
    string Model, int Planted, int Found, int Findings, int WithoutGround, IReadOnlyList<string> Wrong)
{
    public double Recall => Planted == 0 ? 1 : Found / (double)Planted;

    public double Precision => Findings == 0 ? 1 : (Findings - WithoutGround) / (double)Findings;

    /// <summary>
    /// One score per model, by party and period: a finding counts when an expectation of its party covers its period.
    /// Where the party as such is expected, one finding counts and any more are without ground.
    /// </summary>
    public static IEnumerable<DemoScore> Of(IReadOnlyList<DemoExpectation> truth, IReadOnlyList<Finding> findings) =>
        truth.Select(t => t.Model).Union(findings.Select(f => f.Model)).Order(StringComparer.Ordinal)
            .Select(model => Of(model, truth.Where(t => t.Model == model).ToLookup(t => t.Party),
                findings.Where(f => f.Model == model).ToLookup(PartyOf)));

    private static string PartyOf(Finding finding) => finding.Uscc.Length > 0 ? finding.Uscc : finding.PartyName;

    private static DemoScore Of(string model, ILookup<string, DemoExpectation> expected, ILookup<string, Finding> found)
    {
        var all = found.SelectMany(f => f).ToArray();
        var wanted = expected.SelectMany(e => e).ToArray();
        var groundless = found.SelectMany(party => Groundless([.. expected[party.Key]], [.. party])).ToArray();
        var missed = wanted.Where(e => !found[e.Party].Any(f => Covers(e.Period, f.Period))).ToArray();
        return new DemoScore(model, wanted.Length, wanted.Length - missed.Length, all.Length, groundless.Length,
            [.. missed.Select(e => $"漏报 {e.Party} {e.Period} {e.Behaviour}：{e.Reason}"),
                .. groundless.Select(f => $"误报 {PartyOf(f)} {f.Period} {f.BusinessKey}：{f.Title}")]);
    }

    private static IEnumerable<Finding> Groundless(DemoExpectation[] expected, Finding[] found) =>
        expected.Any(e => e.Period.Length == 0) ? found.Skip(expected.Length)
            : found.Where(f => !expected.Any(e => Covers(e.Period, f.Period)));

    /// <summary>An empty expectation covers any period, a span every month in it, anything else itself.</summary>
    private static bool Covers(string expectation, string period)
    {
        if (expectation.Length == 0)
            return true;
        var span = expectation.Split('-');
        return Period.Parse(span[0]).Start <= Period.Parse(period).Start && Period.Parse(span[^1]).End >= Period.Parse(period).End;
    }
}
