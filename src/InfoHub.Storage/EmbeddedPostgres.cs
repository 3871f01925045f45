using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using InfoHub.Templates.Problems;

namespace InfoHub.Storage;

/// <summary>
/// A private PostgreSQL cluster under a data folder, made and started from the installed server binaries and stopped
/// with the host. It listens on the loopback interface only. PostgreSQL refuses to run as root, so under root it runs
/// as the account <c>postgres</c> that the Debian package creates.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string Superuser = "infohub";
    private const string Database = "infohub";
    private const int StartSecondsMax = 60;

    private readonly string _binaries;
    private readonly string _folder;
    private readonly FileStream _inUse;

    private EmbeddedPostgres(string binaries, string folder, FileStream inUse, int port)
    {
        (_binaries, _folder, _inUse) = (binaries, folder, inUse);
        ConnectionString = ConnectionStringOf(port);
    }

    public string ConnectionString { get; }

    private static string ConnectionStringOf(int port) => string.Create(CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={port};Username={Superuser};Database={Database};")
        + "Maximum Pool Size=40;Include Error Detail=true;Command Timeout=600";

    /// <summary>
    /// How to reach the cluster of a hub that runs in <paramref name="folder"/>; null when none does.
    /// </summary>
    public static string? ConnectionStringOfRunning(string folder)
    {
        const int PortLine = 3;
        try
        {
            using var free = new FileStream(Path.Combine(folder, "in-use"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            var lines = File.ReadAllLines(Path.Combine(folder, "cluster", "postmaster.pid"));
            return lines.Length > PortLine && int.TryParse(lines[PortLine], NumberStyles.None,
                CultureInfo.InvariantCulture, out var port) ? ConnectionStringOf(port) : null;
        }
    }

    /// <summary>
    /// Starts the cluster in <paramref name="folder"/>, making it first when the folder is new or empty.
    /// </summary>
    /// <exception cref="ProblemException">
    /// IH-CFG-002: no server binaries on this machine, another hub uses the folder, or the cluster does not start.
    /// </exception>
    public static async Task<EmbeddedPostgres> StartAsync(string folder, CancellationToken cancellation)
    {
        var binaries = FindBinaries() ?? throw Missing("PostgreSQL 15+", "找不到 initdb", "请安装：apt-get install postgresql（Install the Debian package postgresql）");
        Directory.CreateDirectory(folder);
        var cluster = Path.Combine(folder, "cluster");
        var port = FreePort();
        var postgres = new EmbeddedPostgres(binaries, cluster, TakeInUse(folder), port);
        try
        {
            if (!File.Exists(Path.Combine(cluster, "PG_VERSION")))
                await postgres.CreateAsync(cancellation);
            await postgres.StopLeftBehindAsync(cancellation);
            await postgres.RunAsync("pg_ctl", ["-D", cluster, "-l", Path.Combine(cluster, "server.log"), "-w", "-t", $"{StartSecondsMax}", "-o",
                $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={cluster}", "start"], cancellation);
            await postgres.EnsureDatabaseAsync(cancellation);
            return postgres;
        }
        catch
        {
            await postgres._inUse.DisposeAsync();
            throw;
        }
    }

    /// <summary>Held while this process lives, however it ends: nobody else may stop or start this cluster.</summary>
    private static FileStream TakeInUse(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw Missing(folder, "另一个平台进程正在使用此数据目录", "请先停止它，或用 --data 指定另一个目录（Stop the other hub, or name another folder with --data）");
        }
    }

    /// <summary>A host that was killed leaves its server running, on a port nobody knows.</summary>
    private async Task StopLeftBehindAsync(CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(_folder, "postmaster.pid")))
            return;
        try
        {
            await StopAsync(cancellation);
        }
        catch (ProblemException)
        {
            // The file outlived its server too: starting takes it over, or says why it cannot.
        }
    }

    public static string? FindBinaries() => new[] { "/usr/lib/postgresql", "/usr/local/pgsql" }
        .Where(Directory.Exists)
        .SelectMany(root => Directory.GetDirectories(root).Append(root))
        .Select(folder => Path.Combine(folder, "bin"))
        .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
        .OrderByDescending(VersionOf)
        .FirstOrDefault();

    private static int VersionOf(string bin) =>
        int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private async Task CreateAsync(CancellationToken cancellation)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(_folder);
            await RunPlainAsync("chown", ["postgres", _folder], cancellation);
            for (var parent = Path.GetDirectoryName(_folder); parent is { Length: > 1 }; parent = Path.GetDirectoryName(parent))
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(parent, File.GetUnixFileMode(parent) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        }
        // pg_trgm and friends see no Chinese under LC_CTYPE=C: the cluster is UTF-8 throughout.
        await RunAsync("initdb", ["-D", _folder, "-U", Superuser, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"], cancellation);
        await File.AppendAllLinesAsync(Path.Combine(_folder, "postgresql.conf"),
        [
            "shared_buffers = 512MB", "max_wal_size = 4GB", "wal_compression = off", "checkpoint_timeout = 15min", "max_connections = 200",
            "work_mem = 32MB", "maintenance_work_mem = 256MB", "effective_cache_size = 4GB", "random_page_cost = 1.1", "jit = off",
        ], cancellation);
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancellation)
    {
        var maintenance = ConnectionString.Replace($"Database={Database}", "Database=postgres;Pooling=false", StringComparison.Ordinal);
        await using var connection = new Npgsql.NpgsqlConnection(maintenance);
        await connection.OpenAsync(cancellation);
        await using var exists = new Npgsql.NpgsqlCommand($"select 1 from pg_database where datname = '{Database}'", connection);
        if (await exists.ExecuteScalarAsync(cancellation) is not null)
            return;
        await using var create = new Npgsql.NpgsqlCommand($"create database {Database}", connection);
        await create.ExecuteNonQueryAsync(cancellation);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var path = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess
            ? RunPlainAsync("runuser", ["-u", "postgres", "--", path, .. arguments], cancellation)
            : RunPlainAsync(path, arguments, cancellation);
    }

    private static async Task RunPlainAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var process = Process.Start(start) ?? throw Missing(program, "cannot be started", "");
        // pg_ctl hands its output pipe to the server, which never closes it: read in the background, wait for the exit
        // only.
        var said = new System.Text.StringBuilder();
        process.OutputDataReceived += (_, line) => Append(said, line.Data);
        process.ErrorDataReceived += (_, line) => Append(said, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!process.HasExited)
            await Task.Delay(20, cancellation);
        if (process.ExitCode != 0)
            throw Missing(program, $"exit code {process.ExitCode}: {said}", "请查看数据目录下 cluster/server.log（See cluster/server.log in the data folder）");
    }

    private static void Append(System.Text.StringBuilder said, string? line)
    {
        lock (said)
            said.Append(line).Append(' ');
    }

    private static ProblemException Missing(string what, string reason, string remedy) =>
        new(new Problem(ProblemCatalogue.PlantMissing, ("what", what), ("reason", reason), ("remedy", remedy)));

    public async ValueTask DisposeAsync()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        await StopAsync(CancellationToken.None);
        await _inUse.DisposeAsync();
    }

    private Task StopAsync(CancellationToken cancellation) =>
        RunAsync("pg_ctl", ["-D", _folder, "-m", "fast", "-w", "-t", $"{StartSecondsMax}", "stop"], cancellation);
}
