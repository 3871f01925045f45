using System.Reflection;
using InfoHub.Repository.Tests.Sources;
using Xunit;

namespace InfoHub.Repository.Tests.Boundaries;

/// <summary>The table of projects in src/ARCHITECTURE.md is true, and each rule that says so can fail.</summary>
public sealed class BoundaryTests
{
    private static readonly Rule[] Rules = [.. ReferenceRules.All, .. TechnologyRules.All, .. SurfaceRules.All];

    public static TheoryData<string> Names => Rule.NamesOf(Rules);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnThisRepository_Holds(string name) => Rule.Holds(Rules, name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_OnAPlantedViolation_Fails(string name) => Rule.Bites(Rules, name);

    [Theory]
    [InlineData("InfoHub.Templates")]
    [InlineData("InfoHub.Domain")]
    public void PureAssembly_Compiled_ReachesNothingOutside(string assembly) =>
        Assert.Empty(AssemblyReach.Of(Built(assembly)));

    [Theory]
    [InlineData("InfoHub.Intake", "System.IO.File")]
    [InlineData("InfoHub.Intake", "System.Threading.Tasks.Task")]
    [InlineData("InfoHub.Client", "System.Net.Http.HttpClient")]
    [InlineData("InfoHub.Storage", "System.TimeProvider")]
    public void Reach_OfAnAssemblyThatActs_IsSeen(string assembly, string reached) =>
        Assert.Contains(reached, AssemblyReach.Of(Built(assembly)));

    /// <summary>The compiled truth behind the text rule; components are public because Razor makes them so.</summary>
    [Theory]
    [InlineData("Intake")]
    [InlineData("Processing")]
    [InlineData("Delivery")]
    [InlineData("Console")]
    public void StageAssembly_Compiled_ShowsModuleAndOptionsOnly(string area)
    {
        var types = Assembly.LoadFrom(Built($"InfoHub.{area}")).GetExportedTypes();
        var shown = types.Where(type => type.DeclaringType is null && !IsComponent(type)).Select(type => type.Name);

        Assert.Equal(SurfaceRules.Shown[area].Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    private static bool IsComponent(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
            if (ancestor.FullName == "Microsoft.AspNetCore.Components.ComponentBase")
                return true;
        return type.Name == "_Imports";
    }

    private static string Built(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
}
