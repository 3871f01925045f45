using System.Text.RegularExpressions;
using InfoHub.Repository.Tests.Sources;

namespace InfoHub.Repository.Tests.Boundaries;

/// <summary>What the stage projects show to the host: their module and its options. All else is internal.</summary>
internal static partial class SurfaceRules
{
    public static readonly Dictionary<string, string[]> Shown = new()
    {
        ["Intake"] = ["IntakeModule", "IntakeOptions"],
        // The gate is part of the options: a batch run opens it when everything has landed.
        ["Processing"] = ["ProcessingModule", "ProcessingOptions", "EvaluationGate", "LinkFitOrder",
            "ReplayedDecision"],
        ["Delivery"] = ["DeliveryModule"],
        // The module and what the host hands to it; then what Razor demands: components are public, and so is every
        // type of a component's parameters.
        ["Console"] =
        [
            "ConsoleModule", "ConsoleCatalogue", "NamedCode", "NamedModel", "GapSum", "RelatedView", "PlaceView",
            "UnjudgedView",
            "SignInCheck", "ConsoleClaims", "ConsoleUser",
            "AmountUnit", "EvidenceView", "FindingView", "FindingsQuery", "FindingsView", "GapBar", "PageFrame",
            "SignInProblem", "LinksQuery", "LinksView", "LinkView", "LinkNotice", "CandidateView", "FieldView",
            "LinkModelView", "BandView", "ModelRow", "LinkForm", "FoundView", "ErrorRatesView", "GroupView",
            "LinkAuditView", "WordingView",
        ],
    };

    public static readonly Rule[] All =
    [
        new("stage projects show their module and options only", files => files.Product
                .Where(file => file.IsCSharp && Shown.ContainsKey(file.Area))
                .SelectMany(file => PublicType().Matches(file.Code)
                    .Where(match => !Shown[file.Area].Contains(match.Groups["name"].Value))
                    .Select(match => $"{file.At(match.Index)} {match.Value} is public")),
            new RepositoryFile("src/InfoHub.Intake/Planted.cs", "namespace A;\n\npublic sealed class LoudDesk;\n"),
            new RepositoryFile("src/InfoHub.Delivery/Planted.cs", "public readonly record struct Page(int Size);"),
            new RepositoryFile("src/InfoHub.Processing/Planted.cs", "public delegate void Landed(long submission);")),
    ];

    [GeneratedRegex(@"^public\s+(?:[a-z]+\s+)*(?:(?:class|struct|record|interface|enum)\s+|delegate\s+\S+\s+)(?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
