using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using InfoHub.Storage.Access;
using InfoHub.Templates.Problems;
using Microsoft.Extensions.Logging;

namespace InfoHub.Storage;

/// <summary>
/// A private PostgreSQL cluster under a data folder, made and started from the installed server binaries and stopped
/// with the host. It listens on the loopback interface only, and lets in nobody without a secret of
/// <see cref="ClusterSecrets"/>. PostgreSQL refuses to run as root, so under root it runs as the account
/// <c>postgres</c> that the Debian package creates.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const int StartSecondsMax = 60;
    private const int PidLine = 0;
    private const int PortLine = 3;

    private readonly string _binaries;
    private readonly string _folder;
    private readonly FileStream _inUse;
    private readonly ClusterSecrets _secrets;
    private readonly int _port;
    private readonly CancellationTokenSource _watching = new();
    private Task _watch = Task.CompletedTask;

    private EmbeddedPostgres(string binaries, string folder, FileStream inUse, int port)
    {
        (_binaries, _folder, _inUse, _port) = (binaries, Path.Combine(folder, "cluster"), inUse, port);
        _secrets = ClusterSecrets.In(folder);
    }

    /// <summary>Of the role that owns the tables: for changes of the schema, and for whoever keeps the store.</summary>
    public string ConnectionString => _secrets.ConnectionString(ClusterSecrets.Owner, _port);

    /// <summary>Of the role the hub works as: it reads and writes rows, and owns nothing.</summary>
    public string WorkerConnectionString => _secrets.ConnectionString(ClusterSecrets.Worker, _port);

    /// <summary>Of the superuser, whom nobody but this class and a test needs.</summary>
    public string AdminConnectionString => _secrets.ConnectionString(ClusterSecrets.Admin, _port);

    /// <summary>zh-CN: why the cluster is not running, as far as it has said so; null while it runs.</summary>
    public string? Fault { get; private set; }

    /// <summary>
    /// How to reach the cluster of a hub that runs in <paramref name="folder"/>, as the owner of its tables; null when
    /// none does.
    /// </summary>
    public static string? ConnectionStringOfRunning(string folder)
    {
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
            return PortOf(Path.Combine(folder, "cluster")) is { } port
                ? ClusterSecrets.In(folder).ConnectionString(ClusterSecrets.Owner, port) : null;
        }
    }

    /// <summary>Null when no server has said where it listens.</summary>
    internal static int? PortOf(string cluster) =>
        NumberOf(cluster, PortLine) is { } port ? (int)port : null;

    private static long? NumberOf(string cluster, int line)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(cluster, "postmaster.pid"));
            return lines.Length > line
                && long.TryParse(lines[line].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
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
        var postgres = new EmbeddedPostgres(binaries, folder, TakeInUse(folder), FreePort());
        try
        {
            if (!File.Exists(Path.Combine(postgres._folder, "PG_VERSION")))
                await postgres.CreateAsync(cancellation);
            else if (!postgres._secrets.AreKept)
                throw Missing(folder, "此目录的数据库没有访问密钥文件 pgpass（由旧版本建立，或恢复时缺了这个文件）",
                    "请恢复 postgres/pgpass 文件，或用 --data 指定新目录后重新报送（Restore the file postgres/pgpass, "
                    + "or name a new folder with --data）");
            await postgres.StopLeftBehindAsync(cancellation);
            await postgres.StartServerAsync(cancellation);
            await postgres._secrets.LetRolesInAsync(postgres._port, cancellation);
            return postgres;
        }
        catch
        {
            await postgres._inUse.DisposeAsync();
            throw;
        }
    }

    private Task StartServerAsync(CancellationToken cancellation) => RunAsync("pg_ctl",
        ["-D", _folder, "-l", Path.Combine(_folder, "server.log"), "-w", "-t", $"{StartSecondsMax}", "-o",
            $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder}", "start"], cancellation);

    /// <summary>
    /// From here on a server that ends, for whatever reason, is started again, at once and then ever more seldom.
    /// </summary>
    public void Watch(ILogger log) =>
        _watch = new ClusterWatch(IsRunning, StartServerAsync, LastWords, log).RunAsync(why => Fault = why,
            _watching.Token);

    /// <summary>A process that has ended and is not yet taken leave of (state Z) does not run.</summary>
    private bool IsRunning()
    {
        if (NumberOf(_folder, PidLine) is not { } pid)
            return false;
        try
        {
            if (!OperatingSystem.IsLinux())
                return !Process.GetProcessById((int)pid).HasExited;
            var told = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return told.Contains("(postgres)", StringComparison.Ordinal)
                && told[(told.LastIndexOf(')') + 1)..].TrimStart() is not ['Z' or 'X', ..];
        }
        catch (Exception gone) when (gone is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>What the server wrote last about its end, without time and process.</summary>
    private string LastWords()
    {
        const int TailBytes = 8192;
        const int Length = 200;
        try
        {
            using var log = new FileStream(Path.Combine(_folder, "server.log"), FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete);
            log.Seek(-Math.Min(log.Length, TailBytes), SeekOrigin.End);
            using var reader = new StreamReader(log);
            var last = reader.ReadToEnd().Split('\n').LastOrDefault(line =>
                Grave.Any(grave => line.Contains(grave, StringComparison.Ordinal))) ?? "";
            var words = Grave.Select(grave => last.IndexOf(grave, StringComparison.Ordinal)).Where(at => at >= 0)
                .Select(at => last[at..]).FirstOrDefault() ?? "没有说明原因，见 cluster/server.log";
            return words.Length <= Length ? words : words[..Length];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }

    private static readonly string[] Grave = ["PANIC:", "FATAL:"];

    /// <summary>Held while this process lives, however it ends: nobody else may stop or start this cluster.</summary>
    private static FileStream TakeInUse(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None,
        };
        // Whoever can open it can lock it, and keep the hub from starting.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(Path.Combine(folder, "in-use"), options);
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
        await RunAsync("initdb", ["-D", _folder, "-U", ClusterSecrets.Admin, "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-instructions"], cancellation);
        // Nobody is let in without a secret from the first start on: the first one is set with no server running.
        await File.WriteAllTextAsync(Path.Combine(_folder, "pg_hba.conf"),
            "host all all 127.0.0.1/32 scram-sha-256\nlocal all all scram-sha-256\n", cancellation);
        _secrets.Make();
        await RunAsync("postgres", ["--single", "-D", _folder, "postgres"], cancellation, _secrets.FirstStatement);
        await File.AppendAllLinesAsync(Path.Combine(_folder, "postgresql.conf"),
        [
            "shared_buffers = 512MB", "max_wal_size = 4GB", "wal_compression = off", "checkpoint_timeout = 15min", "max_connections = 200",
            "work_mem = 32MB", "maintenance_work_mem = 256MB", "effective_cache_size = 4GB", "random_page_cost = 1.1", "jit = off",
        ], cancellation);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task RunAsync(string program, string[] arguments, CancellationToken cancellation, string? input = null)
    {
        var path = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess
            ? RunPlainAsync("runuser", ["-u", "postgres", "--", path, .. arguments], cancellation, input)
            : RunPlainAsync(path, arguments, cancellation, input);
    }

    private static async Task RunPlainAsync(
        string program, string[] arguments, CancellationToken cancellation, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
            RedirectStandardInput = input is not null,
        };
        using var process = Process.Start(start) ?? throw Missing(program, "cannot be started", "");
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
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
        await _watching.CancelAsync();
        await _watch;
        _watching.Dispose();
        Npgsql.NpgsqlConnection.ClearAllPools();
        try
        {
            if (IsRunning())
                await StopAsync(CancellationToken.None);
        }
        finally
        {
            await _inUse.DisposeAsync();
        }
    }

    private Task StopAsync(CancellationToken cancellation) =>
        RunAsync("pg_ctl", ["-D", _folder, "-m", "fast", "-w", "-t", $"{StartSecondsMax}", "stop"], cancellation);
}
