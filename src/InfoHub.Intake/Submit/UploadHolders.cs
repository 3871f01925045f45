using System.Collections.Concurrent;

namespace InfoHub.Intake.Submit;

/// <summary>One upload stream of this process, which a newer one may end.</summary>
internal sealed class UploadHolder : IDisposable
{
    private readonly CancellationTokenSource _evicted = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationToken Evicted => _evicted.Token;

    /// <summary>Asks the stream to end and waits until it has let the file go, at most as long as a ghost may
    /// last.</summary>
    public async Task EndAsync(TimeSpan max, CancellationToken cancellation)
    {
        try
        {
            await _evicted.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this moment.
        }
        await Task.WhenAny(_gone.Task, Task.Delay(max, cancellation));
    }

    public void Gone() => _gone.TrySetResult();

    public void Dispose() => _evicted.Dispose();
}

/// <summary>
/// Who writes which submission's file in this process. Whatever opens, replaces, hashes or takes back a file does so
/// alone; the
/// epoch in the store does the same between hosts.
/// </summary>
internal sealed class UploadHolders
{
    private const int Stripes = 64;

    /// <summary>How long a stream that was told to end may take to let its file go.</summary>
    public static readonly TimeSpan GhostTimeMax = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, UploadHolder> _holders = new();
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Stripes).Select(static _ => new SemaphoreSlim(1, 1))];

    /// <summary>Ends the stream that holds the submission, if any; until the result is disposed of nobody else comes
    /// this far.</summary>
    public async Task<IDisposable> AloneAsync(long submission, CancellationToken cancellation)
    {
        var gate = _gates[submission % Stripes];
        await gate.WaitAsync(cancellation);
        try
        {
            if (_holders.TryGetValue(submission, out var ghost))
                await ghost.EndAsync(GhostTimeMax, cancellation);
        }
        catch
        {
            gate.Release();
            throw;
        }
        return new Turn(gate);
    }

    /// <summary>Only within <see cref="AloneAsync"/>.</summary>
    public void Enter(long submission, UploadHolder holder) => _holders[submission] = holder;

    public void Leave(long submission, UploadHolder holder)
    {
        _holders.TryRemove(KeyValuePair.Create(submission, holder));
        holder.Gone();
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
