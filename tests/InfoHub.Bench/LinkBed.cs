using System.Text;
using InfoHub.Host.Commands;
using InfoHub.Host.Linking;
using InfoHub.Linkage.Reading;
using InfoHub.Rules.Tests.Linkage;

namespace InfoHub.Bench;

/// <summary>What is known of a row besides what it says.</summary>
internal readonly record struct RowTruth(string Truth, string[] Tags);

/// <summary>A register and rows with truth, in files.</summary>
internal sealed record LinkBed(string Register, string Rows)
{
    private const int GeneratedParties = 30_000;

    private static string Shared => Path.Combine(CommonOptions.RepositoryRoot, "..", "shared", "data");

    /// <summary>Real registrations of many provinces, where there are any.</summary>
    public static string Provinces => Path.Combine(Shared, "provinces.csv.gz");

    /// <summary>The bed of a name beside the repository, or a generated one of as many rows as parties.</summary>
    public static LinkBed Named(string name, string folder)
    {
        var bed = new LinkBed(Path.Combine(Shared, "linkage", $"{name}-register.csv.gz"),
            Path.Combine(Shared, "linkage", $"{name}-dept.csv.gz"));
        return File.Exists(bed.Register) && File.Exists(bed.Rows) ? bed
            : Generated(folder, GeneratedParties, GeneratedParties, seed: name.Sum(c => c));
    }

    public static LinkBed Generated(string folder, int parties, int rows, int seed)
    {
        Figures.Say($"generated bed: {parties:N0} parties, {rows:N0} rows, seed {seed}");
        var (register, written) = RowNoise.Bed(GeneratedCity.Of(parties, seed), rows, seed);
        return Write(folder, $"generated-{seed}", register, written);
    }

    public static LinkBed Write(string folder, string name, IReadOnlyList<PartyText> register,
        IReadOnlyList<NoisyRow> rows)
    {
        var bed = new LinkBed(Path.Combine(folder, $"{name}-register.csv"), Path.Combine(folder, $"{name}-rows.csv"));
        using (var csv = Csv(bed.Register, "id,name,person,address,city,uscc,orgcode,regno"))
            foreach (var entry in register)
                csv.WriteLine(string.Join(',', [.. PartsOf(entry), .. entry.Codes.Split(' ')]));
        using (var csv = Csv(bed.Rows, "id,name,person,address,city,code,truth,tags"))
            foreach (var row in rows)
                csv.WriteLine(string.Join(',', [.. PartsOf(row.Row), row.Row.Codes, row.Truth,
                    string.Join('|', row.Tags)]));
        return bed;
    }

    public List<PartyText> ReadRegister() => PartyFile.Read(Register, ColumnMapping.None, isRegister: true).Parties;

    public List<PartyText> ReadRows() => PartyFile.Read(Rows, ColumnMapping.None, isRegister: false).Parties;

    /// <summary>In the order of the rows; empty when the file has no such column.</summary>
    public List<RowTruth> ReadTruth(string column)
    {
        var (truths, truth, tags) = (new List<RowTruth>(), -1, -1);
        TableFile.Read(Rows, titles =>
        {
            for (var i = 0; i < titles.Count; i++)
                (truth, tags) = (titles[i] == column ? i : truth, titles[i] == "tags" ? i : tags);
        }, row =>
        {
            if (truth >= 0)
                truths.Add(new RowTruth(row.Text(truth),
                    row.Text(tags).Split('|', StringSplitOptions.RemoveEmptyEntries)));
        });
        return truths;
    }

    private static string[] PartsOf(PartyText text) =>
        [text.Id, Quoted(text.Name), Quoted(text.Person), Quoted(text.Address), text.City];

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static StreamWriter Csv(string path, string header)
    {
        var csv = new StreamWriter(path, false, new UTF8Encoding(false)) { NewLine = "\n" };
        csv.WriteLine(header);
        return csv;
    }
}
