using InfoHub.Domain.Identity;
using InfoHub.Linkage.Deciding;
using InfoHub.Storage.Parties;

namespace InfoHub.Processing.Resolve;

/// <summary>
/// Makes decisions again as of their day: with the register, the words and the weights they were made with. What comes
/// out has to be what is in the store.
/// </summary>
internal sealed class LinkReplay(LinkStore links, StoredDecisions decisions)
{
    /// <summary>Decisions replayed between two calls of the progress.</summary>
    private const int Slice = 5_000;

    /// <summary>Probabilities that differ by less are the same, told on another processor.</summary>
    private const float Rounding = 1e-5f;

    private readonly RegisterMirror _mirror = new();

    /// <summary>Replays at most so many decisions, the same ones every time.</summary>
    /// <param name="advance">Gets how many more have been replayed.</param>
    public async Task<IReadOnlyList<ReplayedDecision>> SampleAsync(int most, Action<int> advance,
        CancellationToken cancellation) =>
        await ReplayAsync(await decisions.SampleAsync(most, cancellation), isExplained: false, advance, cancellation);

    /// <summary>Replays and explains every decision about one row, the one in force last.</summary>
    public async Task<IReadOnlyList<ReplayedDecision>> RowAsync(long number, CancellationToken cancellation) =>
        [.. (await ReplayAsync(await decisions.OfRowAsync(number, cancellation), isExplained: true, _ => { },
            cancellation)).OrderBy(d => d.Was.Until ?? DateTimeOffset.MaxValue)];

    private async Task<List<ReplayedDecision>> ReplayAsync(
        StoredDecision[] stored, bool isExplained, Action<int> advance, CancellationToken cancellation)
    {
        var models = (await decisions.BasesAsync(cancellation)).ToDictionary(b => b.Key, b =>
            (Model: LinkModels.Of(b.Value), b.Value.Engine));
        var replayed = new List<ReplayedDecision>(stored.Length);
        await using var history = await links.ReadRegisterAsync(cancellation);
        foreach (var made in stored.GroupBy(d => (d.WeightsVersion, d.RegisterVersion)))
        {
            await _mirror.MoveToAsync(history, made.Key.RegisterVersion, made.Key.WeightsVersion, cancellation);
            foreach (var slice in made.GroupBy(d => d.Basis).SelectMany(b => b.Chunk(Slice)))
            {
                var (model, engine) = models[slice[0].Basis];
                var judged = RowJudging.Decide(new PartyMatcher(_mirror.Register, model), _mirror.Texts,
                    [.. slice.Select(d => d.Row)]);
                replayed.AddRange(slice.Zip(judged, (was, now) => new ReplayedDecision(was, now.Decision,
                    IsSame(was, now.Decision), engine == PartyMatcher.EngineVersion,
                    isExplained ? now.Matcher.Explain(now.Text) : null)));
                advance(slice.Length);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        return replayed;
    }

    private static bool IsSame(StoredDecision was, RowDecision now)
    {
        static bool Equal(float a, float b) => Math.Abs(a - b) < Rounding;
        static bool Names(PartyId? party, string entry) => (party?.ToString() ?? "") == entry;
        return was.Outcome == (int)now.Outcome && was.Step == (int)now.Step && Names(was.Entry, now.Entry)
            && Names(was.Second, now.Second) && Equal(was.Probability, now.Probability)
            && Equal(was.SecondProbability, now.SecondProbability) && Equal(was.Nobody, now.Nobody);
    }
}
