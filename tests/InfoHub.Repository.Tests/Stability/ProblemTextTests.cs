using System.Text.RegularExpressions;
using InfoHub.Repository.Tests.Sources;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.Repository.Tests.Stability;

/// <summary>Every problem says in both languages what it is and what to do, and its braces are filled.</summary>
public sealed partial class ProblemTextTests
{
    /// <summary>
    /// What a row error fills into the remedy: the column, what was expected there, when, and the first row.
    /// </summary>
    private static readonly string[] RowValues = ["field", "expected", "when", "first"];

    /// <summary>Added where the sequence of the submission is known.</summary>
    private static readonly (string Kind, string Name)[] AddedLater =
    [
        ("TooManyBadRows", "next"), ("AllRowsBad", "next"), ("CheckFailed", "next"), ("ManifestDiffers", "next"),
        ("MendWithoutOrigin", "next"), ("TotalDiffers", "next"), ("RowCountDiffers", "next"),
    ];

    private static readonly Rule[] Rules =
    [
        new("whoever raises a problem fills every brace of it", files => files.Product
                .Where(file => file.IsCSharp).SelectMany(Unfilled),
            new RepositoryFile("src/InfoHub.Intake/Planted.cs",
                "throw Refused(ProblemCatalogue.OffsetWrong, (\"offset\", \"(1\"));"),
            new RepositoryFile("src/InfoHub.Client/Planted.cs", "new Problem(ProblemCatalogue.FileNameUnclear)")),
    ];

    public static TheoryData<string> Names => Rule.NamesOf(Rules);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnThisRepository_Holds(string name) => Rule.Holds(Rules, name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnAPlantedViolation_Fails(string name) => Rule.Bites(Rules, name);

    [Fact]
    public void EveryKind_IsSound() => Assert.Empty(ProblemCatalogue.All.Values.SelectMany(Faults));

    /// <summary>A list of totals gives one remedy for many rows: nothing in it differs by row but the column.</summary>
    [Fact]
    public void RemedyOfARowProblem_HoldsNothingThatDiffersByRow() => Assert.Empty(ProblemCatalogue.All.Values
        .Where(kind => kind.Disposition != Disposition.RefuseFile)
        .Where(kind => BracesOf(kind.RemedyZh).Except(["field"]).Any() || kind.RemedyZh.Contains('…'))
        .Select(kind => kind.Code));

    [Fact]
    public void Catalogue_HoldsEveryKindOnce()
    {
        var kinds = typeof(ProblemCatalogue).GetFields()
            .Where(field => field.FieldType == typeof(ProblemKind)).ToList();

        Assert.Equal(kinds.Count, kinds.Select(field => ((ProblemKind)field.GetValue(null)!).Code).Distinct().Count());
        Assert.Equal(kinds.Count, ProblemCatalogue.All.Count);
    }

    [Theory]
    [InlineData("IH-ABC-001", "标题", "请改。", "Title", "Mend it.", "code")]
    [InlineData("IH-INT-001", "Title", "请改。", "Title", "Mend it.", "Chinese title")]
    [InlineData("IH-INT-001", "标题", "", "Title", "Mend it.", "Chinese remedy")]
    [InlineData("IH-INT-001", "标题", "请改。", "标题", "Mend it.", "English title")]
    [InlineData("IH-INT-001", "标题", "请改。", "Title", "", "English remedy")]
    [InlineData("IH-INT-001", "标题", "请改 {。", "Title", "Mend it.", "braces")]
    [InlineData("IH-INT-001", "标题", "请改 {colour}。", "Title", "Mend it.", "colour")]
    public void Faults_OfAPlantedKind_AreSeen(
        string code, string titleZh, string remedyZh, string titleEn, string remedyEn, string expected)
    {
        var planted = new ProblemKind(code, Disposition.RejectRow, titleZh, "{field}", remedyZh, titleEn, remedyEn);

        Assert.Contains(expected, Assert.Single(Faults(planted)), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Faults(ProblemKind kind)
    {
        if (!Code().IsMatch(kind.Code))
            yield return $"{kind.Code}: the code";
        if (!Chinese().IsMatch(kind.TitleZh) || Brace().IsMatch(kind.TitleZh))
            yield return $"{kind.Code}: the Chinese title";
        if (!Chinese().IsMatch(kind.RemedyZh) && kind.RemedyZh != "{remedy}")
            yield return $"{kind.Code}: the Chinese remedy";
        if (kind.TitleEn.Length == 0 || Chinese().IsMatch(kind.TitleEn) || Brace().IsMatch(kind.TitleEn))
            yield return $"{kind.Code}: the English title";
        if (kind.RemedyEn.Length == 0)
            yield return $"{kind.Code}: the English remedy";
        if (new[] { kind.DetailZh, kind.RemedyZh, kind.RemedyEn }
            .Any(text => Brace().Replace(text, "").AsSpan().ContainsAny('{', '}')))
            yield return $"{kind.Code}: braces that do not close";
        if (kind.Disposition != Disposition.RefuseFile)
            foreach (var name in BracesOf(kind.RemedyZh).Except(RowValues))
                yield return $"{kind.Code}: no row error fills {{{name}}} of the remedy";
    }

    private static IEnumerable<string> BracesOf(params string[] texts) =>
        texts.SelectMany(text => Brace().Matches(text)).Select(match => match.Groups[1].Value).Distinct();

    /// <summary>
    /// Reads the calls that name a kind and then its values: <c>(ProblemCatalogue.Kind, ("name", …</c>
    /// </summary>
    private static IEnumerable<string> Unfilled(RepositoryFile file)
    {
        foreach (Match call in Raised().Matches(file.Code))
        {
            var name = call.Groups["kind"].Value;
            if (typeof(ProblemCatalogue).GetField(name)?.GetValue(null) is not ProblemKind kind
                || kind.Disposition != Disposition.RefuseFile)
                continue;
            var end = call.Index + call.Value.IndexOf('(', StringComparison.Ordinal);
            for (var depth = 0; end < file.Code.Length; end++)
                if ((depth += file.Code[end] switch { '(' => 1, ')' => -1, _ => 0 }) == 0)
                    break;
            var given = ValueName().Matches(file.Text[call.Index..end]).Select(match => match.Groups[1].Value);
            foreach (var missing in BracesOf(kind.DetailZh, kind.RemedyZh, kind.RemedyEn).Except(given))
                if (!AddedLater.Contains((name, missing)))
                    yield return $"{file.At(call.Index)} {kind.Code} is raised without {{{missing}}}";
        }
    }

    [GeneratedRegex(@"^IH-(TPL|INT|STR|STO|IDN|MAT|REC|DLV|CON|CFG)-\d{3}$")]
    private static partial Regex Code();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"\{([a-zA-Z]+)\}")]
    private static partial Regex Brace();

    [GeneratedRegex(@"\b(Problem|Refused|new)\s*\(\s*ProblemCatalogue\.(?<kind>\w+)\s*[,)]")]
    private static partial Regex Raised();

    [GeneratedRegex(@"\(\s*""(\w+)""\s*,")]
    private static partial Regex ValueName();
}
