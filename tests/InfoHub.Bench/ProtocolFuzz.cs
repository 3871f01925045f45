using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Contracts.Health.V1;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Contracts.Reflection.V1;

namespace InfoHub.Bench;

/// <summary>What many wrong inputs came to.</summary>
/// <param name="Inputs">Calls and connections made.</param>
/// <param name="Crashes">Faults nobody foresaw: IH-INT-199, or the hub no longer there.</param>
/// <param name="Hangs">No answer within the limit.</param>
/// <param name="Unnumbered">Failed answers without a numbered problem.</param>
/// <param name="Transport">
/// Ends below any call, which have no answer to put a number in: HTTP errors, reset streams, closed connections,
/// and the two statuses that are the caller's own doing, cancelled and deadline exceeded.
/// </param>
/// <param name="Statuses">How often each gRPC status was answered.</param>
/// <param name="Notes">The first of what went wrong, each with the number of its input.</param>
internal sealed record FuzzOutcome(
    int Inputs, int Crashes, int Hangs, int Unnumbered, int Transport, IReadOnlyDictionary<string, int> Statuses,
    IReadOnlyList<string> Notes);

/// <summary>
/// Wrong calls in every way over real HTTP/2: random and mutated messages to every method, uploads out of order, lying
/// frames and headers, unknown methods, and bytes that are no HTTP/2 at all. Input n follows from seed and n alone.
/// </summary>
internal sealed class ProtocolFuzz(
    Uri hub, string departmentToken, string consumerToken, IReadOnlyList<string> submissions, int seed)
{
    private const int AtOnce = 24;
    private const int NotesMax = 12;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMilliseconds(300);

    private static readonly MethodDescriptor[] Methods =
    [
        .. Submissions.Descriptor.Methods, .. Submissions.Descriptor.Methods, .. Findings.Descriptor.Methods,
        .. Health.Descriptor.Methods, .. ServerReflection.Descriptor.Methods,
    ];

    private readonly HttpClient _client =
        new(new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly string[] _words =
        [.. submissions, "BN-01", "GD-01", "202503", "2025Q1", "2025", "unit_no", "uscc", "1", "HJ-01", "F-1"];
    private readonly ConcurrentDictionary<string, int> _statuses = new();
    private readonly ConcurrentQueue<string> _notes = new();

    private int _inputs;
    private int _crashes;
    private int _hangs;
    private int _unnumbered;
    private int _transport;

    public async Task<FuzzOutcome> RunAsync(int inputs, CancellationToken cancellation)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, inputs),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, OneAsync);
        return new FuzzOutcome(_inputs, _crashes, _hangs, _unnumbered, _transport, _statuses, [.. _notes]);
    }

    private async ValueTask OneAsync(int number, CancellationToken cancellation)
    {
        var random = new Random((int)(((seed * 1_000_003L) + number) & int.MaxValue));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        var what = "";
        try
        {
            if (random.Next(100) == 0)
            {
                what = "raw bytes";
                await RawAsync(random, limit.Token);
            }
            else
            {
                using var request = NewRequest(random, out what);
                await CallAsync(request, $"input {number}, {what}", limit.Token);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or SocketException)
        {
            if (IsRefused(gone))
                Count(ref _crashes, $"input {number}, {what}: nobody listens any more");
            else
                Interlocked.Increment(ref _transport);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Count(ref _hangs, $"input {number}, {what}: no answer within {Limit.TotalSeconds:0} s");
        }
        Interlocked.Increment(ref _inputs);
    }

    private static bool IsRefused(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
            if (fault is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                return true;
        return false;
    }

    private HttpRequestMessage NewRequest(Random random, out string what)
    {
        var messages = new FuzzMessages(random, _words);
        var method = Methods[random.Next(Methods.Length)];
        var isUpload = random.Next(4) == 0;
        var path = isUpload ? "infohub.intake.v1.Submissions/Upload" : $"{method.Service.FullName}/{method.Name}";
        byte[] body = isUpload
            ? [.. Uploads(messages, random).SelectMany(messages.Frame)]
            : [.. Enumerable.Range(0, method.IsClientStreaming ? random.Next(5) : 1)
                .SelectMany(_ => messages.Frame(Message(messages, method, random)))];
        var odd = random.Next(30);
        if (odd == 0)
            path = random.Next(2) == 0 ? path + "x" : $"no.{path}";
        what = path;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub, path))
        {
            Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType =
            new MediaTypeHeaderValue(odd == 1 ? "application/grpc-web" : odd == 2 ? "text/plain" : "application/grpc");
        // Without a deadline a watch rightly never ends; the library takes one nanosecond for none.
        odd = odd is 5 or 6 && method.Name == "Watch" ? 9 : odd;
        SetHeaders(request, messages, random, odd, path.Contains("Findings", StringComparison.Ordinal) ? consumerToken
            : departmentToken);
        return request;
    }

    private static void SetHeaders(
        HttpRequestMessage request, FuzzMessages messages, Random random, int odd, string token)
    {
        var headers = request.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("authorization", odd switch
        {
            3 => "Bearer " + token[..random.Next(token.Length)], 4 => messages.HeaderText(), _ => "Bearer " + token,
        });
        // A stream that waits for something that never comes ends by its deadline.
        headers.TryAddWithoutValidation("grpc-timeout", odd == 5 ? messages.HeaderText() : odd == 6 ? "1n" : "250m");
        if (odd == 7)
            headers.TryAddWithoutValidation("grpc-encoding", messages.HeaderText());
        if (odd == 8)
            headers.TryAddWithoutValidation("noise-bin", messages.HeaderText());
    }

    private static byte[] Message(FuzzMessages messages, MethodDescriptor method, Random random)
    {
        var bytes = messages.Any(method.InputType).ToByteArray();
        switch (random.Next(6))
        {
            case 0:
                return messages.Mutated(bytes);
            case 1:
                random.NextBytes(bytes);
                return bytes;
            default:
                return bytes;
        }
    }

    private IEnumerable<byte[]> Uploads(FuzzMessages messages, Random random)
    {
        var submission = submissions[random.Next(submissions.Count)];
        if (random.Next(3) == 0)
            yield return new UploadChunk { Submission = submission }.ToByteArray();
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            var bytes = messages.Chunk(submission).ToByteArray();
            yield return random.Next(10) == 0 ? messages.Mutated(bytes) : bytes;
        }
    }

    private async Task CallAsync(HttpRequestMessage request, string what, CancellationToken cancellation)
    {
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await (await response.Content.ReadAsStreamAsync(cancellation)).CopyToAsync(Stream.Null, cancellation);
        var status = Field(response, "grpc-status");
        _statuses.AddOrUpdate(status ?? $"HTTP {(int)response.StatusCode}", 1, static (_, count) => count + 1);
        if (status is null && response.StatusCode != HttpStatusCode.OK || status is "1" or "4")
        {
            Interlocked.Increment(ref _transport);
            return;
        }
        if (status == "0")
            return;
        var code = CodeOf(Field(response, "infohub-problem-bin"));
        if (code is null)
            Count(ref _unnumbered, $"{what}: status {status ?? "none"} {Field(response, "grpc-message")}");
        else if (code == "IH-INT-199")
            Count(ref _crashes, $"{what}: {Uri.UnescapeDataString(Field(response, "grpc-message") ?? "")}");
    }

    private static string? Field(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var trailers) ? trailers.First()
        : response.Headers.TryGetValues(name, out var headers) ? headers.First() : null;

    private static string? CodeOf(string? problem)
    {
        if (problem is null)
            return null;
        var bytes = new byte[problem.Length];
        var padded = problem.PadRight((problem.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out var count)
            && Contracts.Intake.V1.Problem.Parser.ParseFrom(bytes, 0, count).Code is { Length: > 0 } code
            && code.StartsWith("IH-", StringComparison.Ordinal) ? code : null;
    }

    /// <summary>
    /// Frames that lie, or no HTTP/2: the hub closes the connection, or waits in silence for the rest.
    /// </summary>
    private async Task RawAsync(Random random, CancellationToken cancellation)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(hub.Host, hub.Port, cancellation);
        var stream = socket.GetStream();
        var noise = new byte[random.Next(1, 400)];
        random.NextBytes(noise);
        if (random.Next(4) > 0)
        {
            await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), cancellation);
            await stream.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }, cancellation);
            (noise[0], noise[^1]) = (0, (byte)random.Next(256));
            if (noise.Length > 9)
                (noise[1], noise[2], noise[3]) = (0, (byte)((noise.Length - 9) & 0xFF), (byte)random.Next(10));
        }
        await stream.WriteAsync(noise, cancellation);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(SilenceMax);
        try
        {
            var answer = new byte[4096];
            while (await stream.ReadAsync(answer, silence.Token) > 0)
            {
                // Read until the hub closes.
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It waits for the rest of a frame, as it should.
        }
        Interlocked.Increment(ref _transport);
    }

    private void Count(ref int counter, string note)
    {
        Interlocked.Increment(ref counter);
        if (_notes.Count < NotesMax)
            _notes.Enqueue(note);
    }
}
