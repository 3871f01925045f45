using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Domain.Submissions;
using InfoHub.Templates.Problems;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Intake.Submit;

/// <summary>What a sender says it counted, read with care: plain decimals, no more of them than a template has
/// columns.</summary>
internal static class ManifestText
{
    private const int SumsMax = 200;

    /// <summary>Null when nothing was said.</summary>
    /// <exception cref="ProblemException">IH-INT-113: a sum is no decimal, or there are too many.</exception>
    public static Manifest? Read(Wire.Manifest? manifest)
    {
        if (manifest is null)
            return null;
        if (manifest.ControlSums.Count > SumsMax || (manifest.HasRows && manifest.Rows < 0))
            throw SubmissionDesk.Refused(ProblemCatalogue.RequestUnsound, ("field", "manifest"), ("reason", $"rows ≥ 0, at most {SumsMax} control_sums"));
        return new Manifest(manifest.HasRows ? manifest.Rows : null, manifest.ControlSums.ToImmutableSortedDictionary(
            s => s.Key, s => DecimalOf(s.Key, s.Value), StringComparer.Ordinal));
    }

    private static decimal DecimalOf(string field, string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value : throw SubmissionDesk.Refused(ProblemCatalogue.RequestUnsound, ("field", $"control_sums[{field}]"), ("reason", "-1234.50"));
}
