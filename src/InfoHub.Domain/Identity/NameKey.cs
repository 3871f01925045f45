using System.Text;

namespace InfoHub.Domain.Identity;

/// <summary>
/// A name without the ways of writing that mean nothing: width of letters and brackets, blanks, case.
/// </summary>
public static class NameKey
{
    private const char FullWidthFirst = '！';
    private const char FullWidthLast = '～';
    private const int FullWidthOffset = 0xFEE0;

    /// <summary><c>武汉（甲）商贸 有限公司</c> becomes <c>武汉(甲)商贸有限公司</c>; "" for a blank name.</summary>
    public static string Of(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "";
        var key = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            var narrow = character switch
            {
                >= FullWidthFirst and <= FullWidthLast => (char)(character - FullWidthOffset),
                '〔' or '【' or '[' => '(',
                '〕' or '】' or ']' => ')',
                _ => character,
            };
            if (!char.IsWhiteSpace(narrow) && narrow != '\u200B')
                key.Append(char.ToUpperInvariant(narrow));
        }
        return key.ToString();
    }
}
