using System.Globalization;

namespace InfoHub.Rules.Tests.Reconciliation;

/// <summary>
/// Works out an expression as it stands on a finding's page: numbers, percentages and days with + − × ÷ and brackets.
/// Exact,
/// and rounded once, half away from zero, to the digits of the value beside it.
/// </summary>
internal sealed class WrittenFormula
{
    private readonly string _text;
    private int _at;

    private WrittenFormula(string text) => _text = text;

    /// <summary>The result in the form of <paramref name="shown"/>.</summary>
    public static string Redo(string expression, string shown)
    {
        var formula = new WrittenFormula(expression.Replace(" ", "", StringComparison.Ordinal).Replace("天", "", StringComparison.Ordinal));
        var result = formula.Sum();
        if (formula._at != formula._text.Length)
            throw new FormatException($"'{expression}' cannot be worked out behind '{formula._text[..formula._at]}'");
        var percent = shown.EndsWith('%');
        var digits = shown.TrimEnd('%');
        var scale = digits.Contains('.', StringComparison.Ordinal) ? digits.Length - digits.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        var rounded = Math.Round(percent ? result * 100m : result, scale, MidpointRounding.AwayFromZero);
        return rounded.ToString("F" + scale, CultureInfo.InvariantCulture) + (percent ? "%" : "");
    }

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    private decimal Sum()
    {
        var sum = Product();
        while (Next is '+' or '−')
            sum += _text[_at++] == '+' ? Product() : -Product();
        return sum;
    }

    private decimal Product()
    {
        var product = Factor();
        while (Next is '×' or '÷')
            product = _text[_at++] == '×' ? product * Factor() : product / Factor();
        return product;
    }

    private decimal Factor()
    {
        if (Next == '(')
        {
            _at++;
            var inner = Sum();
            if (Next != ')')
                throw new FormatException($"a bracket is open in '{_text}'");
            _at++;
            return inner;
        }
        var start = _at;
        while (char.IsAsciiDigit(Next) || Next is '.' or '-')
            _at++;
        var word = _text[start.._at];
        if (DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day.DayNumber;
        var number = decimal.Parse(word, CultureInfo.InvariantCulture);
        if (Next != '%')
            return number;
        _at++;
        return number / 100m;
    }
}
