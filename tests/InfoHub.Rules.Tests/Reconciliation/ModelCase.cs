using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Reconciliation;
using InfoHub.Linkage.Reading;
using InfoHub.Templates.Model;
using InfoHub.Templates.Vocabulary;
using YamlDotNet.RepresentationModel;

namespace InfoHub.Rules.Tests.Reconciliation;

/// <summary>
/// One case of Cases/*.yaml: facts in, findings out. A file names its model, the default cells of each item and the
/// cases.
/// In a fact <c>months: 202501..202503</c> makes a row per month (data_month), <c>span: 202503</c> sets skssqq and
/// skssqz,
/// and <c>sent: 202504</c> is the period of the submission (else data_month, the last month of the span, or 202501).
/// A party <c>nobody: 0.97</c> is one whose rows all were compared with the registers and match nobody, with that
/// probability; <c>nearest</c> and <c>against</c> tell of the entry that came closest. <c>former</c> are rows of a
/// register
/// that later ones took the place of, <c>branches</c> facts of the shops that name the party as their head office, <c>city</c> the
/// medians of the city.
/// </summary>
internal sealed record ModelCase(string Model, string Name, Dossier Dossier, ImmutableArray<YamlMappingNode> Expected,
    ImmutableArray<string> Awaits, string? Revisit)
{
    private static readonly ImmutableArray<string> CaseKeys =
        ["name", "as_of", "coverage", "party", "facts", "former", "branches", "expect", "awaits", "revisit", "unjudged",
        "city"];

    public static IEnumerable<ModelCase> All()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(CaseTemplates.Root, "tests/InfoHub.Rules.Tests/Reconciliation/Cases"), "*.yaml").Order())
        {
            var stream = new YamlStream();
            using var reader = new StreamReader(file);
            stream.Load(reader);
            var root = (YamlMappingNode)stream.Documents[0].RootNode;
            foreach (var node in (YamlSequenceNode)root["cases"])
                yield return Read(Text(root, "model")!, Map(root, "defaults"), (YamlMappingNode)node);
        }
    }

    /// <summary>
    /// The same case with every item's facts in reverse order, or under a party nobody has identified.
    /// </summary>
    public Dossier Varied(bool reversed = false, bool identified = true, bool doubt = false) => new(
        Dossier.Party with
        {
            Identified = identified && Dossier.Party.Identified, Unmatched = identified && Dossier.Party.Unmatched,
            Doubts = doubt ? ["SW-01"] : Dossier.Party.Doubts,
        },
        Items().ToDictionary(i => i, i => reversed ? [.. Dossier.Of(i).Reverse()] : Dossier.Of(i)), Dossier.Coverage, Dossier.AsOf)
    {
        Former = Dossier.Former, Branches = Dossier.Branches, City = Dossier.City,
    };

    public static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) && value is YamlScalarNode scalar ? scalar.Value : null;

    public static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Items() =>
        ["SCJG-01", "SCJG-03", "SW-01", "SW-02", "SW-03", "GD-01", "GS-01", "YB-01", "RS-01"];

    private static ModelCase Read(string model, YamlMappingNode? defaults, YamlMappingNode node)
    {
        var name = Text(node, "name")!;
        if (node.Children.Keys.Select(k => ((YamlScalarNode)k).Value!).FirstOrDefault(k => !CaseKeys.Contains(k)) is { } unknown)
            throw new InvalidOperationException($"case '{name}' has an unknown key '{unknown}'");
        var party = Map(node, "party");
        var facts = Facts(Map(node, "facts"), defaults);
        var view = ReadParty(party, facts);
        var (coverage, asOf) = (ReadCoverage(Map(node, "coverage")), Date(Text(node, "as_of")!));
        var dossier = new Dossier(view, facts, coverage, asOf)
        {
            Former = Facts(Map(node, "former"), defaults),
            City = new CityShares(node.Children.TryGetValue(new YamlScalarNode("city"), out var city)
                ? ((YamlSequenceNode)city).Cast<YamlMappingNode>().Select(c => new CityShare(Text(c, "type")!,
                    (int)Number(c, "year"),
                    (int)Number(c, "members"), Number(c, "median"))) : []),
            Branches = Map(node, "branches") is not { } branches ? [] : [.. branches.Children.Select(b => new Dossier(
                new PartyView(((YamlScalarNode)b.Key).Value!, null, ((YamlScalarNode)b.Key).Value!, true),
                Facts((YamlMappingNode)b.Value, defaults), coverage, asOf))],
        };
        return new ModelCase(model, name, dossier,
            node.Children.TryGetValue(new YamlScalarNode("expect"), out var expected) ? [.. ((YamlSequenceNode)expected).Cast<YamlMappingNode>()] : [],
            node.Children.TryGetValue(new YamlScalarNode("awaits"), out var awaits)
                ? [.. ((YamlSequenceNode)awaits).Select(a => ((YamlScalarNode)a).Value!)] : [],
            Text(node, "revisit"))
        {
            Unjudged = Text(node, "unjudged"),
        };
    }

    /// <summary>What the one reason for not judging has to hold; null when the model has to judge.</summary>
    public string? Unjudged { get; init; }

    private static Dictionary<string, ImmutableArray<Fact>> Facts(YamlMappingNode? items, YamlMappingNode? defaults) =>
        items?.Children.ToDictionary(c => ((YamlScalarNode)c.Key).Value!,
            c => Rows(((YamlScalarNode)c.Key).Value!, defaults, (YamlSequenceNode)c.Value)) ?? [];

    private static PartyView ReadParty(YamlMappingNode? party, Dictionary<string, ImmutableArray<Fact>> facts)
    {
        string? Of(string key) => party is null ? null : Text(party, key);
        var view = new PartyView("P1", Of("uscc") is not { } uscc ? "91370983MA3C000113" : uscc == "none" ? null : uscc,
            "云山市某某有限公司", Of("identified") != "false", Of("nobody") is not null)
        {
            Doubts = Of("doubt") is { } doubt ? [.. doubt.Split(' ')] : [],
        };
        if (Of("nobody") is not { } nobody)
            return view;
        var wordings = facts.Values.SelectMany(rows => rows).Where(r => r.Template.IndexOf("cust_name") >= 0)
            .Select(r => (r.Template.Item, Name: r.Text("cust_name") ?? "")).Distinct();
        return view with
        {
            Sightings = [.. wordings.Select(w => new Sighting(w.Item, w.Name, OperatorName.Of(w.Name),
                decimal.Parse(nobody, CultureInfo.InvariantCulture), 12, Of("nearest") ?? "", Of("against") ?? ""))],
        };
    }

    private static decimal Number(YamlMappingNode node, string key) => decimal.Parse(Text(node, key)!,
        CultureInfo.InvariantCulture);

    private static ImmutableArray<Fact> Rows(string item, YamlMappingNode? defaults, YamlSequenceNode rows)
    {
        var made = ImmutableArray.CreateBuilder<Fact>();
        foreach (var row in rows.Cast<YamlMappingNode>())
        {
            var cells = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var source in new[] { defaults is null ? null : Map(defaults, item), row }.OfType<YamlMappingNode>())
                foreach (var (key, value) in source.Children)
                    cells[((YamlScalarNode)key).Value!] = ((YamlScalarNode)value).Value!;
            foreach (var expanded in Expand(cells))
                made.Add(Build(item, expanded, made.Count + 1));
        }
        return made.ToImmutable();
    }

    private static IEnumerable<Dictionary<string, string>> Expand(Dictionary<string, string> cells)
    {
        if (cells.Remove("span", out var span))
        {
            var period = Period.Parse(span);
            cells["skssqq"] = period.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            cells["skssqz"] = period.End.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        if (!cells.Remove("months", out var months))
            return [cells];
        var ends = months.Split("..");
        var made = new List<Dictionary<string, string>>();
        for (var month = Period.Parse(ends[0]); month <= Period.Parse(ends[^1]); month = month.AddMonths(1))
            made.Add(new Dictionary<string, string>(cells, StringComparer.Ordinal) { ["data_month"] = month.ToString() });
        return made;
    }

    private static Fact Build(string item, Dictionary<string, string> cells, int row)
    {
        var template = CaseTemplates.Of(item);
        var sent = cells.Remove("sent", out var text) ? text
            : cells.TryGetValue("data_month", out var month) ? month
            : cells.TryGetValue("skssqz", out var end) ? Period.MonthOf(Date(end)).ToString() : "202501";
        var values = new object?[template.Fields.Length];
        foreach (var (column, cell) in cells)
        {
            var index = template.IndexOf(column);
            if (index < 0)
                throw new InvalidOperationException($"{item} has no column {column}");
            values[index] = cell.Length == 0 ? null : Value(template.Fields[index], cell);
        }
        return new Fact(template, 100 + row, row, Period.Parse(sent), [(byte)row], values);
    }

    private static object Value(Field field, string cell) => field.Kind switch
    {
        FieldKind.Number => decimal.Parse(cell, CultureInfo.InvariantCulture),
        FieldKind.Date => Date(cell),
        FieldKind.Month or FieldKind.Year or FieldKind.Quarter => Period.Parse(cell),
        _ => cell,
    };

    private static Coverage ReadCoverage(YamlMappingNode? node) => new(node?.Children.ToDictionary(
        c => ((YamlScalarNode)c.Key).Value!,
        c => ((YamlSequenceNode)c.Value).SelectMany(p => Span(((YamlScalarNode)p).Value!)).ToImmutableSortedSet()) ?? []);

    private static IEnumerable<Period> Span(string text)
    {
        var ends = text.Split("..");
        for (var period = Period.Parse(ends[0]); period <= Period.Parse(ends[^1]); period = period.AddMonths(1))
            yield return period;
    }

    private static YamlMappingNode? Map(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value as YamlMappingNode : null;
}
