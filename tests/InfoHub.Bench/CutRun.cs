using System.Diagnostics;
using InfoHub.Client;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;

namespace InfoHub.Bench;

/// <summary>What became of an upload that was cut and killed.</summary>
/// <param name="Cuts">Connections cut by the proxy, each after another number of bytes.</param>
/// <param name="Kills">Client processes that died of SIGKILL while they uploaded.</param>
/// <param name="Busy">How often the hub said that the upload was still held (IH-INT-111, IH-INT-119).</param>
/// <param name="LongestLock">From a connection's coming in to the first durable byte acknowledged on it, at
/// most.</param>
/// <param name="Status">The submission once it rests, or has been stored.</param>
internal sealed record CutOutcome(int Cuts, int Kills, int Busy, TimeSpan LongestLock, SubmissionStatus Status);

/// <summary>
/// One file through a proxy that cuts the connection over and over, then through client processes that are killed,
/// until it is there. Seeded: the same seed cuts after the same bytes.
/// </summary>
internal sealed class CutRun(CuttingProxy proxy, SubmissionFile file, int seed)
{
    private const long ReachMin = 64 << 10;
    private const long ReachLeast = 700 << 10;
    private const long ShortMax = 30_000;

    /// <summary>
    /// What has become durable is heard of late: no connection may carry so much that the file gets through.
    /// </summary>
    private const long ReachParts = 16;
    private const long KillBytesPerSecond = 6 << 20;
    private const int AttemptsMax = 100;

    private readonly Random _random = new(seed);
    private readonly HashSet<long> _used = [];
    private readonly long _size = new FileInfo(file.Path).Length;

    private long _reach = ReachMin;
    private long _durable;
    private long _durableAtCut;
    private int _busy;
    private long _longestLock;
    private long _measured;

    /// <summary>A share of the file is left for the kills.</summary>
    private double CutShare { get; init; } = 0.6;

    /// <param name="options">Hub is replaced by the proxy.</param>
    /// <param name="cuts">Connections to cut.</param>
    /// <param name="kills">Client processes to kill.</param>
    /// <param name="client">Starts <c>infohub push</c> against an address.</param>
    /// <param name="limit">Gives up then.</param>
    public async Task<CutOutcome> RunAsync(
        HubConnectionOptions options, int cuts, int kills, Func<Uri, Process> client, CancellationToken limit)
    {
        await CutAsync(options, cuts, limit);
        var cut = proxy.Cuts;
        proxy.CutAfter = () => null;
        proxy.BytesPerSecond = KillBytesPerSecond;
        var killed = await KillAsync(kills, client, limit);
        proxy.BytesPerSecond = 0;
        using var connection = new HubConnection(options with { Hub = proxy.Address });
        var status = await new SubmissionSender(connection).SendAsync(file, SendUntil.Committed, null, limit);
        return new CutOutcome(cut, killed, _busy, Stopwatch.GetElapsedTime(0, _longestLock), status);
    }

    private async Task CutAsync(HubConnectionOptions options, int cuts, CancellationToken limit)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(limit);
        proxy.CutAfter = () => NextCut(cuts);
        using var connection = new HubConnection(options with
        {
            Hub = proxy.Address, AttemptsMax = AttemptsMax,
            RetryDelayMin = TimeSpan.FromMilliseconds(1), RetryDelayMax = TimeSpan.FromMilliseconds(4),
        });
        while (proxy.Cuts < cuts)
        {
            var sending = SendAsync(connection, enough.Token);
            while (proxy.Cuts < cuts && !sending.IsCompleted)
                await Task.Delay(1, limit);
            if (proxy.Cuts >= cuts)
                await enough.CancelAsync();
            if (await sending)
                throw new InvalidOperationException($"the file was through after {proxy.Cuts} cuts");
        }
    }

    /// <summary>
    /// True when the file is through; false when the client gave up, as it does after many cuts in a row.
    /// </summary>
    private async Task<bool> SendAsync(HubConnection connection, CancellationToken enough)
    {
        try
        {
            await new SubmissionSender(connection).SendAsync(file, SendUntil.Committed, new Follower(Note), enough);
            return true;
        }
        catch (ProblemException gaveUp) when (gaveUp.Problem.Code == ProblemCatalogue.HubUnreachable.Code)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// Short while the file is ahead of its share, so that it is not through before the last cut; else as far as the
    /// last chunk reached, and further when that was not far enough.
    /// </summary>
    private long? NextCut(int cuts)
    {
        var (durable, done) = (Volatile.Read(ref _durable), proxy.Cuts);
        if (done >= cuts)
            return null;
        var isAhead = durable > _size * CutShare * (done + 1) / cuts;
        if (!isAhead)
            _reach = durable > _durableAtCut ? Math.Max(ReachMin, _reach / 2)
                : Math.Min(Math.Max(ReachLeast, _size / ReachParts), _reach * 3 / 2);
        _durableAtCut = durable;
        var bytes = 0L;
        do
            bytes = _random.NextInt64(1, isAhead ? ShortMax : _reach);
        while (!_used.Add(bytes));
        return bytes;
    }

    private void Note(SendingProgress progress)
    {
        if (progress.Retrying is { Code: "IH-INT-111" or "IH-INT-119" })
            Interlocked.Increment(ref _busy);
        if (progress.Step != SendingStep.Uploading || progress.BytesDone <= _durable)
            return;
        Volatile.Write(ref _durable, progress.BytesDone);
        // Only the first acknowledgement of a connection tells how long it had to wait.
        if (Interlocked.Exchange(ref _measured, proxy.AcceptedAt) == proxy.AcceptedAt)
            return;
        _longestLock = Math.Max(_longestLock, Stopwatch.GetTimestamp() - proxy.AcceptedAt);
    }

    private async Task<int> KillAsync(int kills, Func<Uri, Process> client, CancellationToken limit)
    {
        var killed = 0;
        for (var round = 0; killed < kills && round < kills * 2; round++)
        {
            // Up to a quarter more than an even share: the rest of the file is enough for all.
            var share = (long)(_size * (1 - CutShare) * 0.7 / kills);
            var until = proxy.Forwarded + _random.NextInt64(1, Math.Max(2, share));
            using var process = client(proxy.Address);
            while (proxy.Forwarded < until && !process.HasExited)
                await Task.Delay(1, limit);
            if (process.HasExited)
                break;
            process.Kill();
            await process.WaitForExitAsync(limit);
            killed++;
        }
        return killed;
    }

    private sealed class Follower(Action<SendingProgress> note) : IProgress<SendingProgress>
    {
        public void Report(SendingProgress value) => note(value);
    }
}
