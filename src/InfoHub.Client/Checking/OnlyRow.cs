using System.Globalization;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Client.Checking;

/// <summary>The hash of one row's content, as the hub computes it when it accepts the row.</summary>
public static class OnlyRow
{
    /// <summary>A header and one row.</summary>
    public const int BytesMax = RowReader.RecordBytesMax;

    /// <param name="csv">A CSV in UTF-8 of the template's columns with one row, at most <see cref="BytesMax"/>
    /// bytes.</param>
    /// <param name="today">Of the check; a date far ahead of it is refused.</param>
    /// <returns>32 bytes.</returns>
    /// <exception cref="ProblemException">IH-INT-133: there is not exactly one row that the template
    /// accepts.</exception>
    public static byte[] HashOf(
        Template template, ReadOnlySpan<byte> csv, (string Submission, Period Period) of, DateOnly today)
    {
        var reader = new RowReader(template, new FileContext(of.Period, today, KeySeed: 1));
        var status = reader.Read(csv, isFinal: true, out _);
        if (status == ReadStatus.End && reader is { RowsReceived: 1, RowsAccepted: 1 })
            return new RowBatchView(template, reader.Batch.ToPayload()).Hash(0).ToArray();
        var reason = reader.Refusal?.Detail ?? reader.Errors.Details().Select(e => $"{e.Kind.TitleZh}（{e.Field}）")
            .FirstOrDefault()
            ?? string.Create(CultureInfo.InvariantCulture, $"行文件应当正好有一行，却有 {reader.RowsReceived} 行");
        throw new ProblemException(new Problem(ProblemCatalogue.RowProofNotGenuine,
            ("submission", of.Submission), ("row", "?"), ("reason", reason)));
    }
}
