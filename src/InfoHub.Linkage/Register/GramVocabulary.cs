namespace InfoHub.Linkage.Register;

/// <summary>
/// The pairs of characters that occur in a register, numbered from 0, with how many records have each and what it
/// tells, in
/// bits: log2 of one in so many. A pair that does not occur tells most.
/// </summary>
internal sealed class GramVocabulary
{
    private const float MostPairs = 0.7f;

    /// <summary>About what a pair of a name tells on average.</summary>
    private const float FlatBits = 9;

    private int[] _keys = new int[1 << 14];
    private int[] _numbers = new int[1 << 14];
    private List<int> _frequency = [];
    private float[] _bits = [];

    public int Count => _frequency.Count;

    /// <summary>Every pair is worth <see cref="FlatBits"/>, however rare.</summary>
    public bool IsFlat { get; init; }

    /// <summary>Bits of a pair that no record of the register has.</summary>
    public float UnknownBits { get; private set; }

    /// <summary>Two characters in one number; never 0, which marks an empty slot.</summary>
    public static int Pair(char first, char second) => unchecked((first << 16) | second);

    /// <summary>Replaces pairs by their numbers, learning new ones.</summary>
    public void Learn(Span<int> pairs)
    {
        foreach (ref var pair in pairs)
        {
            var slot = Slot(pair);
            if (_keys[slot] == 0)
            {
                if (_frequency.Count > _keys.Length * MostPairs)
                {
                    Grow();
                    slot = Slot(pair);
                }
                _keys[slot] = pair;
                _numbers[slot] = _frequency.Count;
                _frequency.Add(0);
            }
            pair = _numbers[slot];
            _frequency[pair]++;
        }
        pairs.Sort();
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

    /// <summary>Weighs all pairs for a register of <paramref name="records"/> records.</summary>
    public void Weigh(int records)
    {
        UnknownBits = IsFlat ? FlatBits : MathF.Log2(1f + records);
        _bits = new float[_frequency.Count];
        Array.Fill(_bits, FlatBits);
        for (var i = 0; !IsFlat && i < _bits.Length; i++)
            _bits[i] = MathF.Log2(1f + ((float)records / (1 + _frequency[i])));
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
        _keys = (int[])_keys.Clone(), _numbers = (int[])_numbers.Clone(), _frequency = [.. _frequency], _bits = _bits,
            UnknownBits = UnknownBits,
    };

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
