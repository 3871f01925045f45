using System.Text;
using System.Text.Json;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// The goal: what stands in partner-templates is what the catalogue agreed with each department, and its README and
/// samples say the same as the template. After a deliberate change write the READMEs anew with
/// <c>INFOHUB_UPDATE=1 dotnet test tests/InfoHub.Rules.Tests --filter PartnerTemplateTests</c>.
/// </summary>
public sealed class PartnerTemplateTests
{
    private static readonly string Root = FindRoot();

    /// <summary>Item, number of columns, primary key, due day: from the catalogue.</summary>
    public static TheoryData<string, int, string, int> Catalogue => new()
    {
        { "SCJG-01", 21, "uscc", 10 },
        { "SCJG-03", 9, "uscc+event_type+event_date", 10 },
        { "SW-01", 25, "djxh", 5 },
        { "SW-02", 27, "dzsphm+zsxm_dm+zspm_dm+skssqq+skzl", 5 },
        { "SW-03", 20, "djxh+skssqq+form_kind+sbrq+revise", 20 },
        { "GD-01", 15, "cust_no+data_month", 10 },
        { "GS-01", 9, "cust_no+data_month", 10 },
        { "YB-01", 17, "provider_code+data_month+settle_kind", 15 },
        { "RS-01", 15, "uscc+data_month+ins_type", 15 },
    };

    /// <summary>Column and its codes; a trailing * marks an open list.</summary>
    public static TheoryData<string, string> CodeLists => new()
    {
        { "SCJG-01.ent_type", "1100 9100 *" },
        { "SCJG-01.legal_rep_id_type", "201 203 208 210 213 227 101 *" },
        { "SCJG-01.currency", "156 CNY 344 HKD 392 JPY 826 GBP 840 USD 978 EUR *" },
        { "SCJG-01.reg_status", "1 2 3 4 5 6 9" },
        { "SCJG-03.event_type", "01 02 03 04 05 06" },
        { "SCJG-03.cancel_mode", "1 2" },
        { "SW-01.kzztdjlx_dm", "1110 1120 *" },
        { "SW-01.nsrzt_dm", "03 04 05 07 *" },
        { "SW-01.fddbrsfzjlx_dm", "201 203 208 210 213 227 101 *" },
        { "SW-01.kqccsztdjbz", "Y N" },
        { "SW-01.vat_type", "1 2 3" },
        { "SW-01.zsfs", "1 2" },
        { "SW-01.small_flag", "Y N *" },
        {
            "SW-02.zsxm_dm",
            "10101 10102 10104 10106 10107 10109 10110 10111 10112 10113 10114 10118 10119 10121 30203 30216 30218 *"
        },
        { "SW-02.sksx", "101 102 103 *" },
        { "SW-02.skzl", "10 20 30 *" },
        { "SW-02.tzlx", "1 4 *" },
        { "SW-03.form_kind", "1 2 3" },
        { "SW-03.revise", "Y N *" },
        { "GD-01.use_class", "100 200 300" },
        { "GD-01.resale", "Y N *" },
        { "GD-01.status", "1 2 3" },
        { "GS-01.use_class", "10 20 30" },
        { "GS-01.shared", "Y N *" },
        { "YB-01.provider_type", "11 12 13 14 21 22 23" },
        { "YB-01.settle_kind", "1 2 3 4 5" },
        { "RS-01.ins_type", "110 210 310 410 510 *" },
        { "RS-01.status", "1 2 3" },
        { "RS-01.dispatch", "Y N *" },
    };

    /// <summary>The columns that say whose row it is, in file order.</summary>
    public static TheoryData<string, string> Identities => new()
    {
        {
            "SCJG-01", "uscc=Uscc reg_no=RegistrationNumber ent_name=Name legal_rep_name=Representative "
                + "legal_rep_id_no=RepresentativeId phone=Phone address=Address region_code=Division town_code=Town"
        },
        { "SCJG-03", "uscc=Uscc ent_name=Name" },
        {
            "SW-01", "djxh=TaxRegistrationKey nsrsbh=TaxpayerNumber uscc=Uscc nsrmc=Name fddbrxm=Representative "
                + "fddbrsfzjhm=RepresentativeId zcdz=Address scjydz=Address jdxz_dm=Town"
        },
        { "SW-02", "djxh=TaxRegistrationKey nsrsbh=TaxpayerNumber nsrmc=Name jdxz_dm=Town" },
        { "SW-03", "djxh=TaxRegistrationKey" },
        { "GD-01", "cust_no=SourceKey cust_name=Name cust_id_no=AnyCode address=Address region_code=Division" },
        { "GS-01", "cust_no=SourceKey cust_name=Name cust_id_no=AnyCode address=Address" },
        { "YB-01", "provider_code=SourceKey provider_name=Name uscc=Uscc address=Address rep_name=Representative" },
        { "RS-01", "unit_no=SourceKey uscc=Uscc unit_name=Name" },
    };

    [Fact]
    public void Folder_Listed_HoldsTheItemsOfTheCatalogueTable() =>
        Assert.Equal(
            Catalogue.Select(r => (string)r[0]).Order(StringComparer.Ordinal),
            Directory.GetFiles(PathOf(), "template.odcs.yaml", SearchOption.AllDirectories)
                .Select(f => Directory.GetParent(f)!.Parent!.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Template_Read_AgreesWithTheCatalogue(string item, int columns, string key, int dueDay)
    {
        var template = Read(item);

        Assert.Equal(item, template.Item);
        Assert.Equal(columns, template.Fields.Length);
        Assert.Equal(key, string.Join('+', template.Key.Select(k => template.Fields[k].Name)));
        Assert.Equal(dueDay, template.DueDay);
        Assert.All(template.Key, k => Assert.True(template.Fields[k].Required));
    }

    [Theory]
    [MemberData(nameof(CodeLists))]
    public void Column_WithCodes_HoldsTheAgreedList(string column, string expected)
    {
        var parts = column.Split('.');
        var template = Read(parts[0]);
        var field = template.Fields[template.IndexOf(parts[1])];

        Assert.Equal(expected, string.Join(' ', field.Codes.Select(c => c.Code)) + (field.CodesOpen ? " *" : ""));
        Assert.All(field.Codes, c => Assert.NotEqual("", c.Title));
    }

    [Fact]
    public void Columns_WithCodes_AreAllInTheTable() =>
        Assert.Equal(
            CodeLists.Select(r => (string)r[0]).Order(StringComparer.Ordinal),
            Items().SelectMany(i => Read(i).Fields.Where(f => f.Codes.Length > 0).Select(f => $"{i}.{f.Name}")).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Identities))]
    public void Columns_ThatSayWhoseRowItIs_HaveTheirRole(string item, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(item).Fields
            .Where(f => f.Identity != IdentityRole.None).Select(f => $"{f.Name}={f.Identity}")));

    [Fact]
    public void Columns_AboutPersons_AreNotInternal() =>
        Assert.All(Items().SelectMany(i => Read(i).Fields), field => Assert.False(
            field.Sensitivity == Sensitivity.Internal
            && field.Identity is IdentityRole.Representative or IdentityRole.RepresentativeId or IdentityRole.Phone or IdentityRole.AnyCode,
            $"{field.Name} is shown unmasked"));

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Readme_Rendered_EqualsTheFile(string item, int columns, string key, int dueDay)
    {
        _ = (columns, key, dueDay);
        var rendered = TemplateReadme.Render(Read(item));
        var file = PathOf(item, "README.md");
        if (Environment.GetEnvironmentVariable("INFOHUB_UPDATE") == "1")
            File.WriteAllText(file, rendered);

        Assert.True(File.Exists(file) && File.ReadAllText(file) == rendered,
            $"{file} is not what the template says; run INFOHUB_UPDATE=1 dotnet test tests/InfoHub.Rules.Tests --filter PartnerTemplateTests");
        Assert.DoesNotMatch(@"\{[a-z]+\}", rendered);
    }

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Samples_Read_HaveTheTemplatesHeaderAndKnownProblems(string item, int columns, string key, int dueDay)
    {
        _ = (columns, key, dueDay);
        var template = Read(item);
        var valid = ReadSample(template, "valid.csv");
        var invalid = ReadSample(template, "invalid.csv");
        var problems = ReadProblems(item);

        Assert.True(valid >= 10, $"{item} has {valid} valid rows");
        Assert.True(invalid >= problems.Select(p => p.Row).Distinct().Count());
        Assert.All(problems, p => Assert.InRange(p.Row, 1, invalid));
        Assert.All(problems, p => Assert.True(p.Field.Length == 0 || template.IndexOf(p.Field) >= 0, $"{item} has no {p.Field}"));
        Assert.All(problems, p => Assert.Contains(p.Code, ProblemCatalogue.All.Keys));
        Assert.Equal(problems.OrderBy(p => p.Row).ThenBy(p => p.Field, StringComparer.Ordinal).ThenBy(p => p.Code, StringComparer.Ordinal), problems);
    }

    /// <summary>
    /// Number of data rows; the header is checked against the template. No sample cell holds a line end.
    /// </summary>
    private static int ReadSample(Template template, string name)
    {
        var lines = File.ReadAllLines(PathOf(template.Item, $"samples/{name}"), new UTF8Encoding(false, throwOnInvalidBytes: true));
        var header = lines[0].Split(',').Order(StringComparer.Ordinal).ToList();
        Assert.True(
            header.SequenceEqual(template.Fields.Select(f => f.Name).Order(StringComparer.Ordinal))
            || header.SequenceEqual(template.Fields.Select(f => f.Title).Order(StringComparer.Ordinal)),
            $"{template.Item} {name}: {lines[0]}");
        return lines.Length - 1;
    }

    private static List<(int Row, string Field, string Code)> ReadProblems(string item)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(PathOf(item, "samples/problems.json")));
        return [.. json.RootElement.EnumerateArray().Select(p =>
            (p.GetProperty("row").GetInt32(), p.GetProperty("field").GetString()!, p.GetProperty("code").GetString()!))];
    }

    private static IEnumerable<string> Items() => Catalogue.Select(r => (string)r[0]);

    private static Template Read(string item) => OdcsReader.Read(File.ReadAllText(PathOf(item, "template.odcs.yaml")));

    private static string PathOf() => Path.Combine(Root, "partner-templates");

    private static string PathOf(string item, string file) => Path.Combine(PathOf(), item.Split('-')[0], item, "v1", file);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "InfoHub.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("no InfoHub.sln above the test");
    }
}
