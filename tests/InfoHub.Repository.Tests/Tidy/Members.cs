using System.Text.RegularExpressions;

namespace InfoHub.Repository.Tests.Tidy;

/// <summary>A method, constructor, operator or property with its first and last line, both 1-based and inclusive.</summary>
internal sealed record Member(string Header, int FirstLine, int LastLine)
{
    public int LineCount => LastLine - FirstLine + 1;
}

/// <summary>
/// Cuts C# whose comments and literals are blanked into members by counting braces. Fields are left out: a table may
/// be as long as it needs to be. Local functions and lambdas count with the member they stand in.
/// </summary>
internal static partial class Members
{
    public static IReadOnlyList<Member> Of(string code)
    {
        var members = new List<Member>();
        Read(code, 0, members);
        return members;
    }

    /// <summary>Reads the members of a file or of a type's body and returns the place of the closing brace.</summary>
    private static int Read(string code, int at, List<Member> members)
    {
        while ((at = Start(code, at)) < code.Length && code[at] != '}')
        {
            var body = HeaderEnd(code, at);
            var header = code[at..body];
            if (body < code.Length && code[body] == '{' && TypeOrNamespace().IsMatch(header))
            {
                at = Read(code, body + 1, members) + 1;
                continue;
            }
            var end = MemberEnd(code, body, header);
            if (!Field().IsMatch(header) && body < code.Length && code[body] is '{' or '=')
                members.Add(new Member(header.Trim(), Line(code, at), Line(code, end)));
            at = end + 1;
        }
        return at;
    }

    /// <summary>Past white space, stray semicolons, directives and attributes.</summary>
    private static int Start(string code, int at)
    {
        while (at < code.Length)
        {
            if (code[at] == '[')
                at = Close(code, at) + 1;
            else if (code[at] == '#')
                at = code.IndexOf('\n', at) is >= 0 and var end ? end : code.Length;
            else if (char.IsWhiteSpace(code[at]) || code[at] == ';')
                at++;
            else
                break;
        }
        return at;
    }

    /// <summary>The first brace, semicolon or arrow outside parentheses, or the end of the type.</summary>
    private static int HeaderEnd(string code, int at)
    {
        for (; at < code.Length; at++)
        {
            if (code[at] is '(' or '[')
                at = Close(code, at);
            else if (code[at] is '{' or '}' or ';' || IsArrow(code, at))
                break;
        }
        return Math.Min(at, code.Length);
    }

    private static int MemberEnd(string code, int body, string header)
    {
        if (body >= code.Length)
            return code.Length - 1;
        if (code[body] is ';' or '}')
            return code[body] == ';' ? body : body - 1;
        if (code[body] == '{' && !Field().IsMatch(header))
        {
            var close = Math.Min(Close(code, body), code.Length - 1);
            var next = close + 1;
            while (next < code.Length && char.IsWhiteSpace(code[next]))
                next++;
            if (next >= code.Length || code[next] != '=')
                return close;
        }
        for (var at = body; at < code.Length; at++)
        {
            if (code[at] is '(' or '[' or '{')
                at = Close(code, at);
            else if (code[at] == ';')
                return at;
        }
        return code.Length - 1;
    }

    private static int Close(string code, int open)
    {
        var depth = 0;
        for (var at = open; at < code.Length; at++)
        {
            depth += code[at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (depth == 0)
                return at;
        }
        return code.Length;
    }

    private static bool IsArrow(string code, int at) => code[at] == '=' && at + 1 < code.Length && code[at + 1] == '>';

    private static int Line(string code, int at) => code.AsSpan(0, Math.Min(at, code.Length)).Count('\n') + 1;

    [GeneratedRegex(@"\b(class|struct|record|interface|enum|namespace|extension)\b")]
    private static partial Regex TypeOrNamespace();

    /// <summary>An assignment before the body: a field with a value.</summary>
    [GeneratedRegex(@"(?<![=!<>])=(?![=>])(?![^(]*\)\s*$)")]
    private static partial Regex Field();
}
