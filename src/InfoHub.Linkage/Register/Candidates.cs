namespace InfoHub.Linkage.Register;

/// <summary>How a candidate was found. FROZEN bits: stored explanations.</summary>
[Flags]
public enum BlockingKey : byte
{
    None = 0,
    Core = 1,
    Gram = 2,
    GramInCity = 4,
    PersonInCity = 8,
    Address = 16,
    Road = 32,
    NearCore = 64,
}

/// <summary>Which records a search has met: as long as the segment, and so used again.</summary>
internal sealed class SeenMarks(int records)
{
    private readonly int[] _turns = new int[records];
    private int _turn;

    public void Begin() => _turn++;

    /// <summary>True the first time since <see cref="Begin"/>.</summary>
    public bool IsNew(int record)
    {
        if (_turns[record] == _turn)
            return false;
        _turns[record] = _turn;
        return true;
    }
}

/// <summary>
/// Finds the few register entries a row is compared with. Every key is capped, so that the work for a row hardly
/// grows with the register. Not for several threads; disposed it leaves its marks to the next.
/// </summary>
internal sealed class Candidates(RegisterSegment register, BlockingKey used = Candidates.AllKeys) : IDisposable
{
    public const BlockingKey AllKeys = (BlockingKey)127;

    private const int CoreMax = 200;
    private const int GramMax = 400;
    private const int GramsUsed = 6;
    private const int PersonMax = 60;
    private const int AddressMax = 60;
    private const int NearCoreMax = 60;
    private const int GramsLooked = 64;

    /// <summary>So many found, and the next pair is more frequent than those before it: it adds little.</summary>
    private const int Enough = 80;

    private readonly SeenMarks _seen = register.RentMarks();
    private readonly List<int> _found = new(512);
    private readonly List<ulong> _near = new(8);

    /// <summary>Keys that led anywhere, for the explanation.</summary>
    public BlockingKey Keys { get; private set; }

    /// <summary>Entries to compare with, each once. Valid until the next call.</summary>
    public ReadOnlySpan<int> Find(PartyForms forms, in PartyForm form)
    {
        _found.Clear();
        _seen.Begin();
        Keys = BlockingKey.None;
        Take(register.WithCore(forms, form), CoreMax, BlockingKey.Core);
        Take(register.WithPerson(forms, form), PersonMax, BlockingKey.PersonInCity);
        Take(register.AtAddress(forms, form), AddressMax, BlockingKey.Address);
        Take(register.OnRoad(forms, form), AddressMax, BlockingKey.Road);
        _near.Clear();
        RegisterSegment.AddNearCores(forms, form, _near);
        foreach (var key in _near)
            Take(register.NearCore(key), NearCoreMax, BlockingKey.NearCore);
        TakeRareGrams(forms, form);
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_found);
    }

    private void Take(ReadOnlySpan<int> records, int most, BlockingKey key)
    {
        if (records.Length <= most && (used & key) != 0)
            Add(records, key);
    }

    private void TakeRareGrams(PartyForms forms, in PartyForm form)
    {
        Span<(int Frequency, int Gram)> grams = stackalloc (int, int)[GramsLooked];
        var known = 0;
        foreach (var gram in forms.NameGrams(form))
            if (gram >= 0 && known < GramsLooked)
                grams[known++] = (register.WithGram(gram).Length, gram);
        grams = grams[..known];
        grams.Sort(static (a, b) => a.Frequency != b.Frequency ? a.Frequency.CompareTo(b.Frequency)
            : a.Gram.CompareTo(b.Gram));
        var used = 0;
        foreach (var (frequency, gram) in grams)
        {
            if (used == GramsUsed || (used > 0 && _found.Count >= Enough))
                return;
            if (frequency <= GramMax)
                Add(register.WithGram(gram), BlockingKey.Gram);
            else if (register.WithGramIn(gram, form.City) is { Length: <= GramMax } near)
                Add(near, BlockingKey.GramInCity);
            else
                return;
            used++;
        }
    }

    private void Add(ReadOnlySpan<int> records, BlockingKey key)
    {
        if (records.Length > 0)
            Keys |= key;
        foreach (var record in records)
            if (_seen.IsNew(record))
                _found.Add(record);
    }

    public void Dispose() => register.ReturnMarks(_seen);
}
