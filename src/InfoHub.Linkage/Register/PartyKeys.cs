using InfoHub.Linkage.Reading;

namespace InfoHub.Linkage.Register;

/// <summary>
/// The keys under which a row and a register entry may find each other, as numbers that can be stored: when an entry
/// changes, only rows that share a key with it have to be decided again.
/// </summary>
public static class PartyKeys
{
    private const int RarePairs = 400;

    /// <summary>Every key of a row.</summary>
    public static long[] OfRow(PartyText row) => Keys(row, _ => true, isRow: true);

    /// <summary>
    /// The keys of an entry by which rows are looked up; its frequent pairs of characters are left out.
    /// </summary>
    public static long[] OfEntry(PartyText entry, PartyRegister register) => Keys(entry, pair =>
    {
        var number = register.Words.Names.NumberOf(pair);
        return number < 0 || register.Words.Names.FrequencyOf(number) <= RarePairs;
    }, isRow: false);

    private static long[] Keys(PartyText text, Func<int, bool> isTaken, bool isRow)
    {
        var (reader, forms, city) = (new PartyReader(), new PartyForms(1), Divisions.City(text.City));
        reader.Read(text.Name, text.Person, text.Address, city);
        forms.Add(reader, city);
        ref readonly var form = ref forms.Forms[0];
        var keys = new List<ulong>();
        if (form.CoreLength > 0)
            keys.Add(RegisterSegment.CoreKey(forms, form));
        RegisterSegment.AddNearCores(forms, form, keys);
        foreach (var key in new[]
        {
            RegisterSegment.PersonKey(forms, form), RegisterSegment.AddressKey(forms, form),
                RegisterSegment.RoadKey(forms, form), isRow ? RegisterSegment.OwnerKey(forms, form) : 0,
                RegisterSegment.SignKey(forms, form),
        })
            if (key != 0)
                keys.Add(key);
        foreach (var claim in CodeClaim.Read(text.Codes))
            keys.Add(claim.Key);
        foreach (var pair in forms.NameGrams(form))
            if (isTaken(pair))
                keys.Add(unchecked(KeyTable.Hash([(char)(pair >>> 16), (char)pair], 6)));
        return [.. keys.Distinct().Select(k => unchecked((long)k))];
    }
}
