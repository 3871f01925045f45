using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Host.Demo;

/// <summary>One party, small enough for millions: what it is called and does follows from these and the seed.</summary>
/// <param name="Index">Its place in the population; everything made up about it is a function of this.</param>
/// <param name="Ordinal">Its place within its group, in shuffled order.</param>
/// <param name="Real">Row of the real enterprise it stands for, or −1.</param>
/// <param name="Parent">Index of its head office, or −1.</param>
/// <param name="Join">The month of its business registration; 0: on the books before the first month ends.</param>
internal readonly record struct Party(
    int Index, int Ordinal, PartyGroup Group, Behaviour Behaviour, int Real, int Parent, sbyte Join)
{
    public bool IsReal => Real >= 0;
}

/// <summary>The months generated, by index 0 .. Count − 1; neighbours outside may be asked for too.</summary>
internal sealed class Calendar(Period first, int count, DateOnly asOf)
{
    private const int FilingDays = 15;

    public int Count { get; } = count;

    public DateOnly AsOf { get; } = asOf;

    public int Last => Count - 1;

    public Period this[int month] => first.AddMonths(month);

    public bool EndsQuarter(int month) => this[month].Start.Month % 3 == 0;

    /// <summary>The days of the last month on which a firm is founded that is under 26 days old at AsOf.</summary>
    public (DateOnly From, DateOnly To) NewFirmWindow()
    {
        var (month, youngest) = (this[Last], AsOf.AddDays(-25));
        return (youngest > month.Start ? youngest : month.Start, month.End);
    }

    /// <summary>
    /// The last day to file for the period that ends with the month is past at AsOf: only then may a model say of it
    /// that something was not declared or paid.
    /// </summary>
    public bool IsOverdue(int month) => LegalCalendar.Shipped.Filing(this[month].End.AddDays(FilingDays)).Day < AsOf;

    /// <summary>How many months, from the first on, are overdue: all, or all but the last.</summary>
    public int OverdueCount => IsOverdue(Last) ? Count : Last;

    /// <summary>
    /// In the same July-to-June as the first month: 小型微利 is settled for such a year, so the register of the first month
    /// proves it for these months only.
    /// </summary>
    public bool InFirstReliefYear(int month) =>
        this[month].Start.AddMonths(-6).Year == this[0].Start.AddMonths(-6).Year;

    public bool HasNewFirms => NewFirmWindow() is var (from, to) && from <= to;
}

/// <summary>Who there is. Indexes run through the groups one after another.</summary>
internal sealed class Population
{
    public const int StoresPerChain = 6;
    private const int PerMille = 1000;
    private const int UnregisteredDaysMin = 45;
    private const int RegistrationDays = 30;

    private readonly Party[] _parties;

    private readonly int _enterprises;
    private readonly int _firstHead;
    private readonly int _firstStore;

    private Population(Party[] parties)
    {
        _parties = parties;
        _enterprises = parties.Count(p => p.Group == PartyGroup.Enterprise);
        _firstHead = Array.FindIndex(parties, p => p.Group == PartyGroup.ChainHead);
        _firstStore = Array.FindIndex(parties, p => p.Group == PartyGroup.ChainStore);
    }

    public ReadOnlySpan<Party> All => _parties;

    public int Count => _parties.Length;

    public ref readonly Party this[int index] => ref _parties[index];

    /// <summary>The shops of a chain's head office.</summary>
    public ReadOnlySpan<Party> StoresOf(in Party head) =>
        All.Slice(_firstStore + ((head.Index - _firstHead) * StoresPerChain), StoresPerChain);

    /// <summary>An enterprise of which nothing is expected, there from the first month on.</summary>
    public Party CleanEnterprise(ulong roll) => _parties[CleanEnterprise(_parties, (int)(roll % (ulong)_enterprises))];

    private static int CleanEnterprise(ReadOnlySpan<Party> parties, int from)
    {
        while (parties[from] is not { Group: PartyGroup.Enterprise, Behaviour: Behaviour.Clean, Join: 0 })
            from = (from + 1) % parties.Length;
        return from;
    }

    public static Population Settle(DemoOptions options, Calendar calendar, Dice dice, RealEnterprises real)
    {
        var builder = new Builder(new Party[options.Parties], calendar, dice, real);
        var heads = Math.Max(1, options.Parties / 1000);
        builder.Add(PartyGroup.Enterprise, Math.Max(1, options.Parties * 36 / 100));
        builder.Add(PartyGroup.Branch, Math.Max(10, options.Parties * 15 / 1000));
        builder.Add(PartyGroup.Cooperative, options.Parties * 2 / 100);
        builder.Add(PartyGroup.Provider, options.Parties * 2 / 100);
        builder.Add(PartyGroup.ChainHead, heads);
        builder.Add(PartyGroup.ChainStore, heads * StoresPerChain);
        builder.Add(PartyGroup.Outsider, options.Parties * 2 / 100);
        builder.Add(PartyGroup.Street, Math.Max(10, options.Parties / 100));
        builder.Add(PartyGroup.Shop, options.Parties - builder.Used);
        return new Population(builder.Parties);
    }

    private sealed class Builder(Party[] parties, Calendar calendar, Dice dice, RealEnterprises real)
    {
        private int _nextReal;
        private int _firstHead;

        public Party[] Parties { get; } = parties;

        public int Used { get; private set; }

        public void Add(PartyGroup group, int count)
        {
            var start = Used;
            var order = new Shuffle(count, dice.Roll((int)group, Salt.Order));
            var behaviours = Quotas(group, count);
            if (group == PartyGroup.ChainHead)
                _firstHead = start;
            for (var i = 0; i < count; i++)
            {
                var ordinal = order[i];
                var behaviour = ordinal < behaviours.Length ? behaviours[ordinal] : Behaviour.Clean;
                var row = group == PartyGroup.Enterprise ? TakeReal(behaviour) : -1;
                Parties[start + i] = new Party(start + i, ordinal, group, behaviour, row, ParentOf(group, i, start + i),
                    row >= 0 ? (sbyte)0 : Join(group, behaviour, start + i));
            }
            Used += count;
        }

        /// <summary>The behaviour of ordinal 0, 1, …; those beyond are clean.</summary>
        private Behaviour[] Quotas(PartyGroup group, int count)
        {
            var behaviours = new List<Behaviour>();
            foreach (var plan in BehaviourCatalogue.Plans)
            {
                var possible = plan.Behaviour != Behaviour.NewFirm || calendar.HasNewFirms;
                var share = Math.Max(1, (int)((long)count * plan.PerMille / PerMille));
                if (plan.Behaviour == Behaviour.TwoOutlets)
                    share += share % 2;
                if (plan.Group == group && possible)
                    behaviours.AddRange(Enumerable.Repeat(plan.Behaviour, share));
            }
            return [.. behaviours];
        }

        /// <summary>
        /// The next real enterprise, or −1. A new firm cannot be one founded years ago. One that is a branch by its
        /// name
        /// is never planted as unregistered: a model may rightly spare it.
        /// </summary>
        private int TakeReal(Behaviour behaviour)
        {
            if (_nextReal >= real.Count || behaviour == Behaviour.NewFirm)
                return -1;
            var unregistered = behaviour is Behaviour.Unregistered or Behaviour.UnregisteredActive
                or Behaviour.TaxCancelledActive or Behaviour.AbnormalActive;
            return unregistered && real.LooksLikeBranch(_nextReal) ? -1 : _nextReal++;
        }

        private int ParentOf(PartyGroup group, int ordinal, int index) => group switch
        {
            PartyGroup.ChainStore => _firstHead + (ordinal / StoresPerChain),
            PartyGroup.Branch => CleanEnterprise(Parties.AsSpan(0, Used), dice.Below(Used, index, Salt.Parent)),
            _ => -1,
        };

        /// <summary>
        /// A firm of that month is beyond doubt late at AsOf, and the tax register has been sent since its 30 days
        /// ended.
        /// </summary>
        private bool IsOldEnough(int month) => calendar[month].End.AddDays(UnregisteredDaysMin) <= calendar.AsOf
            && calendar[month].Start.AddDays(2 * RegistrationDays) <= calendar[calendar.Last].End;

        private sbyte Join(PartyGroup group, Behaviour behaviour, int index)
        {
            if (behaviour == Behaviour.NewFirm)
                return (sbyte)calendar.Last;
            var grows = group is PartyGroup.Enterprise or PartyGroup.Shop or PartyGroup.Cooperative;
            var mayJoin = grows && (behaviour is Behaviour.Clean or Behaviour.Unregistered);
            if (!mayJoin || !dice.Percent(6, index, Salt.Join))
                return 0;
            var month = 1 + dice.Below(calendar.Last, index, Salt.Join, month: 1);
            return behaviour == Behaviour.Clean || IsOldEnough(month) ? (sbyte)month : (sbyte)0;
        }
    }

    /// <summary>A fixed shuffle of 0 .. n − 1 without a table: i ↦ (a·i + b) mod n with a prime to n.</summary>
    private readonly struct Shuffle
    {
        private readonly long _factor, _offset, _size;

        public Shuffle(int size, ulong roll)
        {
            _size = Math.Max(1, size);
            _offset = (long)(roll % (ulong)_size);
            _factor = Math.Max(1, _size * 5 / 8);
            while (Gcd(_factor, _size) != 1)
                _factor++;
        }

        public int this[int i] => (int)(((_factor * i) + _offset) % _size);

        private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
    }
}
