using System.Security.Cryptography;
using System.Text;
using InfoHub.Cli;
using InfoHub.Client.Receipts;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>A receipt that was changed in any way is found out, without the hub.</summary>
public sealed class ReceiptTests : CommandBench
{
    [Fact]
    public async Task Verify_EveryByteOfABundleChanged_IsFoundOut()
    {
        var bytes = File.ReadAllBytes(await SavedAsync());
        var key = new KeptKey(Fake.KeyId, Convert.ToBase64String(Fake.PublicKey));
        Assert.Equal(5, new ReceiptCheck([], [key]).Verify(bytes, out _).Count);
        for (var i = 0; i < bytes.Length; i++)
        {
            var altered = bytes.ToArray();
            altered[i] ^= 1;
            var failed = Assert.Throws<ProblemException>(() => new ReceiptCheck([], [key]).Verify(altered, out _));
            Assert.Equal("IH-INT-131", failed.Problem.Code);
        }
    }

    [Theory]
    [InlineData("rows_rejected", "回执 R3")]
    [InlineData("rows_stored", "回执 R4")]
    [InlineData("size_bytes", "回执 R1")]
    public async Task Verify_OneBodyChanged_NamesTheReceipt(string property, string expected)
    {
        var path = await SavedAsync();
        var text = File.ReadAllText(path);
        var at = text.IndexOf(property, StringComparison.Ordinal) + property.Length;
        var digit = Enumerable.Range(at, 20).First(i => char.IsAsciiDigit(text[i]));
        File.WriteAllText(path, text[..digit] + (char)('0' + ((text[digit] - '0' + 1) % 10)) + text[(digit + 1)..]);
        var ran = await RunAsync("receipt", "verify", path);
        Assert.Equal(ExitCode.NotGenuine, ran.Code);
        Assert.Contains($"IH-INT-131 回执验证不通过：{expected}", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_Trust_IsSaid()
    {
        var path = await SavedAsync();
        var alone = await RunAsync("receipt", "verify", path);
        Assert.Equal(ExitCode.NotGenuine, alone.Code);
        Assert.Contains("IH-INT-146", alone.Error, StringComparison.Ordinal);
        alone = await RunAsync("receipt", "verify", path, "--trust-bundled");
        Assert.Equal(ExitCode.Ok, alone.Code);
        Assert.Contains("仅由文件自带的公钥", alone.Out, StringComparison.Ordinal);
        Assert.Contains("请向平台管理员核对公钥标识", alone.Error, StringComparison.Ordinal);
        var pem = FileOf("hub.pem", PemEncoding.WriteString("PUBLIC KEY", Fake.PublicKey));
        var given = await RunAsync("receipt", "verify", path, "--key", pem);
        Assert.Contains("由指定的公钥", given.Out, StringComparison.Ordinal);
        Assert.Empty(given.Error);
        Assert.Equal(ExitCode.Ok, (await RunAsync("login")).Code);
        var pinned = await RunAsync("receipt", "verify", path);
        Assert.Contains("由登录档案 default 登录时记下的公钥", pinned.Out, StringComparison.Ordinal);
        Assert.Empty(pinned.Error);
    }

    [Fact]
    public async Task Verify_SignedByAForger_IsFoundOutByThePinnedKeyOnly()
    {
        await RunAsync("login");
        var genuine = ReceiptBundle.Read(File.ReadAllBytes(await SavedAsync()));
        var forged = FileOf("forged.json", Forge(genuine, admits: false).ToBytes());
        var ran = await RunAsync("receipt", "verify", forged);
        Assert.Equal(ExitCode.NotGenuine, ran.Code);
        Assert.Contains("回执 R1：签名不符", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_TotalsThatDoNotBalance_AreFoundOutThoughSigned()
    {
        Fake.Outcome = status =>
        {
            status.State = SubmissionState.Used;
            (status.RowsReceived, status.RowsRejected, status.RowsAccepted, status.RowsStored) = (9, 1, 8, 7);
        };
        var ran = await RunAsync("push", "--no-check", FileOf("SCJG-03_202503.csv", "a,b\n1,2\n"));
        Assert.Equal(ExitCode.NotGenuine, ran.Code);
        Assert.Contains("回执 R4：入库 7 行不等于接收 8 行", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_File_IsTheOneOfR1()
    {
        await RunAsync("login");
        var bundle = await SavedAsync();
        Assert.Equal(ExitCode.Ok, (await RunAsync("receipt", "verify", bundle, "--file",
            Path.Combine(Folder, "SCJG-03_202503.csv"))).Code);
        var other = await RunAsync("receipt", "verify", bundle, "--file", FileOf("other.csv", "x"));
        Assert.Equal(ExitCode.NotGenuine, other.Code);
        Assert.Contains("回执 R1：不是文件 other.csv 的回执", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_ARow_ItsPathAndItsContentHold()
    {
        var lines = Encoding.UTF8.GetString(Sample("SCJG-03", "valid.csv")).Split('\n');
        var row = FileOf("row.csv", string.Join('\n', lines[0], lines[1]) + "\n");
        var leaf = HashOf(row);
        PlantTree(leaf);
        await RunAsync("login");
        var bundle = await SavedAsync();
        var proof = Path.Combine(Folder, "proof.json");
        Assert.Equal(ExitCode.Ok, (await RunAsync("receipt", "prove", Submission, "1", "--out", proof)).Code);
        var good = await RunAsync("receipt", "verify", bundle, "--proof", proof, "--row-file", row, "--template",
            TemplateOf("SCJG-03"));
        Assert.True(good.Code == ExitCode.Ok, good.ToString());
        Assert.Contains("这一行的内容在回执 R4 之中", good.Out, StringComparison.Ordinal);
        // The same proof with another number in it holds as well: no verdict may repeat that number.
        var renumbered = FileOf("renumbered.json", (KeptRowProof.Read(File.ReadAllBytes(proof)) with
        {
            Row = 4711,
        }).ToBytes());
        var other = await RunAsync("receipt", "verify", bundle, "--proof", renumbered, "--row-file", row, "--template",
            TemplateOf("SCJG-03"));
        Assert.Equal(ExitCode.Ok, other.Code);
        Assert.DoesNotContain("4711", other.Out, StringComparison.Ordinal);

        var otherRow = FileOf("other-row.csv", string.Join('\n', lines[0], lines[2]) + "\n");
        var content = await RunAsync("receipt", "verify", bundle, "--proof", proof, "--row-file", otherRow,
            "--template", TemplateOf("SCJG-03"));
        Assert.Equal(ExitCode.NotGenuine, content.Code);
        Assert.Contains("IH-INT-133", content.Error, StringComparison.Ordinal);

        var text = File.ReadAllText(proof);
        var sibling = text.IndexOf("siblings", StringComparison.Ordinal) + 30;
        var hex = Enumerable.Range(sibling, 40).First(i => char.IsAsciiHexDigit(text[i]));
        File.WriteAllText(proof, text[..hex] + (text[hex] == '0' ? '1' : '0') + text[(hex + 1)..]);
        var path = await RunAsync("receipt", "verify", bundle, "--proof", proof);
        Assert.Contains("路径得不到回执 R4 的行散列根", path.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_HubSignsWithAnotherKeyThanAtLogin_IsReported()
    {
        await RunAsync("login");
        var profile = Path.Combine(Home, "profiles", "default.json");
        using var old = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = old.ExportSubjectPublicKeyInfo();
        File.WriteAllText(profile, File.ReadAllText(profile).Replace(Fake.KeyId, KeptKey.IdOf(der),
            StringComparison.Ordinal)
            .Replace(Convert.ToBase64String(Fake.PublicKey), Convert.ToBase64String(der), StringComparison.Ordinal));
        var ran = await RunAsync("push", "--no-check", FileOf("SCJG-03_202503.csv", "a,b\n1,2\n"));
        Assert.Equal(ExitCode.NotGenuine, ran.Code);
        Assert.Contains("IH-INT-132", ran.Error, StringComparison.Ordinal);
        Assert.Contains("IH-INT-132", (await RunAsync("login")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await RunAsync("login", "--trust-new-keys")).Code);
        Assert.Equal(ExitCode.Ok, (await RunAsync("receipt", "save", Submission)).Code);
    }

    [Fact]
    public async Task Push_HubOfBeforeSignsNothing_ChainAloneIsEnoughUnlessAKeyWasPinned()
    {
        Fake.IsOld = true;
        var file = FileOf("SCJG-03_202503.csv", "a,b\n1,2\n");
        Assert.Equal(ExitCode.Ok, (await RunAsync("push", "--no-check", file)).Code);
        Fake.IsOld = false;
        await RunAsync("login");
        var ran = await RunAsync("push", "--no-check", file);
        Assert.Contains("回执 R1：没有签名", ran.Error, StringComparison.Ordinal);
    }

    private async Task<string> SavedAsync()
    {
        Counts(9, 1);
        var ran = await RunAsync("push", "--no-check", FileOf("SCJG-03_202503.csv", "a,b\n1,2\n"));
        Assert.True(ran.Code == ExitCode.RowsRejected, ran.ToString());
        return Path.Combine(Receipts, Submission + ".json");
    }

    /// <summary>The leaf as the third of 20 rows: a full node of 16 and one of 4 under the root.</summary>
    private void PlantTree(byte[] leaf)
    {
        var leaves = Enumerable.Range(0, 20).Select(i => i == 2 ? leaf : SHA256.HashData([(byte)i])).ToArray();
        var (left, right) = (Node(leaves[..16]), Node(leaves[16..]));
        Fake.RowsRoot = Convert.ToHexStringLower(Node([left, right]));
        Fake.Proof = new RowProof { Submission = Submission, Row = 1,
            RowHash = Google.Protobuf.ByteString.CopyFrom(leaf) };
        var bottom = new ProofStep { Position = 2 };
        bottom.Siblings.Add(leaves[..16].Where((_, i) => i != 2).Select(h => Google.Protobuf.ByteString.CopyFrom(h)));
        var top = new ProofStep { Position = 0 };
        top.Siblings.Add(Google.Protobuf.ByteString.CopyFrom(right));
        Fake.Proof.Steps.Add([bottom, top]);
    }

    private static byte[] Node(byte[][] children) => SHA256.HashData([1, .. children.SelectMany(c => c)]);

    private static byte[] HashOf(string rowFile)
    {
        var template = OdcsReader.Read(File.ReadAllText(TemplateOf("SCJG-03")));
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 1), 1));
        Assert.Equal(ReadStatus.End, reader.Read(File.ReadAllBytes(rowFile), isFinal: true, out _));
        return new RowBatchView(template, reader.Batch.ToPayload()).Hash(0).ToArray();
    }
}
