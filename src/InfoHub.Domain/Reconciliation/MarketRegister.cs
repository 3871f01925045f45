
namespace InfoHub.Domain.Reconciliation;

/// <summary>What SCJG-01 and SCJG-03 say about the party's licence.</summary>
internal static class MarketRegister
{
    /// <summary>
    /// The oldest licence in force: reg_status 存续 and not closed by an event. Null when there is none.
    /// </summary>
    public static Fact? ActiveLicence(Dossier dossier) => Closing(dossier) is not null ? null :
        dossier.Of("SCJG-01").Where(r => r.Text("reg_status") == Codes.MarketActive && r.Date("est_date") is not null)
            .OrderBy(r => r.Date("est_date")).ThenBy(r => r.Text("uscc"), StringComparer.Ordinal).FirstOrDefault();

    /// <summary>
    /// The event that closed the licence: the first 注销 or 吊销 after the last 恢复. Null when the party is open, also
    /// where the licence register contradicts it. On one day 恢复 stands last: it can only undo what came before it.
    /// 列入/移出异常 and 严重违法 close nothing.
    /// </summary>
    public static Fact? Closing(Dossier dossier)
    {
        var events = dossier.Of("SCJG-03");
        var restored = events.Where(e => e.Text("event_type") == Codes.EventRestored).Max(e => e.Date("event_date"));
        var closing = events
            .Where(e => e.Text("event_type") is Codes.EventCancelled or Codes.EventRevoked
                && e.Date("event_date") is { } day && (restored is null || day > restored))
            .OrderBy(e => e.Date("event_date")).ThenBy(e => e.Text("event_type"), StringComparer.Ordinal).FirstOrDefault();
        return closing is not null && Reopened(dossier, closing.Date("event_date")!.Value) ? null : closing;
    }

    /// <summary>
    /// The licence register contradicts the closing: a 存续 row approved after the event (简易注销 reversed without an 恢复
    /// event). A register that merely sends the old row again, with its old 核准日期, contradicts nothing.
    /// </summary>
    private static bool Reopened(Dossier dossier, DateOnly closed) => dossier.Of("SCJG-01").Any(r =>
        r.Text("reg_status") == Codes.MarketActive
        && r.Date("approve_date") > closed);

    /// <summary>列入经营异常 without a later 移出.</summary>
    public static bool ListedAbnormal(Dossier dossier)
    {
        var last = dossier.Of("SCJG-03").Where(e => e.Text("event_type") is Codes.EventListedAbnormal or Codes.EventDelisted)
            .OrderBy(e => e.Date("event_date")).ThenBy(e => e.Text("event_type"), StringComparer.Ordinal).LastOrDefault();
        return last?.Text("event_type") == Codes.EventListedAbnormal;
    }
}
