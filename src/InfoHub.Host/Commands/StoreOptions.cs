using System.CommandLine;
using InfoHub.Storage;

namespace InfoHub.Host.Commands;

/// <summary>
/// Which hub's store a command works on: a data folder, whose PostgreSQL it starts and stops, or a connection string.
/// </summary>
internal sealed class StoreOptions
{
    private readonly Option<string?> _data = new("--data") { Description = "Data folder of a hub that does not run" };

    private readonly Option<string?> _store = new("--store")
    {
        Description = "Connection string of a hub's store; the hub may run",
    };

    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_store);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(_data) is null) == (result.GetValue(_store) is null))
                result.AddError($"{command.Name} takes either --data DIR or --store CONNECTION");
        });
    }

    /// <summary>Starts what has to be started; disposed it is stopped again.</summary>
    public async Task<OpenedStore> OpenAsync(ParseResult parse, CancellationToken cancellation)
    {
        if (parse.GetValue(_store) is { } connection)
            return new OpenedStore(connection, null);
        var folder = Path.Combine(Path.GetFullPath(parse.GetValue(_data)!), "postgres");
        var postgres = await EmbeddedPostgres.StartAsync(folder, cancellation);
        return new OpenedStore(postgres.ConnectionString, postgres);
    }
}

/// <param name="Postgres">Null where the store was running already.</param>
internal sealed record OpenedStore(string ConnectionString, EmbeddedPostgres? Postgres) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Postgres?.DisposeAsync() ?? ValueTask.CompletedTask;
}
