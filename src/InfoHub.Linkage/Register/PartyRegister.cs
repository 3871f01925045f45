using InfoHub.Linkage.Reading;

namespace InfoHub.Linkage.Register;

/// <summary>
/// The register that rows are matched with. Immutable: a change makes another register, which shares what did not
/// change, so that whoever reads the old one goes on undisturbed.
/// </summary>
public sealed class PartyRegister
{
    /// <summary>So many changes later it pays to build the register anew.</summary>
    private const int SegmentsMax = 24;

    private PartyRegister(RegisterSegment[] segments, HashSet<int>[] gone, Vocabularies words, RegisterWeights weights)
    {
        (Segments, Gone, Words, Weights) = (segments, gone, words, weights);
        Count = segments.Sum(s => s.Count) - gone.Sum(g => g.Count);
    }

    internal RegisterSegment[] Segments { get; }

    /// <summary>Records of each segment that were taken out or replaced by a later segment.</summary>
    internal HashSet<int>[] Gone { get; }

    internal Vocabularies Words { get; }

    /// <summary>What its words tell: of the register it was built from, or of an earlier one.</summary>
    public RegisterWeights Weights { get; }

    /// <summary>Entries that can be found; a party with several faces counts once for each.</summary>
    public int Count { get; }

    /// <summary>
    /// Many changes have come: the register answers as before, but a new one would be faster and weigh words afresh.
    /// </summary>
    public bool IsWorn => Segments.Length >= SegmentsMax
        || (Segments.Length > 1 && Gone[0].Count * 5 > Segments[0].Count);

    internal bool HasFaces => Array.Exists(Segments, s => s.HasFaces);

    /// <summary>
    /// Builds the register from all its entries; their order does not matter. Entries with one id are faces of one
    /// party: former names, the wording of another register.
    /// </summary>
    /// <param name="weights">What words are to tell; null to count it in these entries.</param>
    public static PartyRegister Build(IReadOnlyList<PartyText> entries, int threads, RegisterWeights? weights = null)
    {
        var words = new Vocabularies(new GramVocabulary(), new GramVocabulary());
        if (weights is not null)
        {
            words.Names.Reserve(weights.Names);
            words.Addresses.Reserve(weights.Addresses);
        }
        var (segment, used) = Segment(entries, threads, words, weights);
        var register = new PartyRegister([segment], [[]], words, used);
        register.WeighPersons(segment.Forms);
        return register;
    }

    /// <summary>
    /// The register with these entries added, or in place of those with the same ids, and without the removed ones.
    /// What a pair of characters tells stays as it was weighed when the register was built.
    /// </summary>
    public PartyRegister With(IReadOnlyList<PartyText> changed, IReadOnlyCollection<string> removed, int threads)
    {
        var words = changed.Count == 0 ? Words with { Names = Words.Names.ForForgetting() }
            : new Vocabularies(Words.Names.Clone(), Words.Addresses.Clone());
        var gone = Gone.Select(g => new HashSet<int>(g)).ToList();
        foreach (var id in changed.Select(c => c.Id).Concat(removed))
            for (var i = 0; i < Segments.Length; i++)
                foreach (var record in Segments[i].Find(id))
                    if (gone[i].Add(record))
                        words.Names.Forget(Segments[i].Forms.NameGrams(Segments[i].Forms.Forms[record]));
        if (changed.Count == 0)
            return new PartyRegister(Segments, [.. gone], words, Weights);
        var (segment, _) = Segment(changed, threads, words, Weights);
        gone.Add([]);
        var register = new PartyRegister([.. Segments, segment], [.. gone], words, Weights);
        register.WeighPersons(segment.Forms);
        return register;
    }

    /// <summary>Cuts rows into parts and expresses their pairs in the words of this register.</summary>
    internal PartyForms Read(IReadOnlyList<PartyText> rows, int threads)
    {
        var forms = Cut(rows, CitiesOf(rows), threads);
        InSlices(forms.Count, threads, (from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                Words.Names.Know(forms.NameGrams(forms.Forms[i]));
                Words.Addresses.Know(forms.AddressGrams(forms.Forms[i]));
                Weigh(forms, ref forms.Forms[i], Words);
            }
        });
        WeighPersons(forms);
        return forms;
    }

    /// <summary>How many of a segment's records are still in the register.</summary>
    internal int CountPresent(int segment, ReadOnlySpan<int> records)
    {
        var (gone, count) = (Gone[segment], records.Length);
        if (gone.Count > 0)
            foreach (var record in records)
                count -= gone.Contains(record) ? 1 : 0;
        return count;
    }

    /// <summary>Whether an entry with this id can be found.</summary>
    public bool Contains(string id) => Locate(id).Segment >= 0;

    /// <summary>Where an entry stands; (−1, −1) when the register does not have it.</summary>
    internal (int Segment, int Record) Locate(string id)
    {
        for (var i = 0; i < Segments.Length; i++)
            foreach (var record in Segments[i].Find(id))
                if (!Gone[i].Contains(record))
                    return (i, record);
        return (-1, -1);
    }

    internal static void InSlices(int count, int threads, Action<int, int> work) =>
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
            work((int)((long)count * part / threads), (int)((long)count * (part + 1) / threads)));

    private static (RegisterSegment Segment, RegisterWeights Weights) Segment(
        IReadOnlyList<PartyText> entries, int threads, Vocabularies words, RegisterWeights? weights)
    {
        // Records of one city stand together, so that a frequent pair within a city is a part of its list.
        var cities = CitiesOf(entries);
        var order = Enumerable.Range(0, entries.Count).OrderBy(i => cities[i]).ToArray();
        var ordered = order.Select(i => entries[i]).ToArray();
        var forms = Cut(ordered, [.. order.Select(i => cities[i])], threads);
        for (var i = 0; i < forms.Count; i++)
        {
            words.Names.Learn(forms.NameGrams(forms.Forms[i]));
            words.Addresses.Learn(forms.AddressGrams(forms.Forms[i]));
        }
        weights ??= new RegisterWeights(words.Names.Weights(forms.Count), words.Addresses.Weights(forms.Count));
        words.Names.Weigh(weights.Names);
        words.Addresses.Weigh(weights.Addresses);
        for (var i = 0; i < forms.Count; i++)
            Weigh(forms, ref forms.Forms[i], words);
        return (new RegisterSegment(forms, [.. ordered.Select(e => e.Id)], [.. ordered.Select(e => e.Codes)], words),
            weights);
    }

    private static void Weigh(PartyForms forms, ref PartyForm form, Vocabularies words)
    {
        form.NameBits = words.Names.Sum(forms.NameGrams(form));
        form.AddressBits = words.Addresses.Sum(forms.AddressGrams(form));
    }

    private void WeighPersons(PartyForms forms)
    {
        for (var i = 0; i < forms.Count; i++)
        {
            ref var form = ref forms.Forms[i];
            var named = 0;
            if (form.PersonLength > 0)
                for (var j = 0; j < Segments.Length; j++)
                    named += CountPresent(j, Segments[j].PersonsNamed(forms, form));
            form.PersonBits = form.PersonLength == 0 ? 0 : MathF.Log2(1f + ((float)Count / (1 + named)));
        }
    }

    private static int[] CitiesOf(IReadOnlyList<PartyText> texts)
    {
        var known = new Dictionary<string, int>();
        var cities = new int[texts.Count];
        for (var i = 0; i < cities.Length; i++)
            if (!known.TryGetValue(texts[i].City, out cities[i]))
                known[texts[i].City] = cities[i] = Divisions.City(texts[i].City);
        return cities;
    }

    private static PartyForms Cut(IReadOnlyList<PartyText> texts, int[] cities, int threads)
    {
        var parts = new PartyForms[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var (from, to) = ((int)((long)texts.Count * part / threads),
                (int)((long)texts.Count * (part + 1) / threads));
            var (reader, forms) = (new PartyReader(), new PartyForms(to - from));
            for (var i = from; i < to; i++)
            {
                reader.Read(texts[i].Name, texts[i].Person, texts[i].Address, cities[i]);
                forms.Add(reader, cities[i]);
            }
            parts[part] = forms;
        });
        foreach (var more in parts.Skip(1))
            parts[0].Append(more);
        return parts[0];
    }
}
