using InfoHub.Domain.Identity;
using InfoHub.Linkage.Register;
using InfoHub.Storage.Parties;

namespace InfoHub.Processing.Resolve;

/// <summary>The registers of the store at one version, in memory, ready for matching.</summary>
internal sealed class RegisterMirror
{
    /// <summary>So many changed parties: it costs less to read all of them than to follow.</summary>
    public const int ChangesMax = 20_000;

    private Dictionary<PartyId, RegisterFace[]> _faces = [];
    private PartyRegister? _register;

    /// <summary>The version that is in memory; −1 for none.</summary>
    public long Version { get; private set; } = -1;

    /// <summary>The version in whose register words were counted; −1 for none.</summary>
    public long WeightsVersion { get; private set; } = -1;

    public int Parties => _faces.Count;

    public LinkTexts Texts { get; private set; } = new("");

    public PartyRegister Register => _register ?? throw new InvalidOperationException("no register has been read");

    /// <summary>
    /// Brings the mirror to a version of the register, with words as they were counted in another. False when it was
    /// there by following the changes, true when it was built anew.
    /// </summary>
    public async Task<bool> MoveToAsync(RegisterHistory history, long version, long weightsVersion,
        CancellationToken cancellation)
    {
        var changed = _register is null || version < Version ? []
            : await history.ChangedAsync(Version, version, cancellation);
        if (_register is { IsWorn: false } && version >= Version && WeightsVersion == weightsVersion
            && changed.Length <= ChangesMax)
        {
            if (changed.Length > 0)
                Change(changed, await history.FacesAsync(version, changed, cancellation));
            Version = version;
            return false;
        }
        _faces = (await history.FacesAsync(version, null, cancellation)).GroupBy(f => f.Party)
            .ToDictionary(g => g.Key, g => g.ToArray());
        if (weightsVersion == LinkProgress.NeverWeighed)
            weightsVersion = Weigh(version);
        else if (await history.WeightsAsync(weightsVersion, cancellation) is var (weights, homeCity))
            Build(RegisterWeights.FromBytes(weights), homeCity);
        else
            throw new InvalidDataException($"what words told at version {weightsVersion} is not in the store");
        (Version, WeightsVersion) = (version, weightsVersion);
        return true;
    }

    /// <summary>Counts words anew, in the register that is in memory.</summary>
    public void Reweigh() => WeightsVersion = Weigh(Version);

    private long Weigh(long version)
    {
        Build(null, LinkTexts.HomeCityOf(_faces.Values.SelectMany(f => f)));
        return version;
    }

    /// <summary>The keys by which rows may find the entries of some parties.</summary>
    public HashSet<long> KeysOf(IEnumerable<long> parties)
    {
        var keys = new HashSet<long>();
        foreach (var party in parties)
            foreach (var face in _faces.GetValueOrDefault(new PartyId(party), []))
                keys.UnionWith(PartyKeys.OfEntry(Texts.Of(face), Register));
        return keys;
    }

    /// <summary>The division of an entry; "" when it has none.</summary>
    public string BranchOf(PartyId? entry) => entry is { } party && _faces.TryGetValue(party, out var faces)
        ? faces.Select(f => f.Region).FirstOrDefault(r => r.Length > 0) ?? "" : "";

    private void Build(RegisterWeights? weights, string homeCity)
    {
        Texts = new LinkTexts(homeCity);
        var texts = _faces.OrderBy(f => f.Key).SelectMany(f => f.Value).Select(Texts.Of).ToArray();
        _register = PartyRegister.Build(texts, Environment.ProcessorCount, weights);
    }

    private void Change(long[] changed, RegisterFace[] faces)
    {
        var now = faces.GroupBy(f => f.Party).ToDictionary(g => g.Key, g => g.ToArray());
        var gone = changed.Select(p => new PartyId(p)).Where(p => !now.ContainsKey(p)).ToArray();
        var other = now.Where(n => !(_faces.TryGetValue(n.Key,
            out var before) && before.AsSpan().SequenceEqual(n.Value))).ToArray();
        foreach (var party in gone)
            _faces.Remove(party);
        foreach (var (party, wording) in other)
            _faces[party] = wording;
        _register = Register.With([.. other.SelectMany(o => o.Value.Select(Texts.Of))],
            [.. gone.Select(g => g.ToString())], Environment.ProcessorCount);
    }
}
