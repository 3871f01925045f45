using System.Diagnostics;
using InfoHub.Client.Sending;
using InfoHub.Host.Composition;
using InfoHub.Storage;
using InfoHub.Storage.Figures;
using Npgsql;

namespace InfoHub.Bench;

/// <summary>
/// One file through the real client, gRPC, validation, record log and landing until it is stored and visible (R4), beside
/// plain COPY of the same file into the same table on the same PostgreSQL, the two in turn.
/// </summary>
internal static class IntakeBench
{
    private const int Rounds = 3;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    public static string TemplatesFolder => Path.Combine(AppContext.BaseDirectory, "templates");

    public static async Task<int> RunAsync(int rows, string log)
    {
        var folder = Directory.CreateTempSubdirectory("infohub-bench-").FullName;
        var file = Path.Combine(folder, "bench.csv");
        await using (var target = File.Create(file))
            BenchFile.Write(target, rows, twenty: false, bad: false);
        Figures.Say($"{rows:N0} rows × 10 columns, {new FileInfo(file).Length >> 20} MiB, log {log}; {Rounds} rounds after one of warm-up");
        await using (var batch = await Host.Batch.BatchHub.StartAsync(log, new HubOptions { DataFolder = Path.Combine(folder, "hub"), TemplatesFolder = TemplatesFolder }, CancellationToken.None))
        {
            batch.Hub.Options.ResolutionGate.Open();
            var (hubTimes, copyTimes) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                var hubSeconds = await SendAsync(batch.Hub, file, round + 1, rows);
                var copySeconds = await CopyAsync(batch.Hub.Store, file, rows);
                Figures.Say($"{(round == 0 ? "warm-up" : $"round {round}")}: hub {hubSeconds:0.00} s ({rows / hubSeconds:N0} rows/s), COPY {copySeconds:0.00} s ({rows / copySeconds:N0} rows/s), ratio {copySeconds / hubSeconds:0.00}");
                if (round == 0)
                    continue;
                hubTimes.Add(hubSeconds);
                copyTimes.Add(copySeconds);
            }
            var (hub, copy) = (Figures.Median(hubTimes), Figures.Median(copyTimes));
            Figures.Say($"RESULT intake rows_per_s={rows / hub:0} copy_rows_per_s={rows / copy:0} ratio={copy / hub:0.000}");
        }
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task<double> SendAsync(Hub hub, string path, int sequence, int rows)
    {
        await PrepareAsync(hub.Store);
        using var connection = hub.Connect("bn");
        var started = Stopwatch.GetTimestamp();
        var file = SubmissionFile.FromPath(path, "BN-01", "202503", sequence);
        await new SubmissionSender(connection).SendAsync(file, SendUntil.Committed, null, CancellationToken.None);
        var uploaded = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var figures = new RunFigures(hub.Store);
        while (await figures.FlowAsync(CancellationToken.None) is { Checking: > 0 })
            await Task.Delay(Poll);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Figures.Say($"    upload and commit {uploaded:0.00} s, check to stored {seconds - uploaded:0.00} s");
        await RequireAsync(hub.Store, "_submission is not null", rows);
        while (await figures.FlowAsync(CancellationToken.None) is { Unresolved: > 0 })
            await Task.Delay(Poll);
        return seconds;
    }

    private static async Task<double> CopyAsync(NpgsqlDataSource store, string path, int rows)
    {
        await PrepareAsync(store);
        var server = new NpgsqlConnectionStringBuilder(store.ConnectionString);
        var started = Stopwatch.GetTimestamp();
        var copy = new ProcessStartInfo(Path.Combine(EmbeddedPostgres.FindBinaries()!, "psql"),
            ["-qX", "-v", "ON_ERROR_STOP=1", "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!, "-d", server.Database!,
                "-c", $"\\copy facts.bn_01 ({BenchFile.TenColumns}) from '{path}' with (format csv, header true)"]);
        copy.Environment["PGPASSFILE"] = server.Passfile;
        using (var psql = Process.Start(copy)!)
            await psql.WaitForExitAsync();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await RequireAsync(store, "true", rows);
        return seconds;
    }

    private static async Task PrepareAsync(NpgsqlDataSource store)
    {
        await using var connection = await store.OpenConnectionAsync();
        foreach (var statement in new[] { "truncate facts.bn_01", "checkpoint" })
            await using (var command = new NpgsqlCommand(statement, connection))
                await command.ExecuteNonQueryAsync();
    }

    private static async Task RequireAsync(NpgsqlDataSource store, string where, int rows)
    {
        await using var command = store.CreateCommand($"select count(*) from facts.bn_01 where {where}");
        if ((long)(await command.ExecuteScalarAsync())! is var stored && stored != rows)
            throw new InvalidOperationException($"{stored} rows are in the table, {rows} were sent");
    }
}
