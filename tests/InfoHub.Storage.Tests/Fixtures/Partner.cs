using System.Text;
using InfoHub.Domain.Identity;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Storage.Tests.Fixtures;

/// <summary>What departments would send: rows of the agreed templates, made from their own samples.</summary>
internal static class Partner
{
    private static readonly string Root = FindRoot();

    public static readonly TemplateRegistry Registry = new(
        Directory.EnumerateFiles(Path.Combine(Root, "partner-templates"), "template.odcs.yaml",
            SearchOption.AllDirectories)
            .Select(File.ReadAllText).Select(yaml => new RegisteredTemplate(OdcsReader.Read(yaml), yaml)));

    public static Template Template(string item) => Registry.Get(item, 0);

    /// <summary>The first good sample row of an item with some cells changed.</summary>
    public static Dictionary<string, string> Row(string item, params (string Field, string Value)[] changes)
    {
        var template = Template(item);
        var lines = File.ReadAllLines(Path.Combine(Root, "partner-templates", template.Department, item, $"v{template.Version}", "samples", "valid.csv"));
        var titles = lines[0].TrimStart('\uFEFF').Split(',');
        var row = titles.Zip(lines[1].Split(',')).ToDictionary(
            c => template.Fields.First(f => f.Title == c.First || f.Name == c.First).Name, c => c.Second,
                StringComparer.Ordinal);
        foreach (var (field, value) in changes)
            row[template.IndexOf(field) >= 0 || field == "record_op" ? field : throw new ArgumentException($"{item} has no column {field}")] = value;
        return row;
    }

    /// <summary>
    /// Checks rows as intake does and returns the payloads, cut after <paramref name="rowsPerEnvelope"/> rows.
    /// </summary>
    public static List<byte[]> Envelopes(Template template, IEnumerable<Dictionary<string, string>> rows,
        int rowsPerEnvelope = 1000)
    {
        var all = rows.ToArray();
        var columns = all.SelectMany(r => r.Keys).Distinct().ToArray();
        var envelopes = new List<byte[]>();
        foreach (var part in all.Chunk(rowsPerEnvelope))
        {
            var csv = new StringBuilder(string.Join(',', columns)).Append('\n');
            foreach (var row in part)
                csv.AppendJoin(',', columns.Select(c => row.GetValueOrDefault(c, ""))).Append('\n');
            envelopes.Add(Check(template, csv.ToString()));
        }
        return envelopes;
    }

    private static byte[] Check(Template template, string csv)
    {
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42)
        {
            // One context for the rows of every month that a test sends.
            AnyPeriod = true,
        });
        var status = reader.Read(Encoding.UTF8.GetBytes(csv), true, out _);
        if (status != ReadStatus.End || reader.RowsRejected > 0 || reader.Refusal is not null)
            throw new InvalidOperationException($"{template.Id}: {reader.Refusal?.Code} {string.Join("; ", reader.Errors.Details())}");
        return reader.Batch.ToPayload();
    }

    /// <summary>A valid USCC of an enterprise; different numbers give different codes.</summary>
    public static string Uscc(int number)
    {
        Span<byte> code = stackalloc byte[18];
        Encoding.ASCII.GetBytes($"91370983MA3C{number:0000}", code);
        code[16] = OrganisationCode.CheckCharacter(code.Slice(8, 8));
        code[17] = Templates.Vocabulary.Uscc.CheckCharacter(code[..17]);
        return Encoding.ASCII.GetString(code);
    }

    public static PartyId PartyOf(string uscc) => PartyId.FoundedBy(new Alias(AliasKind.Uscc, uscc));

    public static string Djxh(int number) => $"101370983{number:00000000000}";

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "InfoHub.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException(
                "InfoHub.sln is in no folder above the tests");
        return folder;
    }
}
