using System.Collections.Immutable;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;

namespace InfoHub.Domain.Matching;

/// <summary>
/// A party without a code of its own, of which every row was compared with the registers and matches nobody. It is only
/// as strange as the wording that comes nearest to an entry: who may be registered under one spelling is registered.
/// </summary>
internal sealed class Stranger
{
    /// <summary>What a comparison can tell at most: none is certain.</summary>
    private const decimal Sure = 0.9999m;

    private readonly Dictionary<(string Item, string Name), NameKind> _kinds;

    private Stranger(ImmutableArray<Sighting> sightings)
    {
        Nearest = sightings.MinBy(s => (s.Nobody, s.Item, s.Name))!;
        _kinds = sightings.ToDictionary(s => (s.Item, s.Name), s => s.Kind);
    }

    /// <summary>The wording most like a registered one.</summary>
    public Sighting Nearest { get; }

    /// <summary>At least one department writes it as an operator is called.</summary>
    public bool NamesOperator => _kinds.ContainsValue(NameKind.Operator);

    /// <summary>Null when the party has a code or a register row, or when not all of its rows match nobody.</summary>
    public static Stranger? Of(Dossier dossier) =>
        dossier.Party is { Uscc: null, Unmatched: true, Sightings.IsEmpty: false }
        && dossier.Of("SCJG-01").IsEmpty && TaxRegister.Rows(dossier).IsEmpty
            ? new Stranger(dossier.Party.Sightings) : null;

    /// <summary>False for a meter in what may be a natural person's name, or that linking has not judged.</summary>
    public bool Speaks(Fact meter) =>
        _kinds.TryGetValue((meter.Template.Item, meter.Text("cust_name") ?? ""), out var kind)
        && kind != NameKind.Person;

    /// <summary>Why it is nobody in the registers, as an officer reads it.</summary>
    /// <param name="least">What one department alone has to reach; null when several saw it.</param>
    public IEnumerable<ArithmeticLine> Lines(ImmutableArray<Evidence> evidence, ParameterValue? least)
    {
        const string Registers = "SW-01、SCJG-01", Linking = "归户判定";
        var items = evidence.Select(e => e.Item).Distinct().Order(StringComparer.Ordinal).ToArray();
        yield return Wording.Line("看到该户的部门", items.Select(Wording.DepartmentOf).Distinct().Count(), "个",
            string.Join("、", items));
        if (Nearest.Compared == 0)
        {
            yield return Wording.Line("在登记库中查找的结果", "按名称、人员、地址均未查到相近的登记主体", Registers);
            yield break;
        }
        yield return Wording.Line("比较过的登记主体", Nearest.Compared, "户", Registers);
        if (Nearest.Nearest.Length > 0)
            yield return Wording.Line("最接近的登记主体", Nearest.Nearest, Registers);
        if (Nearest.Against.Length > 0)
            yield return Wording.Line("与其最不符的一项", Nearest.Against, Linking);
        yield return Nearest.Nobody < Sure
            ? Wording.Line("不是任何登记主体的概率（各写法中最低）", Nearest.Nobody, "", Linking)
            : Wording.Line("不是任何登记主体的概率（各写法中最低）", $"{Wording.Plain(Sure)} 以上", Linking);
        if (least is { } bound)
            yield return Wording.Line("仅一个部门看到时该概率的下限", bound, "");
    }
}
