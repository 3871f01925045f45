using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;

namespace InfoHub.Linkage.Deciding;

/// <summary>
/// Rows without a code that no register has, kept so that those of one operator find each other. A shop is known by its
/// name and by its sign: 陈记面馆, 陈记面店 and 陈记面 are one where they stand at one place, and only there, because a sign
/// tells less than a name. Pure: the same rows find each other in any order and on any number of threads.
/// </summary>
public sealed class OperatorRegister
{
    private const char SignMark = '~';

    private readonly PartyRegister _register;

    private OperatorRegister(PartyRegister register) => _register = register;

    /// <summary>Many changes have come: one built anew would be faster.</summary>
    public bool IsWorn => _register.IsWorn;

    /// <param name="weights">What words tell in the registers, so that all hosts see the same likeness.</param>
    public static OperatorRegister Build(IEnumerable<PartyText> rows, int threads, RegisterWeights? weights = null) =>
        new(PartyRegister.Build([.. rows.SelectMany(Wordings)], threads, weights));

    /// <summary>With rows that came or changed, and without others, by id.</summary>
    public OperatorRegister With(IEnumerable<PartyText> come, IEnumerable<string> gone, int threads) =>
        new(_register.With([.. come.SelectMany(Wordings)], [.. gone.SelectMany(id => new[] { id, id + SignMark })],
            threads));

    /// <summary>
    /// The rows that are more likely the same operator than not, each compared with the row alone. A row does not find
    /// itself.
    /// </summary>
    /// <param name="leastLogOdds">Least log-odds of a row against "somebody else".</param>
    public List<string>[] Alike(IReadOnlyList<PartyText> rows, LinkModel model, float leastLogOdds, int threads)
    {
        var wordings = rows.SelectMany((row, i) => Wordings(row).Select(text => (Row: i, Text: text))).ToArray();
        var forms = _register.Read(Array.ConvertAll(wordings, w => w.Text), threads);
        var found = new List<string>[wordings.Length];
        PartyRegister.InSlices(wordings.Length, threads, (from, to) =>
        {
            using var hypotheses = new Hypotheses(_register, forms, model.Weights);
            for (var i = from; i < to; i++)
            {
                hypotheses.Find(forms.Forms[i]);
                found[i] = [];
                foreach (var other in hypotheses.All)
                    if (other.Score - hypotheses.NobodyScore >= leastLogOdds
                        && IsOne(hypotheses, forms, forms.Forms[i], wordings[i].Text.Id.EndsWith(SignMark), other))
                        found[i].Add(hypotheses.IdOf(other).TrimEnd(SignMark));
            }
        });
        var alike = rows.Select(_ => new SortedSet<string>(StringComparer.Ordinal)).ToArray();
        for (var i = 0; i < wordings.Length; i++)
            alike[wordings[i].Row].UnionWith(found[i].Where(id => id != rows[wordings[i].Row].Id));
        return Array.ConvertAll(alike, ids => ids.ToList());
    }

    private static IEnumerable<PartyText> Wordings(PartyText row) =>
        OperatorName.SignOf(row.Name) is { Length: > 0 } sign
            ? [row, row with { Id = row.Id + SignMark, Name = sign }] : [row];

    /// <summary>
    /// Rows that are likely one are, unless they are two shops of different signs. By the sign alone they are one where
    /// their addresses are the same or nearly so besides.
    /// </summary>
    private bool IsOne(Hypotheses hypotheses, PartyForms rows, in PartyForm row, bool isSign, Hypothesis other)
    {
        var entries = _register.Segments[other.Segment].Forms;
        ref readonly var entry = ref entries.Forms[other.Record];
        return (!(isSign || hypotheses.IdOf(other).EndsWith(SignMark)) || IsOneSign(hypotheses.LevelsOf(row, other)))
            && !(row.IsShop && entry.IsShop && OperatorName.AreTwoSigns(rows.Core(row), entries.Core(entry)));
    }

    /// <summary>
    /// One sign is in the other, or they differ by a look-alike at most; the address is the same or nearly so, and no
    /// number speaks against it.
    /// </summary>
    private static bool IsOneSign(ReadOnlySpan<short> levels)
    {
        const int PersonGroups = 6, AddressGroups = 6;
        var together = ComparisonFields.Together;
        foreach (var level in levels)
            if (level - together.First is >= 0 and var group && group < together.Levels.Length)
                return (group / (PersonGroups * AddressGroups)) is 0 or 2 or 4 && group % AddressGroups is 1 or 2;
        return false;
    }
}
