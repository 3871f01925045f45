namespace InfoHub.Host.Demo;

/// <summary>城建税, 教育费附加 and 地方教育附加 of one period, in fen; zero: no such row.</summary>
internal readonly record struct Surcharges(long City, long Education, long LocalEducation)
{
    private const long ExemptSalesAMonth = 10_000_000;

    public long Sum => City + Education + LocalEducation;

    public static Surcharges operator -(Surcharges left, Surcharges right) =>
        new(left.City - right.City, left.Education - right.Education, left.LocalEducation - right.LocalEducation);

    /// <summary>The base the law gives: both taxes, 免抵税额 added, 留抵退税额 taken off; tax-rules.md §3.1.</summary>
    public static long LegalBase(in VatReturn filed) =>
        Math.Max(0, filed.ToPay - filed.CreditOffset) + filed.ConsumptionTax + filed.ExportCredit;

    /// <summary>What the law asks for; no 3 % and 2 % up to 10万 of sales a month.</summary>
    public static Surcharges Due(in VatReturn filed, bool halved) =>
        Of(LegalBase(filed), halved, filed.Sales <= ExemptSalesAMonth * filed.Months);

    /// <summary>What the party pays: the same, but for what is planted.</summary>
    public static Surcharges Paid(in Party party, in VatReturn filed, bool halved, bool faultMonth)
    {
        var due = Due(filed, halved);
        return party.Behaviour switch
        {
            Behaviour.SurchargesMissing when faultMonth => default,
            Behaviour.EducationMissing when faultMonth => new Surcharges(due.City, 0, 0),
            Behaviour.SurchargesUnder when faultMonth => Of(LegalBase(filed) * 6 / 10, halved, educationFree: false),
            Behaviour.HalvedWrongly when faultMonth => Of(LegalBase(filed), halved: true, educationFree: false),
            Behaviour.ExportCreditIgnored => Of(LegalBase(filed) - filed.ExportCredit, halved, educationFree: false),
            Behaviour.ConsumptionTaxIgnored =>
                Of(LegalBase(filed) - filed.ConsumptionTax, halved, educationFree: false),
            _ => due,
        };
    }

    public static Surcharges Of(long taxBase, bool halved, bool educationFree) => educationFree
        ? new Surcharges(Share(taxBase, 70, halved), 0, 0)
        : new Surcharges(Share(taxBase, 70, halved), Share(taxBase, 30, halved), Share(taxBase, 20, halved));

    /// <summary>Rounded half up to the fen.</summary>
    private static long Share(long taxBase, int perMille, bool halved)
    {
        var divisor = halved ? 2_000 : 1_000;
        return ((taxBase * perMille) + (divisor / 2)) / divisor;
    }
}
