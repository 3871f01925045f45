using System.Globalization;
using System.Text.RegularExpressions;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Console.Findings;

/// <summary>The unit amounts are shown in.</summary>
public enum AmountUnit
{
    /// <summary>元, two decimals, exact.</summary>
    Yuan,

    /// <summary>万元, two decimals, rounded half away from zero (四舍五入).</summary>
    TenThousandYuan,
}

/// <summary>Figures as officers read them: grouped by thousands, never through floating point.</summary>
internal static partial class Amounts
{
    public const string None = "—";

    private const decimal YuanPerTenThousand = 10_000m;

    /// <summary>Plain numbers, not quantities: a year or a month must not be grouped.</summary>
    private static readonly string[] UngroupedUnits = ["", "年", "月", "日"];

    public static string Name(AmountUnit unit) => unit == AmountUnit.Yuan ? "元" : "万元";

    public static string Format(Money? amount, AmountUnit unit) => amount is { } money
        ? InUnit(money.Yuan, unit).ToString("#,##0.00", CultureInfo.InvariantCulture)
        : None;

    public static string Exact(Money? amount) => Format(amount, AmountUnit.Yuan);

    /// <summary><paramref name="value"/> counted in <paramref name="unit"/>, as 元.</summary>
    public static decimal ToYuan(decimal value, AmountUnit unit) => unit == AmountUnit.Yuan ? value : value * YuanPerTenThousand;

    public static string Count(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    public static string Percent(decimal share) => share.ToString("0.#%", CultureInfo.InvariantCulture);

    /// <summary>An arithmetic value with its thousands grouped and its decimals kept; text that is no number stays as it is.</summary>
    public static string Grouped(string value, string unit)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (UngroupedUnits.Contains(unit) || !decimal.TryParse(value, Plain, CultureInfo.InvariantCulture, out var number))
            return value;
        var point = value.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : value.Length - point - 1;
        return number.ToString(string.Create(CultureInfo.InvariantCulture, $"N{decimals}"), CultureInfo.InvariantCulture);
    }

    /// <summary>A formula with the thousands of its amounts grouped; an amount is what carries a decimal point.</summary>
    public static string GroupedIn(string expression) => LongAmount().Replace(expression, whole =>
        decimal.Parse(whole.ValueSpan, CultureInfo.InvariantCulture).ToString("#,##0", CultureInfo.InvariantCulture));

    private static decimal InUnit(decimal yuan, AmountUnit unit) => unit == AmountUnit.Yuan
        ? yuan
        : Math.Round(yuan / YuanPerTenThousand, 2, MidpointRounding.AwayFromZero);

    [GeneratedRegex(@"(?<![\d.])\d{4,20}(?=\.\d)", RegexOptions.CultureInvariant)]
    private static partial Regex LongAmount();
}
