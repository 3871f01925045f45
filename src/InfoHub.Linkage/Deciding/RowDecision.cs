namespace InfoHub.Linkage.Deciding;

/// <summary>What is decided about a row. FROZEN numbers: store.</summary>
public enum LinkOutcome : byte
{
    /// <summary>The row is this entry's.</summary>
    Link = 1,

    /// <summary>The party is registered, but more than one entry may be it: never unregistered, never linked.</summary>
    Ambiguous = 2,

    /// <summary>A person has to look.</summary>
    Review = 3,

    /// <summary>The row matches nobody in the register.</summary>
    None = 4,
}

/// <summary>What decided. FROZEN numbers: store.</summary>
public enum LinkStep : byte
{
    Uscc = 1,
    TaxpayerNumber = 2,
    OrganisationCode = 3,
    RegistrationNumber = 4,
    CitizenId = 5,

    /// <summary>A USCC with one damaged character, which is unique in the register.</summary>
    UsccRepaired = 6,

    /// <summary>The code names an entry that nothing else of the row speaks for.</summary>
    CodeContradicted = 7,

    /// <summary>Name, person and address agree with an entry, but both have a valid USCC and they differ.</summary>
    OtherCode = 8,

    /// <summary>Name, person and address.</summary>
    Likeness = 9,

    /// <summary>Officers found whose the row is.</summary>
    Confirmed = 10,
}

/// <summary>
/// The decision about one row. Ids are those of register entries, "" for none; probabilities are from 0 to 1.
/// </summary>
/// <param name="Entry">The entry of a link; of a review or an ambiguity, the most probable one; "" of none.</param>
/// <param name="Probability">Of the entry; of a none, that the row is nobody's.</param>
/// <param name="Second">The next most probable entry.</param>
/// <param name="Nobody">Probability that the register does not have the party.</param>
public readonly record struct RowDecision(
    LinkOutcome Outcome, LinkStep Step, string Entry, float Probability, string Second, float SecondProbability,
        float Nobody);

/// <summary>
/// Where decisions are cut. Probabilities are those of the model; what precision they stand for is measured.
/// </summary>
/// <param name="AutoLink">Least probability of the entry for a link.</param>
/// <param name="AutoNone">Least probability of "nobody" for an unregistered row.</param>
/// <param name="Registered">Least probability that the register has the party for "ambiguous".</param>
/// <param name="CodeSupport">Least log-odds of name, person and address for a code to be believed.</param>
public readonly record struct LinkBands(float AutoLink, float AutoNone, float Registered, float CodeSupport);
