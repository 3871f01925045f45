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
/// Finds the few register entries a row is compared with. Every key is capped by how many entries of the whole register
/// have it, so that the work for a row hardly grows with the register, and so that what is found does not depend on how
/// the register came to be. Not for several threads; disposed it leaves its marks to the next.
/// </summary>
internal sealed class Candidates(PartyRegister register, BlockingKey used = Candidates.AllKeys) : IDisposable
{
    public const BlockingKey AllKeys = (BlockingKey)127;

    private const int CoreMax = 200;
    private const int GramMax = 400;
    private const int GramsUsed = 6;
    private const int PersonMax = 60;
    private const int AddressMax = 60;
    private const int NearCoreMax = 60;

    /// <summary>So many found, and the next pair is more frequent than those before it: it adds little.</summary>
    private const int Enough = 80;

    private readonly SeenMarks[] _seen = Array.ConvertAll(register.Segments, s => s.RentMarks());
    private readonly List<(int Segment, int Record)> _found = new(512);
    private readonly List<ulong> _near = new(8);

    private delegate ReadOnlySpan<int> RecordsOf<in T>(RegisterSegment segment, T key);

    /// <summary>Keys that led anywhere, for the explanation.</summary>
    public BlockingKey Keys { get; private set; }

    /// <summary>Entries to compare with, each once. Valid until the next call.</summary>
    public ReadOnlySpan<(int Segment, int Record)> Find(PartyForms forms, in PartyForm form)
    {
        _found.Clear();
        foreach (var seen in _seen)
            seen.Begin();
        Keys = BlockingKey.None;
        Take(RegisterSegment.CoreKey(forms, form), static (s, key) => s.WithCore(key), CoreMax, BlockingKey.Core);
        Take(RegisterSegment.PersonKey(forms, form), static (s, key) => s.WithPerson(key), PersonMax,
            BlockingKey.PersonInCity);
        Take(RegisterSegment.OwnerKey(forms, form), static (s, key) => s.WithPerson(key), PersonMax,
            BlockingKey.PersonInCity);
        Take(RegisterSegment.AddressKey(forms, form), static (s, key) => s.AtAddress(key), AddressMax,
            BlockingKey.Address);
        Take(RegisterSegment.RoadKey(forms, form), static (s, key) => s.AtAddress(key), AddressMax, BlockingKey.Road);
        _near.Clear();
        RegisterSegment.AddNearCores(forms, form, _near);
        foreach (var near in _near)
            Take(near, static (s, key) => s.NearCore(key), NearCoreMax, BlockingKey.NearCore);
        TakeRareGrams(forms, form);
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_found);
    }

    private void TakeRareGrams(PartyForms forms, in PartyForm form)
    {
        Span<(int Frequency, int Pair, int Gram)> grams = stackalloc (int, int, int)[byte.MaxValue];
        var (words, known) = (register.Words.Names, 0);
        foreach (var gram in forms.NameGrams(form))
            if (gram >= 0 && words.FrequencyOf(gram) > 0)
                grams[known++] = (words.FrequencyOf(gram), words.PairOf(gram), gram);
        grams = grams[..known];
        grams.Sort();
        var used = 0;
        foreach (var (frequency, _, gram) in grams)
        {
            if (used == GramsUsed || (used > 0 && _found.Count >= Enough))
                return;
            if (!(frequency <= GramMax ? Take(gram, static (s, key) => s.WithGram(key), GramMax, BlockingKey.Gram)
                : Take((gram, form.City), static (s, key) => s.WithGramIn(key.gram, key.City), GramMax,
                    BlockingKey.GramInCity)))
                return;
            used++;
        }
    }

    /// <summary>Takes the entries that have a key; none, and false, when they are too many.</summary>
    private bool Take<T>(T key, RecordsOf<T> recordsOf, int most, BlockingKey kind)
    {
        if ((used & kind) == 0 && kind is not (BlockingKey.Gram or BlockingKey.GramInCity))
            return false;
        for (var i = 0; i < register.Segments.Length; i++)
            if ((most = Left(most, recordsOf(register.Segments[i], key), register.Gone[i])) < 0)
                return false;
        for (var i = 0; i < register.Segments.Length; i++)
            Add(i, recordsOf(register.Segments[i], key), kind);
        return true;
    }

    /// <summary>What is left of a bound after the records still there; less than 0 when they are more.</summary>
    private static int Left(int most, ReadOnlySpan<int> records, HashSet<int> gone)
    {
        if (gone.Count == 0)
            return most - records.Length;
        foreach (var record in records)
            if (!gone.Contains(record) && --most < 0)
                break;
        return most;
    }

    private void Add(int segment, ReadOnlySpan<int> records, BlockingKey kind)
    {
        var (gone, seen) = (register.Gone[segment], _seen[segment]);
        foreach (var record in records)
            if (gone.Count == 0 || !gone.Contains(record))
            {
                Keys |= kind;
                if (seen.IsNew(record))
                    _found.Add((segment, record));
            }
    }

    public void Dispose()
    {
        for (var i = 0; i < _seen.Length; i++)
            register.Segments[i].ReturnMarks(_seen[i]);
    }
}
