using System.Globalization;
using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>The goal: each file of <see cref="HostileFiles"/> comes to exactly what its line says, in blocks of any
/// size.</summary>
public class HostileFileTests
{
    private static readonly Template Gd01 = Load("GD", "GD-01");
    private static readonly Template Scjg03 = Load("SCJG", "SCJG-03");

    public static TheoryData<string> Names => [.. HostileFiles.All.Select(f => f.Name)];

    internal static Template Load(string department, string item) => OdcsReader.Read(File.ReadAllText(Path.Combine(
        RowReaderTests.RepositoryRoot, "partner-templates", department, item, "v1", "template.odcs.yaml")));

    [Theory]
    [MemberData(nameof(Names))]
    public void File_Read_ComesToExactlyThis(string name)
    {
        var (_, file, outcome) = HostileFiles.All.Single(f => f.Name == name);
        var whole = Run(file, int.MaxValue);

        Assert.Equal(outcome, Shown(whole.Outcome, outcome));
        foreach (var block in file.Length > 1 << 17 ? new[] { 4099, 65_536 } : [1, 7, 4099])
            Assert.Equal(whole, Run(file, block));
    }

    [Fact]
    public void Corpus_IsLargeAndEachNameIsOne() =>
        Assert.True(HostileFiles.All.Count >= 120 && HostileFiles.All.DistinctBy(f =>
            f.Name).Count() == HostileFiles.All.Count);

    /// <summary>A slice of what <c>./hub bench fuzz-decoder</c> reads; the seed is fixed, so a failure can be made
    /// again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AnyBytes_Read_BalanceAndHaveANumber(int seed)
    {
        var fuzz = new DecoderFuzz(Path.Combine(RowReaderTests.RepositoryRoot, "partner-templates"));
        fuzz.Run(seed, 0, 25_000);

        Assert.Equal(25_000, fuzz.Inputs);
        Assert.InRange(fuzz.Refused, 2_000, 35_000);
        Assert.True(fuzz.Codes.Count >= 45, string.Join(' ', fuzz.Codes));
    }

    /// <summary>What the line asks for; the rest of the outcome is compared between blocks.</summary>
    private static string Shown(string outcome, string asked)
    {
        var parts = outcome.Split(" § ");
        return string.Join(' ', parts.Where((part, i) => i == 0 || (part.Length > 0
            && $"{asked} ".Contains($" {part} ", StringComparison.Ordinal))));
    }

    /// <summary>What a file came to, and a text of every accepted row's hash, every rejected row and every
    /// sum.</summary>
    private sealed record Result(string Outcome, string Rest);

    private static Result Run(byte[] file, int block)
    {
        var template = file.AsSpan().StartsWith("uscc,ent_name"u8) ? Scjg03 : Gd01;
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42));
        var (errors, rest, origins) = (new List<string>(), new StringBuilder(), new List<int>());
        var (start, end) = (0, 0);
        for (var status = ReadStatus.NeedsData; status is not (ReadStatus.End or ReadStatus.Refused);)
        {
            if (status == ReadStatus.NeedsData)
                end = (int)Math.Min(file.Length, (long)end + block);
            status = reader.Read(file.AsSpan(start, end - start), end == file.Length, out var consumed);
            start += consumed;
            if (status == ReadStatus.NeedsData)
                continue;
            errors.AddRange(reader.Errors.Details().Select(e => $"{e.Row}:{e.Field}:{e.Kind.Code[^3..]}"));
            rest.AppendJoin('\n', reader.Errors.Details().Select(e => $"{e.RowKey} {e.Observed} {e.Expected}"));
            rest.AppendJoin('\n', reader.Errors.Rejections().Select(r => r.ToString()));
            origins.AddRange(reader.OriginRows);
            rest.Append(Convert.ToHexString(reader.Batch.ToPayload()));
            reader.Errors.Clear();
            reader.Batch.Clear();
        }
        Assert.Equal(reader.RowsReceived, reader.RowsRejected + reader.RowsAccepted);
        Assert.All(reader.Sums(), s => Assert.Equal(s.Received.Units, s.Rejected.Units + s.Accepted.Units));
        rest.AppendJoin('\n', reader.Sums());
        return new Result(Outcome(reader, errors, origins), rest.ToString());
    }

    private static string Outcome(RowReader reader, List<string> errors, List<int> origins)
    {
        if (reader.Refusal is { } refusal)
            return $"refused {refusal.Code[^3..]}"
                + string.Concat(refusal.Values.Where(v => v.Key == "line").Select(v => $" line {v.Value}"));
        var layout = reader.Layout!;
        var counts = string.Create(CultureInfo.InvariantCulture,
            $"{reader.RowsReceived}={reader.RowsRejected}+{reader.RowsAccepted}");
        return string.Join(" § ", string.Join(' ', errors.Prepend(counts)),
            layout.TotalRow is { } total ? string.Join(' ', total.Compared.Prepend($"total {total.Row}")) : "",
            $"{layout.Delimiter}", $"header {layout.HeaderLine}", layout.Encoding?.ToString() ?? "Ascii",
            $"origins {string.Join(' ', origins)}");
    }
}
