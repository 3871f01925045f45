using InfoHub.Repository.Tests.Sources;
using Xunit;

namespace InfoHub.Repository.Tests.Packages;

public sealed class PackageTests
{
    public static TheoryData<string> Names => Rule.NamesOf(PackageRules.All);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnThisRepository_Holds(string name) => Rule.Holds(PackageRules.All, name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnAPlantedViolation_Fails(string name) => Rule.Bites(PackageRules.All, name);
}
