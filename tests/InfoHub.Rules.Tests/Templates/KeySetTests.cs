using System.Globalization;
using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>The goal: a key is a duplicate exactly when it came before, however many there are, in bounded
/// memory.</summary>
public class KeySetTests
{
    /// <summary>More than three tables full, so that keys lie in runs of two layers of the filter.</summary>
    private const int Keys = 1_400_000;
    private const int NewKeys = 200_000;
    private const int Step = 997;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Keys_PastTheTable_AreStillToldExactly(bool overflows)
    {
        using var overflow = new MemoryStream();
        var keys = new KeySet(42, overflows ? overflow : null);
        var text = new byte[16];
        for (var i = 1; i <= Keys; i++)
            Assert.Equal(0, keys.FindOrAdd(KeyOf(i, text), i));
        for (var i = 1; i <= Keys; i += Step)
            Assert.Equal(i, keys.FindOrAdd(KeyOf(i, text), Keys + i));
        for (var i = Keys + 1; i <= Keys + NewKeys; i++)
            Assert.Equal(0, keys.FindOrAdd(KeyOf(i, text), i));
        Assert.Equal(overflows, overflow.Length > 0);
    }

    [Fact]
    public void Filter_OfItsFullSize_LetsFewThrough()
    {
        const int size = 100_000;
        var (filter, random, wrong) = (new BlockFilter(size), new Random(5), 0);
        var known = Enumerable.Range(0, size).Select(_ => (unchecked((ulong)random.NextInt64(long.MinValue,
            long.MaxValue)), (uint)random.Next())).ToArray();
        foreach (var (high, low) in known)
            filter.Add(high, low);
        Assert.All(known, k => Assert.True(filter.MayHold(k.Item1, k.Item2)));
        for (var i = 0; i < size; i++)
            wrong += filter.MayHold(unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
                (uint)random.Next()) ? 1 : 0;
        Assert.InRange(wrong, 0, size / 200);
    }

    /// <summary>The same file with and without an overflow: the same rows, and the first row of each key is
    /// named.</summary>
    [Fact]
    public void File_OfMoreRowsThanTheTable_NamesTheFirstRow()
    {
        const int rows = 400_000;
        var template = HostileFileTests.Load("GD", "GD-01");
        var file = Encoding.UTF8.GetBytes(HostileFiles.Header + "\n" + string.Concat(Enumerable.Range(0,
            rows).Append(0).Append(rows - 1)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},A,r,370983,202503,200,1,1,1\n"))));
        using var overflow = new MemoryStream();
        var context = new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 7);

        Assert.Equal(Read(template, file, context), Read(template, file, context with { Overflow = overflow }));
        Assert.True(overflow.Length > 0);
    }

    private static string Read(Template template, byte[] file, FileContext context)
    {
        var reader = new RowReader(template, context);
        var (text, start) = (new StringBuilder(), 0);
        for (var status = ReadStatus.Pause; status == ReadStatus.Pause;)
        {
            status = reader.Read(file.AsSpan(start), true, out var consumed);
            start += consumed;
            text.AppendJoin('\n', reader.Errors.Details());
            reader.Errors.Clear();
            reader.Batch.Clear();
        }
        Assert.Contains("Row = 400001", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("第 1 行已有", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("第 400000 行已有", text.ToString(), StringComparison.Ordinal);
        return text.Append(reader.RowsAccepted).Append('/').Append(reader.RowsRejected).ToString();
    }

    private static ReadOnlySpan<byte> KeyOf(int number, byte[] text)
    {
        Assert.True(number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture));
        return text.AsSpan(0, length);
    }
}
