using System.CommandLine;
using InfoHub.Storage;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Commands;

/// <summary>
/// Which hub's store a command works on: a data folder, whose PostgreSQL it starts and stops unless the hub runs, or a
/// connection string.
/// </summary>
/// <param name="isRequired">False: the command has something to do without a store, too.</param>
internal sealed class StoreOptions(bool isRequired = true)
{
    private readonly Option<string?> _data = new("--data") { Description = "Data folder of a hub, which may run" };

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
            var given = new[] { _data, _store }.Count(option => result.GetValue(option) is not null);
            if (given > 1 || (isRequired && given == 0))
                result.AddError($"{command.Name} takes either --data DIR or --store CONNECTION");
        });
    }

    /// <summary>The data folder, or null for a store elsewhere.</summary>
    public string? DataOf(ParseResult parse) => parse.GetValue(_data) is { } data ? Path.GetFullPath(data) : null;

    public bool IsGiven(ParseResult parse) => parse.GetValue(_store) is not null || parse.GetValue(_data) is not null;

    /// <summary>Starts what has to be started; disposed it is stopped again.</summary>
    /// <exception cref="ProblemException">IH-CFG-001: the folder is no hub's.</exception>
    public async Task<OpenedStore> OpenAsync(ParseResult parse, CancellationToken cancellation)
    {
        if (parse.GetValue(_store) is { } connection)
            return new OpenedStore(connection, null);
        var data = parse.GetValue(_data)!;
        var folder = Path.Combine(Path.GetFullPath(data), "postgres");
        if (!Directory.Exists(folder))
            throw new ProblemException(new Problem(ProblemCatalogue.ConfigurationUnsound, ("key", "--data"),
                ("value", data), ("reason", "目录里没有平台的数据"), ("default", CommonOptions.DefaultData)));
        if (EmbeddedPostgres.ConnectionStringOfRunning(folder) is { } running)
            return new OpenedStore(running, null);
        var postgres = await EmbeddedPostgres.StartAsync(folder, cancellation);
        return new OpenedStore(postgres.ConnectionString, postgres);
    }
}

/// <param name="Postgres">Null where the store was running already.</param>
internal sealed record OpenedStore(string ConnectionString, EmbeddedPostgres? Postgres) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Postgres?.DisposeAsync() ?? ValueTask.CompletedTask;
}
