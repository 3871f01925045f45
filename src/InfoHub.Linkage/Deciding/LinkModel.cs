using InfoHub.Domain.Parameters;
using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Reading;

namespace InfoHub.Linkage.Deciding;

/// <summary>
/// The weights of the comparison and the bands of the decision. Every stored decision names the version of both.
/// </summary>
public sealed class LinkModel
{
    internal LinkModel(LinkWeights weights, LinkBands bands) => (Weights, Bands) = (weights, bands);

    public LinkBands Bands { get; }

    public string Version => Weights.Version;

    internal LinkWeights Weights { get; }

    /// <summary>The weights that come with the program, with the bands in force on a day.</summary>
    public static LinkModel Shipped(ParameterSet parameters, DateOnly day) =>
        new(LinkWeights.Parse(LinkageTables.Lines("weights.txt")), BandsOf(parameters, day));

    /// <summary>Weights as <see cref="Lines"/> wrote them.</summary>
    public static LinkModel Read(IEnumerable<string> lines, LinkBands bands) => new(LinkWeights.Parse(lines), bands);

    public static LinkBands BandsOf(ParameterSet parameters, DateOnly day)
    {
        float Of(string name) => (float)parameters.At(name, day).Value;
        return new LinkBands(Of("linkage.auto-link"), Of("linkage.auto-none"), Of("linkage.registered"),
            Of("linkage.code-support"));
    }

    public IEnumerable<string> Lines() => Weights.Lines();
}
