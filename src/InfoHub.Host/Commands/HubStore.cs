using System.CommandLine;
using System.Data.Common;
using InfoHub.Storage;
using InfoHub.Storage.Parked;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Commands;

/// <summary>
/// The store of a hub for a command: the hub may be running, or its cluster is started for as long as this lives.
/// </summary>
internal sealed class HubStore : IAsyncDisposable
{
    private EmbeddedPostgres? _postgres;
    private DbDataSource? _source;

    /// <summary>What the hub could not work.</summary>
    public required ParkedWork Parked { get; init; }

    /// <summary>By <c>--data</c> or <c>--store</c>; null when neither is given.</summary>
    public static async Task<HubStore?> OpenAsync(ParseResult parse, CancellationToken cancellation)
    {
        if (parse.GetValue(CommonOptions.HubStore) is { } store)
            return await OpenAsync(store, null, cancellation);
        if (parse.GetValue(CommonOptions.HubData) is not { } data)
            return null;
        var folder = Path.Combine(Path.GetFullPath(data), "postgres");
        if (!Directory.Exists(folder))
            throw new ProblemException(new Problem(ProblemCatalogue.ConfigurationUnsound, ("key", "--data"),
                ("value", data), ("reason", "目录里没有平台的数据"), ("default", CommonOptions.DefaultData)));
        if (EmbeddedPostgres.ConnectionStringOfRunning(folder) is { } running)
            return await OpenAsync(running, null, cancellation);
        var postgres = await EmbeddedPostgres.StartAsync(folder, cancellation);
        return await OpenAsync(postgres.ConnectionString, postgres, cancellation);
    }

    private static async Task<HubStore> OpenAsync(string connection, EmbeddedPostgres? postgres,
        CancellationToken cancellation)
    {
        var source = await Schema.OpenAsync(connection, cancellation);
        return new HubStore
        {
            Parked = new ParkedWork(source, TimeProvider.System), _postgres = postgres, _source = source,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }
}
