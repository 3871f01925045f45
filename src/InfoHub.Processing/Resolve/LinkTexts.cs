using System.Globalization;
using InfoHub.Linkage.Reading;
using InfoHub.Storage.Parties;

namespace InfoHub.Processing.Resolve;

/// <summary>What linking compares of entries and rows.</summary>
/// <param name="homeCity">City of those that name none.</param>
internal sealed class LinkTexts(string homeCity)
{
    public string HomeCity { get; } = homeCity;

    /// <summary>The city most entries are of stands for those that name none.</summary>
    public static string HomeCityOf(IEnumerable<RegisterFace> faces) => faces.CountBy(f => CityOf(f.Region))
        .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Key)
        .FirstOrDefault("");

    public PartyText Of(RegisterFace face) =>
        new(face.Party.ToString(), face.Name, face.Person, face.Address, City(face.Region), face.Codes);

    /// <summary>A code that names whom the row was found not to be says nothing of whose it is.</summary>
    public PartyText Of(OpenRow row) => new($"{row.Identity:N}|{row.Item}", row.Name, row.Person, row.Address,
        City(row.Region),
        row.CodedParty is { } coded && row.IsRuledOut(coded) ? "" : row.Codes);

    private string City(string region) => region.Length > 0 ? CityOf(region) : HomeCity;

    private static string CityOf(string region) =>
        region.Length >= 4 ? string.Create(CultureInfo.InvariantCulture, $"{region[..4]}00") : "";
}
