using InfoHub.Cli;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Xunit;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Stages.Tests.Client;

/// <summary>Guards the FROZEN exit codes: the numbers, and which problem leads to which.</summary>
public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("IH-INT-101", 4)]
    [InlineData("IH-INT-102", 4)]
    [InlineData("IH-INT-103", 2)]
    [InlineData("IH-INT-104", 2)]
    [InlineData("IH-INT-105", 2)]
    [InlineData("IH-INT-106", 2)]
    [InlineData("IH-INT-107", 2)]
    [InlineData("IH-INT-109", 2)]
    [InlineData("IH-INT-110", 1)]
    [InlineData("IH-INT-111", 5)]
    [InlineData("IH-INT-112", 2)]
    [InlineData("IH-INT-113", 1)]
    [InlineData("IH-INT-114", 5)]
    [InlineData("IH-INT-115", 1)]
    [InlineData("IH-INT-116", 5)]
    [InlineData("IH-INT-117", 1)]
    [InlineData("IH-INT-119", 5)]
    [InlineData("IH-INT-130", 1)]
    [InlineData("IH-INT-131", 6)]
    [InlineData("IH-INT-132", 6)]
    [InlineData("IH-INT-133", 6)]
    [InlineData("IH-INT-134", 1)]
    [InlineData("IH-INT-135", 1)]
    [InlineData("IH-INT-136", 4)]
    [InlineData("IH-INT-138", 1)]
    [InlineData("IH-INT-139", 7)]
    [InlineData("IH-INT-140", 3)]
    [InlineData("IH-INT-141", 1)]
    [InlineData("IH-INT-142", 1)]
    [InlineData("IH-INT-146", 6)]
    [InlineData("IH-INT-147", 2)]
    [InlineData("IH-INT-148", 5)]
    [InlineData("IH-INT-201", 2)]
    [InlineData("IH-INT-208", 2)]
    [InlineData("IH-DLV-101", 1)]
    [InlineData("IH-DLV-102", 1)]
    [InlineData("IH-CFG-001", 1)]
    [InlineData("IH-CFG-010", 1)]
    [InlineData("IH-CFG-017", 1)]
    [InlineData("IH-CFG-018", 1)]
    public void Of_Problem_IsItsExitCode(string code, int expected) =>
        Assert.Equal(expected, (int)ExitCodes.Of(new Problem(ProblemCatalogue.All[code])));

    [Theory]
    [InlineData(SubmissionState.Used, 0, 0)]
    [InlineData(SubmissionState.Received, 0, 0)]
    [InlineData(SubmissionState.Used, 2, 3)]
    [InlineData(SubmissionState.Stored, 1, 3)]
    [InlineData(SubmissionState.FileRefused, 0, 2)]
    [InlineData(SubmissionState.AllRowsRejected, 7, 2)]
    [InlineData(SubmissionState.Withdrawn, 7, 0)]
    public void Of_Submission_IsItsExitCode(SubmissionState state, long rejected, int expected) =>
        Assert.Equal(expected, (int)ExitCodes.Of(new SubmissionStatus { State = state, RowsRejected = rejected }));

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 0)]
    public void Of_RejectedRowsMended_IsOkWhenNoneIsOpen(long mended, int expected) => Assert.Equal(expected, (int)ExitCodes.Of(
        new SubmissionStatus { State = SubmissionState.Used, RowsRejected = 2, RowsMended = mended }));

    [Theory]
    [InlineData(new int[0], 0)]
    [InlineData(new[] { 0, 0 }, 0)]
    [InlineData(new[] { 0, 3 }, 3)]
    [InlineData(new[] { 3, 2, 0 }, 2)]
    [InlineData(new[] { 2, 1 }, 2)]
    [InlineData(new[] { 3, 1 }, 1)]
    [InlineData(new[] { 2, 4, 3 }, 4)]
    [InlineData(new[] { 5, 4 }, 5)]
    [InlineData(new[] { 5, 6 }, 6)]
    [InlineData(new[] { 2, 7, 3 }, 7)]
    [InlineData(new[] { 70, 5 }, 70)]
    public void Worst_OfSeveral_IsTheOneToActOnFirst(int[] codes, int expected) =>
        Assert.Equal(expected, (int)ExitCodes.Worst(codes.Select(code => (ExitCode)code)));

    /// <summary>The table in the README names every number with its name, and no other.</summary>
    [Fact]
    public void Readme_TableOfExitCodes_IsTheEnum()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "InfoHub.sln")))
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        var rows = File.ReadLines(Path.Combine(folder, "src", "InfoHub.Cli", "README.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 3
                && int.TryParse(cells[1], out _))
            .Select(cells => $"{cells[1]} {cells[2].Trim('`')}");
        Assert.Equal(Enum.GetValues<ExitCode>().Select(code => $"{(int)code} {code}"), rows);
    }
}
