using InfoHub.Linkage.Reading;

namespace InfoHub.Linkage.Register;

/// <summary>
/// What a person may remember of an entry: a part of the name, of the address, of a person's name, or a whole code.
/// Empty parts ask nothing.
/// </summary>
public sealed record SearchedText(string Name, string Address, string Person, string Code);

/// <summary>
/// Pairs of neighbouring characters, each a number by the part it stands in, under which an index finds entries: an
/// entry may answer a question when it has all of its pairs, and <see cref="Answers"/> tells whether it does. FROZEN
/// numbers: store (SearchGramsTests).
/// </summary>
public static class SearchGrams
{
    private const int NamePart = 1;
    private const int AddressPart = 2;
    private const int PersonPart = 3;
    private const int CodePart = 4;
    private const int GramsMax = 96;

    /// <summary>Distinct, at most 96.</summary>
    public static int[] OfEntry(PartyText entry)
    {
        var grams = new HashSet<int>();
        foreach (var code in CodesOf(entry.Codes))
            grams.Add(Number(CodePart, code));
        AddPairs(grams, NamePart, Fold(entry.Name));
        AddPairs(grams, PersonPart, Fold(entry.Person));
        AddPairs(grams, AddressPart, Fold(entry.Address));
        return [.. grams.Take(GramsMax)];
    }

    /// <summary>None when the question is too short to be answered: two characters of a part are the least.</summary>
    public static int[] OfQuestion(SearchedText asked)
    {
        var grams = new HashSet<int>();
        if (CodesOf(asked.Code) is [var code, ..])
            grams.Add(Number(CodePart, code));
        AddPairs(grams, NamePart, Fold(asked.Name));
        AddPairs(grams, PersonPart, Fold(asked.Person));
        AddPairs(grams, AddressPart, Fold(asked.Address));
        return [.. grams];
    }

    /// <summary>What is particular to a row: its name without division and form, and its person.</summary>
    public static int[] OfLikeness(PartyText row)
    {
        var reader = new PartyReader();
        reader.Read(row.Name, row.Person, row.Address, Divisions.City(row.City));
        var grams = new HashSet<int>();
        AddPairs(grams, NamePart, reader.Core.ToString());
        AddPairs(grams, PersonPart, reader.Person.ToString());
        return [.. grams];
    }

    /// <summary>Whether the entry has every part that is asked for, in any way of writing it.</summary>
    public static bool Answers(PartyText entry, SearchedText asked) => Has(entry.Name, asked.Name)
        && Has(entry.Address, asked.Address) && Has(entry.Person, asked.Person)
        && (CodesOf(asked.Code) is not [var code, ..] || CodesOf(entry.Codes).Contains(code));

    private static bool Has(string text, string part) => Fold(text).Contains(Fold(part), StringComparison.Ordinal);

    private static string Fold(string text)
    {
        var folded = new char[text.Length];
        return new string(folded, 0, Folding.WithoutBrackets(folded.AsSpan(0, Folding.Fold(text, folded, out _))));
    }

    /// <summary>Each code; of a USCC its organisation code as well.</summary>
    private static List<string> CodesOf(string codes)
    {
        const int UsccLength = 18;
        var all = new List<string>();
        foreach (var range in codes.AsSpan().SplitAny(" ,;、；，|"))
        {
            var code = Fold(codes[range]);
            if (code.Length == 0)
                continue;
            all.Add(code);
            if (code.Length == UsccLength)
                all.Add(code[8..17]);
        }
        return all;
    }

    private static void AddPairs(HashSet<int> grams, int part, string text)
    {
        for (var i = 1; i < text.Length; i++)
            grams.Add(Number(part, text.AsSpan(i - 1, 2)));
    }

    private static int Number(int part, ReadOnlySpan<char> text) => unchecked((int)KeyTable.Hash(text, 200 + part));
}
