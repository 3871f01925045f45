using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using InfoHub.Domain.Submissions;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;

namespace InfoHub.Intake.Validate;

/// <summary>What the sender counted against what was received.</summary>
internal static class ControlTotals
{
    public static decimal Of(ExactDecimal sum) => decimal.Parse(sum.ToString(), CultureInfo.InvariantCulture);

    /// <summary>
    /// Null when everything of the manifest that <see cref="Compared"/> names agrees. The sender sums in its own system
    /// cells that the hub could not read: a sum without them says nothing.
    /// </summary>
    public static Problem? Compare(Submission submission)
    {
        if (submission.Manifest is not { } manifest)
            return null;
        if (manifest.Rows is { } rows && rows != submission.RowsReceived)
            return Differs("行数", rows.ToString(CultureInfo.InvariantCulture), submission.RowsReceived.ToString(CultureInfo.InvariantCulture));
        foreach (var (field, stated) in manifest.Sums)
            if (submission.Sums.FirstOrDefault(s => s.Field == field) is not { } sum)
                return Differs(field, Plain(stated), "不是数值列");
            else if (sum.IsComplete && sum.Received != stated)
                return Differs(field, Plain(stated), Plain(sum.Received));
        return null;
    }

    /// <summary>What the manifest states and could be compared: "rows", then columns by their English names.</summary>
    public static ImmutableArray<string> Compared(Submission submission) => submission.Manifest is not { } manifest ? []
        : [.. manifest.Rows is null ? Array.Empty<string>() : ["rows"],
            .. manifest.Sums.Keys.Where(field => submission.Sums.Any(s => s.Field == field && s.IsComplete))];

    public static JsonObject ToJson(ImmutableArray<ControlSum> sums) => new(sums.Select(s => KeyValuePair.Create(s.Field, (JsonNode?)new JsonObject
    {
        ["received"] = Plain(s.Received), ["rejected"] = Plain(s.Rejected), ["accepted"] = Plain(s.Accepted),
    })));

    private static string Plain(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static Problem Differs(string what, string stated, string found) =>
        new(ProblemCatalogue.ManifestDiffers, ("what", what), ("stated", stated), ("found", found));
}
