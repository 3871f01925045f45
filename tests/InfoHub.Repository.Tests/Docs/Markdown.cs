using System.Text.RegularExpressions;

namespace InfoHub.Repository.Tests.Docs;

/// <summary>A fenced block: the words behind the opening fence, and the text between the fences.</summary>
internal sealed record Fence(string Info, string Text, int Line);

/// <summary>Takes a Markdown text apart: fenced blocks, code spans, links and headings, each where the others are not.</summary>
internal sealed partial class Markdown
{
    private Markdown(List<Fence> fences, string prose) => (Fences, Prose) = (fences, prose);

    public IReadOnlyList<Fence> Fences { get; }

    /// <summary>The text with every line of a fenced block blanked.</summary>
    public string Prose { get; }

    public IEnumerable<Match> Spans => Span().Matches(Prose);

    public IEnumerable<string> Links => Link().Matches(Span().Replace(Prose, "")).Select(match => match.Groups["to"].Value);

    /// <summary>The anchors that the headings make, as the usual viewers spell them.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(Prose).Select(match => NotInAnchor()
        .Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    public static Markdown Read(string text)
    {
        var fences = new List<Fence>();
        var prose = new List<string>();
        var (body, info, mark, opened) = (new List<string>(), "", "", 0);
        foreach (var (number, line) in text.Split('\n').Index())
        {
            var fence = FenceLine().Match(line);
            if (mark.Length == 0 && fence.Success)
                (mark, info, opened) = (fence.Groups["mark"].Value, fence.Groups["info"].Value.Trim(), number + 1);
            else if (mark.Length > 0 && fence.Success && fence.Groups["info"].Value.Trim().Length == 0
                && fence.Groups["mark"].Value.StartsWith(mark, StringComparison.Ordinal))
            {
                fences.Add(new Fence(info, string.Join('\n', body), opened));
                mark = "";
                body.Clear();
            }
            else if (mark.Length > 0)
                body.Add(line);
            prose.Add(mark.Length > 0 || fence.Success ? "" : line);
        }
        return new Markdown(fences, string.Join('\n', prose));
    }

    [GeneratedRegex(@"^\s*(?<mark>`{3,}|~{3,})(?<info>[^`]*)$")]
    private static partial Regex FenceLine();

    [GeneratedRegex(@"(?<ticks>`+)(?<code>[^`\n]+)\k<ticks>")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\(\s*<?(?<to>[^)\s>]+)>?(\s+""[^""]*"")?\s*\)|^\[[^\]]+\]:\s+(?<to>\S+)", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.+?)\s*#*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M}_\- ]")]
    private static partial Regex NotInAnchor();
}
