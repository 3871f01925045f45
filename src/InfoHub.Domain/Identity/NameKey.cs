using System.Text;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Domain.Identity;

/// <summary>
/// A name without the ways of writing that mean nothing: its canonical form, and further blanks, the kind of brackets,
/// dots and dashes, case. A word for nothing is no name, so that two of them are not the same one.
/// </summary>
public static class NameKey
{
    /// <summary><c>武汉（甲）商贸 有限公司</c> becomes <c>武汉(甲)商贸有限公司</c>; "" for a blank name and for 无, 不详, NULL.</summary>
    public static string Of(string? name)
    {
        var canonical = CanonicalText.Of(name, TextForm.Code);
        if (canonical.Length == 0 || NothingWords.IsNothing(canonical))
            return "";
        var key = new StringBuilder(canonical.Length);
        foreach (var character in canonical)
            key.Append(char.ToUpperInvariant(character switch
            {
                '〔' or '【' or '[' or '{' or '〖' => '(',
                '〕' or '】' or ']' or '}' or '〗' => ')',
                '•' or '‧' or '∙' or '・' or '⋅' or '●' => '·',
                _ => character,
            }));
        return key.ToString();
    }
}
