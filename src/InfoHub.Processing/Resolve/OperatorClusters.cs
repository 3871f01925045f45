using InfoHub.Domain.Identity;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Storage.Parties;

namespace InfoHub.Processing.Resolve;

/// <summary>
/// Which of the rows that match nobody are the same operator. Their party is the one that was seen first: it keeps
/// its id while others join it, and a part that is no longer connected with it goes by its own first member.
/// </summary>
internal sealed class OperatorClusters
{
    private readonly Dictionary<string, OpenRow> _rows = new(StringComparer.Ordinal);
    private OperatorRegister? _register;

    /// <summary>What is held in memory is no longer what the store has: it is read anew.</summary>
    public void Forget() => _register = null;

    /// <summary>
    /// Reads the rows that match nobody, unless they are known. Words tell what they tell in the registers, so that
    /// all hosts see the same likeness.
    /// </summary>
    public async Task FollowAsync(
        LinkTransaction work, RegisterWeights weights, Func<OpenRow, PartyText> textOf, CancellationToken cancellation)
    {
        if (_register is { IsWorn: false })
            return;
        _rows.Clear();
        foreach (var row in await work.NobodysAsync(cancellation))
            _rows[textOf(row).Id] = row;
        _register = OperatorRegister.Build(_rows.Values.Select(textOf), Environment.ProcessorCount, weights);
    }

    /// <summary>
    /// Takes in decisions and tells the party of every row whose cluster changed, among them all rows of the
    /// decisions that match nobody. Nothing is stored here.
    /// </summary>
    public Dictionary<(Guid Identity, string Item), (OpenRow Row, PartyId Party)> Place(
        IReadOnlyList<OpenRowDecision> decisions, LinkModel model, float leastLogOdds, Func<OpenRow, PartyText> textOf)
    {
        var register = _register ?? throw new InvalidOperationException("the rows that match nobody have not been read");
        var (come, gone, touched) = (new List<OpenRow>(), new List<string>(), new HashSet<long>());
        foreach (var decision in decisions)
        {
            var id = textOf(decision.Row).Id;
            if (decision.Decision == LinkDecision.Nobody)
                come.Add(decision.Row);
            else if (_rows.Remove(id))
            {
                gone.Add(id);
                touched.Add(decision.Row.Party.Value);
            }
        }
        foreach (var row in come)
            _rows[textOf(row).Id] = row;
        _register = register.With(come.Select(textOf), gone, Environment.ProcessorCount);
        OpenRow[] changed = [.. come, .. _rows.Values.Where(r => touched.Contains(r.Party.Value))];
        return Components(Links(changed,
            rows => _register.Alike(rows, model, leastLogOdds, Environment.ProcessorCount), textOf));
    }

    /// <summary>
    /// Neighbours of the given rows, of theirs, and so on: everything that is connected with what changed.
    /// </summary>
    private Dictionary<string, List<string>> Links(
        OpenRow[] changed, Func<PartyText[], List<string>[]> alikeTo, Func<OpenRow, PartyText> textOf)
    {
        var links = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var next = changed.Select(r => textOf(r).Id).Distinct(StringComparer.Ordinal).ToArray();
        while (next.Length > 0)
        {
            var alike = alikeTo([.. next.Select(id => textOf(_rows[id]))]);
            for (var i = 0; i < next.Length; i++)
                links[next[i]] = alike[i];
            next = [.. alike.SelectMany(a => a).Distinct(StringComparer.Ordinal).Where(id =>
                _rows.ContainsKey(id) && !links.ContainsKey(id))];
        }
        return links;
    }

    private Dictionary<(Guid, string), (OpenRow, PartyId)> Components(Dictionary<string, List<string>> links)
    {
        var both = links.ToDictionary(l => l.Key, _ =>
            new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (id, alike) in links)
            foreach (var other in alike.Where(both.ContainsKey))
            {
                both[id].Add(other);
                both[other].Add(id);
            }
        var places = new Dictionary<(Guid, string), (OpenRow, PartyId)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in both.Keys)
        {
            if (!seen.Add(start))
                continue;
            var members = new List<string> { start };
            for (var i = 0; i < members.Count; i++)
                members.AddRange(both[members[i]].Where(seen.Add));
            var rows = members.ConvertAll(m => _rows[m]);
            var founder = rows.MinBy(r => (r.FirstPeriod, r.OwnParty.Value))!.OwnParty;
            for (var i = 0; i < rows.Count; i++)
            {
                places[(rows[i].Identity, rows[i].Item)] = (rows[i], founder);
                _rows[members[i]] = rows[i] with { Party = founder };
            }
        }
        return places;
    }
}
