using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace InfoHub.Console.Tests.Fixtures;

/// <summary>A PostgreSQL cluster of its own in a temporary folder, gone when disposed.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";
    private const string Account = "postgres";

    private readonly string _folder;

    private PostgresCluster(string folder, int port)
    {
        _folder = folder;
        ConnectionString = $"Host=127.0.0.1;Port={port};Username={Account};Database=postgres;Pooling=true;Timeout=15";
    }

    public string ConnectionString { get; }

    public static async Task<PostgresCluster> StartAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("infohub-console-pg-").FullName;
        if (Environment.UserName == "root")
            await RunAsync("chown", [Account, folder], cancellation);
        var port = FreePort();
        var data = Path.Combine(folder, "data");
        await RunPostgresAsync("initdb", ["-D", data, "-U", Account, "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync"], cancellation);
        var options = string.Create(CultureInfo.InvariantCulture,
            $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off");
        await RunPostgresAsync("pg_ctl", ["-D", data, "-l", Path.Combine(folder, "log"), "-w", "-o", options, "start"], cancellation);
        return new PostgresCluster(folder, port);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunPostgresAsync("pg_ctl", ["-D", Path.Combine(_folder, "data"), "-m", "immediate", "-w", "stop"], CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private static Task RunPostgresAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var path = Path.Combine(Binaries, program);
        return Environment.UserName == "root"
            ? RunAsync("runuser", ["-u", Account, "--", path, .. arguments], cancellation)
            : RunAsync(path, arguments, cancellation);
    }

    /// <summary>Output is not redirected into pipes: the server would inherit them and keep them open.</summary>
    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null", "sh", program, .. arguments]) { WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
