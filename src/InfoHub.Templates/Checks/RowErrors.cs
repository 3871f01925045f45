using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>One thing wrong with one row, as it is shown and stored. Personal cells are masked already.</summary>
/// <param name="Row">The first data row under the header is 1; 0 is the file as a whole, and then
/// <paramref name="Observed"/> says where and how much (<see cref="FileNotice"/>).</param>
/// <param name="Field">English column name; "" when the row as a whole is meant.</param>
public sealed record RowError(int Row, string Field, ProblemKind Kind, Disposition Disposition, string RowKey,
    string Observed, string Expected);

/// <summary>A rejected row as it came, with its identifying cells when they could be read.</summary>
/// <param name="Raw">The whole record as text, whatever the file's encoding, without its line end.</param>
/// <param name="Origin">The number the row has in the submission it mends; 0 when the file names none.</param>
public sealed record RejectedRow(int Row, string Raw, string? Name, string? Code, int Origin = 0)
{
    /// <summary>登记序号; null when the template has none or it could not be read.</summary>
    public string? RegistrationKey { get; init; }
}

/// <summary>
/// The errors of the rows read since the last <see cref="Clear"/>, kept as spans in one arena so that a file of only
/// bad
/// rows costs little more than a clean one, and the exact totals since the beginning of the file.
/// </summary>
public sealed class RowErrors
{
    /// <summary>The reader pauses here until the caller has taken the details away. Totals are never capped.</summary>
    public const int DetailsMax = 8192;
    public const int ObservedCharactersMax = 60;
    private const int NoticeCharactersMax = 400;

    /// <summary>The reader pauses too when the rows and cells that are kept come to so many bytes.</summary>
    public const int ArenaBytesMax = 8 << 20;

    /// <summary>A longer cell is neither a name nor a code.</summary>
    private const int PartyBytesMax = 16 * 1024;

    private const int CodeNumberMax = 600;

    private readonly Template _template;
    private Entry[] _entries = new Entry[64];
    private readonly List<Rejection> _rejections = [];
    private readonly long[] _rejecting;
    private readonly long[] _warning;
    private readonly ProblemKind?[] _kinds = new ProblemKind?[CodeNumberMax];
    private byte[] _arena = new byte[4 * 1024];
    private int _arenaUsed;
    private int _rowStart;

    internal RowErrors(Template template)
    {
        _template = template;
        _rejecting = new long[CodeNumberMax * (template.Fields.Length + 1)];
        _warning = new long[_rejecting.Length];
    }

    private record struct Entry(
        int Row, int Field, ProblemKind Kind, Disposition Disposition, (int Start, int Length) Observed,
            string Expected, (int Start, int Length) Key);

    private record struct Rejection(int Row, (int Start, int Length) Raw, (int Start, int Length) Name,
        (int Start, int Length) Code, (int Start, int Length) RegistrationKey, int Origin);

    public int Count { get; private set; }

    public bool IsFull => Count >= DetailsMax || _rejections.Count >= DetailsMax || _arenaUsed >= ArenaBytesMax;

    /// <summary>True when an error since <see cref="BeginRow"/> rejects the row.</summary>
    internal bool RowIsRejected { get; private set; }

    internal void BeginRow()
    {
        _rowStart = Count;
        RowIsRejected = false;
    }

    internal void Add(int row, int field, ProblemKind kind, Disposition disposition, ReadOnlySpan<byte> observed,
        string expected)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        _entries[Count++] = new Entry(row, field, kind, disposition, Keep(observed, ObservedCharactersMax * 4),
            expected, default);
        RowIsRejected |= disposition == Disposition.RejectRow;
    }

    /// <summary>Once, before the first row.</summary>
    internal void AddNotice(FileNotice notice)
    {
        BeginRow();
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        _entries[Count++] = new Entry(0, _template.IndexOf(notice.Field), notice.Kind, Disposition.Warn,
            Keep(Encoding.UTF8.GetBytes(Shorten(notice.Place, NoticeCharactersMax)), int.MaxValue), "", default);
        EndRow([]);
    }

    /// <summary>Forgets the errors of the present row: something simpler explains them all, or it is no row.</summary>
    internal void DropRow()
    {
        Count = _rowStart;
        RowIsRejected = false;
    }

    /// <summary>What was added since there were <paramref name="from"/> shows the cell as it came.</summary>
    internal void Observe(int from, ReadOnlySpan<byte> raw)
    {
        var kept = from < Count ? Keep(raw, ObservedCharactersMax * 4) : default;
        for (var i = from; i < Count; i++)
            if (_entries[i].Observed.Length > 0)
                _entries[i].Observed = kept;
    }

    /// <summary>Forgets what was added to the present row since there were <paramref name="count"/>.</summary>
    internal void TakeBack(int count)
    {
        Count = count;
        RowIsRejected = false;
        for (var i = _rowStart; i < count; i++)
            RowIsRejected |= _entries[i].Disposition == Disposition.RejectRow;
    }

    internal void ReplaceRow(int row, ProblemKind kind)
    {
        DropRow();
        Add(row, -1, kind, kind.Disposition, [], "");
    }

    /// <summary>The present row has something in the column that could not be read.</summary>
    internal bool RowHasUnreadable(int field)
    {
        for (var i = _rowStart; i < Count; i++)
            if (_entries[i].Field == field && _entries[i].Kind != ProblemCatalogue.CellMissing
                && _entries[i].Kind != ProblemCatalogue.ConditionMissing)
                return true;
        return false;
    }

    internal void EndRow(ReadOnlySpan<byte> key)
    {
        var kept = Count > _rowStart ? Keep(key, ObservedCharactersMax * 4) : default;
        for (var i = _rowStart; i < Count; i++)
        {
            _entries[i].Key = kept;
            var number = NumberOf(_entries[i].Kind);
            var at = (number * (_template.Fields.Length + 1)) + _entries[i].Field + 1;
            (_entries[i].Disposition == Disposition.RejectRow ? _rejecting : _warning)[at]++;
        }
    }

    internal void Reject(int row, int origin, ReadOnlySpan<byte> raw, WhoseCells whose) =>
        _rejections.Add(new Rejection(row, Keep(raw, raw.Length), Keep(whose.Name, PartyBytesMax), Keep(whose.Code, PartyBytesMax),
            Keep(whose.RegistrationKey, PartyBytesMax), origin));

    /// <summary>The cells of a row that tell whose it is; empty where it has none.</summary>
    internal readonly ref struct WhoseCells
    {
        public ReadOnlySpan<byte> Name { get; init; }

        public ReadOnlySpan<byte> Code { get; init; }

        public ReadOnlySpan<byte> RegistrationKey { get; init; }
    }

    public void Clear()
    {
        Count = 0;
        _arenaUsed = 0;
        _rejections.Clear();
    }

    /// <summary>In row order.</summary>
    public IEnumerable<RowError> Details()
    {
        for (var i = 0; i < Count; i++)
        {
            var entry = _entries[i];
            var field = entry.Field < 0 ? null : _template.Fields[entry.Field];
            var observed = Text(entry.Observed);
            yield return new RowError(entry.Row, field?.Name ?? "", entry.Kind, entry.Disposition, Text(entry.Key),
                entry.Row == 0 ? observed : field is { Sensitivity: not Sensitivity.Internal } ? Mask.Cover(observed)
                    : Shorten(PersonalNumber.Cover(observed), ObservedCharactersMax), PersonalNumber.Cover(entry.Expected));
        }
    }

    public IEnumerable<RejectedRow> Rejections() => _rejections.Select(r => new RejectedRow(r.Row, Text(r.Raw),
        r.Name.Length == 0 ? null : Text(r.Name), r.Code.Length == 0 ? null : Text(r.Code), r.Origin)
    {
        RegistrationKey = r.RegistrationKey.Length == 0 ? null : Text(r.RegistrationKey),
    });

    /// <summary>
    /// Exact counts since the beginning of the file, by code, field and whether they rejected their rows, most frequent
    /// first: a template may only warn of what the catalogue rejects, and one sign may be certain where another is not.
    /// </summary>
    public IReadOnlyList<(ProblemKind Kind, string Field, long Count, bool IsRejecting)> Totals()
    {
        var width = _template.Fields.Length + 1;
        var totals = new List<(ProblemKind Kind, string Field, long Count, bool IsRejecting)>();
        foreach (var (counts, isRejecting) in new[] { (_rejecting, true), (_warning, false) })
            for (var i = 0; i < counts.Length; i++)
                if (counts[i] > 0)
                    totals.Add((_kinds[i / width]!, i % width == 0 ? "" : _template.Fields[(i % width) - 1].Name,
                        counts[i], isRejecting));
        return [.. totals.OrderByDescending(t => t.Count).ThenBy(t => t.Kind.Code, StringComparer.Ordinal)
            .ThenBy(t => t.Field, StringComparer.Ordinal).ThenByDescending(t => t.IsRejecting)];
    }

    private int NumberOf(ProblemKind kind)
    {
        var code = kind.Code.AsSpan(kind.Code.Length - 3);
        var number = ((code[0] - '0') * 100) + ((code[1] - '0') * 10) + code[2] - '0';
        _kinds[number] = kind;
        return number;
    }

    private (int Start, int Length) Keep(ReadOnlySpan<byte> bytes, int max)
    {
        if (bytes.Length > max)
            bytes = bytes[..max];
        if (_arena.Length - _arenaUsed < bytes.Length)
            Array.Resize(ref _arena, Math.Max(Math.Min(_arena.Length * 2, _arena.Length + (ArenaBytesMax / 4)),
                _arenaUsed + bytes.Length));
        bytes.CopyTo(_arena.AsSpan(_arenaUsed));
        _arenaUsed += bytes.Length;
        return (_arenaUsed - bytes.Length, bytes.Length);
    }

    private string Text((int Start, int Length) kept) => Encoding.UTF8.GetString(_arena, kept.Start, kept.Length);

    private static string Shorten(string text, int length) => text.Length <= length
        ? text : Mask.Head(text, length) + "…";
}

/// <summary>Covers identity numbers, phones and accounts: enough is left to find the cell, not the person.</summary>
public static class Mask
{
    private const int Shown = 2;

    /// <summary>
    /// <c>420106198001011234</c> becomes <c>42****34</c>; four characters or fewer become <c>****</c>.
    /// </summary>
    public static string Cover(string value) => value.Length <= Shown * 2
        ? value.Length == 0 ? "" : "****" : $"{Head(value, Shown)}****{Tail(value, Shown)}";

    /// <summary>At most <paramref name="length"/> characters from the front, never half of a surrogate pair.</summary>
    internal static string Head(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1
        : length)];

    private static string Tail(string text, int length) => text[^(char.IsLowSurrogate(text[^length]) ? length - 1
        : length)..];
}
