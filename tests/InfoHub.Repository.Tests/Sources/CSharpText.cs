namespace InfoHub.Repository.Tests.Sources;

/// <summary>
/// Blanks comments and the inside of string and character literals, so that rules see code only. Every character
/// keeps its place and every line its end. The holes of interpolated strings are code and stay.
/// </summary>
internal static class CSharpText
{
    public static string Blank(string text)
    {
        var target = text.ToCharArray();
        new Scan(text, target).Code(0, endsAtBrace: 0);
        return new string(target);
    }

    private readonly struct Scan(string text, char[] target)
    {
        /// <summary>
        /// Reads code from <paramref name="at"/>; in the hole of an interpolated string up to the closing brace.
        /// </summary>
        public int Code(int at, int endsAtBrace)
        {
            var depth = 0;
            while (at < text.Length)
            {
                if (endsAtBrace > 0 && text[at] == '}' && depth == 0)
                    return at;
                depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
                at = Token(at);
            }
            return at;
        }

        private int Token(int at)
        {
            if (Is(at, "//"))
                return Erase(at, LineEnd(at));
            if (Is(at, "/*"))
                return Erase(at, After("*/", at + 2));
            if (text[at] == '\'')
                return Character(at);
            return LiteralStart(at) is { } literal ? String(literal) : at + 1;
        }

        private readonly record struct Literal(int Dollars, bool IsVerbatim, int Quotes, int Start);

        private Literal? LiteralStart(int at)
        {
            var (dollars, isVerbatim, start) = (0, false, at);
            for (; start < text.Length && text[start] is '$' or '@'; start++)
            {
                dollars += text[start] == '$' ? 1 : 0;
                isVerbatim |= text[start] == '@';
            }
            var quotes = 0;
            while (start + quotes < text.Length && text[start + quotes] == '"')
                quotes++;
            if (quotes == 0)
                return null;
            var isRaw = quotes >= 3 && !isVerbatim;
            return new Literal(dollars, isVerbatim, isRaw ? quotes : 1, start + (isRaw ? quotes : 1));
        }

        private int String(Literal literal)
        {
            var at = literal.Start;
            while (at < text.Length)
            {
                if (IsEnd(literal, at))
                    return at + literal.Quotes;
                var step = Hole(literal, at);
                if (step > at)
                {
                    at = step;
                    continue;
                }
                step = Escape(literal, at);
                at = Erase(at, step);
            }
            return at;
        }

        private bool IsEnd(Literal literal, int at)
        {
            if (text[at] != '"' || Run(at, '"') < literal.Quotes)
                return false;
            return literal.Quotes > 1 || !literal.IsVerbatim || Run(at, '"') % 2 == 1;
        }

        /// <summary>Where the text goes on behind a hole that starts here; the same place when none does.</summary>
        private int Hole(Literal literal, int at)
        {
            if (literal.Dollars == 0 || text[at] != '{')
                return at;
            var braces = Run(at, '{');
            var isHole = literal.Quotes > 1 ? braces >= literal.Dollars : braces % 2 == 1;
            if (!isHole)
                return at;
            var open = at + braces;
            Erase(at, open - 1);
            var close = Code(open, literal.Dollars);
            return Erase(close + 1, close + (literal.Quotes > 1 ? literal.Dollars : 1));
        }

        private int Escape(Literal literal, int at)
        {
            if (literal.Quotes == 1 && !literal.IsVerbatim && text[at] == '\\')
                return at + 2;
            if (text[at] == '"' || (literal is { Dollars: > 0, Quotes: 1 } && text[at] == '{'))
                return at + Run(at, text[at]);
            return at + 1;
        }

        private int Character(int at)
        {
            var end = at + 1;
            while (end < text.Length && text[end] is not ('\'' or '\n'))
                end += text[end] == '\\' ? 2 : 1;
            Erase(at + 1, end);
            return end + 1;
        }

        private int Run(int at, char wanted)
        {
            var end = at;
            while (end < text.Length && text[end] == wanted)
                end++;
            return end - at;
        }

        private int Erase(int from, int to)
        {
            to = Math.Min(to, text.Length);
            for (var i = from; i < to; i++)
                target[i] = target[i] == '\n' ? '\n' : ' ';
            return to;
        }

        private bool Is(int at, string wanted) => string.CompareOrdinal(text, at, wanted, 0, wanted.Length) == 0;

        private int LineEnd(int at) => text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;

        private int After(string wanted, int at) =>
            text.IndexOf(wanted, at, StringComparison.Ordinal) is >= 0 and var found ? found + wanted.Length : text.Length;
    }
}
