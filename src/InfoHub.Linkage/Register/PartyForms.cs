using InfoHub.Linkage.Reading;

namespace InfoHub.Linkage.Register;

/// <summary>One record in its comparable parts. Offsets lead into the pools of its <see cref="PartyForms"/>.</summary>
internal struct PartyForm
{
    public int Text;
    public byte CoreLength;
    public byte BranchLength;
    public byte PersonLength;
    public byte AddressLength;
    public FormFamily Form;
    public bool IsBranch;

    /// <summary>
    /// Neither a company nor another form of law, nor a branch. A company that lost its form looks like one.
    /// </summary>
    public readonly bool IsShop => (Form is FormFamily.None or FormFamily.Place) && !IsBranch;

    /// <summary>Which of 股份, 集团, 总 stand before the organisation form.</summary>
    public byte Head;
    public byte CoreGrams;
    public byte BranchGrams;
    public byte AddressGrams;
    public byte NumberCount;
    public AppliedRules Rules;
    public int Grams;
    public int NumbersAt;
    public int City;
    public int NameRegion;
    public int AddressRegion;
    public int Ordinals;

    /// <summary>
    /// Information of all grams of the name and of the address, in bits; known once they are weighed.
    /// </summary>
    public float NameBits;
    public float AddressBits;

    /// <summary>Rarity of the person's name in the register, in bits.</summary>
    public float PersonBits;
}

/// <summary>
/// Records in columns: their texts in one pool, their pairs of characters (grams) as sorted numbers in another, so
/// that a million of them are a few arrays. Appended in one thread; read by many.
/// </summary>
internal sealed class PartyForms
{
    private const int LongestPart = 160;

    private char[] _text;
    private int[] _grams;
    private int[] _numbers;
    private int _textLength;
    private int _gramsLength;
    private int _numbersLength;

    public PartyForms(int capacity)
    {
        Forms = new PartyForm[Math.Max(capacity, 4)];
        _text = new char[Forms.Length * 40];
        _grams = new int[Forms.Length * 20];
        _numbers = new int[Forms.Length * 4];
    }

    public PartyForm[] Forms { get; private set; }

    public int Count { get; private set; }

    public ReadOnlySpan<char> Core(in PartyForm form) => _text.AsSpan(form.Text, form.CoreLength);

    public ReadOnlySpan<char> Branch(in PartyForm form) => _text.AsSpan(form.Text + form.CoreLength, form.BranchLength);

    public ReadOnlySpan<char> Person(in PartyForm form) =>
        _text.AsSpan(form.Text + form.CoreLength + form.BranchLength, form.PersonLength);

    public ReadOnlySpan<char> Address(in PartyForm form) =>
        _text.AsSpan(form.Text + form.CoreLength + form.BranchLength + form.PersonLength, form.AddressLength);

    /// <summary>
    /// Grams of core and branch together, sorted; before weighing they are pairs of characters, then numbers of the
    /// vocabulary.
    /// </summary>
    public Span<int> NameGrams(in PartyForm form) => _grams.AsSpan(form.Grams, form.CoreGrams);

    public Span<int> BranchGrams(in PartyForm form) => _grams.AsSpan(form.Grams + form.CoreGrams, form.BranchGrams);

    public Span<int> AddressGrams(in PartyForm form) =>
        _grams.AsSpan(form.Grams + form.CoreGrams + form.BranchGrams, form.AddressGrams);

    public ReadOnlySpan<int> Numbers(in PartyForm form) => _numbers.AsSpan(form.NumbersAt, form.NumberCount);

    public void Add(PartyReader read, int city)
    {
        if (Count == Forms.Length)
            Forms = Grown(Forms, Count, Count);
        ref var form = ref Forms[Count++];
        form = new PartyForm
        {
            Text = _textLength, Form = read.Form, IsBranch = read.IsBranch, Head = read.Head, Rules = read.Rules,
                City = city, NameRegion = read.NameRegion,
            AddressRegion = read.AddressRegion, Ordinals = read.Ordinals, Grams = _gramsLength,
                NumbersAt = _numbersLength,
            CoreLength = Write(read.Core), BranchLength = Write(read.Branch), PersonLength = Write(read.Person),
                AddressLength = Write(read.Address),
            NumberCount = (byte)read.NumberCount,
        };
        foreach (var number in read.Numbers)
        {
            if (_numbersLength == _numbers.Length)
                _numbers = Grown(_numbers, _numbersLength, 1);
            _numbers[_numbersLength++] = number;
        }
        form.CoreGrams = WriteGrams(Core(form), Branch(form));
        form.BranchGrams = WriteGrams(Branch(form), []);
        form.AddressGrams = WriteGrams(Address(form), []);
    }

    /// <summary>Takes over all of <paramref name="other"/>, behind what is here.</summary>
    public void Append(PartyForms other)
    {
        Forms = Grown(Forms, Count, other.Count);
        for (var i = 0; i < other.Count; i++)
        {
            ref var form = ref Forms[Count++];
            form = other.Forms[i];
            (form.Text, form.Grams, form.NumbersAt) =
                (form.Text + _textLength, form.Grams + _gramsLength, form.NumbersAt + _numbersLength);
        }
        (_text, _grams, _numbers) = (Joined(_text, ref _textLength, other._text, other._textLength),
            Joined(_grams, ref _gramsLength, other._grams, other._gramsLength),
                Joined(_numbers, ref _numbersLength, other._numbers, other._numbersLength));
    }

    private byte Write(ReadOnlySpan<char> part)
    {
        part = part.Length > LongestPart ? part[..LongestPart] : part;
        if (_textLength + part.Length > _text.Length)
            _text = Grown(_text, _textLength, part.Length);
        part.CopyTo(_text.AsSpan(_textLength));
        _textLength += part.Length;
        return (byte)part.Length;
    }

    /// <summary>Pairs of neighbours, sorted, each once. Digits are compared as numbers and make no pair.</summary>
    private byte WriteGrams(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        if (_gramsLength + first.Length + second.Length > _grams.Length)
            _grams = Grown(_grams, _gramsLength, first.Length + second.Length);
        var start = _gramsLength;
        Collect(first);
        Collect(second);
        var written = _grams.AsSpan(start, Math.Min(_gramsLength - start, byte.MaxValue));
        written.Sort();
        var distinct = 0;
        for (var i = 0; i < written.Length; i++)
            if (i == 0 || written[i] != written[i - 1])
                written[distinct++] = written[i];
        _gramsLength = start + distinct;
        return (byte)distinct;
    }

    private void Collect(ReadOnlySpan<char> text)
    {
        if (text.Length == 1)
            _grams[_gramsLength++] = GramVocabulary.Pair(text[0], '\0');
        for (var i = 0; i + 1 < text.Length; i++)
            if (!char.IsAsciiDigit(text[i]) || !char.IsAsciiDigit(text[i + 1]))
                _grams[_gramsLength++] = GramVocabulary.Pair(text[i], text[i + 1]);
    }

    private static T[] Joined<T>(T[] target, ref int length, T[] source, int count)
    {
        if (length + count > target.Length)
            target = Grown(target, length, count);
        source.AsSpan(0, count).CopyTo(target.AsSpan(length));
        length += count;
        return target;
    }

    private static T[] Grown<T>(T[] array, int used, int wanted)
    {
        if (used + wanted <= array.Length)
            return array;
        var larger = new T[Math.Max(used + wanted, array.Length + (array.Length / 2))];
        array.AsSpan(0, used).CopyTo(larger);
        return larger;
    }
}
