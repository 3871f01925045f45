using InfoHub.Templates.Model;

namespace InfoHub.Templates.Checks;

/// <summary>
/// Which columns have a sum. Below a rate, a price of one unit or an average stands another average, which agrees with
/// the rows and is not their sum.
/// </summary>
internal static class Additive
{
    /// <summary>A title that holds one of them: 平均人数, 单位税额.</summary>
    private static readonly string[] Means = ["单价", "均价", "平均", "人均", "户均", "单位税额"];

    /// <summary>A title that is about one of them, and not about amounts of it: 税率, but 适用税率销售额 is money.</summary>
    private static readonly string[] Shares = ["率", "比例", "比重", "占比", "系数"];

    private const string Amounts = "额款费量数";

    public static bool Is(Field field) =>
        !field.Unit.AsSpan().ContainsAny('%', '‰', '/') && !field.Title.AsSpan().ContainsAny('%', '‰')
        && !WithoutUnit(field.Title).Split('/', '、', '或').Any(IsRate);

    private static bool IsRate(string title) =>
        Means.Any(word => title.Contains(word, StringComparison.Ordinal))
        || (title.Length > 0 && (title.EndsWith("系数", StringComparison.Ordinal) || !Amounts.Contains(title[^1]))
            && Shares.Any(word => title.Contains(word, StringComparison.Ordinal)));

    private static string WithoutUnit(string title) => title.Split('(', '（')[0].Trim();
}
