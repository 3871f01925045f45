using System.Globalization;
using Grpc.Core;
using InfoHub.Templates.Problems;

namespace InfoHub.Client.Calling;

/// <summary>A step failed and will be tried again after <paramref name="Delay"/>.</summary>
internal readonly record struct Retry(Problem Problem, TimeSpan Delay);

/// <summary>
/// Counts failures without progress and waits ever longer between them (exponential, with jitter, bounded).
/// </summary>
/// <param name="options">Bounds and clock.</param>
/// <param name="tokens">Told to forget a token that the hub refuses.</param>
/// <param name="isUpload">A damaged chunk or a wrong offset is worth another try: the upload goes on from the durable
/// offset.</param>
/// <param name="onRetry">Called before each pause.</param>
internal sealed class Attempts(HubConnectionOptions options, TokenSource tokens, bool isUpload, Action<Retry>? onRetry)
{
    private static readonly TimeSpan BusyDelayMax = TimeSpan.FromMinutes(1);

    private static readonly string[] Repeatable = [ProblemCatalogue.HubUnreachable.Code,
        ProblemCatalogue.Overloaded.Code];
    private static readonly string[] RepeatableUpload = [.. Repeatable, ProblemCatalogue.ChunkDamaged.Code,
        ProblemCatalogue.OffsetWrong.Code];

    private int _failed;
    private bool _tokenForgotten;

    public void Progressed()
    {
        _failed = 0;
        _tokenForgotten = false;
    }

    /// <summary>
    /// False for what no pause can mend; true also for problems that <see cref="PauseAsync"/> will throw.
    /// </summary>
    public bool Recognises(Exception failure) =>
        WireProblems.Read(failure, options.Hub) is not null
            || failure is RpcException { StatusCode: StatusCode.Cancelled };

    /// <summary>Returns when the step may be tried again.</summary>
    /// <exception cref="ProblemException">The failure is final, or the attempts are used up.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task PauseAsync(Exception failure, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var problem = WireProblems.Read(failure, options.Hub) ?? WireProblems.Unreachable(options.Hub, failure);
        if (failure is RpcException && problem.Code == ProblemCatalogue.NotSignedIn.Code && !_tokenForgotten)
        {
            _tokenForgotten = true;
            tokens.Forget();
            return;
        }
        if (!(isUpload ? RepeatableUpload : Repeatable).Contains(problem.Code) || ++_failed >= options.AttemptsMax)
            throw new ProblemException(problem);
        var delay = DelayAfter(failure, problem);
        onRetry?.Invoke(new Retry(problem, delay));
        await Task.Delay(delay, options.Clock, cancellation).ConfigureAwait(false);
    }

    private TimeSpan DelayAfter(Exception failure, Problem problem)
    {
        var grown = options.RetryDelayMin * Math.Pow(2, Math.Min(_failed - 1, 30));
        var delay = (grown < options.RetryDelayMax ? grown : options.RetryDelayMax) * (0.5
            + (Random.Shared.NextDouble() / 2));
        var asked = Seconds((failure as RpcException)?.Trailers.GetValue("retry-after"))
            ?? Seconds(problem.Values.FirstOrDefault(v => v.Key == "seconds").Value);
        return asked is { } wait && wait > delay ? wait : delay;
    }

    private static TimeSpan? Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, BusyDelayMax.TotalSeconds))
            : null;
}
