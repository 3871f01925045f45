using System.Globalization;

namespace InfoHub.Host.Demo;

/// <summary>What is wrong with a planted row.</summary>
internal enum Blemish
{
    /// <summary>The cell holds this text instead.</summary>
    Cell,

    /// <summary>The cell is left out, so that the row is one short.</summary>
    Dropped,

    /// <summary>The eleventh character of a USCC is the letter O.</summary>
    LetterO,

    /// <summary>The last character of a USCC is another.</summary>
    WrongCheck,

    /// <summary>The file's first row once more.</summary>
    Twice,

    /// <summary>合计 of one office, with the rows of the next one under it.</summary>
    Total,
}

/// <param name="Field">English column name.</param>
/// <param name="Text">For <see cref="Blemish.Cell"/>.</param>
internal sealed record FaultPlan(string Item, Blemish Blemish, string Field, string Text, string Code);

/// <summary>
/// Adds faulty rows at the end of a file: of parties that exist nowhere else, or a row that is there already. So no
/// planted fault takes a fact away or adds one, and no truth depends on them.
/// </summary>
internal sealed class FaultPlanter(City city)
{
    private static readonly FaultPlan[] Plans =
    [
        new("SCJG-01", Blemish.LetterO, "uscc", "", "IH-INT-321"),
        new("SCJG-01", Blemish.WrongCheck, "uscc", "", "IH-INT-322"),
        new("SCJG-01", Blemish.Cell, "legal_rep_name", "", "IH-INT-301"),
        new("SCJG-01", Blemish.Cell, "est_date", "45678", "IH-INT-313"),
        new("SCJG-01", Blemish.Twice, "", "", "IH-INT-501"),
        new("SCJG-03", Blemish.Cell, "event_type", "09", "IH-INT-308"),
        new("SCJG-03", Blemish.Cell, "event_date", "2025-02-30", "IH-INT-305"),
        new("SCJG-03", Blemish.Cell, "authority", " ", "IH-INT-301"),
        new("SW-01", Blemish.Cell, "nsrmc", "", "IH-INT-301"),
        new("SW-01", Blemish.Cell, "djrq", "2024-13-05", "IH-INT-305"),
        new("SW-02", Blemish.Dropped, "jsyj", "", "IH-INT-402"),
        new("SW-02", Blemish.Cell, "rkrq", "45701", "IH-INT-313"),
        new("SW-03", Blemish.Cell, "form_kind", "9", "IH-INT-308"),
        new("SW-03", Blemish.Twice, "", "", "IH-INT-501"),
        new("GD-01", Blemish.Total, "kwh", "", "IH-INT-405"),
        new("GD-01", Blemish.Cell, "cust_name", "", "IH-INT-301"),
        new("GD-01", Blemish.Cell, "kwh", "4200000000000", "IH-INT-311"),
        new("GD-01", Blemish.Cell, "status", "9", "IH-INT-308"),
        new("GD-01", Blemish.Dropped, "pv_kwh", "", "IH-INT-402"),
        new("GD-01", Blemish.Twice, "", "", "IH-INT-501"),
        new("GS-01", Blemish.Total, "volume_m3", "", "IH-INT-405"),
        new("GS-01", Blemish.Cell, "cust_name", "", "IH-INT-301"),
        new("GS-01", Blemish.Cell, "use_class", "40", "IH-INT-308"),
        new("GS-01", Blemish.Cell, "volume_m3", "420000000", "IH-INT-311"),
        new("GS-01", Blemish.Twice, "", "", "IH-INT-501"),
        new("YB-01", Blemish.Total, "total_fee", "", "IH-INT-405"),
        new("YB-01", Blemish.WrongCheck, "uscc", "", "IH-INT-322"),
        new("YB-01", Blemish.Cell, "settle_kind", "8", "IH-INT-308"),
        new("RS-01", Blemish.Cell, "uscc", "9.14201E+17", "IH-INT-314"),
        new("RS-01", Blemish.LetterO, "uscc", "", "IH-INT-321"),
        new("RS-01", Blemish.Cell, "insured_cnt", "12000000", "IH-INT-311"),
        new("RS-01", Blemish.Twice, "", "", "IH-INT-501"),
    ];

    private int _strangers;

    public List<DemoFault> Faults { get; } = [];

    /// <summary>Plants two thirds of the item's faults, others each month, and returns how many.</summary>
    public int Plant(Extract extract, CsvSheet sheet, int month, int firstParty)
    {
        var (before, names) = (Faults.Count, extract.EnglishNames);
        for (var i = 0; i < Plans.Length; i++)
        {
            var plan = Plans[i];
            if (plan.Item != extract.Item || (i + month) % 3 == 2 || (plan.Blemish == Blemish.Twice && firstParty < 0))
                continue;
            Faults.Add(new DemoFault(FileName(extract.Item, month), sheet.Records, sheet.Line,
                plan.Blemish is Blemish.Dropped or Blemish.Total ? "" : plan.Field, plan.Code));
            Put(extract, sheet, (plan, Array.IndexOf(names, plan.Field), names.Length), (month, firstParty));
        }
        return Faults.Count - before;
    }

    public string FileName(string item, int month) => $"{item}_{city.Calendar[month]}.csv";

    private void Put(
        Extract extract, CsvSheet sheet, (FaultPlan Plan, int Cell, int Cells) fault, (int Month, int FirstParty) place)
    {
        if (fault.Plan.Blemish == Blemish.Total)
        {
            PutTotal(sheet, fault.Cell, fault.Cells);
            return;
        }
        if (fault.Plan.Blemish == Blemish.Twice)
        {
            extract.Compose(sheet, city.Population[place.FirstParty], place.Month);
            sheet.End();
            return;
        }
        var stranger = Stranger(extract.Item, place.Month);
        extract.Compose(sheet, stranger, place.Month);
        sheet.End(fault.Cell, TextOf(fault.Plan, stranger), drop: fault.Plan.Blemish == Blemish.Dropped);
    }

    private static void PutTotal(CsvSheet sheet, int sum, int cells)
    {
        var total = (sheet.Records * 731.25m).ToString("0.00", CultureInfo.InvariantCulture);
        for (var i = 0; i < cells; i++)
            sheet.Text(i == 0 ? "合计" : i == sum ? total : "");
        sheet.End();
    }

    private string TextOf(FaultPlan plan, in Party stranger)
    {
        var uscc = city.Book.Uscc(stranger);
        return plan.Blemish switch
        {
            Blemish.LetterO => $"{uscc[..10]}O{uscc[11..]}",
            Blemish.WrongCheck => uscc[..17] + (uscc[17] == '7' ? '8' : '7'),
            _ => plan.Text,
        };
    }

    /// <summary>A party beyond the population: its name and codes are nobody's.</summary>
    private Party Stranger(string item, int month)
    {
        var index = city.Population.Count + _strangers++;
        return item == "YB-01"
            ? new Party(index, index, PartyGroup.Provider, Behaviour.Pharmacy, Real: -1, Parent: -1, (sbyte)month)
            : new Party(index, index, PartyGroup.Enterprise, Behaviour.Clean, Real: -1, Parent: -1, (sbyte)month);
    }
}
