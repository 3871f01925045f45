namespace InfoHub.Host.Demo;

/// <summary>A stock of parties of one kind; decides code prefix, name and which behaviours it may have.</summary>
internal enum PartyGroup : byte
{
    /// <summary>企业, 91: the real ones and made-up ones.</summary>
    Enterprise,

    /// <summary>分支机构, 91, with the code of its head office.</summary>
    Branch,

    /// <summary>农民专业合作社, 93.</summary>
    Cooperative,

    /// <summary>定点医药机构: 单体药店, 诊所, hospitals.</summary>
    Provider,

    /// <summary>连锁药店总部: files for all its shops.</summary>
    ChainHead,

    /// <summary>连锁直营门店: settles under its own code, files nothing.</summary>
    ChainStore,

    /// <summary>Known to a supplier only: not in this city's business register.</summary>
    Outsider,

    /// <summary>无照户: in no register; suppliers know it by what is written over its door.</summary>
    Street,

    /// <summary>个体工商户, 92.</summary>
    Shop,
}

/// <summary>
/// What a party does over the months. Exactly one per party. <see cref="BehaviourCatalogue"/> says of each which model
/// must find it (positive) or must not (trap), and by which rule.
/// </summary>
internal enum Behaviour : byte
{
    Clean,

    // HJ-01
    Unregistered, NewFirm, LegacyTaxNumber, OwnerTaxNumber, StruckOff, BranchOfRegistered, BranchWithMeter,

    // HJ-05
    UnregisteredActive, TaxCancelledActive, AbnormalActive, OutsideMeter, OutsideInsured, LandlordUnit, LandlordPerson,
    VillageIrrigation, FarmPerson, LowUse, InterruptedUse, NoInsuredLeft, BackToNormal, Suspended,

    // HJ-05, without any code
    StreetShop, StreetMeter, StreetPerson, StreetShared,

    // HJ-05: registered, and a supplier's row does not say so plainly
    TenantMeter, TwoOutlets, CodeMistyped, Illegible,

    // HJ-06
    CancelledThenActive, RevokedThenActive, RevokedRestored, ClearingPeriod, LateCorrection, ListedAbnormal,

    // SZ-01
    SurchargesMissing, EducationMissing, SurchargesUnder, ExportCreditIgnored, HalvedWrongly, ConsumptionTaxIgnored,
    LowSales, SmallProfit, SpecialInvoices, Exporter, CreditRefund, Refund, Reassigned, LateFee, CorrectedReturn,
    ConsumptionTax,

    // SZ-14
    PharmacyBelow, PharmacyThinCover, PharmacyBelowQuarter, ClinicBelow, ClinicThinCover,
    Pharmacy, PharmacyQuarter, Franchise, Clinic, PublicHospital, PrivateHospital, NonProfitHospital,
    PharmacyReversal, PharmacyCorrected, ChainHead, ChainHeadBelow, ChainStore, ChainStoreZero,
}
