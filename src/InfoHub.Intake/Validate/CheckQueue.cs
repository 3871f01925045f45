using System.Collections.Concurrent;
using System.Threading.Channels;

namespace InfoHub.Intake.Validate;

/// <summary>
/// Submissions that wait for their check or are being checked, each once however often it is put in. It holds ids
/// only; what
/// is due stands in the store, and is put in again from there.
/// </summary>
internal sealed class CheckQueue
{
    private readonly Channel<long> _waiting = Channel.CreateUnbounded<long>();
    private readonly ConcurrentDictionary<long, bool> _known = new();

    /// <summary>Waiting or under way.</summary>
    public int Count => _known.Count;

    public void Put(long submission)
    {
        if (_known.TryAdd(submission, true))
            _waiting.Writer.TryWrite(submission);
    }

    public IAsyncEnumerable<long> TakeAllAsync(CancellationToken cancellation) => _waiting.Reader.ReadAllAsync(cancellation);

    /// <summary>The check has ended, or is to be begun anew: the submission may be put in again.</summary>
    public void Leave(long submission) => _known.TryRemove(submission, out _);
}
