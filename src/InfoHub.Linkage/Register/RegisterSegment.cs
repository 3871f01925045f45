using System.Collections.Concurrent;
using InfoHub.Linkage.Reading;

namespace InfoHub.Linkage.Register;

/// <summary>The pairs of characters of names and of addresses that a register knows.</summary>
internal sealed record Vocabularies(GramVocabulary Names, GramVocabulary Addresses);

/// <summary>
/// A part of the register in compact arrays, with the keys by which candidates are found. Immutable once built, read
/// by many threads. Records of one city stand together.
/// </summary>
internal sealed class RegisterSegment
{
    private const int TailLength = 4;
    private const int NearCoreLeast = 3;

    /// <summary>Longest core that is looked for with a character left out.</summary>
    public const int NearCoreMost = 6;

    private readonly ConcurrentBag<SeenMarks> _marks = [];
    private readonly int[] _starts;
    private readonly int[] _postings;
    private readonly KeyTable _cores;
    private readonly KeyTable _nearCores;
    private readonly KeyTable _signs;
    private readonly KeyTable _persons;
    private readonly KeyTable _personsAnywhere;
    private readonly KeyTable _addresses;
    private readonly KeyTable _codes;
    private readonly KeyTable _ids;
    private readonly ulong[] _uscc;
    private readonly ulong[] _organisation;

    /// <param name="forms">Cut, in order of city; their pairs are already numbers of <paramref name="words"/>.</param>
    public RegisterSegment(PartyForms forms, string[] ids, IReadOnlyList<string> codes, Vocabularies words)
    {
        (Forms, Ids, Words) = (forms, ids, words);
        (_starts, _postings) = Postings();
        _cores = Keys((in f, keys) => keys.Add(CoreKey(forms, f)));
        _nearCores = Keys((in f, keys) => AddNearCores(forms, f, keys));
        _signs = Keys((in f, keys) => Add(keys, SignKey(forms, f)));
        _persons = Keys((in f, keys) => Add(keys, PersonKey(forms, f)));
        _personsAnywhere = Keys((in f, keys) => Add(keys, AnywhereKey(forms, f)));
        _addresses = Keys((in f, keys) =>
        {
            Add(keys, AddressKey(forms, f));
            Add(keys, RoadKey(forms, f));
        });
        _ids = new KeyTable([.. ids.Select(id => KeyTable.Hash(id, 0))], [.. Enumerable.Range(0, ids.Length)]);
        (_codes, _uscc, _organisation) = Codes(codes);
        HasFaces = new HashSet<string>(ids, StringComparer.Ordinal).Count < ids.Length;
    }

    public PartyForms Forms { get; }

    public string[] Ids { get; }

    /// <summary>Whether an id stands for more than one record.</summary>
    public bool HasFaces { get; }

    public Vocabularies Words { get; }

    public int Count => Forms.Count;

    public SeenMarks RentMarks() => _marks.TryTake(out var marks) ? marks : new SeenMarks(Count);

    public void ReturnMarks(SeenMarks marks) => _marks.Add(marks);

    public ReadOnlySpan<int> WithGram(int gram) =>
        gram + 1 < _starts.Length ? _postings.AsSpan(_starts[gram].._starts[gram + 1]) : [];

    /// <summary>The part of a gram's records that is of one city.</summary>
    public ReadOnlySpan<int> WithGramIn(int gram, int city)
    {
        var records = WithGram(gram);
        var from = FirstOf(records, city);
        return records[from..(from + FirstOf(records[from..], city + 1))];
    }

    public ReadOnlySpan<int> WithCore(ulong key) => _cores.Find(key);

    public ReadOnlySpan<int> NearCore(ulong key) => _nearCores.Find(key);

    public ReadOnlySpan<int> WithSign(ulong key) => Find(_signs, key);

    public ReadOnlySpan<int> WithPerson(ulong key) => Find(_persons, key);

    public ReadOnlySpan<int> PersonsNamed(PartyForms forms, in PartyForm form) =>
        Find(_personsAnywhere, AnywhereKey(forms, form));

    /// <summary>By the key of the whole address or of its road.</summary>
    public ReadOnlySpan<int> AtAddress(ulong key) => Find(_addresses, key);

    public ReadOnlySpan<int> WithCode(CodeClaim code) => _codes.Find(code.Key);

    /// <summary>
    /// Whether the record has a USCC or an organisation code other than this one: two of those are two taxpayers,
    /// while a registration number may have been given anew.
    /// </summary>
    public bool HasOtherCode(int record, CodeClaim claim) => claim.Kind switch
    {
        CodeKind.Uscc => _uscc[record] != 0 && _uscc[record] != claim.Key,
        CodeKind.OrganisationCode => _organisation[record] != 0 && _organisation[record] != claim.Key,
        _ => false,
    };

    /// <summary>The records of an id: a party may have several faces.</summary>
    public List<int> Find(string id)
    {
        var records = new List<int>(1);
        foreach (var record in _ids.Find(KeyTable.Hash(id, 0)))
            if (Ids[record] == id)
                records.Add(record);
        return records;
    }

    /// <summary>
    /// Writes the keys of a short core with each of its characters left out: two cores one change apart have one in
    /// common.
    /// </summary>
    public static void AddNearCores(PartyForms forms, in PartyForm form, List<ulong> keys)
    {
        var core = forms.Core(form);
        if (core.Length is < NearCoreLeast or > NearCoreMost)
            return;
        Span<char> left = stackalloc char[NearCoreMost];
        for (var i = 0; i < core.Length; i++)
        {
            core[..i].CopyTo(left);
            core[(i + 1)..].CopyTo(left[i..]);
            keys.Add(KeyTable.Hash(left[..(core.Length - 1)], form.City + 5));
        }
        keys.Add(KeyTable.Hash(core, form.City + 5));
    }

    private static ReadOnlySpan<int> Find(KeyTable table, ulong key) => key == 0 ? [] : table.Find(key);

    private int FirstOf(ReadOnlySpan<int> records, int city)
    {
        var (low, high) = (0, records.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Forms.Forms[records[middle]].City < city)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static void Add(List<ulong> keys, ulong key)
    {
        if (key != 0)
            keys.Add(key);
    }

    internal static ulong CoreKey(PartyForms forms, in PartyForm form) => KeyTable.Hash(forms.Core(form), 1);

    /// <summary>A shop's name without what it ends in, and the city; 0 for others.</summary>
    internal static ulong SignKey(PartyForms forms, in PartyForm form) => !form.IsShop || form.CoreLength == 0 ? 0
        : KeyTable.Hash(OperatorName.WithoutEnd(forms.Core(form)), form.City + 7);

    internal static ulong PersonKey(PartyForms forms, in PartyForm form) =>
        form.PersonLength == 0 ? 0 : KeyTable.Hash(forms.Person(form), form.City + 2);

    /// <summary>
    /// The person key of a name that is a person's: clerks write the trader for the shop. 0 for others.
    /// </summary>
    internal static ulong OwnerKey(PartyForms forms, in PartyForm form) =>
        form.Form == FormFamily.None && OperatorName.IsPerson(forms.Core(form))
            ? KeyTable.Hash(forms.Core(form), form.City + 2) : 0;

    private static ulong AnywhereKey(PartyForms forms, in PartyForm form) =>
        form.PersonLength == 0 ? 0 : KeyTable.Hash(forms.Person(form), 0);

    internal static ulong AddressKey(PartyForms forms, in PartyForm form) =>
        form.AddressLength < 6 ? 0 : KeyTable.Hash(forms.Address(form), form.City + 3);

    /// <summary>The end of the road's name, the first number and the city.</summary>
    internal static ulong RoadKey(PartyForms forms, in PartyForm form)
    {
        var address = forms.Address(form);
        var number = address.IndexOfAnyInRange('0', '9');
        if (number < 3)
            return 0;
        var end = number;
        while (end < address.Length && char.IsAsciiDigit(address[end]))
            end++;
        return KeyTable.Hash(address[Math.Max(0, number - TailLength)..end], form.City + 4);
    }

    private delegate void KeysOf(in PartyForm form, List<ulong> keys);

    private KeyTable Keys(KeysOf keysOf)
    {
        var (keys, records) = (new List<ulong>(Count), new List<int>(Count));
        for (var i = 0; i < Count; i++)
        {
            keysOf(Forms.Forms[i], keys);
            while (records.Count < keys.Count)
                records.Add(i);
        }
        return new KeyTable(keys, records);
    }

    private (KeyTable, ulong[], ulong[]) Codes(IReadOnlyList<string> codes)
    {
        var (keys, records) = (new List<ulong>(Count), new List<int>(Count));
        var (uscc, organisation) = (new ulong[Count], new ulong[Count]);
        for (var i = 0; i < Count; i++)
            foreach (var claim in CodeClaim.Read(codes[i]))
            {
                keys.Add(claim.Key);
                records.Add(i);
                if (claim.Kind == CodeKind.Uscc)
                    uscc[i] = claim.Key;
                else if (claim.Kind == CodeKind.OrganisationCode)
                    organisation[i] = claim.Key;
            }
        return (new KeyTable(keys, records), uscc, organisation);
    }

    private (int[] Starts, int[] Postings) Postings()
    {
        var starts = new int[Words.Names.Count + 1];
        for (var i = 0; i < Count; i++)
            foreach (var gram in Forms.NameGrams(Forms.Forms[i]))
                starts[gram + 1]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];
        var (postings, next) = (new int[starts[^1]], (int[])starts.Clone());
        for (var i = 0; i < Count; i++)
            foreach (var gram in Forms.NameGrams(Forms.Forms[i]))
                postings[next[gram]++] = i;
        return (starts, postings);
    }
}
