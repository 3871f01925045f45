using System.Text.Json;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// Every template's samples behave as stated: the valid one has no problem, the invalid one exactly those listed.
/// </summary>
public class SampleTests
{
    public static TheoryData<string> Versions() => [.. Folders()];

    private static IEnumerable<string> Folders() => Directory
        .GetFiles(Path.Combine(RowReaderTests.RepositoryRoot, "partner-templates"), "template.odcs.yaml", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(RowReaderTests.RepositoryRoot, Path.GetDirectoryName(file)!))
        .Where(folder => Directory.Exists(Path.Combine(RowReaderTests.RepositoryRoot, folder, "samples")));

    [Theory]
    [MemberData(nameof(Versions))]
    public void ValidSample_HasNoProblem(string folder)
    {
        var outcome = ReadSample(folder, "valid.csv");
        Assert.Equal("", outcome.Refusal);
        Assert.Empty(outcome.Errors);
        Assert.True(outcome.Accepted >= 10);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void InvalidSample_HasExactlyTheListedProblems(string folder)
    {
        var listed = JsonDocument.Parse(File.ReadAllText(Path.Combine(RowReaderTests.RepositoryRoot, folder, "samples", "problems.json"))).RootElement
            .EnumerateArray().Select(p => $"{p.GetProperty("row").GetInt32()}:{p.GetProperty("field").GetString()}:{p.GetProperty("code").GetString()}");
        var outcome = ReadSample(folder, "invalid.csv");
        Assert.Equal("", outcome.Refusal);
        Assert.Equal(listed.Order(StringComparer.Ordinal), outcome.Errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Samples_Together_ShowMostProblemCodes()
    {
        var shown = Folders().SelectMany(v => ReadSample(v, "invalid.csv").Errors).Select(e => e.Split(':')[2]).Distinct();
        Assert.True(shown.Count() >= 25, string.Join(' ', ProblemCatalogue.All.Keys.Except(shown)));
    }

    private static RowReaderTests.Outcome ReadSample(string folder, string name)
    {
        var path = Path.Combine(RowReaderTests.RepositoryRoot, folder);
        Template template = OdcsReader.Read(File.ReadAllText(Path.Combine(path, "template.odcs.yaml")));
        return RowReaderTests.Read(template, File.ReadAllBytes(Path.Combine(path, "samples", name)));
    }
}
