using InfoHub.Repository.Tests.Sources;
using Xunit;

namespace InfoHub.Repository.Tests.Docs;

/// <summary>
/// The documents are true. A fenced block of README.md or of a page under src/guide whose info string is <c>sh test</c>
/// is run by bash from the repository's root and has to end with exit code 0 within five minutes; any other block is
/// for reading.
/// </summary>
public sealed class DocTests
{
    private const string Runnable = "sh test";

    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(5);

    public static TheoryData<string> Names => Rule.NamesOf(DocRules.All);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnThisRepository_Holds(string name) => Rule.Holds(DocRules.All, name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnAPlantedViolation_Fails(string name) => Rule.Bites(DocRules.All, name);

    /// <summary>What a reader may well be told: nothing of it is a violation.</summary>
    [Theory]
    [InlineData("`./hub demo --exit --parties 100`, then `./hub test Rules.Tests` and `./hub COMMAND`")]
    [InlineData("```sh\n./hub run --extracts in \\\n  --out out --as-of 2025-06-30   # writes --nothing else\n./hub cli push --json a.csv\n```")]
    [InlineData("The `infohub` program: `infohub push SCJG-03_202503.csv | tee log`, `infohub-host.dll`, infohub levitate")]
    [InlineData("# 目录 一\n[top](#目录-一) [web](https://example.org/x.md) [src](src/) `[no](link.md)`")]
    [InlineData("Paths `src/…/Desk.cs`, `src/*.md` and `InfoHub.sln` are looked up when they are whole: `InfoHub.Intake/Submit`.")]
    public void Rules_OnAGoodDocument_Hold(string text)
    {
        var files = RepositoryFiles.Current;
        var more = files.With(new RepositoryFile("PLANTED.md", text))
            .With(new RepositoryFile("src/decisions/0099-planted.md",
                text.Replace("](src/)", "](.)", StringComparison.Ordinal)));

        Assert.Equal(
            DocRules.All.SelectMany(rule => rule.Violations(files)),
            DocRules.All.SelectMany(rule => rule.Violations(more)));
    }

    [Fact]
    [Trait("Kind", "Readme")]
    public void Commands_OfReadmeAndGuide_RunAsWritten()
    {
        var pages = RepositoryFiles.Current.All.Where(file => file.IsMarkdown
            && (file.Path == "README.md" || file.Path.StartsWith("src/guide/", StringComparison.Ordinal))).ToArray();
        Assert.Contains(pages, page => page.Path == "README.md");
        if (Environment.GetEnvironmentVariable(Shell.Inside) is null)
            Assert.Empty(pages.SelectMany(page => Failures(page.Path, page.Text, TimeMax)));
    }

    [Theory]
    [InlineData("sh test", "test -f InfoHub.sln", true)]
    [InlineData("sh test", "false\ntrue", false)]
    [InlineData("sh test", "false | true", false)]
    [InlineData("sh test", "exit 3", false)]
    [InlineData("sh test", "sleep 20", false)]
    [InlineData("sh", "exit 3", true)]
    public void Failures_OfAPlantedReadme_AreSeen(string info, string text, bool passes) =>
        Assert.Equal(passes, !Failures("README.md", $"# A\n\n```{info}\n{text}\n```\n", TimeSpan.FromSeconds(1)).Any());

    [Fact]
    public void Markdown_IsTakenApart()
    {
        var read = Markdown.Read("# One: two\n[a](b.md) `[c](d.md)`\n```sh test\n[e](f.md)\n```\n[g]: h.md\n");

        Assert.Equal(["b.md", "h.md"], read.Links);
        Assert.Equal(["one-two"], read.Anchors);
        Assert.Equal(new Fence("sh test", "[e](f.md)", 3), Assert.Single(read.Fences));
    }

    private static IEnumerable<string> Failures(string path, string text, TimeSpan timeMax) =>
        from fence in Markdown.Read(text).Fences
        where fence.Info == Runnable
        let run = Shell.Run(fence.Text, RepositoryFiles.Root, timeMax)
        where run.ExitCode != 0
        select $"{path}:{fence.Line}\n{fence.Text}\n{run}";
}
