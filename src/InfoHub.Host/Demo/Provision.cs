namespace InfoHub.Host.Demo;

/// <summary>机构类别 of a designated medical provider, with its code.</summary>
internal enum ProviderType
{
    PublicHospital = 11,
    PrivateHospital = 12,
    NonProfitHospital = 13,
    Clinic = 14,
    Pharmacy = 21,
    ChainStore = 22,
    Franchise = 23,
}

/// <summary>What a provider settled with the medical insurance in a month, in fen.</summary>
/// <param name="Gross">个人账户 + 统筹基金 + 个人现金.</param>
/// <param name="Reversed">冲正, zero or negative.</param>
internal readonly record struct Settlement(long Gross, long Reversed)
{
    public long Net => Gross + Reversed;
}

/// <summary>
/// Settlements of medical providers and the sales they declare: k of sales is settled (药店 0.6, 诊所 0.5, hospitals less),
/// so that an honest 药店 declares 1/k ≈ 1.67 times its settlements and more.
/// </summary>
internal sealed class Provision(Population population, Calendar calendar, Dice dice)
{
    private const long Yuan = 100;
    private const int PerMille = 1000;

    public static bool IsProvider(in Party party) => party.Group is PartyGroup.Provider or PartyGroup.ChainStore;

    public static ProviderType TypeOf(in Party party) => party.Behaviour switch
    {
        Behaviour.PublicHospital => ProviderType.PublicHospital,
        Behaviour.PrivateHospital => ProviderType.PrivateHospital,
        Behaviour.NonProfitHospital => ProviderType.NonProfitHospital,
        Behaviour.Clinic or Behaviour.ClinicBelow or Behaviour.ClinicThinCover => ProviderType.Clinic,
        Behaviour.Franchise => ProviderType.Franchise,
        Behaviour.ChainStore or Behaviour.ChainStoreZero => ProviderType.ChainStore,
        _ => ProviderType.Pharmacy,
    };

    public static bool IsHospital(in Party party) => TypeOf(party) is
        ProviderType.PublicHospital or ProviderType.PrivateHospital or ProviderType.NonProfitHospital;

    /// <summary>Hospitals and clinics: 医疗服务 is exempt from VAT and declared as exempt sales.</summary>
    public static bool IsMedicalService(in Party party) => IsHospital(party) || TypeOf(party) == ProviderType.Clinic;

    public static bool FilesQuarterly(in Party party) =>
        party.Behaviour is Behaviour.PharmacyQuarter or Behaviour.PharmacyBelowQuarter;

    public Settlement Settled(in Party party, int month)
    {
        var net = Net(party, month);
        return party.Behaviour == Behaviour.PharmacyReversal && month == EventMonth(party)
            ? new Settlement(net * 4, net * -3) : new Settlement(net, 0);
    }

    /// <summary>Sales declared for a month: as first filed, or as corrected a month later.</summary>
    public long Declared(in Party party, int month, bool corrected)
    {
        if (party.Group != PartyGroup.ChainHead)
            return Net(party, month) * Cover(party, month, corrected) / PerMille;
        long sum = 0;
        foreach (ref readonly var store in population.StoresOf(party))
            sum += Net(store, month);
        return sum * Cover(party, month, corrected) / PerMille;
    }

    /// <summary>The month a one-off event (冲正, 更正) falls in; never the last: a correction needs a later file.</summary>
    public int EventMonth(in Party party) => dice.Below(calendar.Last, party.Index, Salt.EventMonth);

    /// <summary>The two overdue months, or the whole quarter, in which what is planted shows.</summary>
    public bool IsFaultMonth(in Party party, int month)
    {
        if (party.Behaviour == Behaviour.PharmacyBelowQuarter)
            return QuarterEnd(month) == FaultQuarterEnd() && calendar.IsOverdue(FaultQuarterEnd());
        var months = calendar.OverdueCount;
        var first = dice.Below(months, party.Index, Salt.FaultMonth);
        var second = (first + 1 + dice.Below(months - 1, party.Index, Salt.FaultMonth, month: 1)) % months;
        return month == first || month == second;
    }

    private int QuarterEnd(int month)
    {
        while (!calendar.EndsQuarter(month))
            month++;
        return month;
    }

    /// <summary>The end of the first quarter that lies within the months as a whole.</summary>
    private int FaultQuarterEnd()
    {
        var end = 2;
        while (!calendar.EndsQuarter(end))
            end++;
        return end;
    }

    private long Net(in Party party, int month)
    {
        var (low, high) = IsHospital(party) ? (1_500_000L, 6_000_000L)
            : FilesQuarterly(party) ? (15_000L, 32_000L) : (120_000L, 600_000L);
        var usual = dice.Between(low, high, party.Index, Salt.Settled);
        return usual * dice.Between(90 * Yuan, 110 * Yuan, party.Index, Salt.Settled, month + 1) / 100;
    }

    /// <summary>Declared sales per mille of settlements.</summary>
    private long Cover(in Party party, int month, bool corrected) => party.Behaviour switch
    {
        Behaviour.PharmacyBelow or Behaviour.ClinicBelow or Behaviour.PharmacyBelowQuarter or Behaviour.ChainHeadBelow
            when IsFaultMonth(party, month) => dice.Between(450, 650, party.Index, Salt.Cover, month),
        Behaviour.PharmacyThinCover or Behaviour.ClinicThinCover => 1_020,
        Behaviour.PharmacyCorrected when month == EventMonth(party) && !corrected => 500,
        _ => IsHospital(party)
            ? dice.Between(2_900, 3_300, party.Index, Salt.Cover, month)
            : TypeOf(party) == ProviderType.Clinic
                ? dice.Between(2_400, 2_800, party.Index, Salt.Cover, month)
                : dice.Between(2_000, 2_500, party.Index, Salt.Cover, month),
    };
}
