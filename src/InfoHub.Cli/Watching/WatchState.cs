using System.Text.Json;
using InfoHub.Cli.Settings;

namespace InfoHub.Cli.Watching;

/// <summary>
/// What a watch has to know after a restart, in .infohub.state.json: the last due time whose files have all gone, and
/// the extracts that were made. Losing it loses no data: what is on file at the hub is never taken twice.
/// </summary>
internal sealed class WatchState
{
    public const string Name = ".infohub.state.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true,
    };

    private readonly string _path;
    private Kept _kept;

    /// <summary>A file that cannot be read counts as none.</summary>
    public WatchState(string root)
    {
        _path = Path.Combine(root, Name);
        _kept = Read(_path) ?? new Kept(null, false, new SortedDictionary<string, DateTime>());
    }

    /// <summary>Local time; null before the first start with a schedule.</summary>
    public DateTime? Done
    {
        get => _kept.Done;
        set => Keep(_kept with { Done = value });
    }

    /// <summary>An extract was made outside the due times and has not gone yet.</summary>
    public bool IsOwed
    {
        get => _kept.Owed;
        set => Keep(_kept with { Owed = value });
    }

    /// <summary>True when this extract was made, also when its file has been filed away since.</summary>
    public bool HasExtract(string name) => _kept.Extracts.ContainsKey(name);

    /// <param name="at">Local time.</param>
    public void AddExtract(string name, DateTime at) =>
        Keep(_kept with { Extracts = new SortedDictionary<string, DateTime>(_kept.Extracts) { [name] = at } });

    private void Keep(Kept kept)
    {
        if (kept == _kept)
            return;
        _kept = kept;
        HubHome.Write(_path, JsonSerializer.SerializeToUtf8Bytes(kept, Json));
    }

    private static Kept? Read(string path)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<Kept>(File.ReadAllText(path), Json) is
                { Extracts: not null } kept ? kept : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private sealed record Kept(DateTime? Done, bool Owed, SortedDictionary<string, DateTime> Extracts);
}

/// <summary>What failed is tried again after one minute, then after two, four and so on, up to an hour.</summary>
internal sealed class WatchBackoff(TimeProvider clock)
{
    private const int DoublingsMax = 6;

    private readonly Dictionary<string, (int Failures, long At)> _failed = new(StringComparer.Ordinal);

    public bool IsDue(string name) => !_failed.TryGetValue(name, out var last)
        || clock.GetElapsedTime(last.At) >= TimeSpan.FromMinutes(1 << Math.Min(last.Failures - 1, DoublingsMax));

    public void Failed(string name) =>
        _failed[name] = (_failed.GetValueOrDefault(name).Failures + 1, clock.GetTimestamp());

    public void Succeeded(string name) => _failed.Remove(name);
}
