using System.Collections.Immutable;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>How a treasury row (SW-02) takes part in the comparison of surcharges with the two taxes.</summary>
internal enum PaymentRole
{
    None = 0,

    /// <summary>实缴增值税、消费税: the base.</summary>
    Base,

    /// <summary>留抵退税: taken off the base, what is over is carried forward.</summary>
    CarryRefund,
    Surcharge,
}

/// <summary>
/// One treasury row of the two taxes or their surcharges. <paramref name="Unit"/> null: a span that is no month or
/// quarter.
/// </summary>
internal sealed record TaxPayment(Fact Row, PaymentRole Role, string Tax, Money Amount, Period? Unit, string Authority);

/// <summary>
/// Reads SW-02 for one djxh. Kept: 正税 (skzl 10) that no adjustment replaced (<see cref="Codes.Standing"/>); a row
/// with an
/// adjustment code nobody agreed counts as paid surcharge but never as base. Left out of both sides: 代扣代缴 (103: the
/// withholder's row, 境外 sales carry no surcharge) and, by 预算科目, imports (海关代征) and 出口退税.
/// <para>
/// Refunds (negative rows) of the two taxes: the 退库类型 list is not agreed, so what a refund is follows from the returns.
/// An amount that a return shows as 留抵退税 is that one and is left to the return; for a party with export sales it is
/// 出口退税
/// and left out; any other lowers the base (误收退税, adjustment).
/// </para>
/// </summary>
internal static class TaxPayments
{
    public const string Item = "SW-02";

    public static readonly ImmutableArray<string> Surcharges = [Codes.UrbanMaintenance, Codes.EducationSurcharge, Codes.LocalEducationSurcharge];

    public static ImmutableArray<TaxPayment> Of(Dossier dossier, string djxh)
    {
        var returns = Declarations.Rows(dossier).Where(r => r.Text("djxh") == djxh).ToArray();
        return [.. dossier.Of(Item).Where(r => r.Text("djxh") == djxh && r.Text("skzl") == Codes.PrincipalTax && r.Text("sksx") != Codes.Withheld)
            .Select(r => new TaxPayment(r, Role(r, returns), r.Text("zsxm_dm") ?? "", r.Money("sjje") ?? Money.Zero,
                UnitOf(r, returns), r.Text("skssswjg_dm") ?? ""))
            .Where(p => p.Role != PaymentRole.None)];
    }

    /// <summary>Days that a return of the party has too are what it filed for.</summary>
    private static Period? UnitOf(Fact row, Fact[] returns) => TaxPeriods.Of(row.Date("skssqq"), row.Date("skssqz"))
        ?? returns.Where(r => r.Date("skssqq") == row.Date("skssqq") && r.Date("skssqz") == row.Date("skssqz"))
            .Select(Declarations.PeriodOf).FirstOrDefault();

    private static PaymentRole Role(Fact row, Fact[] returns)
    {
        var standing = Codes.Standing(row.Text("tzlx"));
        if (standing == false)
            return PaymentRole.None;
        if (Surcharges.Contains(row.Text("zsxm_dm") ?? ""))
            return PaymentRole.Surcharge;
        if (standing is null || row.Text("zsxm_dm") is not (Codes.Vat or Codes.ConsumptionTax) || CrossesBorder(row.Text("yskm")))
            return PaymentRole.None;
        return row.Money("sjje") < Money.Zero && row.Text("tklx") is not null ? RefundRole(row, returns) : PaymentRole.Base;
    }

    private static PaymentRole RefundRole(Fact row, Fact[] returns) =>
        returns.Any(r => r.Money("ldts") == -row.Money("sjje")) ? PaymentRole.CarryRefund
        : returns.Any(r => r.Money("sales_export") > Money.Zero) ? PaymentRole.None
        : PaymentRole.Base;

    /// <summary>预算科目 进口货物增值税/消费税, 出口退税: by the wording or by the 政府收支分类 code.</summary>
    private static bool CrossesBorder(string? subject) => subject is not null
        && (subject.Contains("进口", StringComparison.Ordinal) || subject.Contains("出口", StringComparison.Ordinal)
            || BorderSubjects.Any(s => subject.StartsWith(s, StringComparison.Ordinal)));

    private static readonly ImmutableArray<string> BorderSubjects = ["1010102", "1010103", "1010202", "1010203"];
}
