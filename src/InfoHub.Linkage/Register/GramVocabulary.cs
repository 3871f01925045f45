namespace InfoHub.Linkage.Register;

/// <summary>How many records of a register have each pair of characters.</summary>
internal sealed record PairWeights(int Records, int[] Pairs, int[] Frequencies);

/// <summary>
/// The pairs of characters that occur in a register, numbered from 0, with how many records have each and what it
/// tells, in bits: log2 of one in so many. A pair that does not occur tells most.
/// </summary>
internal sealed class GramVocabulary
{
    private const float MostPairs = 0.7f;

    /// <summary>Parts of a bit that are told apart: coarse enough for sums to be exact, in whatever order.</summary>
    private const float BitParts = 1024;

    private int[] _keys = new int[1 << 14];
    private int[] _numbers = new int[1 << 14];
    private List<int> _pairs = [];
    private List<int> _frequency = [];
    private float[] _bits = [];
    private int _weighed;

    public int Count => _frequency.Count;

    /// <summary>Bits of a pair that no record of the register has.</summary>
    public float UnknownBits { get; private set; }

    /// <summary>Two characters in one number; never 0, which marks an empty slot.</summary>
    public static int Pair(char first, char second) => unchecked((first << 16) | second);

    /// <summary>Replaces pairs by their numbers, learning new ones.</summary>
    public void Learn(Span<int> pairs)
    {
        foreach (ref var pair in pairs)
        {
            pair = Add(pair);
            _frequency[pair]++;
        }
        pairs.Sort();
    }

    /// <summary>Makes the pairs of earlier weights known, whether a record has them now or not.</summary>
    public void Reserve(PairWeights weights)
    {
        foreach (var pair in weights.Pairs)
            Add(pair);
    }

    private int Add(int pair)
    {
        var slot = Slot(pair);
        if (_keys[slot] != 0)
            return _numbers[slot];
        if (_frequency.Count > _keys.Length * MostPairs)
        {
            Grow();
            slot = Slot(pair);
        }
        _keys[slot] = pair;
        _pairs.Add(pair);
        _frequency.Add(0);
        return _numbers[slot] = _frequency.Count - 1;
    }

    /// <summary>Replaces pairs by their numbers; unknown ones become −1, −2 …, in front.</summary>
    public void Know(Span<int> pairs)
    {
        var unknown = 0;
        foreach (ref var pair in pairs)
        {
            var slot = Slot(pair);
            pair = _keys[slot] == 0 ? --unknown : _numbers[slot];
        }
        pairs.Sort();
    }

    /// <summary>The number of a pair; −1 for an unknown one.</summary>
    public int NumberOf(int pair) => Slot(pair) is var slot && _keys[slot] == 0 ? -1 : _numbers[slot];

    public int PairOf(int number) => _pairs[number];

    /// <summary>How many records have the pair now.</summary>
    public int FrequencyOf(int number) => _frequency[number];

    /// <summary>Weighs all pairs by what they told in a register, which may be an earlier one.</summary>
    public void Weigh(PairWeights weights)
    {
        UnknownBits = Bits(weights.Records);
        // Weights of no pair at all tell nothing of which are known.
        _weighed = weights.Pairs.Length == 0 ? _frequency.Count : weights.Pairs.Length;
        _bits = new float[_frequency.Count];
        Array.Fill(_bits, UnknownBits);
        for (var i = 0; i < weights.Pairs.Length; i++)
            if (NumberOf(weights.Pairs[i]) is >= 0 and var number)
                _bits[number] = Bits((float)weights.Records / (1 + weights.Frequencies[i]));
    }

    private static float Bits(float oneIn) => MathF.Round(MathF.Log2(1f + oneIn) * BitParts) / BitParts;

    /// <summary>How often each pair occurs now, in order of the pairs.</summary>
    public PairWeights Weights(int records)
    {
        var pairs = new int[Count];
        for (var i = 0; i < _keys.Length; i++)
            if (_keys[i] != 0)
                pairs[_numbers[i]] = _keys[i];
        var frequencies = _frequency.ToArray();
        Array.Sort(pairs, frequencies);
        return new PairWeights(records, pairs, frequencies);
    }

    public float Sum(ReadOnlySpan<int> numbers)
    {
        var sum = 0f;
        foreach (var number in numbers)
            sum += BitsOf(number);
        return sum;
    }

    /// <summary>The same vocabulary, free to learn more: what it learns later weighs as an unknown pair does.</summary>
    public GramVocabulary Clone() => new()
    {
        _keys = (int[])_keys.Clone(), _numbers = (int[])_numbers.Clone(), _pairs = [.. _pairs],
            _frequency = [.. _frequency], _bits = _bits,
            _weighed = _weighed,
            UnknownBits = UnknownBits,
    };

    /// <summary>The same vocabulary, free to forget records, but not to learn any.</summary>
    public GramVocabulary ForForgetting() => new()
    {
        _keys = _keys, _numbers = _numbers, _pairs = _pairs, _frequency = [.. _frequency], _bits = _bits,
            _weighed = _weighed, UnknownBits = UnknownBits,
    };

    /// <summary>A record with these pairs is no longer in the register.</summary>
    public void Forget(ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
            _frequency[number]--;
    }

    /// <summary>Whether sorted numbers hold one that was not in the register whose words were counted.</summary>
    public bool HasUnknown(ReadOnlySpan<int> numbers) =>
        numbers.Length > 0 && (numbers[0] < 0 || numbers[^1] >= _weighed);

    /// <summary>What a pair tells, in bits.</summary>
    public float BitsOf(int number) => number >= 0 && number < _bits.Length ? _bits[number] : UnknownBits;

    private int Slot(int pair)
    {
        var mask = _keys.Length - 1;
        var slot = unchecked((int)((uint)pair * 2_654_435_769u >> 8)) & mask;
        while (_keys[slot] != 0 && _keys[slot] != pair)
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        var (keys, numbers) = (_keys, _numbers);
        (_keys, _numbers) = (new int[keys.Length * 2], new int[keys.Length * 2]);
        for (var i = 0; i < keys.Length; i++)
            if (keys[i] != 0)
            {
                var slot = Slot(keys[i]);
                (_keys[slot], _numbers[slot]) = (keys[i], numbers[i]);
            }
    }
}
