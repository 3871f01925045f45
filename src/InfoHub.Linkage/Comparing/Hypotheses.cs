using InfoHub.Linkage.Register;

namespace InfoHub.Linkage.Comparing;

/// <summary>A register entry that a row may be, with the log-odds of their likeness.</summary>
internal readonly record struct Hypothesis(int Segment, int Record, float Score);

/// <summary>
/// Finds and weighs the entries a row may be. Buffers are used again; not for several threads.
/// </summary>
internal sealed class Hypotheses : IDisposable
{
    private readonly PartyRegister _register;
    private readonly PartyForms _rows;
    private readonly LinkWeights _weights;
    private readonly Candidates _candidates;
    private readonly Comparison[] _comparisons;
    private readonly List<Hypothesis> _all = new(256);
    private readonly Dictionary<string, Hypothesis> _faces = new(StringComparer.Ordinal);
    private readonly short[] _levels = new short[Comparison.LevelsMax];

    /// <param name="keys">By which candidates are found.</param>
    public Hypotheses(PartyRegister register, PartyForms rows, LinkWeights weights,
        BlockingKey keys = Candidates.AllKeys)
    {
        (_register, _rows, _weights) = (register, rows, weights);
        _candidates = new Candidates(register, keys);
        _comparisons = [.. register.Segments.Select(s => new Comparison(register, s, rows))];
    }

    public IReadOnlyList<Hypothesis> All => _all;

    /// <summary>
    /// Index in <see cref="All"/> of the most probable entry; −1 when there is none. Of equals, the lower id.
    /// </summary>
    public int Best { get; private set; }

    public int Second { get; private set; }

    /// <summary>Log-odds of "nobody".</summary>
    public float NobodyScore { get; private set; }

    public BlockingKey Keys => _candidates.Keys;

    public string IdOf(Hypothesis hypothesis) => _register.Segments[hypothesis.Segment].Ids[hypothesis.Record];

    public void Find(in PartyForm row)
    {
        _all.Clear();
        SetNobody(row);
        var context = _comparisons[0].ContextOf(row);
        foreach (var (segment, record) in _candidates.Find(_rows, row))
            Weigh(row, context, segment, record);
        if (_register.HasFaces)
            KeepBestFaces();
        Rank();
    }

    public short NobodyLevelOf(in PartyForm row) => _comparisons[0].NobodyLevel(row);

    /// <summary>Weighs "nobody" alone.</summary>
    public void SetNobody(in PartyForm row) => NobodyScore = _weights.Of(NobodyLevelOf(row));

    /// <summary>Log-odds of one entry, whether it would have been found or not.</summary>
    public float Score(in PartyForm row, int segment, int record)
    {
        var count = _comparisons[segment].Levels(row, record, _comparisons[0].ContextOf(row), _levels, always: true);
        return _weights.Sum(_levels.AsSpan(0, count));
    }

    /// <summary>The levels of one comparison. Valid until the next call.</summary>
    public ReadOnlySpan<short> LevelsOf(in PartyForm row, Hypothesis hypothesis)
    {
        var count = _comparisons[hypothesis.Segment].Levels(row, hypothesis.Record, _comparisons[0].ContextOf(row),
            _levels, always: true);
        return _levels.AsSpan(0, count);
    }

    /// <summary>
    /// Probabilities of the best entry, of the second and of nobody. Whether the row is anybody's is asked of the best
    /// entry alone: entries that are a little like it share the same street or trade, which is one piece of evidence
    /// and not as many as there are neighbours. The others only take their part of the probability that it is somebody.
    /// </summary>
    public (float Best, float Second, float Nobody) Probabilities()
    {
        if (Best < 0)
            return (0, 0, 1);
        var most = _all[Best].Score;
        var nobody = 1 / (1 + Math.Exp(most - NobodyScore));
        var all = 0.0;
        foreach (var hypothesis in _all)
            all += Math.Exp(hypothesis.Score - most);
        var best = (1 - nobody) / all;
        return ((float)best, Second < 0 ? 0 : (float)(best * Math.Exp(_all[Second].Score - most)), (float)nobody);
    }

    /// <summary>The faces of a party are one hypothesis: the most like.</summary>
    private void KeepBestFaces()
    {
        _faces.Clear();
        foreach (var hypothesis in _all)
        {
            ref var best = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                _faces, IdOf(hypothesis), out var isKnown);
            if (!isKnown || hypothesis.Score > best.Score)
                best = hypothesis;
        }
        _all.Clear();
        _all.AddRange(_faces.Values);
    }

    private void Weigh(in PartyForm row, RowContext context, int segment, int record)
    {
        var count = _comparisons[segment].Levels(row, record, context, _levels, always: false);
        if (count > 0)
            _all.Add(new Hypothesis(segment, record, _weights.Sum(_levels.AsSpan(0, count))));
    }

    private void Rank()
    {
        (Best, Second) = (-1, -1);
        for (var i = 0; i < _all.Count; i++)
            if (Best < 0 || IsBefore(i, Best))
                (Second, Best) = (Best, i);
            else if (Second < 0 || IsBefore(i, Second))
                Second = i;
    }

    private bool IsBefore(int a, int b) => _all[a].Score > _all[b].Score
        || (_all[a].Score == _all[b].Score && string.CompareOrdinal(IdOf(_all[a]), IdOf(_all[b])) < 0);

    public void Dispose() => _candidates.Dispose();
}
