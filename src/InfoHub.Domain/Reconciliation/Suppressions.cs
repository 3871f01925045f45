
namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// The common suppression list (models.md Part 4), as far as a dossier can tell:
/// <list type="bullet">
/// <item>branches under 汇总纳税: SCJG-01 or YB-01 parent_uscc, SW-01 parent_nsrsbh (<see cref="HeadOffice"/>);
/// a parent shows
/// no mark of its own in these items;</item>
/// <item>the unidentified party, and doubt about the tax register (<see cref="Unsure"/>);</item>
/// <item>status 注销/清算: each model decides, because HJ-05 and HJ-06 are about that very state;</item>
/// <item>a period older than the recovery limit: <see cref="TaxPeriods.RecoverableThrough"/>;</item>
/// <item>免税/减免 codes: SW-02 and SW-03 carry none, so only the dated reliefs of the parameters are known;</item>
/// <item>跨区经营 with a valid report: SW-06 is not among the inputs of these models;</item>
/// <item>a finding already open, a party whitelisted until a date: the store holds them and applies them to the
/// draft.</item>
/// </list>
/// </summary>
internal static class Suppressions
{
    /// <summary>Only a name or an address speaks for the party: nothing may be said of it.</summary>
    public static bool Unidentified(Dossier dossier) => !dossier.Party.Identified;

    /// <summary>
    /// "Not registered" cannot be said: no code and not known to match nobody (under review, ambiguous), or a rejected
    /// row of the tax bureau's may be this party's: of the register itself, or a return or payment, which only who is
    /// registered has.
    /// </summary>
    public static bool Unsure(Dossier dossier) =>
        (!dossier.Party.Identified && !dossier.Party.Unmatched) || !dossier.Party.Doubts.IsEmpty;

    /// <summary>
    /// What a model that compares with the given items has to say while a rejected row of one of them may be the
    /// party's; null when none may.
    /// </summary>
    public static ModelAnswer? Doubted(Dossier dossier, params ReadOnlySpan<string> items)
    {
        foreach (var item in items)
            if (dossier.Party.Doubts.Contains(item))
                return ModelAnswer.Cannot($"{item} 有一行可能属于该户的数据被退回，改正并重新报送后再判断");
        return null;
    }

    /// <summary>A branch whose tax a parent may carry, by the last that is known of it.</summary>
    public static bool IsBranch(Dossier dossier) => !HeadOffice.In(dossier, HeadOffice.Latest).IsEmpty;
}
