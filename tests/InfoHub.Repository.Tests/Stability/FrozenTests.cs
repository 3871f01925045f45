using InfoHub.Cli;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Repository.Tests.Stability;

/// <summary>Numbers and codes that are on the wire, in the store and in other people's scripts.</summary>
public sealed class FrozenTests
{
    [Fact]
    public void ProblemCodes_AndWhatTheyDo_AreAsOnFile() => Frozen.Matches("problem-codes.txt",
        ProblemCatalogue.All.Values.Select(kind => $"{kind.Code} {kind.Disposition}"));

    [Fact]
    public void EnumNumbers_AreAsOnFile() => Frozen.Matches("enums.txt",
    [
        .. Lines<SubmissionState>(), .. Lines<FindingState>(), .. Lines<ReceiptKind>(), .. Lines<FileFormat>(),
        .. Lines<Severity>(), .. Lines<Disposition>(), .. Lines<AliasKind>(), .. Lines<LinkDecision>(),
        .. Lines<FieldKind>(), .. Lines<IdentityRole>(), .. Lines<PeriodKind>(), .. Lines<ExitCode>(),
        .. Lines<Operation>(), .. Lines<TextEncoding>(), .. Lines<LinkVerdict>(),
    ]);

    [Fact]
    public void WireFields_AreAsOnFile() => Frozen.Matches("wire.txt", WireText.Lines());

    [Fact]
    public void WireText_CoversEveryProtoFile() => Assert.Equal(
        Sources.RepositoryFiles.Current.All.Select(file => file.Path)
            .Where(path => path.EndsWith(".proto", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        WireText.FileNames.Select(name => $"protos/{name}").Order(StringComparer.Ordinal));

    [Fact]
    public void WireEnums_CarryTheNumbersOfTheDomain()
    {
        Same<SubmissionState, Contracts.Intake.V1.SubmissionState>();
        Same<FileFormat, Contracts.Intake.V1.FileFormat>();
        Same<Severity, Contracts.Intake.V1.Severity>();
        Same<Disposition, Contracts.Intake.V1.Disposition>();
        Same<FindingState, Contracts.Delivery.V1.FindingState>();
        Same<ReceiptKind, Contracts.Intake.V1.ReceiptKind>();
        Same<Operation, Contracts.Intake.V1.Operation>();
    }

    [Theory]
    [InlineData("A = 1|B = 2", "A = 1|B = 2", 0)]
    [InlineData("A = 1|B = 2", "A = 1", 1)]
    [InlineData("A = 1", "A = 1|B = 2", 1)]
    [InlineData("A = 1", "A = 2", 2)]
    [InlineData("A = 1", "A = 1|A = 1", 1)]
    public void Faults_OfAChangedList_AreSeen(string onFile, string actual, int expected) =>
        Assert.Equal(expected, Frozen.Faults(onFile.Split('|'), actual.Split('|')).Count);

    [Fact]
    public void Differences_OfEnumsThatDiffer_AreSeen() =>
        Assert.NotEmpty(Differences<SubmissionState, Contracts.Delivery.V1.FindingState>());

    private static IEnumerable<string> Lines<TEnum>() where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Select(value => $"{typeof(TEnum).Name}.{value} = {Convert.ToInt32(value)}");

    private static void Same<TDomain, TWire>() where TDomain : struct, Enum where TWire : struct, Enum =>
        Assert.Empty(Differences<TDomain, TWire>());

    /// <summary>The wire has a number 0 on top, and puts R1 to R5 before the names of receipts.</summary>
    private static IEnumerable<string> Differences<TDomain, TWire>()
        where TDomain : struct, Enum where TWire : struct, Enum
    {
        var domain = Enum.GetValues<TDomain>().ToDictionary(value => Convert.ToInt32(value), value => value.ToString());
        var wire = Enum.GetValues<TWire>().ToDictionary(value => Convert.ToInt32(value), value => value.ToString());
        return domain.Keys.Union(wire.Keys).Where(number => number != 0
                && !(domain.TryGetValue(number, out var name) && wire.TryGetValue(number, out var wired)
                    && (wired == name || wired == $"R{number}{name}")))
            .Select(number => $"{typeof(TDomain).Name} {number}");
    }
}
