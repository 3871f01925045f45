using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using InfoHub.Client.Calling;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Client;

/// <summary>
/// A connection to the hub: gets and renews the token, repeats what was cut, and turns the hub's numbered problems
/// into <see cref="ProblemException"/>. Thread-safe; keep one for the life of the program.
/// </summary>
public sealed class HubConnection : IDisposable
{
    private const int MessageBytesMax = 32 << 20;

    private readonly HubConnectionOptions _options;
    private readonly GrpcChannel _channel;
    private readonly TokenSource _tokens;

    /// <summary>Opens no socket yet.</summary>
    /// <exception cref="ProblemException">IH-CFG-001: an address is not usable.</exception>
    public HubConnection(HubConnectionOptions options)
    {
        RequireUsable("hub", options.Hub, options);
        RequireUsable("authority", options.Authority, options);
        _options = options;
        _tokens = new TokenSource(options);
        _channel = GrpcChannel.ForAddress(options.Hub, new GrpcChannelOptions
        {
            HttpHandler = Transport.NewHandler(options.Hub), DisposeHttpClient = true, MaxReceiveMessageSize =
                MessageBytesMax,
        });
        Submissions = new Submissions.SubmissionsClient(_channel);
        Findings = new Findings.FindingsClient(_channel);
    }

    private HubDescription? _description;
    private bool _describesNothing;

    internal HubConnectionOptions Options => _options;

    internal Submissions.SubmissionsClient Submissions { get; }

    internal Findings.FindingsClient Findings { get; }

    public void Dispose()
    {
        _channel.Dispose();
        _tokens.Dispose();
    }

    /// <summary>Version, limits, environment, receipt keys and clock of the hub, as it is now.</summary>
    /// <exception cref="ProblemException">IH-INT-134: the hub is older than this call.</exception>
    public async Task<HubDescription> DescribeAsync(CancellationToken cancellation) =>
        _description = await CallAsync(o => Submissions.DescribeAsync(new DescribeRequest(), o), null, cancellation)
            .ConfigureAwait(false);

    /// <summary>
    /// What the hub said of itself when it was asked last; null from a hub that is older than the call.
    /// </summary>
    internal async Task<HubDescription?> DescribedAsync(Action<Retry>? onRetry, CancellationToken cancellation)
    {
        if (_description is not null || _describesNothing)
            return _description;
        try
        {
            return _description = await CallAsync(
                o => Submissions.DescribeAsync(new DescribeRequest(), o), onRetry, cancellation).ConfigureAwait(false);
        }
        catch (ProblemException old) when (old.Problem.Code == ProblemCatalogue.HubLacksCall.Code)
        {
            _describesNothing = true;
            return null;
        }
    }

    /// <summary>One call, repeated while it is cut: every call of the hub may be repeated.</summary>
    internal async Task<T> CallAsync<T>(
        Func<CallOptions, AsyncUnaryCall<T>> call, Action<Retry>? onRetry, CancellationToken cancellation)
    {
        for (var attempts = NewAttempts(onRetry); ;)
        {
            try
            {
                var options = await CallOptionsAsync(cancellation).ConfigureAwait(false);
                var deadline = _options.Clock.GetUtcNow().UtcDateTime + _options.CallTimeout;
                return await call(options.WithDeadline(deadline)).ConfigureAwait(false);
            }
            catch (Exception failure) when (attempts.Recognises(failure))
            {
                await attempts.PauseAsync(failure, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// A stream from the hub that is opened again after a cut; <paramref name="open"/> names where to go on from.
    /// Ends when the hub ends it.
    /// </summary>
    internal async IAsyncEnumerable<T> StreamAsync<T>(
        Func<CallOptions, AsyncServerStreamingCall<T>> open, Action<Retry>? onRetry,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var attempts = NewAttempts(onRetry);
        AsyncServerStreamingCall<T>? call = null;
        try
        {
            while (true)
            {
                var (has, value) = (false, default(T)!);
                try
                {
                    call ??= open(await CallOptionsAsync(cancellation).ConfigureAwait(false));
                    has = await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false);
                    value = has ? call.ResponseStream.Current : value;
                }
                catch (Exception failure) when (attempts.Recognises(failure))
                {
                    call?.Dispose();
                    call = null;
                    await attempts.PauseAsync(failure, cancellation).ConfigureAwait(false);
                    continue;
                }
                if (!has)
                    yield break;
                attempts.Progressed();
                yield return value;
            }
        }
        finally
        {
            call?.Dispose();
        }
    }

    internal async Task<CallOptions> CallOptionsAsync(CancellationToken cancellation)
    {
        var token = await _tokens.GetAsync(cancellation).ConfigureAwait(false);
        return new CallOptions(new Metadata { { "authorization", $"Bearer {token}" } },
            cancellationToken: cancellation);
    }

    internal Attempts NewAttempts(Action<Retry>? onRetry, bool isUpload = false) => new(_options, _tokens, isUpload,
        onRetry);

    private static void RequireUsable(string key, Uri address, HubConnectionOptions options)
    {
        var reason = !address.IsAbsoluteUri || address.Scheme is not ("http" or "https") ? "应为 http:// 或 https:// 开头的地址"
            : address is { Scheme: "http", IsLoopback: false } && !options.ClearTextAllowed ? "密钥和数据不得明文传输，请使用 https"
            : null;
        if (reason is not null)
            throw new ProblemException(new Problem(ProblemCatalogue.ConfigurationUnsound,
                ("key", key), ("value", address.OriginalString), ("reason", reason), ("default", "https://…")));
    }
}
