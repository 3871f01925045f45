using System.Text.RegularExpressions;
using Xunit;

namespace InfoHub.Repository.Tests.Sources;

/// <summary>
/// A rule over the files of the repository, taken as data, so that a planted violation can be fed to it: a rule that
/// cannot fail guards nothing. Each planted file replaces the file of its path, or comes on top.
/// </summary>
internal sealed record Rule(
    string Name, Func<RepositoryFiles, IEnumerable<string>> Violations, params RepositoryFile[] Planted)
{
    /// <summary>True when only all planted files together break the rule.</summary>
    public bool Together { get; init; }

    public static TheoryData<string> NamesOf(IEnumerable<Rule> rules) => [.. rules.Select(rule => rule.Name)];

    public static void Holds(IEnumerable<Rule> rules, string name)
    {
        var violations = rules.Single(rule => rule.Name == name).Violations(RepositoryFiles.Current).ToList();

        Assert.True(violations.Count == 0, $"{name}: {violations.Count} violations\n{string.Join('\n', violations)}");
    }

    public static void Bites(IEnumerable<Rule> rules, string name)
    {
        var rule = rules.Single(rule => rule.Name == name);
        var before = rule.Violations(RepositoryFiles.Current).ToHashSet();

        Assert.NotEmpty(rule.Planted);
        foreach (var planted in rule.Together ? [rule.Planted] : rule.Planted.Chunk(1))
        {
            var files = planted.Aggregate(RepositoryFiles.Current, (files, file) => files.With(file));
            var found = rule.Violations(files).Where(found => !before.Contains(found));
            Assert.True(found.Any(), $"{name}: the planted violation in {planted[0].Path} is not seen:\n{planted[0].Text}");
        }
    }

    /// <summary>A rule "this pattern is not in the code of these files".</summary>
    public static Rule Ban(
        string name, Regex pattern, Func<RepositoryFile, bool> where, params RepositoryFile[] planted) =>
        new(name, files => files.All.Where(file => file.IsSource && where(file)).SelectMany(file => pattern
            .Matches(file.Code).Select(match => $"{file.At(match.Index)} {match.Value.Trim()}")), planted);
}
