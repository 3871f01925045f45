using InfoHub.Host.Batch;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.Stages.Tests.Demo;

/// <summary>Which files of a folder a batch takes, and in which order.</summary>
public sealed class BatchFeedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-feed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Extracts_OfAFolder_AreInPeriodOrder_AndNoTableIsPassedOver()
    {
        foreach (var name in new[]
        {
            "notes.csv", "GD-01_202503.csv", "SW-01_202503.xlsx", "GD-01_202502.csv", "2025 3月.XLSX", "truth.json",
                "README.md",
        })
            File.WriteAllText(Path.Combine(_folder, name), name.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase) ? "PK\u0003\u0004" : "");

        var taken = BatchFeed.Extracts(_folder).Select(path => Path.GetFileName(path)!).ToArray();
        Assert.Equal(["GD-01_202502.csv", "SW-01_202503.xlsx", "GD-01_202503.csv", "2025 3月.XLSX", "notes.csv"], taken);
    }

    [Fact]
    public void Extracts_NoFolder_IsANumberedProblem()
    {
        var refused = Assert.Throws<ProblemException>(() => BatchFeed.Extracts(Path.Combine(_folder, "none")));
        Assert.Equal("IH-INT-117", refused.Problem.Code);
    }
}
