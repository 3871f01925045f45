using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Rules.Tests.Reconciliation;

/// <summary>
/// The templates facts of a case are built with: the agreed ones from partner-templates, and for an item that has none
/// there yet a stand-in with the catalogue's columns (drop <see cref="Catalogue"/> when all eight are in the tree).
/// </summary>
internal static class CaseTemplates
{
    private static readonly Dictionary<string, string> Catalogue = new(StringComparer.Ordinal)
    {
        ["SCJG-01"] = "uscc reg_no ent_name ent_type region_code town_code est_date:D approve_date:D reg_status parent_uscc",
        ["SCJG-03"] = "uscc ent_name event_type event_date:D cancel_mode tax_clear_no authority",
        ["SW-01"] = "djxh nsrsbh uscc nsrmc kzztdjlx_dm nsrzt_dm jdxz_dm zgswj_dm zgswskfj_dm djrq:D parent_nsrsbh vat_type ybnsr_from:D zsfs quota:N small_flag",
        ["SW-02"] = "djxh nsrsbh dzsphm zsxm_dm zspm_dm skssqq:D skssqz:D jsyj:N sl:N sjje:N rkrq:D yskm sksx skzl tzlx tklx jdxz_dm skssswjg_dm",
        ["SW-03"] = "djxh form_kind skssqq:D skssqz:D sales_std:N sales_simple:N sales_export:N sales_exempt:N output:N mdse:N ldts:N reduce:N tax_due:N prepaid:N tax_topay:N sbrq:D revise",
        ["GD-01"] = "cust_no cust_name cust_id_no region_code data_month:M use_class kwh:N resale status",
        ["YB-01"] = "provider_code provider_name uscc parent_uscc provider_type data_month:M settle_kind visit_cnt:N total_fee:N acct_pay:N fund_pay:N cash_pay:N reverse_amt:N pay_date:D",
        ["RS-01"] = "unit_no uscc unit_name unit_type ins_type data_month:M insured_cnt:N status dispatch",
    };

    public static readonly string Root = FindRoot();

    private static readonly Dictionary<string, Template> Known = Load();

    public static Template Of(string item) => Known[item];

    private static Dictionary<string, Template> Load()
    {
        var agreed = Directory.EnumerateFiles(Path.Combine(Root, "partner-templates"), "template.odcs.yaml", SearchOption.AllDirectories)
            .Select(f => OdcsReader.Read(File.ReadAllText(f))).GroupBy(t => t.Item)
            .ToDictionary(g => g.Key, g => g.MaxBy(t => t.Version)!, StringComparer.Ordinal);
        foreach (var (item, columns) in Catalogue)
            agreed.TryAdd(item, StandIn(item, columns.Split(' ')));
        return agreed;
    }

    private static Template StandIn(string item, string[] columns) => new()
    {
        Item = item, Version = 1, Title = item, TitleEn = item, Department = item.Split('-')[0], DepartmentTitle = item,
        Frequency = PeriodKind.Month, DueDay = 10, LegalBasis = "", Fields = [.. columns.Select((c, i) => Column(c.Split(':'), i))],
    };

    private static Field Column(string[] column, int index) => new()
    {
        Name = column[0], Title = column[0], KeyPosition = index == 0 ? 1 : 0,
        Kind = column.ElementAtOrDefault(1) switch { "D" => FieldKind.Date, "N" => FieldKind.Number, "M" => FieldKind.Month, _ => FieldKind.Text },
    };

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "InfoHub.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("InfoHub.sln is in no folder above the tests");
        return folder.FullName;
    }
}
