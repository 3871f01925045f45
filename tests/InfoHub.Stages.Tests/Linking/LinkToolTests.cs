using System.IO.Compression;
using System.Text;
using System.Text.Json;
using InfoHub.Host.Batch;
using InfoHub.Host.Commands;
using InfoHub.Host.Linking;
using InfoHub.Linkage.Reading;
using InfoHub.Rules.Tests.Linkage;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.Stages.Tests.Linking;

/// <summary>Two files in, three files out; and what is said of files that are no use.</summary>
public sealed class LinkToolTests : IDisposable
{
    private const int Seed = 31;

    private static readonly (List<PartyText> Register, List<NoisyRow> Rows) Bed =
        RowNoise.Bed(GeneratedCity.Of(1200, Seed), rows: 600, Seed);

    private readonly string _folder = Directory.CreateTempSubdirectory("infohub-link-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_OnAnyNumberOfThreads_WritesTheSameBytes()
    {
        var (register, rows) = (Register(), Rows());
        var one = await RunAsync(register, rows, threads: 1);
        var two = await RunAsync(register, rows, threads: 2);

        foreach (var name in (string[])["links.csv", "explanations.jsonl"])
            Assert.Equal(await System.IO.File.ReadAllBytesAsync(Path.Combine(one, name)),
                await System.IO.File.ReadAllBytesAsync(Path.Combine(two, name)));
    }

    [Fact]
    public async Task Run_NoisyRows_TellsOfEachRowInItsOrder()
    {
        var output = await RunAsync(Register(), Rows());

        var links = await LinksAsync(output);
        Assert.Equal(["row", "decision", "taxpayer", "p", "second", "p2", "p_nobody", "step"], links[0]);
        Assert.Equal(Bed.Rows.Select(r => r.Row.Id), links.Skip(1).Select(l => l[0]));
        var wrong = links.Skip(1).Zip(Bed.Rows).Count(l => l.First[1] == "link" && l.First[2] != l.Second.Truth);
        Assert.InRange(wrong, 0, 3);
        Assert.True(links.Count(l => l[1] == "link") > 350);
        Assert.True(links.Count(l => l[1] == "none") > 80);
    }

    [Theory]
    [InlineData("All")]
    [InlineData("Open")]
    [InlineData("None")]
    public async Task Explanations_AreOfTheRowsThatWereAskedFor(string asked)
    {
        var explained = Enum.Parse<ExplainedRows>(asked);
        var output = await RunAsync(Register(), Rows(), explained: explained);

        var wanted = (await LinksAsync(output)).Skip(1).Where(l => explained == ExplainedRows.All
                || (explained == ExplainedRows.Open && l[1] != "link"))
            .Select(l => (l[0], l[1], l[2]));
        var told = (await System.IO.File.ReadAllLinesAsync(Path.Combine(output, "explanations.jsonl"))).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
            Assert.All(
                (string[])["fields", "candidates", "rules", "rules_zh", "blocked_by", "blocked_by_zh", "against"],
                name => Assert.Equal(JsonValueKind.Array, json.RootElement.GetProperty(name).ValueKind));
            return (Text("row"), Text("decision"), Text("taxpayer"));
        });
        Assert.Equal(wanted, told);
    }

    [Theory]
    [InlineData("编号,企业名称,法定代表人,住所,行政区划,统一社会信用代码,注册号", ',', "GB18030", false)]
    [InlineData("TID\tName\tLegal\tAddr\tCity\tUSCC\tRegNo", '\t', "utf-8", true)]
    [InlineData("纳税人编号;纳税人名称;负责人;经营场所;城市;社会信用代码;工商注册号", ';', "utf-16", false)]
    public async Task Run_OtherHeadingsAndEncodings_DecidesTheSame(
        string header, char delimiter, string encoding, bool isGzip)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = string.Concat(Bed.Register.Select(e => e.Codes.Split(' ') is var codes ? string.Join(delimiter,
            e.Id, e.Name, e.Person, $"\"{e.Address}\"", e.City, codes[0], codes[2]) + "\r\n" : "")
            .Prepend(header + "\r\n"));
        var path = Path.Combine(_folder, "other.csv");
        await using (var file = System.IO.File.Create(path))
        await using (var target = isGzip ? new GZipStream(file, CompressionMode.Compress) : (Stream)file)
        await using (var writer = new StreamWriter(target, Encoding.GetEncoding(encoding)))
            await writer.WriteAsync(text);
        var rows = Rows();

        var expected = await RunAsync(Register(), rows);
        var other = await RunAsync(path, rows);

        Assert.Equal(await System.IO.File.ReadAllLinesAsync(Path.Combine(expected, "links.csv")),
            await System.IO.File.ReadAllLinesAsync(Path.Combine(other, "links.csv")));
    }

    [Theory]
    [InlineData("name: 店名\nrows.address = 位置\n# 注\ncode: 甲号, 乙号\n")]
    [InlineData("register:\n  id: tid\nrows:\n  name: 店名\n  address: 位置\ncode: [甲号, 乙号]\n")]
    [InlineData("{\"rows\": {\"name\": \"店名\", \"address\": \"位置\"}, \"code\": [\"甲号\", \"乙号\"]}")]
    public void Mapping_OfAnyForm_NamesTheColumns(string text)
    {
        var mapping = ColumnMapping.Parse("m", text);

        var columns = PartyColumns.Find("f", ["号", "店名", "位置", "乙号", "甲号"], mapping, isRegister: false);

        Assert.Equal((-1, 1, -1, 2, -1), (columns.Id, columns.Name, columns.Person, columns.Address, columns.City));
        Assert.Equal([4, 3], columns.Codes);
    }

    [Theory]
    [InlineData("colour: 店名", "IH-MAT-007")]
    [InlineData("name 店名", "IH-MAT-007")]
    [InlineData("name: 甲, 乙", "IH-MAT-007")]
    [InlineData("{\"name\": 1}", "IH-MAT-007")]
    [InlineData("{\"name\": ", "IH-MAT-007")]
    [InlineData("name: 不存在的列", "IH-MAT-002")]
    public void Mapping_ThatIsNoUse_IsAProblem(string text, string code) => Assert.Equal(code,
        Assert.Throws<ProblemException>(() => PartyColumns.Find("f", ["id", "name"], ColumnMapping.Parse("m", text),
            isRegister: true)).Problem.Code);

    [Theory]
    [InlineData("id,address\n1,a\n", "IH-MAT-002")]
    [InlineData("name\n甲\n", "IH-MAT-002")]
    [InlineData("id,name,名称\n1,甲,乙\n", "IH-MAT-003")]
    [InlineData("id,name\n1,甲\n2,乙\n1,丙\n", "IH-MAT-004")]
    [InlineData("id,name\n1,甲\n,乙\n", "IH-MAT-005")]
    [InlineData("id,name\n", "IH-MAT-006")]
    [InlineData("", "IH-MAT-001")]
    [InlineData("id,name\n1,\"甲\n", "IH-MAT-001")]
    public async Task Register_ThatIsNoUse_IsAProblemAndNothingIsWritten(string text, string code)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => RunAsync(File("bad.csv", text), Rows()));

        Assert.Equal(code, refused.Problem.Code);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out-2")));
    }

    [Fact]
    public async Task Run_WithoutAFileOrWithWrongWeights_IsAProblem()
    {
        var missing = await Assert.ThrowsAsync<ProblemException>(() =>
            RunAsync(Path.Combine(_folder, "none.csv"), Rows()));
        var weights = await Assert.ThrowsAsync<ProblemException>(() =>
            RunAsync(Register(), Rows(), weights: File("w.txt", "version x\ncolour red 1\n")));

        Assert.Equal(("IH-INT-117", "IH-MAT-008"), (missing.Problem.Code, weights.Problem.Code));
    }

    /// <summary>A comma too many shifts the columns: the row is not judged by what is not its own.</summary>
    [Fact]
    public async Task Run_ARowWithTooManyCells_IsLeftToAPerson()
    {
        var rows = File("shifted.csv", "id,name,address\nA,武汉甲商贸有限公司,某路1号,二楼\nB,武汉乙商贸有限公司,某路2号\n");

        var output = await RunAsync(Register(), rows);

        var links = await System.IO.File.ReadAllLinesAsync(Path.Combine(output, "links.csv"));
        Assert.Equal("A,review,,,,,,cells", links[1]);
        Assert.StartsWith("B,none,", links[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_EndsWithTwoForAProblemAndZeroElse()
    {
        Task<int> InvokeAsync(string register) => LinkCommand.Create()
            .Parse(["--register", register, "--rows", Rows(), "--out", Path.Combine(_folder, "c")]).InvokeAsync();

        Assert.Equal(0, await InvokeAsync(Register()));
        Assert.Equal(CommonOptions.RefusedExitCode, await InvokeAsync(Path.Combine(_folder, "none.csv")));
    }

    private static async Task<List<string[]>> LinksAsync(string output) =>
        [.. (await System.IO.File.ReadAllLinesAsync(Path.Combine(output, "links.csv"))).Select(l => l.Split(','))];

    private string Register() => File("register.csv", "id,name,person,address,city,uscc,regno\n" + string.Concat(
        Bed.Register.Select(e => e.Codes.Split(' ') is var codes
            ? $"{e.Id},{e.Name},{e.Person},{e.Address},{e.City},{codes[0]},{codes[2]}\n" : "")));

    private string Rows() => File("rows.csv", "id,name,person,address,city\n" + string.Concat(
        Bed.Rows.Select(r => $"{r.Row.Id},{r.Row.Name},{r.Row.Person},{r.Row.Address},{r.Row.City}\n")));

    private string File(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    private async Task<string> RunAsync(string register, string rows, int threads = 2, string? weights = null,
        ExplainedRows explained = ExplainedRows.Open)
    {
        var output = Path.Combine(_folder, $"out-{threads}");
        if (Directory.Exists(output))
            output += "-again";
        await new LinkRun(new LinkRequest(register, rows, output, ColumnMapping.None, weights, threads,
            new DateOnly(2026, 1, 1), explained), new LineDisplay(TextWriter.Null)).RunAsync(CancellationToken.None);
        return output;
    }
}
