namespace InfoHub.Host.Demo;

/// <summary>An entry of SCJG-03 and the month whose file it stands in.</summary>
internal readonly record struct RegisterEvent(string Type, DateOnly Date, int FileMonth);

/// <summary>Registration, cancellation and signs of life of a party, month by month.</summary>
internal sealed class Lifecycle(Calendar calendar, Dice dice)
{
    /// <summary>The day in the event's month; early enough that "two months after" needs no counting.</summary>
    private const int EventDayMax = 20;

    private static bool IsInNone(in Party party) => party.Group is PartyGroup.Outsider or PartyGroup.Street;

    public static bool InBusinessRegister(in Party party) => !IsInNone(party)
        && party.Behaviour is not (Behaviour.PublicHospital or Behaviour.NonProfitHospital);

    public static bool InTaxRegister(in Party party) => !IsInNone(party) && party.Behaviour is not
        (Behaviour.Unregistered or Behaviour.UnregisteredActive or Behaviour.NewFirm or Behaviour.StruckOff
        or Behaviour.BranchOfRegistered or Behaviour.BranchWithMeter);

    /// <summary>登记状态 at the end of the month the party first stands in the register: 1 存续, 2 吊销未注销, 4 注销.</summary>
    public string RegisterStatus(in Party party) => party.Behaviour switch
    {
        Behaviour.StruckOff => party.Group == PartyGroup.Shop || Variant(party) == 0 ? "4" : "2",
        Behaviour.CancelledThenActive or Behaviour.LateCorrection => "4",
        Behaviour.ClearingPeriod when EventMonth(party) == 0 => "4",
        Behaviour.RevokedThenActive or Behaviour.RevokedRestored => "2",
        _ => "1",
    };

    /// <summary>纳税人状态 at the end of a month.</summary>
    public string TaxStatus(in Party party, int month) => party.Behaviour switch
    {
        Behaviour.TaxCancelledActive => Codes.Cancelled,
        Behaviour.AbnormalActive => Variant(party) == 0 || month >= 1 ? Codes.Abnormal : Codes.Normal,
        Behaviour.BackToNormal => month >= 1 ? Codes.Normal : Codes.Abnormal,
        Behaviour.Suspended => month >= 1 ? Codes.OutOfBusiness : Codes.Normal,
        Behaviour.ClearingPeriod => month > EventMonth(party) ? Codes.Cancelled : Codes.Normal,
        Behaviour.LateCorrection => Codes.Cancelled,
        _ => Codes.Normal,
    };

    /// <summary>Stands in the month's SW-01 file: newly registered, or of another status than before.</summary>
    public bool IsTaxRegisterNews(in Party party, int month) => InTaxRegister(party) && (party.Join == month
        || (month > party.Join && party.Behaviour != Behaviour.Clean
            && TaxStatus(party, month) != TaxStatus(party, month - 1)));

    /// <summary>0, 1 or 2: by meter, by staff or returns, by both.</summary>
    public int Variant(in Party party) => dice.Below(3, party.Index, Salt.Variant);

    /// <summary>The month of the first SCJG-03 event; negative before the months generated.</summary>
    public int EventMonth(in Party party) => party.Behaviour switch
    {
        Behaviour.CancelledThenActive or Behaviour.RevokedThenActive => -dice.Below(3, party.Index, Salt.EventMonth),
        Behaviour.LateCorrection => -1,
        Behaviour.ClearingPeriod => dice.Below(calendar.Count - 3, party.Index, Salt.EventMonth),
        Behaviour.ListedAbnormal => party.Ordinal % calendar.Count,
        _ => 0,
    };

    /// <summary>The party's entries in SCJG-03, one or two; empty for nearly all.</summary>
    public IReadOnlyList<RegisterEvent> Events(in Party party)
    {
        var month = EventMonth(party);
        var lifted = month + 2 <= calendar.Last && party.Index % 2 == 0;
        return party.Behaviour switch
        {
            Behaviour.CancelledThenActive or Behaviour.ClearingPeriod or Behaviour.LateCorrection =>
                [EventOf(party, Codes.Cancellation, month)],
            Behaviour.RevokedThenActive => [EventOf(party, Codes.Revocation, month)],
            Behaviour.RevokedRestored =>
                [EventOf(party, Codes.Revocation, month), EventOf(party, Codes.Restored, month + 3)],
            Behaviour.ListedAbnormal when lifted =>
                [EventOf(party, Codes.AbnormalListed, month), EventOf(party, Codes.AbnormalLifted, month + 2)],
            Behaviour.ListedAbnormal => [EventOf(party, Codes.AbnormalListed, month)],
            _ => [],
        };
    }

    /// <summary>In business, or winding up: has returns, meters that turn, and staff.</summary>
    public bool IsAlive(in Party party, int month) => month >= party.Join && party.Behaviour switch
    {
        Behaviour.ClearingPeriod => month <= EventMonth(party) + 1,
        Behaviour.LateCorrection or Behaviour.StruckOff => false,
        _ => true,
    };

    private RegisterEvent EventOf(in Party party, string type, int month) => new(type,
        calendar[month].Start.AddDays(dice.Below(EventDayMax, party.Index, Salt.EventDay, month)), Math.Max(0, month));
}
