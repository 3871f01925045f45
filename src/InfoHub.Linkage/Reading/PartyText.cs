namespace InfoHub.Linkage.Reading;

/// <summary>
/// One entry of the register, or one row that has to be placed: what it says of a party. Every part but the id may be
/// "".
/// </summary>
/// <param name="Id">Unique within the register; for a row, its own number.</param>
/// <param name="Person">Legal representative or operator.</param>
/// <param name="City">Name of the city, full or short, or its six-digit code.</param>
/// <param name="Codes">All codes, blanks between them: USCC, organisation code, registration number, taxpayer
/// number, identity number.</param>
public readonly record struct PartyText(string Id, string Name, string Person, string Address, string City,
    string Codes);
