using System.Collections.Immutable;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Linkage.Deciding;
using InfoHub.Processing.Evaluate;
using InfoHub.Processing.Land;
using InfoHub.Processing.Resolve;
using InfoHub.Storage.Parties;
using InfoHub.Streaming;
using InfoHub.Templates.Model;
using Microsoft.Extensions.DependencyInjection;

namespace InfoHub.Processing;

/// <summary>What processing decides with, and its bounds.</summary>
public sealed record ProcessingOptions
{
    public const int EvaluatorsAtOnceDefault = 2;

    public ImmutableArray<ComparisonModel> Models { get; init; } = ModelCatalogue.All;

    public ParameterSet Parameters { get; init; } = ParameterSet.Shipped;

    /// <summary>Batches of parties evaluated at the same time. Default 2.</summary>
    public int EvaluatorsAtOnce { get; init; } = EvaluatorsAtOnceDefault;

    public required TimeProvider Clock { get; init; }

    /// <summary>Models run only while it is open.</summary>
    public EvaluationGate Gate { get; init; } = new(isOpen: true);

    /// <summary>
    /// Rows are resolved only while it is open: a batch resolves in the order of its files, whatever landed first.
    /// </summary>
    public EvaluationGate ResolutionGate { get; init; } = new(isOpen: true);

    internal DateOnly AsOf() => DateOnly.FromDateTime(Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);

    /// <summary>The rule set as text, one line per dated value, to be kept with its version.</summary>
    internal string RuleSetContent => string.Join('\n', Parameters.All.Values.OrderBy(p => p.Name, StringComparer.Ordinal).SelectMany(p => p.Values.Select(v =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{p.Name}\t{v.Region}\t{v.From:yyyy-MM-dd}\t{v.To:yyyy-MM-dd}\t{v.Value}\t{p.Unit}\t{v.Citation}")))
        .Concat(Parameters.Calendar.Lines()));
}

/// <summary>
/// Holds evaluation back while a batch is being loaded, so that each party is judged once, over everything.
/// </summary>
public sealed class EvaluationGate(bool isOpen)
{
    private volatile bool _isOpen = isOpen;

    public bool IsOpen => _isOpen;

    public void Open() => _isOpen = true;
}

/// <summary>What is to be fitted.</summary>
/// <param name="Department">Null: every department.</param>
/// <param name="IsApplied">Fitted weights take effect where they do no worse than the shipped ones.</param>
/// <param name="Tell">Gets the outcome line by line, zh-CN.</param>
public sealed record LinkFitOrder(string? Department, bool IsApplied, Action<string> Tell);

/// <summary>A decision and what it is when it is made again.</summary>
/// <param name="IsSameEngine">False when another release of the comparison made it, which may differ.</param>
/// <param name="Explanation">Null unless it was asked for.</param>
public sealed record ReplayedDecision(
    StoredDecision Was, RowDecision Now, bool IsSame, bool IsSameEngine, LinkExplanation? Explanation);

/// <summary>Record log → store → party → findings.</summary>
public static class ProcessingModule
{
    /// <summary>
    /// Needs SubmissionStore, LandingStore, ResolutionStore, LinkStore, EvaluationStore, ParkedWork, IRecordLog and
    /// TemplateRegistry from the host.
    /// </summary>
    public static IServiceCollection AddProcessing(this IServiceCollection services, ProcessingOptions options) => services
        .AddSingleton(options)
        .AddSingleton<WorkSignals>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<LandStage>(provider, provider.GetRequiredService<WorkSignals>().Resolve))
        .AddSingleton<ResolveStage>()
        .AddSingleton<LinkStage>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<EvaluateStage>(provider, options.Models, options.Parameters, options.Clock))
        .AddHostedService<LandWorker>()
        .AddHostedService<ResolveWorker>()
        .AddHostedService<EvaluateWorker>();

    /// <summary>
    /// Fits the weights of party resolution to the rows of every department, or of one, and tells what they do on rows
    /// they were not fitted to. Those that do no worse than the shipped ones take effect when that is asked for.
    /// </summary>
    /// <returns>Departments whose weights took effect.</returns>
    public static Task<int> FitLinkModelsAsync(LinkStore links, LinkModelStore models, LinkAudits audits,
        TemplateRegistry templates,
        ProcessingOptions options, LinkFitOrder order, CancellationToken cancellation) =>
        new LinkFitting(links, models, audits, templates, options).RunAsync(order.Department, order.IsApplied,
            order.Tell, cancellation);

    /// <summary>
    /// Makes decisions about whose rows are again, each with the register and the weights of its day: all decisions of
    /// one row, or at most so many, the same ones every time.
    /// </summary>
    /// <param name="advance">Gets how many more have been replayed.</param>
    public static Task<IReadOnlyList<ReplayedDecision>> ReplayLinksAsync(LinkStore links, StoredDecisions decisions,
        long? row, int most, Action<int> advance, CancellationToken cancellation)
    {
        var replay = new LinkReplay(links, decisions);
        return row is { } number ? replay.RowAsync(number, cancellation)
            : replay.SampleAsync(most, advance, cancellation);
    }

    /// <summary>Sums of the stages since the process began, for the summary of a batch run.</summary>
    public static IReadOnlyDictionary<string, StageMetrics> Stages { get; } = new Dictionary<string, StageMetrics>
    {
        ["land"] = ProcessingMetrics.Land, ["resolve"] = ProcessingMetrics.Resolve, ["link"] = ProcessingMetrics.Link,
        ["evaluate"] = ProcessingMetrics.Evaluate,
    };
}

internal static class ProcessingMetrics
{
    public static readonly StageMetrics Land = new("land");
    public static readonly StageMetrics Resolve = new("resolve");
    public static readonly StageMetrics Link = new("link");
    public static readonly StageMetrics Evaluate = new("evaluate");
}
