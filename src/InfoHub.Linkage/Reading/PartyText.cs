using System.Globalization;

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
    string Codes)
{
    /// <summary>
    /// Six digits of the county its address names; "" when it names none, or a name of several cities without its city.
    /// A short name in front of a road is the road's (青山路).
    /// </summary>
    public string AddressCounty()
    {
        var (reader, city) = (new PartyReader(), Divisions.City(City));
        reader.Read("", "", Address, city);
        var county = reader.AddressRegion;
        if (county % 100 == 0)
            return "";
        var isFull = Address.Contains(Divisions.NameOf(county), StringComparison.Ordinal);
        if (!isFull && reader.Address[..Math.Min(2, reader.Address.Length)].IndexOfAny("路街巷道") >= 0)
            return "";
        // A municipality has no city below it.
        var above = Divisions.NameOf(Divisions.CityOf(county)) is { Length: > 0 } named ? named
            : Divisions.NameOf(Divisions.ProvinceOf(county));
        var isKnown = Divisions.CityOf(county) == city || Divisions.IsOnly(county)
            || Address.Contains(above, StringComparison.Ordinal);
        return isKnown ? county.ToString("000000", CultureInfo.InvariantCulture) : "";
    }
}
