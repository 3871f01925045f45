namespace InfoHub.Host.Demo;

internal enum VatKind
{
    General = 1,
    SmallScale = 2,

    /// <summary>起征点以下, assessed: files nothing.</summary>
    BelowThreshold = 3,
}

/// <summary>One VAT return, amounts in fen, and what the same period owes besides.</summary>
internal readonly record struct VatReturn(int FirstMonth, int LastMonth, VatKind Kind)
{
    public long Standard { get; init; }
    public long Simple { get; init; }
    public long Export { get; init; }
    public long Exempt { get; init; }
    public long Output { get; init; }
    public long InputUsed { get; init; }
    public long CarryIn { get; init; }

    /// <summary>免抵税额.</summary>
    public long ExportCredit { get; init; }

    /// <summary>留抵退税额 refunded in this period.</summary>
    public long CreditRefunded { get; init; }

    /// <summary>留抵退税额 of earlier periods that still lowers this period's base of surcharges.</summary>
    public long CreditOffset { get; init; }

    /// <summary>应纳税额减征额, already out of <see cref="ToPay"/>.</summary>
    public long Reduction { get; init; }

    public long ToPay { get; init; }
    public long ConsumptionTax { get; init; }

    public int Months => LastMonth - FirstMonth + 1;

    public long Sales => Standard + Simple + Export + Exempt;
}

/// <summary>Who files what: the VAT return of a party for the period that ends with a month.</summary>
internal sealed class VatReturns(Calendar calendar, Dice dice, Lifecycle lifecycle, Provision provision)
{
    private const long Yuan = 100;
    private const int TenThousand = 10_000;

    public VatKind KindOf(in Party party) => party.Group switch
    {
        PartyGroup.Shop when party.Behaviour == Behaviour.SpecialInvoices => VatKind.SmallScale,
        PartyGroup.Shop => dice.Percent(20, party.Index, Salt.Profile) ? VatKind.SmallScale : VatKind.BelowThreshold,
        PartyGroup.Cooperative or PartyGroup.Branch => VatKind.SmallScale,
        PartyGroup.Provider when Provision.FilesQuarterly(party) => VatKind.SmallScale,
        PartyGroup.Enterprise when IsOrdinary(party) && dice.Percent(55, party.Index, Salt.Profile) =>
            VatKind.SmallScale,
        _ => VatKind.General,
    };

    private static bool IsOrdinary(in Party party) => party.Behaviour is Behaviour.Clean or Behaviour.LegacyTaxNumber
        or Behaviour.ListedAbnormal or Behaviour.RevokedRestored || DoubtfulHolders.Has(party);

    /// <summary>小型微利: halves the surcharges of a 一般纳税人; 小规模 and 个体户 are halved anyway.</summary>
    public bool IsSmallProfit(in Party party) => party.Behaviour switch
    {
        Behaviour.SmallProfit => true,
        Behaviour.HalvedWrongly or Behaviour.LowSales or Behaviour.ConsumptionTax or Behaviour.ConsumptionTaxIgnored
            or Behaviour.ChainHead or Behaviour.ChainHeadBelow => false,
        _ => KindOf(party) != VatKind.General || dice.Percent(60, party.Index, Salt.Profile, month: 1),
    };

    /// <summary>False when no period of the party ends with the month, or it does not file.</summary>
    /// <param name="corrected">As corrected later, for the few that are; else as first filed.</param>
    public bool TryGet(in Party party, int month, bool corrected, out VatReturn filed)
    {
        filed = default;
        if (!Files(party, month))
            return false;
        if (party.Behaviour == Behaviour.ChainStoreZero)
        {
            filed = new VatReturn(month, month, VatKind.General);
            return true;
        }
        // A shop that files for itself sells what is settled with it.
        filed = party.Group is PartyGroup.Provider or PartyGroup.ChainHead or PartyGroup.ChainStore
            ? OfProvider(party, month, corrected)
            : KindOf(party) == VatKind.SmallScale ? OfSmallScale(party, month) : OfGeneral(party, month, corrected);
        return true;
    }

    /// <summary>The month whose return is corrected in the next month's file; −1 for all but a few.</summary>
    public int CorrectedMonth(in Party party) => party.Behaviour switch
    {
        Behaviour.CorrectedReturn => dice.Below(calendar.Last, party.Index, Salt.EventMonth),
        Behaviour.PharmacyCorrected => provision.EventMonth(party),
        _ => -1,
    };

    /// <summary>The return a cancelled party still corrects: of the month before its cancellation.</summary>
    public VatReturn BeforeCancellation(in Party party)
    {
        var month = lifecycle.EventMonth(party) - 1;
        return Taxed(party, month, Usual(party) * dice.Between(80, 120, party.Index, Salt.Month, month));
    }

    private bool Files(in Party party, int month)
    {
        var none = party.Behaviour switch
        {
            Behaviour.TaxCancelledActive or Behaviour.AbnormalActive or Behaviour.BackToNormal or Behaviour.Suspended
                or Behaviour.ChainStore => true,
            Behaviour.CancelledThenActive or Behaviour.RevokedThenActive =>
                party.Group == PartyGroup.Shop || lifecycle.Variant(party) == 0,
            Behaviour.ClearingPeriod => party.Group == PartyGroup.Shop,
            _ => party.Group == PartyGroup.Branch,
        };
        if (none || !Lifecycle.InTaxRegister(party) || !lifecycle.IsAlive(party, month))
            return false;
        return KindOf(party) switch
        {
            VatKind.General => true,
            VatKind.SmallScale => calendar.EndsQuarter(month),
            _ => false,
        };
    }

    private VatReturn OfGeneral(in Party party, int month, bool corrected)
    {
        var sales = party.Behaviour == Behaviour.LowSales
            ? dice.Between(60_000, 95_000, party.Index, Salt.Month, month) * Yuan
            : Usual(party) * dice.Between(80, 120, party.Index, Salt.Month, month);
        if (party.Behaviour == Behaviour.CorrectedReturn && !corrected && month == CorrectedMonth(party))
            sales = sales * 6 / 10;
        var filed = Taxed(party, month, sales);
        return party.Behaviour switch
        {
            Behaviour.Exporter or Behaviour.ExportCreditIgnored => filed with
            {
                Export = sales * 2,
                ExportCredit = dice.Between(150_000, 300_000, party.Index, Salt.Share, month) * Yuan,
            },
            Behaviour.ConsumptionTax or Behaviour.ConsumptionTaxIgnored =>
                filed with { ConsumptionTax = dice.Between(80_000, 150_000, party.Index, Salt.Share, month) * Yuan },
            Behaviour.CreditRefund => WithCreditRefund(party, filed),
            _ => filed,
        };
    }

    private static VatReturn Taxed(VatReturn filed, long sales, long paidPerTenThousand)
    {
        var output = sales * 13 / 100;
        var tax = output * paidPerTenThousand / TenThousand;
        return filed with { Standard = sales, Output = output, InputUsed = output - tax, ToPay = tax };
    }

    private VatReturn Taxed(in Party party, int month, long sales)
    {
        var filed = new VatReturn(month, month, VatKind.General);
        var idle = party.Behaviour == Behaviour.Clean && dice.Percent(15, party.Index, Salt.ValueAdded, month);
        var share = party.Behaviour == Behaviour.LowSales
            ? dice.Between(6_000, 7_500, party.Index, Salt.ValueAdded, month)
            : dice.Between(1_500, 3_000, party.Index, Salt.ValueAdded, month);
        return Taxed(filed, sales, idle ? 0 : share);
    }

    /// <summary>
    /// The first month brings a refund of 1.6 months' tax; the months after it owe the same tax each, and pay
    /// surcharges only on what exceeds the refund.
    /// </summary>
    private VatReturn WithCreditRefund(in Party party, VatReturn filed)
    {
        var tax = dice.Between(40_000, 60_000, party.Index, Salt.Share) * Yuan;
        var refund = tax * 16 / 10;
        if (filed.LastMonth == 0)
            return filed with { InputUsed = filed.Output, ToPay = 0, CarryIn = refund, CreditRefunded = refund };
        var offset = Math.Clamp(refund - ((filed.LastMonth - 1) * tax), 0, tax);
        var output = tax * 50 * 13 / 100;
        return filed with
        {
            Standard = tax * 50, Output = output, InputUsed = output - tax, ToPay = tax, CreditOffset = offset,
        };
    }

    /// <summary>Monthly sales as usual, in 元; what is planted needs enough tax for a clear gap.</summary>
    private long Usual(in Party party)
    {
        var roll = dice.Between(0, 100, party.Index, Salt.Scale);
        var least = party.Behaviour switch
        {
            Behaviour.Clean or Behaviour.LegacyTaxNumber or Behaviour.SmallProfit => 150_000,
            _ when DoubtfulHolders.Has(party) => 150_000,
            Behaviour.ClearingPeriod or Behaviour.CancelledThenActive or Behaviour.RevokedThenActive => 200_000,
            _ => 2_000_000,
        };
        return least + (roll * roll * 400);
    }

    /// <summary>小规模, by quarter: all exempt up to 30万, all taxed at 1 % above it (公告2023年第19号).</summary>
    private VatReturn OfSmallScale(in Party party, int month)
    {
        var filed = new VatReturn(month - 2, month, VatKind.SmallScale);
        if (party.Behaviour == Behaviour.SpecialInvoices)
        {
            var invoiced = dice.Between(100_000, 140_000, party.Index, Salt.Month, month) * Yuan;
            var exempt = dice.Between(50_000, 140_000, party.Index, Salt.Share, month) * Yuan;
            return SimplyTaxed(filed, invoiced) with { Exempt = exempt };
        }
        var taxed = party.Group == PartyGroup.Enterprise && dice.Percent(40, party.Index, Salt.Scale);
        return taxed
            ? SimplyTaxed(filed, dice.Between(330_000, 1_400_000, party.Index, Salt.Month, month) * Yuan)
            : filed with { Exempt = dice.Between(30_000, 280_000, party.Index, Salt.Month, month) * Yuan };
    }

    private static VatReturn SimplyTaxed(VatReturn filed, long sales) =>
        filed with { Simple = sales, ToPay = sales / 100, Reduction = sales / 100 * 2 };

    private VatReturn OfProvider(in Party party, int month, bool corrected)
    {
        if (!Provision.FilesQuarterly(party))
        {
            var filed = new VatReturn(month, month, VatKind.General);
            var sales = provision.Declared(party, month, corrected);
            return party.Group == PartyGroup.Provider && Provision.IsMedicalService(party)
                ? filed with { Exempt = sales }
                : Taxed(filed, sales, dice.Between(800, 1_500, party.Index, Salt.ValueAdded, month));
        }
        long sum = 0;
        for (var m = month - 2; m <= month; m++)
            sum += provision.Declared(party, m, corrected);
        return new VatReturn(month - 2, month, VatKind.SmallScale) { Exempt = sum };
    }
}
