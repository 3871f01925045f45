using System.CommandLine;
using InfoHub.Cli.Settings;
using InfoHub.Client;
using InfoHub.Client.Sending;

namespace InfoHub.Cli.Commands;

/// <summary>
/// One run of a command. A command that needs no hub never asks for the connection, and none is opened.
/// </summary>
internal sealed class CommandRun(
    Terminal terminal, ParseResult parsed, bool isJson, HubSettings settings,
        CancellationToken cancellation) : IDisposable
{
    private HubConnection? _connection;

    public Terminal Terminal => terminal;

    public ParseResult Parsed => parsed;

    public bool IsJson => isJson;

    public HubSettings Settings => settings;

    public HubHome Home => settings.Home;

    public CancellationToken Cancellation => cancellation;

    public HubConnection Connection => _connection ??= new HubConnection(settings.Connection());

    public SubmissionSender Sender => new(Connection);

    public SendJournal Journal => new(Home, terminal.Clock);

    /// <summary>Where receipts go: the folder that was named, else the account's own.</summary>
    public ReceiptShelf Shelf(string? folder = null) =>
        new(folder ?? (Home.Folder is null ? null : Home.PathOf("receipts")), settings.PinnedKeys);

    public void Note(string text) => terminal.Error.WriteLine(text);

    public void Dispose() => _connection?.Dispose();
}
