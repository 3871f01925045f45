using InfoHub.Repository.Tests.Sources;
using Xunit;

namespace InfoHub.Repository.Tests.Docs;

/// <summary>
/// The documents are true. A fenced block of README.md whose info string is <c>sh test</c> is run by bash from the
/// repository's root and has to end with exit code 0 within five minutes; any other block is for reading.
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

    [Fact]
    [Trait("Kind", "Readme")]
    public void ReadmeCommands_RunAsWritten()
    {
        var readme = RepositoryFiles.Current.Find("README.md");
        if (readme is not null && Environment.GetEnvironmentVariable(Shell.Inside) is null)
            Assert.Empty(Failures(readme.Text, TimeMax));
    }

    [Theory]
    [InlineData("sh test", "test -f InfoHub.sln", true)]
    [InlineData("sh test", "false\ntrue", false)]
    [InlineData("sh test", "false | true", false)]
    [InlineData("sh test", "exit 3", false)]
    [InlineData("sh test", "sleep 20", false)]
    [InlineData("sh", "exit 3", true)]
    public void Failures_OfAPlantedReadme_AreSeen(string info, string text, bool passes) =>
        Assert.Equal(passes, !Failures($"# A\n\n```{info}\n{text}\n```\n", TimeSpan.FromSeconds(1)).Any());

    [Fact]
    public void Markdown_IsTakenApart()
    {
        var read = Markdown.Read("# One: two\n[a](b.md) `[c](d.md)`\n```sh test\n[e](f.md)\n```\n[g]: h.md\n");

        Assert.Equal(["b.md", "h.md"], read.Links);
        Assert.Equal(["one-two"], read.Anchors);
        Assert.Equal(new Fence("sh test", "[e](f.md)", 3), Assert.Single(read.Fences));
    }

    private static IEnumerable<string> Failures(string readme, TimeSpan timeMax) =>
        from fence in Markdown.Read(readme).Fences
        where fence.Info == Runnable
        let run = Shell.Run(fence.Text, RepositoryFiles.Root, timeMax)
        where run.ExitCode != 0
        select $"README.md:{fence.Line}\n{fence.Text}\n{run}";
}
