using System.Globalization;

namespace InfoHub.Linkage.Comparing;

/// <summary>The weights of all levels in log-odds (natural logarithm), with the name of their version.</summary>
internal sealed class LinkWeights
{
    private readonly float[] _weights;

    public LinkWeights(string version, float[] weights)
    {
        if (weights.Length != ComparisonFields.Count)
            throw new ArgumentException($"{weights.Length} weights, {ComparisonFields.Count} levels", nameof(weights));
        (Version, _weights) = (version, weights);
    }

    /// <summary>Nothing weighs anything.</summary>
    public static LinkWeights None { get; } = new("none", new float[ComparisonFields.Count]);

    public string Version { get; }

    public ReadOnlySpan<float> All => _weights;

    public float Of(int level) => _weights[level];

    public float Sum(ReadOnlySpan<short> levels)
    {
        var sum = 0f;
        foreach (var level in levels)
            sum += _weights[level];
        return sum;
    }

    /// <summary>
    /// Reads <c>field level weight</c> lines; the first line names the version. A level without a line weighs
    /// nothing.
    /// </summary>
    /// <exception cref="FormatException">A line is of another form, or names what is not compared.</exception>
    public static LinkWeights Parse(IEnumerable<string> lines)
    {
        var version = "";
        var weights = new float[ComparisonFields.Count];
        foreach (var line in lines)
        {
            var parts = line.Split(' ');
            if (parts is ["version", var name])
                version = name;
            else if (parts.Length == 3 && ComparisonFields.All.FirstOrDefault(f => f.Name == parts[0]) is { } field
                && Array.IndexOf(field.Levels, parts[1]) is >= 0 and var level
                && float.TryParse(parts[2], CultureInfo.InvariantCulture, out var weight))
                weights[field.First + level] = weight;
            else
                throw new FormatException($"no field, level and weight: {line}");
        }
        return new LinkWeights(version, weights);
    }

    public IEnumerable<string> Lines()
    {
        yield return $"version {Version}";
        foreach (var field in ComparisonFields.All)
            for (var i = 0; i < field.Levels.Length; i++)
                if (MathF.Round(_weights[field.First + i], 4) != 0)
                    yield return string.Create(CultureInfo.InvariantCulture,
                        $"{field.Name} {field.Levels[i]} {_weights[field.First + i]:0.####}");
    }
}
