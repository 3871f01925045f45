using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace InfoHub.Bench;

/// <summary>A process of this repository with the most memory it has ever had resident.</summary>
internal sealed class Watched : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly Timer _timer;
    private readonly Action<string>? _log;
    private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Regex? _awaited;
    private long _peakKib;

    private Watched(Process process, Regex? awaited, Action<string>? log)
    {
        (_process, _awaited, _log) = (process, awaited, log);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _timer = new Timer(_ => Look(), null, TimeSpan.Zero, Poll);
    }

    public double PeakMiB => Volatile.Read(ref _peakKib) / 1024.0;

    /// <summary>The first line that fits what was awaited.</summary>
    public Task<string> Line => _line.Task;

    /// <param name="program"><c>infohub</c> or <c>infohub-host</c>, in its own output folder.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <param name="log">Takes what the program says; null drops it.</param>
    /// <param name="awaited">What <see cref="Line"/> waits for.</param>
    public static Watched Start(string program, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null, Action<string>? log = null, Regex? awaited = null)
    {
        var start = StartOf(program, arguments);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new Watched(Process.Start(start)!, awaited, log);
    }

    /// <summary>The program in its own output folder, what it says caught.</summary>
    public static ProcessStartInfo StartOf(string program, IEnumerable<string> arguments) =>
        new("dotnet", [ProgramPath(program), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };

    public void Kill() => _process.Kill();

    /// <summary>As Ctrl-C does, and waits until it has ended.</summary>
    public async Task StopAsync()
    {
        using (var signal = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await signal.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static string ProgramPath(string program)
    {
        var root = Host.Commands.CommonOptions.RepositoryRoot;
        var output = Path.GetRelativePath(Path.Combine(root, "tests", "InfoHub.Bench"), AppContext.BaseDirectory);
        return Path.Combine(
            root, "src", program == "infohub" ? "InfoHub.Cli" : "InfoHub.Host", output, $"{program}.dll");
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _line.TrySetException(new InvalidOperationException("the process ended without the awaited line"));
            return;
        }
        lock (_line)
            _log?.Invoke(line);
        if (_awaited?.IsMatch(line) == true)
            _line.TrySetResult(line);
    }

    private void Look()
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{_process.Id}/status"))
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    Volatile.Write(
                        ref _peakKib, long.Parse(line.AsSpan(6).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // It has ended; the last look stands.
        }
    }
}

/// <summary>A hub as a process of its own, with a data folder that goes away with it.</summary>
internal sealed partial class HubProcess : IAsyncDisposable
{
    private readonly Watched _process;
    private readonly StreamWriter _log;
    private readonly string _data;

    private HubProcess(Watched process, StreamWriter log, string data) =>
        (_process, _log, _data) = (process, log, data);

    public double PeakMiB => _process.PeakMiB;

    public static async Task<HubProcess> StartAsync(string data)
    {
        Directory.CreateDirectory(data);
        var log = new StreamWriter(data + ".log") { AutoFlush = true };
        var process = Watched.Start("infohub-host",
            ["serve", "--data", data, "--grpc-port", "0", "--web-port", "0", "--templates",
                IntakeBench.TemplatesFolder],
            log: log.WriteLine, awaited: IsUp());
        await process.Line;
        return new HubProcess(process, log, data);
    }

    /// <summary>What a client's credential file holds.</summary>
    public Dictionary<string, string> Environment(string client) =>
        File.ReadLines(Path.Combine(_data, "credentials", $"{client}.env")).Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync();
        _process.Dispose();
        await _log.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [GeneratedRegex(@"gRPC http://\S+\s+控制台 http://")]
    private static partial Regex IsUp();
}
