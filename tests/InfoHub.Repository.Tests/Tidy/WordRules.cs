using System.Text.RegularExpressions;
using InfoHub.Repository.Tests.Sources;

namespace InfoHub.Repository.Tests.Tidy;

/// <summary>Names that say nothing, calls that block or read the clock behind everyone's back, and notes to self.</summary>
internal static partial class WordRules
{
    public static readonly Rule[] All =
    [
        Rule.Ban("no type is a Manager, Helper, Util, Impl or Dto", EmptyName(), file => !file.IsStandIn,
            Planted("Intake", "internal sealed class SubmissionManager;"),
            Planted("Domain", "public readonly record struct FindingDto(int Id);"),
            Planted("Host", "internal static class TextUtils { }")),
        new("no file is named Manager, Helper, Util, Impl or Dto", files => files.All
                .Where(file => file.IsSource && EmptyFileName().IsMatch(file.Path)).Select(file => file.Path),
            new RepositoryFile("src/InfoHub.Domain/MoneyHelper.cs", ""),
            new RepositoryFile("src/InfoHub.Domain/Utils/Money.cs", "")),
        Rule.Ban("the clock is read through TimeProvider only", Clock(), file => file.IsProduct,
            Planted("Storage", "var now = DateTime.UtcNow;"),
            Planted("Host", "var now = DateTimeOffset.Now;")),
        Rule.Ban("nobody blocks on a task", Blocking(), file => file.IsProduct,
            Planted("Storage", "var rows = ReadAsync().Result;"),
            Planted("Host", "ReadAsync().Wait();"),
            Planted("Client", "ReadAsync().GetAwaiter().GetResult();"),
            Planted("Intake", "Thread.Sleep(100);")),
        Rule.Ban("no method is async void", AsyncVoid(), file => !file.IsStandIn,
            Planted("Client", "private async void Send() { }")),
        new("nothing is left to do in the text", files => files.All.Where(file => !file.IsRule)
                .SelectMany(file => Leftover().Matches(file.Text).Select(match => $"{file.At(match.Index)} {match.Value}")),
            Planted("Host", "// TODO: later"),
            new RepositoryFile("README.md", "FIXME"),
            new RepositoryFile("protos/a.proto", "// HACK around it")),
        Rule.Ban("nothing is left unwritten", Unwritten(), file => !file.IsStandIn && !file.IsRule,
            Planted("Host", "void Run() => throw new NotImplementedException();")),
        Rule.Ban("Domain and Templates count in decimals", Binary(), file => file.Area is "Domain" or "Templates",
            Planted("Domain", "private double _rate;"),
            Planted("Domain", "var share = 0.5f;"),
            Planted("Templates", "float Share() => 1;")),
        new("no file knows the machine it was written on", files => files.All.Where(file => !MayNamePaths(file))
                .SelectMany(file => MachinePath().Matches(file.Text).Select(match => $"{file.At(match.Index)} {match.Value}")),
            Planted("Host", "var folder = \"/tmp/hub\";"),
            new RepositoryFile("src/ARCHITECTURE.md", "see /work/shared/design.md"),
            new RepositoryFile("hub", "cp /root/.nuget/x .")),
        new("an interface has two implementations, the fake counted", Lonely,
            Planted("Storage", "internal interface IRowStore;\ninternal sealed class RowStore : IRowStore;"),
            Planted("Storage", "public interface IUnused { void Run(); }")),
    ];

    private static RepositoryFile Planted(string area, string text) => new($"src/InfoHub.{area}/Planted.cs", text);

    /// <summary>A reader of the README works on a machine, and tests write to its temporary folder.</summary>
    private static bool MayNamePaths(RepositoryFile file) =>
        file.Path == "README.md" || file.Path.StartsWith("tests/", StringComparison.Ordinal);

    private static IEnumerable<string> Lonely(RepositoryFiles files)
    {
        var code = files.Sources.Where(file => file.IsCSharp && !file.IsRule).ToList();
        var implemented = code.SelectMany(file => TypeWithBases().Matches(file.Code))
            .SelectMany(match => BaseName().Matches(match.Groups["bases"].Value))
            .CountBy(match => match.Value)
            .ToDictionary();
        return code.Where(file => file.IsProduct).SelectMany(file => Interface().Matches(file.Code)
            .Where(match => implemented.GetValueOrDefault(match.Groups["name"].Value) < 2)
            .Select(match => $"{file.At(match.Index)} {match.Groups["name"].Value} has "
                + $"{implemented.GetValueOrDefault(match.Groups["name"].Value)} implementations"));
    }

    [GeneratedRegex(@"\b(class|struct|record|interface|enum|delegate\s+\S+)\s+\w*(Manager|Helper|Util|Impl|Dto)s?\b")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"(Manager|Helper|Util|Impl|Dto)s?(\.\w+|/)")]
    private static partial Regex EmptyFileName();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\)\s*\.Result\b|[tT]ask\w*\.Result\b|\.Wait\(\)|\.GetAwaiter\(\)\s*\.GetResult\(|\bThread\.Sleep\b")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"\bNotImplementedException\b")]
    private static partial Regex Unwritten();

    [GeneratedRegex(@"\b(double|float|Double|Single|Half)\b(?!\s*\()|\b\d+(\.\d+)?[fFdD]\b")]
    private static partial Regex Binary();

    [GeneratedRegex(@"(?<![\w.>}*])/(work|root|tmp|home)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\binterface\s+(?<name>\w+)")]
    private static partial Regex Interface();

    [GeneratedRegex(@"\b(class|struct|record)\s+(struct\s+)?\w+(<[^>]*>)?\s*(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?\s*:\s*(?<bases>[^{;]*)")]
    private static partial Regex TypeWithBases();

    [GeneratedRegex(@"\bI[A-Z]\w+")]
    private static partial Regex BaseName();
}
