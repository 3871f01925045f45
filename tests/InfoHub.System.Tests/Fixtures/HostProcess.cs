using System.Diagnostics;
using System.Text;
using InfoHub.Client;
using Xunit;

namespace InfoHub.System.Tests.Fixtures;

/// <summary>A real <c>serve</c> on a store that others may use, too.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;

    private HostProcess(Process process, Uri grpc, Uri web) => (_process, Grpc, Web) = (process, grpc, web);

    public Uri Grpc { get; }

    public Uri Web { get; }

    public int Id => _process.Id;

    public static async Task<HostProcess> StartAsync(string data, string store, string roles = "all")
    {
        var process = Process.Start(Command(data, store, roles))!;
        using var limit = new CancellationTokenSource(Programs.Limit);
        var said = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("gRPC ", StringComparison.Ordinal))
            {
                // What it says later is not of interest, but must be read, or it stops when the pipe is full.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return new HostProcess(process, new Uri(words[1]), new Uri(words[3]));
            }
            said.AppendLine(line);
        }
        throw new InvalidOperationException($"serve ended: {said}{await process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    /// <summary>A start that is refused.</summary>
    public static Task<CommandResult> RefusedAsync(string data, string store, string roles = "all") =>
        Programs.RunAsync(Command(data, store, roles));

    private static ProcessStartInfo Command(string data, string store, string roles)
    {
        var start = Programs.Own("InfoHub.Host", "infohub-host", "serve", "--data", data, "--grpc-port", "0", "--web-port", "0",
            "--as-of", "2025-01-20", "--roles", roles);
        (start.RedirectStandardOutput, start.StandardOutputEncoding) = (true, Encoding.UTF8);
        (start.RedirectStandardError, start.StandardErrorEncoding) = (true, Encoding.UTF8);
        start.Environment["Hub__Store"] = store;
        return start;
    }

    public HubConnection Connect(string client, string secret) => new(new HubConnectionOptions
    {
        Hub = Grpc, Authority = Web, ClientId = client, ClientSecret = secret,
    });

    public static string SecretIn(string data, string client) => File.ReadAllLines(Path.Combine(data, "credentials", $"{client}.env"))
        .Single(line => line.StartsWith("INFOHUB_CLIENT_SECRET=", StringComparison.Ordinal))["INFOHUB_CLIENT_SECRET=".Length..];

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        Assert.True(_process.HasExited);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }
}
