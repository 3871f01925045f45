using System.Diagnostics;
using System.Text.RegularExpressions;
using InfoHub.Streaming;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Batch;

/// <summary>
/// librdkafka's mock cluster as a process of its own (kcat holds it open while its input stays open). It speaks the
/// real
/// protocol on the loopback interface and keeps 5 MiB per partition in memory, so intake may run only a few envelopes
/// ahead.
/// </summary>
public sealed partial class KafkaMock : IAsyncDisposable
{
    public const int EnvelopesAheadMax = 2;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(15);

    private readonly Process _process;

    private KafkaMock(Process process, string bootstrapServers) => (_process, BootstrapServers) = (process, bootstrapServers);

    public string BootstrapServers { get; }

    public KafkaOptions Options => new() { BootstrapServers = BootstrapServers };

    [GeneratedRegex(@"replaced with (127\.0\.0\.1:\d+)")]
    private static partial Regex Address();

    /// <exception cref="ProblemException">IH-CFG-002: kcat is not installed or does not start a cluster.</exception>
    public static async Task<KafkaMock> StartAsync(CancellationToken cancellation)
    {
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo("kcat", ["-P", "-b", "x", "-X", "test.mock.num.brokers=1", "-t", "hold"])
            {
                RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
            });
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw Missing(fault.Message);
        }
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(StartTimeout);
        while (await process!.StandardError.ReadLineAsync(timeout.Token) is { } line)
            if (Address().Match(line) is { Success: true } match)
                return new KafkaMock(process, match.Groups[1].Value);
        throw Missing("kcat ended without starting a cluster");
    }

    private static ProblemException Missing(string reason) => new(new Problem(ProblemCatalogue.PlantMissing,
        ("what", "kcat"), ("reason", reason), ("remedy", "请安装：apt-get install kcat（Install the Debian package kcat）")));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(2)))
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
