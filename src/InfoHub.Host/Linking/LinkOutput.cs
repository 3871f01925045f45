using System.Globalization;
using System.Text;
using InfoHub.Linkage.Deciding;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;

namespace InfoHub.Host.Linking;

/// <summary>Which rows are explained.</summary>
internal enum ExplainedRows
{
    None,

    /// <summary>All that are not linked.</summary>
    Open,

    All,
}

/// <summary>Writes the files of a linking run; nothing in them but summary.json depends on time or threads.</summary>
internal sealed class LinkOutput(string folder)
{
    /// <summary>The step of a row whose cells do not fit the header.</summary>
    public const string MisshapenStep = "cells";

    private const int BufferChars = 1 << 16;

    public static string Name(LinkOutcome outcome) => Snake(outcome.ToString());

    public static string Name(LinkStep step) => Snake(step.ToString());

    /// <summary>GramInCity is gram_in_city.</summary>
    public static string Snake(string name) => string.Concat(name.Select((c, i) =>
        char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    /// <exception cref="ProblemException">IH-CFG-014.</exception>
    public FileStream Open(string name)
    {
        var path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.NotWritable, ("file", path),
                ("reason", fault.Message)));
        }
    }

    public void WriteLinks(PartyFile rows, RowDecision[] decisions)
    {
        var outcomes = Enum.GetValues<LinkOutcome>().ToDictionary(o => o, Name);
        var steps = Enum.GetValues<LinkStep>().ToDictionary(s => s, Name);
        var misshapen = rows.Misshapen.ToHashSet();
        using var csv = new StreamWriter(Open("links.csv"), new UTF8Encoding(false), BufferChars) { NewLine = "\n" };
        csv.WriteLine("row,decision,taxpayer,p,second,p2,p_nobody,step");
        for (var i = 0; i < decisions.Length; i++)
        {
            csv.Write(RecordCells.Guarded(rows.Parties[i].Id));
            if (misshapen.Contains(i))
            {
                csv.WriteLine($",{outcomes[LinkOutcome.Review]},,,,,,{MisshapenStep}");
                continue;
            }
            var decision = decisions[i];
            csv.Write(',');
            csv.Write(outcomes[decision.Outcome]);
            csv.Write(',');
            csv.Write(RecordCells.Guarded(decision.Entry));
            Write(csv, decision.Probability);
            csv.Write(',');
            csv.Write(RecordCells.Guarded(decision.Second));
            Write(csv, decision.SecondProbability);
            Write(csv, decision.Nobody);
            csv.Write(',');
            csv.WriteLine(steps[decision.Step]);
        }
    }

    private static void Write(StreamWriter csv, float probability)
    {
        Span<char> text = stackalloc char[16];
        ((double)probability).TryFormat(text, out var length, "0.#######", CultureInfo.InvariantCulture);
        csv.Write(',');
        csv.Write(text[..length]);
    }
}
