using System.Text.RegularExpressions;
using InfoHub.Templates.Model;

namespace InfoHub.Templates.Checks;

/// <summary>What a column takes, in words for whoever fills it in, zh-CN.</summary>
public static class Expectation
{
    private const int CodesListedMax = 12;

    /// <summary>"" where the type says nothing that could be told in words.</summary>
    public static string Of(Field field) => field.Kind switch
    {
        FieldKind.Number => field.Scale == 0 ? $"不超过 {field.Precision} 位的整数"
            : $"整数不超过 {field.Precision - field.Scale} 位、小数不超过 {field.Scale} 位",
        FieldKind.Month => "YYYYMM",
        FieldKind.Year => "YYYY",
        FieldKind.Quarter => "YYYYQn",
        FieldKind.Date => "YYYY-MM-DD",
        _ when field.Codes.Length > 0 => string.Join("、", field.Codes.Take(CodesListedMax).Select(c =>
            $"{c.Code} {c.Title}"))
            + (field.Codes.Length > CodesListedMax ? " 等" : ""),
        _ => field.Pattern is { } pattern ? WordsOf(pattern) : "",
    };

    /// <summary>^[0-9A-Z]{1,5}$ as 1 至 5 位数字或大写字母; a pattern of other parts as it stands.</summary>
    private static string WordsOf(string pattern)
    {
        var choices = pattern.TrimStart('^').TrimEnd('$').TrimStart('(').TrimEnd(')').Split('|').Select(choice =>
        {
            var parts = PartForm.Matches(choice);
            return parts.Sum(p => p.Length) == choice.Length ? string.Join("加 ", parts.Select(WordsOf)) : null;
        }).ToArray();
        return choices.Contains(null) ? pattern : string.Join("，或 ", choices);
    }

    private static string WordsOf(Match part)
    {
        var set = part.Groups["set"].Value switch
        {
            "0-9" => "数字", "A-Z" => "大写字母", "0-9A-Z" or "A-Z0-9" => "数字或大写字母",
            var letters => string.Join(" 或 ", letters.AsEnumerable()),
        };
        var (least, most) = (part.Groups["least"].Value, part.Groups["most"].Value);
        return $"{(most.Length > 0 ? $"{least} 至 {most}" : least.Length > 0 ? least : "1")} 位{(set[0] < 0x80 ? " " : "")}{set}";
    }

    private static readonly Regex PartForm = new(@"\[(?<set>0-9|A-Z|0-9A-Z|A-Z0-9|[A-Z0-9]+)\](\{(?<least>[0-9]+)(,(?<most>[0-9]+))?\})?",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);
}
