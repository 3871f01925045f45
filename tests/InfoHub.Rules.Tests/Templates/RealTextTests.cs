using System.Globalization;
using System.IO.Compression;
using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Vocabulary;
using Xunit;
using Xunit.Abstractions;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// The goal: no name or address of real registers is called lost that is not. Runs where the data is; the registers are
/// not part of the project.
/// </summary>
public class RealTextTests(ITestOutputHelper output)
{
    private static readonly string Data = Path.Combine(RowReaderTests.RepositoryRoot, "..", "shared", "data");

    [Theory]
    [InlineData("city-wuhan.csv.gz")]
    [InlineData("city-chengdu.csv.gz")]
    [InlineData("provinces.csv.gz")]
    public void NamesAndAddresses_OfRegisters_AreNotCalledLost(string name)
    {
        var path = Path.Combine(Data, name);
        if (!File.Exists(path))
            return;
        using var file = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var titles = RecordCells.Split(file.ReadLine()!, ',').ToList();
        var (cells, changed, lost, usccs, impossible) = (0, 0, new List<string>(), 0, new List<string>());
        var traits = new SortedDictionary<TextTraits, int>();
        while (file.ReadLine() is { } line)
        {
            var row = RecordCells.Split(line, ',');
            foreach (var column in new[] { "name", "address" })
            {
                var cell = Encoding.UTF8.GetBytes(row[titles.IndexOf(column)].Trim());
                if (cell.Length == 0)
                    continue;
                cells++;
                var kind = column == "name" ? ProseKind.Name : ProseKind.Address;
                var isUnusual = CanonicalText.MayChange(cell) || LostText.MayStand(cell);
                if (LostText.Find(cell, kind, isUnusual, out _) is { Length: > 0 } why)
                    lost.Add($"{column} {Encoding.UTF8.GetString(cell)}: {why}");
                _ = CanonicalText.Of(Encoding.UTF8.GetString(cell), TextForm.Prose, out var found);
                changed += found == TextTraits.None ? 0 : 1;
                traits[found] = traits.GetValueOrDefault(found) + 1;
            }
            var uscc = Encoding.UTF8.GetBytes(row[titles.IndexOf("uscc")]);
            usccs++;
            if (Uscc.HasForm(uscc) && !Uscc.IsValid(uscc))
                impossible.Add(Encoding.UTF8.GetString(uscc));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {cells} cells, {changed} read otherwise, {lost.Count} lost"));
        output.WriteLine(string.Join("; ", traits.Select(t => $"{t.Key} {t.Value}")));
        output.WriteLine($"{usccs} codes, impossible: {string.Join(' ', impossible)}");
        lost.ForEach(output.WriteLine);

        Assert.All(lost, text => Assert.True(text.Contains('?') || text.Contains('\uFFFD')
            || text.Contains("锟斤拷"), text));
        Assert.True(impossible.Count <= 5, string.Join(' ', impossible));
    }
}
