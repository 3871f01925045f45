using System.CommandLine;
using System.Text.Json.Nodes;
using InfoHub.Cli.Settings;
using InfoHub.Client;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;

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

    /// <summary>
    /// Where receipts go: the folder that was named, else the account's own, a folder for each hub and its rehearsals.
    /// </summary>
    /// <param name="isTest">The receipts come from a rehearsal.</param>
    public ReceiptShelf Shelf(string? folder = null, bool isTest = false) =>
        new(folder ?? (Home.Folder is null ? null
            : Home.PathOf("receipts", HubAddress.FolderOf(settings.Connection().Hub, isTest))),
            settings.PinnedKeys, settings.ProfileName);

    /// <summary>Which hub a line of the journal is about.</summary>
    public string JournalHub => HubAddress.Of(settings.Connection().Hub);

    /// <summary>
    /// The sequence that the hub would give the next file of this item and period; one more than this where the hub
    /// cannot tell.
    /// </summary>
    public async Task<int> NextSequenceAsync(SubmissionStatus status)
    {
        try
        {
            await foreach (var reply in Sender.ReadRejectedRowsAsync(status.Submission, cancellation))
                if (reply.PartCase == RejectedRowsReply.PartOneofCase.Header && reply.Header.NextSequence > 0)
                    return reply.Header.NextSequence;
        }
        catch (ProblemException untold) when (ExitCodes.Of(untold.Problem)
            is not (ExitCode.HubUnreachable or ExitCode.NotPermitted))
        {
            // A hub of before, or rows that the hub does not hand out in this state.
        }
        return status.Sequence + 1;
    }

    /// <summary>One object on one line of standard output.</summary>
    public void WriteJson(JsonObject json) => terminal.Out.WriteLine(json.ToJsonString(ProblemText.PlainJson));

    public void Note(string text) => terminal.Error.WriteLine(text);

    public void Dispose() => _connection?.Dispose();
}
