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

    /// <summary>Null when everything that the manifest names agrees.</summary>
    public static Problem? Compare(Submission submission)
    {
        if (submission.Manifest is not { } manifest)
            return null;
        if (manifest.Rows is { } rows && rows != submission.RowsReceived)
            return Differs("行数", rows.ToString(CultureInfo.InvariantCulture), submission.RowsReceived.ToString(CultureInfo.InvariantCulture));
        foreach (var (field, stated) in manifest.Sums)
            if (submission.Sums.FirstOrDefault(s => s.Field == field) is not { } sum)
                return Differs(field, Plain(stated), "不是数值列");
            else if (sum.Received != stated)
                return Differs(field, Plain(stated), Plain(sum.Received));
        return null;
    }

    public static JsonObject ToJson(ImmutableArray<ControlSum> sums) => new(sums.Select(s => KeyValuePair.Create(s.Field, (JsonNode?)new JsonObject
    {
        ["received"] = Plain(s.Received), ["rejected"] = Plain(s.Rejected), ["accepted"] = Plain(s.Accepted),
    })));

    private static string Plain(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static Problem Differs(string what, string stated, string found) =>
        new(ProblemCatalogue.ManifestDiffers, ("what", what), ("stated", stated), ("found", found));
}
