using Xunit;

namespace InfoHub.Repository.Tests.Stability;

/// <summary>
/// A list that others rely on, kept beside the tests. A line on file may neither change nor vanish; a new line has to
/// be written down, and is frozen from then on.
/// </summary>
internal static class Frozen
{
    public static void Matches(string list, IEnumerable<string> actual)
    {
        var path = Path.Combine(Sources.RepositoryFiles.Root, "tests", "InfoHub.Repository.Tests", "Stability", list);
        var faults = Faults(File.ReadAllLines(path), [.. actual]);

        Assert.True(faults.Count == 0, $"{list}:\n{string.Join('\n', faults)}");
    }

    public static IReadOnlyList<string> Faults(IReadOnlyCollection<string> onFile, IReadOnlyCollection<string> actual) =>
    [
        .. onFile.Except(actual).Select(line => $"frozen, but changed or gone: {line}"),
        .. actual.Except(onFile).Select(line => $"new or changed, write it down if it is new: {line}"),
        .. actual.CountBy(line => line).Where(line => line.Value > 1).Select(line => $"twice: {line.Key}"),
    ];
}
