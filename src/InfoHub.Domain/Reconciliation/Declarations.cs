using InfoHub.Domain.Parameters;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Reconciliation;

/// <summary>
/// VAT returns (SW-03) of form 1 一般纳税人 and 2 小规模. Form 3 预缴 is left out everywhere: its sales stand in the return
/// of the period too. An original and its 更正申报 may both be current rows (decision 0013): per djxh, 所属期起 and form
/// only the
/// last one counts, by 申报日期, then a correction before an original, then the later submission.
/// </summary>
internal static class Declarations
{
    public const string Item = "SW-03";

    public const string StandardRate = "vat.standard-rate", LevyRate = "vat.levy-rate";

    public static IEnumerable<Fact> Rows(Dossier dossier) =>
        Latest(dossier.Of(Item)).Where(r => r.Text("form_kind") is Codes.FormGeneral or Codes.FormSmallScale);

    /// <summary>Of each return the version that is in force.</summary>
    public static IEnumerable<Fact> Latest(IEnumerable<Fact> rows) => rows
        .GroupBy(r => (r.Text("djxh"), r.Date("skssqq"), r.Text("form_kind")))
        .Select(versions => versions.MaxBy(r => (
            r.Date("sbrq"), r.Text("revise") is Codes.Corrected, r.Period.End, r.SubmissionId, r.Row))!);

    public static IEnumerable<Fact> Within(IEnumerable<Fact> rows, Period period) =>
        rows.Where(r => r.Date("skssqq") >= period.Start && r.Date("skssqz") <= period.End);

    public static Period? PeriodOf(Fact row) => TaxPeriods.Of(row.Date("skssqq"), row.Date("skssqz"));

    /// <summary>全部销售额, exempt sales included, without tax.</summary>
    public static Money Sales(Fact row) => Sum(row, "sales_std") + Sum(row, "sales_simple") + Sum(row, "sales_export") + Sum(row, "sales_exempt");

    /// <summary>
    /// The receipts behind the declared sales, tax included, to be held against amounts customers paid. A general
    /// taxpayer's 销项税额 is taken as declared (standard rate when blank); simple and, on a small-scale form, all domestic
    /// sales are raised by the 3 % 征收率 even while 1 % applies: the larger figure favours the taxpayer.
    /// </summary>
    public static Money Receipts(Fact row, ParameterSet parameters)
    {
        var day = row.Date("skssqz")!.Value;
        var levy = 1m + parameters.At(LevyRate, day).Value;
        if (row.Text("form_kind") == Codes.FormSmallScale)
            return (Sum(row, "sales_std") + Sum(row, "sales_simple") + Sum(row, "sales_exempt")).Times(levy) + Sum(row, "sales_export");
        var output = row.Money("output") ?? Sum(row, "sales_std").Times(parameters.At(StandardRate, day).Value);
        return Sum(row, "sales_std") + output + Sum(row, "sales_simple").Times(levy) + Sum(row, "sales_export") + Sum(row, "sales_exempt");
    }

    public static Money Sum(Fact row, string field) => row.Money(field) ?? Money.Zero;
}
