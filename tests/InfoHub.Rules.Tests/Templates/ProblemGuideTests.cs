using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// The departments' list of problems says what the catalogue says. After a new code write it anew with
/// <c>INFOHUB_UPDATE=1 dotnet test tests/InfoHub.Rules.Tests --filter ProblemGuideTests</c>.
/// </summary>
public sealed class ProblemGuideTests
{
    [Fact]
    public void Document_OnFile_IsWhatTheCatalogueSays()
    {
        var file = Path.Combine(Root(), "partner-templates", "PROBLEMS.md");
        if (Environment.GetEnvironmentVariable("INFOHUB_UPDATE") == "1")
            File.WriteAllText(file, ProblemGuide.Document());

        Assert.True(File.Exists(file) && File.ReadAllText(file) == ProblemGuide.Document(),
            $"{file} is not what the catalogue says; run INFOHUB_UPDATE=1 dotnet test tests/InfoHub.Rules.Tests "
            + "--filter ProblemGuideTests");
    }

    [Fact]
    public void Document_HoldsEveryCodeOnce_WithWhatToDo()
    {
        var lines = ProblemGuide.Document().Split('\n')
            .Where(line => line.StartsWith("| IH-", StringComparison.Ordinal));
        var cells = lines.Select(line => line.Split(" | ")).ToList();

        Assert.Equal(ProblemCatalogue.All.Keys.Order(StringComparer.Ordinal),
            cells.Select(cell => cell[0][2..]).Order(StringComparer.Ordinal));
        Assert.All(cells, cell => Assert.Equal(5, cell.Length));
        Assert.All(cells, cell => Assert.DoesNotContain("", cell.Select(text => text.Trim())));
    }

    [Fact]
    public void EveryValue_HasANameForPeople() => Assert.All(ProblemCatalogue.All.Values, kind =>
        Assert.DoesNotContain("〈…〉", ProblemGuide.Detail(kind) + ProblemGuide.Remedy(kind), StringComparison.Ordinal));

    [Theory]
    [InlineData("IH-INT-101", "登录、调用与上传", "本次调用不受理，已收到的内容不变")]
    [InlineData("IH-INT-208", "文件", "整份退回，本次不入库任何一行")]
    [InlineData("IH-INT-309", "单元格", "提醒：该行照常入库")]
    [InlineData("IH-INT-501", "行与行之间", "该行退回，其余行照常入库")]
    [InlineData("IH-CFG-001", "安装与配置", "程序不启动，直到改正")]
    public void Kind_HasItsFamilyAndConsequence(string code, string family, string consequence)
    {
        var kind = ProblemCatalogue.All[code];
        Assert.Equal((family, consequence), (ProblemGuide.FamilyOf(kind).Title, ProblemGuide.Consequence(kind)));
    }

    [Fact]
    public void Readable_NamesTheBraces() =>
        Assert.Equal("从偏移 〈已存偏移〉 继续，〈…〉", ProblemGuide.Readable("从偏移 {durable} 继续，{unheard}"));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "InfoHub.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
