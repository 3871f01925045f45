using System.Collections.Immutable;
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

    public const string LevyRate = "vat.levy-rate";

    public static IEnumerable<Fact> Rows(Dossier dossier) =>
        Latest(dossier.Of(Item)).Where(r => r.Text("form_kind") is Codes.FormGeneral or Codes.FormSmallScale);

    /// <summary>Of each return the version that is in force.</summary>
    public static IEnumerable<Fact> Latest(IEnumerable<Fact> rows) => rows
        .GroupBy(r => (r.Text("djxh"), r.Date("skssqq"), r.Text("form_kind")))
        .Select(versions => versions.MaxBy(r => (
            r.Date("sbrq"), r.Text("revise") is Codes.Corrected, r.Period.End, r.SubmissionId, r.Row))!);

    public static IEnumerable<Fact> Within(IEnumerable<Fact> rows, Period period) =>
        rows.Where(r => r.Date("skssqq") >= period.Start && r.Date("skssqz") <= period.End);

    public static Period? PeriodOf(Fact row) => TaxPeriods.OfReturn(row.Date("skssqq"), row.Date("skssqz"));

    /// <summary>全部销售额, exempt sales included, without tax.</summary>
    public static Money Sales(Fact row) => SalesColumns.Aggregate(Money.Zero, (sum, column) => sum + Sum(row, column));

    /// <summary>
    /// The receipts behind the declared sales, tax included: what customers paid for them. A general taxpayer's 销项税额 is
    /// taken as declared; simple and, on a small-scale form, all domestic sales are raised by the 3 % 征收率 even while 1
    /// %
    /// applies: the larger figure favours the taxpayer. Null when 销项税额 is blank beside sales at the standard rate: no
    /// rate is guessed.
    /// </summary>
    public static Money? Receipts(Fact row, ParameterSet parameters)
    {
        var day = row.Date("skssqz")!.Value;
        var levy = 1m + parameters.At(LevyRate, day).Value;
        if (row.Text("form_kind") == Codes.FormSmallScale)
            return (Sum(row, "sales_std") + Sum(row, "sales_simple") + Sum(row, "sales_exempt")).Times(levy) + Sum(row, "sales_export");
        if (row.Money("output") is null && Sum(row, "sales_std") != Money.Zero)
            return null;
        var output = Sum(row, "output");
        return Sum(row, "sales_std") + output + Sum(row, "sales_simple").Times(levy) + Sum(row, "sales_export") + Sum(row, "sales_exempt");
    }

    /// <summary>The columns of 全部销售额.</summary>
    public static readonly ImmutableArray<string> SalesColumns = ["sales_std", "sales_simple", "sales_export", "sales_exempt"];

    /// <summary>How <see cref="Receipts"/> of the returns came about, with the numbers filled in.</summary>
    public static string ReceiptsExpression(IEnumerable<Fact> returns, ParameterSet parameters) => string.Join(" + ",
        returns.SelectMany(row =>
        {
            var levy = Wording.Percent(parameters.At(LevyRate, row.Date("skssqz")!.Value).Value);
            if (row.Text("form_kind") != Codes.FormSmallScale)
                return Terms(row, ("sales_std", ""), ("output", ""), ("sales_simple", levy), ("sales_export", ""), ("sales_exempt", ""));
            var domestic = Sum(row, "sales_std") + Sum(row, "sales_simple") + Sum(row, "sales_exempt");
            return [$"{domestic} × (1 + {levy})", .. Terms(row, ("sales_export", ""))];
        }));

    private static IEnumerable<string> Terms(Fact row, params (string Column, string Levy)[] columns) => columns
        .Where(c => Sum(row, c.Column) != Money.Zero)
        .Select(c => c.Levy.Length == 0 ? $"{Sum(row, c.Column)}" : $"{Sum(row, c.Column)} × (1 + {c.Levy})");

    public static Money Sum(Fact row, string field) => row.Money(field) ?? Money.Zero;
}
