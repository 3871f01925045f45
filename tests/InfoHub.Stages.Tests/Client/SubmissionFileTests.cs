using System.Text;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

public sealed class SubmissionFileTests
{
    [Theory]
    [InlineData("GD-01_202503.csv", "GD-01", "202503", 1, FileFormat.Csv)]
    [InlineData("GD-01_202503_2.csv", "GD-01", "202503", 2, FileFormat.Csv)]
    [InlineData("GD-01_202503_0012.CSV", "GD-01", "202503", 12, FileFormat.Csv)]
    [InlineData("scjg-0a_2025Q1.xlsx", "SCJG-0A", "2025Q1", 1, FileFormat.Xlsx)]
    [InlineData("SCJG-01_2025q4_3.XLSX", "SCJG-01", "2025Q4", 3, FileFormat.Xlsx)]
    [InlineData("SCJG-01_2025.csv", "SCJG-01", "2025", 1, FileFormat.Csv)]
    [InlineData("SCJG-01_2025-03.csv", "SCJG-01", "202503", 1, FileFormat.Csv)]
    [InlineData("out/of/the/way/YB-02_202512.csv", "YB-02", "202512", 1, FileFormat.Csv)]
    public void FromPath_NameByTheConvention_IsRead(string path, string item, string period, int sequence,
        FileFormat format)
    {
        var file = SubmissionFile.FromPath(path);
        Assert.Equal((item, period, sequence, format), (file.Item, file.Period.ToString(), file.Sequence, file.Format));
    }

    [Theory]
    [InlineData("report.csv")]
    [InlineData("GD-01.csv")]
    [InlineData("GD-01_202513.csv")]
    [InlineData("GD-01_202500.csv")]
    [InlineData("GD-01_2025Q5.csv")]
    [InlineData("GD-01_202503_0.csv")]
    [InlineData("GD-01_202503_12345.csv")]
    [InlineData("GD-01_202503_2_3.csv")]
    [InlineData("GD-01_202503_a.csv")]
    [InlineData("GD-01_202503.txt.gz")]
    [InlineData("GD-01_202503.csv.exe")]
    [InlineData("GD01_202503.csv")]
    [InlineData("GD-001_202503.csv")]
    [InlineData("-01_202503.csv")]
    [InlineData("供电-01_202503.csv")]
    [InlineData("GD-01_２０２５０３.csv")]
    [InlineData("")]
    public void FromPath_OtherName_IsUnclear(string path)
    {
        var failed = Assert.Throws<ProblemException>(() => SubmissionFile.FromPath(path));
        Assert.Equal("IH-INT-115", failed.Problem.Code);
    }

    [Fact]
    public void FromPath_ItemAndPeriodStated_TheNameIsFree()
    {
        var file = SubmissionFile.FromPath("三月用电.tsv", "gd-01", "2025-03", 4);
        Assert.Equal(("GD-01", "202503", 4, FileFormat.Csv), (file.Item, file.Period.ToString(), file.Sequence,
            file.Format));
    }

    [Fact]
    public void FromPath_StatedAgainstTheName_TheStatedWins()
    {
        var file = SubmissionFile.FromPath("GD-01_202503_2.csv", period: "202504");
        Assert.Equal(("GD-01", "202504", 2), (file.Item, file.Period.ToString(), file.Sequence));
    }

    [Fact]
    public void FromPath_StatedPeriodIsNone_IsPeriodInvalid() =>
        Assert.Equal("IH-INT-106", Assert.Throws<ProblemException>(() => SubmissionFile.FromPath("GD-01_202503.csv",
            period: "March")).Problem.Code);

    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xE3069283u)]
    public void Crc32c_KnownText_HasItsCheckValue(string text, uint expected) =>
        Assert.Equal(expected, Crc32c.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Crc32c_32Zeros_IsTheValueOfRfc3720() => Assert.Equal(0x8A9136AAu, Crc32c.Of(new byte[32]));
}
