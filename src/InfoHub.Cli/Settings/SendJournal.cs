using System.Globalization;
using System.Text;
using System.Text.Json;

namespace InfoHub.Cli.Settings;

/// <summary>What was sent from this machine, one JSON object a line, newest last.</summary>
/// <param name="Event">begun, ended or failed.</param>
/// <param name="Sequence">Remembered when sending begins, so that the same mended file keeps its number when it is sent
/// again.</param>
/// <param name="Hub">The one form of its address; empty in lines of before.</param>
/// <param name="Operation">As on the wire: Mend, Correction, …</param>
internal sealed record JournalEntry(
    string At, string Event, string File, string Sha256, string Base, int Sequence, string Submission, string State,
    string Hub = "", string Operation = "");

/// <summary>The journal of one account. Losing it loses no data: the hub knows what it has.</summary>
internal sealed class SendJournal(HubHome home, TimeProvider clock)
{
    private const long BytesMax = 8 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Append(JournalEntry entry)
    {
        if (home.Folder is null)
            return;
        var path = home.PathOf("journal.jsonl");
        try
        {
            HubHome.MakeFolder(home.Folder);
            if (File.Exists(path) && new FileInfo(path).Length > BytesMax)
                File.Move(path, path + ".1", overwrite: true);
            var at = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            using var file = HubHome.OpenOwn(path, FileMode.Append);
            file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry with { At = at }, Json) + "\n"));
            // A number that a power cut forgets would be given out twice.
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubHome.NotWritable(path, e.Message);
        }
    }

    /// <summary>
    /// The sequence under which this content was sent to that hub, with that operation and for that base before; null
    /// when it was not.
    /// </summary>
    public int? SequenceOf(string hub, string operation, string @base, string sha256) =>
        Entries().LastOrDefault(entry => entry.Sha256 == sha256 && entry.Base == @base && entry.Hub == hub && entry.Operation == operation
        && entry.Sequence > 0)?.Sequence;

    private IEnumerable<JournalEntry> Entries()
    {
        if (home.Folder is null || !File.Exists(home.PathOf("journal.jsonl")))
            yield break;
        foreach (var line in File.ReadLines(home.PathOf("journal.jsonl")))
        {
            JournalEntry? entry = null;
            try
            {
                entry = JsonSerializer.Deserialize<JournalEntry>(line, Json);
            }
            catch (JsonException)
            {
                // The last line may have been cut by a power failure.
            }
            if (entry is not null)
                yield return entry;
        }
    }
}
