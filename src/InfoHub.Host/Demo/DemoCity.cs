using System.Globalization;

namespace InfoHub.Host.Demo;

/// <summary>
/// A made-up city: months of extracts of nine items by six departments, with everything the models must find in them
/// planted and written down, look-alikes they must spare, the dirt real files have, and faulty rows.
/// <see cref="BehaviourCatalogue"/> says which rule makes each behaviour a finding or a trap.
/// </summary>
public static class DemoCity
{
    /// <summary>
    /// Writes <c>ITEM_PERIOD.csv</c> for each item and month, <c>truth.csv</c>, <c>traps.csv</c> and <c>faults.csv</c>
    /// into the folder. Rows are streamed: memory grows with the parties (24 bytes each) and the expectations, not with
    /// the rows.
    /// </summary>
    /// <exception cref="ArgumentException">An option lies outside its range.</exception>
    public static DemoSummary Generate(DemoOptions options)
    {
        options.RequireSound();
        Directory.CreateDirectory(options.OutputFolder);
        var city = City.Found(options);
        city.Expectations.Enter(city);
        var planter = new FaultPlanter(city);
        var extracts = ExtractsOf(city);
        var files = new List<DemoFile>();
        for (var month = 0; month < options.Months; month++)
            foreach (var extract in extracts)
                if (Write(options, city, planter, (extract, month)) is { } file)
                    files.Add(file);
        var summary = Summarise(city, planter, files);
        WriteLists(options.OutputFolder, summary);
        return summary;
    }

    /// <summary>The items, in the order in which a month's extracts are due.</summary>
    internal static IReadOnlyList<Extract> ExtractsOf(City city) =>
    [
        new EstablishmentExtract(city), new RegisterEventExtract(city), new TaxRegisterExtract(city),
        new TaxPaymentExtract(city), new TaxReturnExtract(city), new MeterExtract(city), new WaterExtract(city),
        new SettlementExtract(city), new InsuranceExtract(city),
    ];

    /// <summary>Null, and no file, when the month has no rows: a nil return.</summary>
    private static DemoFile? Write(
        DemoOptions options, City city, FaultPlanter planter, (Extract Extract, int Month) what)
    {
        var (extract, month) = what;
        var path = Path.Combine(options.OutputFolder, planter.FileName(extract.Item, month));
        int rows, faulty;
        using (var sheet = new CsvSheet(path, extract.Style))
        {
            extract.WriteHeader(sheet);
            var first = extract.Write(sheet, month);
            faulty = options.Faults && first >= 0 ? planter.Plant(extract, sheet, month, first) : 0;
            rows = sheet.Records - 1;
        }
        if (rows > 0)
            return new DemoFile(extract.Item, city.Calendar[month], path, rows, faulty);
        File.Delete(path);
        return null;
    }

    private static DemoSummary Summarise(City city, FaultPlanter planter, List<DemoFile> files)
    {
        var (behaviours, real) = (new SortedDictionary<string, int>(StringComparer.Ordinal), 0);
        foreach (ref readonly var party in city.Population.All)
        {
            var name = party.Behaviour.ToString();
            behaviours[name] = behaviours.GetValueOrDefault(name) + 1;
            real += party.IsReal ? 1 : 0;
        }
        return new DemoSummary
        {
            Files = files, Truth = city.Expectations.Truth, Traps = city.Expectations.Traps, Faults = planter.Faults,
            Behaviours = behaviours, RealEnterprises = real,
        };
    }

    private static void WriteLists(string folder, DemoSummary summary)
    {
        WriteExpectations(Path.Combine(folder, "truth.csv"), summary.Truth);
        WriteExpectations(Path.Combine(folder, "traps.csv"), summary.Traps);
        using var sheet = new CsvSheet(Path.Combine(folder, "faults.csv"), ListStyle);
        sheet.Row("file", "row", "line", "field", "code");
        foreach (var fault in summary.Faults)
            sheet.Row(fault.File, Number(fault.Row), Number(fault.Line), fault.Field, fault.Code);
    }

    private static void WriteExpectations(string path, IReadOnlyList<DemoExpectation> expectations)
    {
        using var sheet = new CsvSheet(path, ListStyle);
        sheet.Row("model", "uscc", "period", "behaviour", "reason", "name");
        foreach (var expected in expectations)
            sheet.Row(expected.Model, expected.Uscc, expected.Period, expected.Behaviour, expected.Reason,
                expected.Name);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static SheetStyle ListStyle { get; } =
        new(ChineseHeader: false, (byte)',', ByteOrderMark: false, CarriageReturn: false);
}
