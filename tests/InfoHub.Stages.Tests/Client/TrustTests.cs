using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using InfoHub.Cli;
using InfoHub.Client.Receipts;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Stages.Tests.Fakes;
using Xunit;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;

namespace InfoHub.Stages.Tests.Client;

/// <summary>Which keys a client believes, and what becomes of the receipts they signed.</summary>
public sealed class TrustTests : CommandBench
{
    [Fact]
    public async Task Verify_ForgerBringsHisOwnKeyWithItsRightId_IsNeverBelievedUnasked()
    {
        var path = await SavedAsync();
        var forged = FileOf("forged.json", Forge(ReceiptBundle.Read(File.ReadAllBytes(path)), admits: true).ToBytes());
        var alone = await RunAsync("receipt", "verify", forged);
        Assert.Equal(ExitCode.NotGenuine, alone.Code);
        Assert.Contains("IH-INT-146", alone.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("有效", alone.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await RunAsync("receipt", "verify", forged, "--trust-bundled")).Code);

        var pem = FileOf("hub.pem", PemEncoding.WriteString("PUBLIC KEY", Fake.PublicKey));
        foreach (var arguments in new string[][] { ["--key", pem], ["--key", pem, "--trust-bundled"] })
        {
            var given = await RunAsync(["receipt", "verify", forged, .. arguments]);
            Assert.Equal(ExitCode.NotGenuine, given.Code);
            Assert.Contains("IH-INT-132", given.Error, StringComparison.Ordinal);
        }
        await RunAsync("login");
        foreach (var arguments in new string[][] { [], ["--trust-bundled"] })
        {
            var pinned = await RunAsync(["receipt", "verify", forged, .. arguments]);
            Assert.Equal(ExitCode.NotGenuine, pinned.Code);
            Assert.Contains("IH-INT-132", pinned.Error, StringComparison.Ordinal);
        }
        Assert.Equal(ExitCode.Ok, (await RunAsync("receipt", "verify", path)).Code);
    }

    [Fact]
    public async Task Login_HubThatTellsNoKeys_LeavesThePinsAlone()
    {
        await RunAsync("login");
        Fake.OfferedKeys = [];
        var silent = await RunAsync("login");
        Assert.Equal(ExitCode.Ok, silent.Code);
        Assert.Contains("以前记下的公钥保留不变", silent.Error, StringComparison.Ordinal);
        Assert.Equal([Fake.KeyId], Pins("default"));
        Fake.IsOld = true;
        Assert.Equal(ExitCode.Ok, (await RunAsync("login")).Code);
        Assert.Equal([Fake.KeyId], Pins("default"));
    }

    [Fact]
    public async Task Login_RetiredKeyThatWasNeverPinned_IsNotPinnedUnasked()
    {
        await RunAsync("login");
        var retired = Key(out var id);
        retired.Retired = true;
        Fake.OfferedKeys = [Fake.OwnKey, retired];
        var ran = await RunAsync("login");
        Assert.Equal(ExitCode.Ok, ran.Code);
        Assert.Contains(id, ran.Error, StringComparison.Ordinal);
        Assert.Equal([Fake.KeyId], Pins("default"));
        Assert.Equal(ExitCode.Ok, (await RunAsync("login", "--trust-new-keys")).Code);
        Assert.Equal([Fake.KeyId, id], Pins("default"));
    }

    [Fact]
    public async Task Login_KeyUnderAnotherKeysId_IsRefused()
    {
        var key = Key(out _);
        key.KeyId = "0123456789abcdef";
        Fake.OfferedKeys = [key];
        var ran = await RunAsync("login");
        Assert.Equal(ExitCode.NotGenuine, ran.Code);
        Assert.Contains("公钥 0123456789abcdef 与它的标识不符", ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Home, "profiles")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/hub")]
    public async Task Login_SameHubInAnotherSpellingOrProfile_IsNoFirstLogin(string tail)
    {
        await RunAsync("login");
        Fake.OfferedKeys = [Key(out var id)];
        var spelling = Hub.Hub.OriginalString.TrimEnd('/').Replace("http", "HTTP", StringComparison.Ordinal) + tail;
        foreach (var profile in new[] { "default", "second" })
        {
            var ran = await RunAsync("login", "--hub", spelling, "--profile", profile);
            Assert.Equal(ExitCode.NotGenuine, ran.Code);
            Assert.Contains($"IH-INT-132", ran.Error, StringComparison.Ordinal);
            Assert.Contains(id, ran.Error, StringComparison.Ordinal);
        }
        Assert.Equal([Fake.KeyId], Pins("default"));
    }

    [Fact]
    public async Task Receipts_SayWhatVouchesForThem_AndWhetherTheyAreOfARehearsal()
    {
        var first = await RunAsync("push", "--no-check", FileOf("SCJG-03_202503.csv", "a,b\n1,2\n"));
        Assert.Contains("尚未验证出自平台", first.Out, StringComparison.Ordinal);
        await RunAsync("login", "--profile", "work");
        var pinned = await RunAsync("receipt", "save", Submission, "--profile", "work");
        Assert.Contains("由登录档案 work 记下的公钥验证", pinned.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("测试环境", pinned.Out, StringComparison.Ordinal);
        var verified = await RunAsync("receipt", "verify", Path.Combine(Receipts, Submission + ".json"));
        Assert.Contains("由登录档案 work 登录时记下的公钥", verified.Out, StringComparison.Ordinal);

        Fake.Environment = HubEnvironment.Test;
        var settings = Hub.Settings("scjg");
        settings["INFOHUB_ENVIRONMENT"] = "test";
        var rehearsal = await RunAsync(settings, "",
            ["push", "--no-check", FileOf("SCJG-03_202504.csv", "a,b\n1,2\n")]);
        Assert.Contains("〔测试环境，不作凭证〕", rehearsal.Out, StringComparison.Ordinal);
        var kept = Path.Combine(Receipts + "-test", "SCJG-03.v1.202504.1.json");
        var told = await RunAsync("receipt", "verify", kept);
        Assert.Contains("这是演练的回执", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipts_OfTwoHubs_LieInFoldersOfTheirOwn()
    {
        var path = await SavedAsync();
        var before = File.ReadAllBytes(path);
        await using var other = await FakeHub.StartAsync();
        var ran = await RunAsync(other.Settings("scjg"), "",
            ["push", "--no-check", Path.Combine(Folder, "SCJG-03_202503.csv")]);
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(Home, "receipts"), Submission + ".json",
            SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Receipts_OnFile_AreReplacedOnlyByThoseThatHoldAllOfThem()
    {
        await RunAsync("login");
        var path = await SavedAsync();
        var whole = File.ReadAllBytes(path);
        Fake.Forget(Submission, receiptsLeft: 2);
        Assert.Equal(ExitCode.Ok, (await RunAsync("receipt", "save", Submission)).Code);
        Assert.Equal(whole, File.ReadAllBytes(path));
        var shorter = ReceiptBundle.Read(File.ReadAllBytes(Path.ChangeExtension(path, ".other-1.json")));
        Assert.Equal(2, shorter.Receipts.Count);

        var named = FileOf("named.json", whole);
        Assert.Equal(ExitCode.Ok, (await RunAsync("receipt", "save", Submission, "--out", named)).Code);
        Assert.Equal(whole, File.ReadAllBytes(named));

        File.WriteAllBytes(path, shorter.ToBytes());
        Assert.Equal(ExitCode.Ok, (await RunAsync("push", "--no-check",
            Path.Combine(Folder, "SCJG-03_202503.csv"))).Code);
        Assert.Equal(shorter.ToBytes(), File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Receipts_ThatDoNotVerify_NeverTakeTheNameOfGoodOnes()
    {
        await RunAsync("login");
        var path = await SavedAsync();
        var good = File.ReadAllBytes(path);
        var stranger = Key(out var id);
        var profile = Path.Combine(Home, "profiles", "default.json");
        File.WriteAllText(profile, File.ReadAllText(profile).Replace(Fake.KeyId, id, StringComparison.Ordinal)
            .Replace(Convert.ToBase64String(Fake.PublicKey), Convert.ToBase64String(stranger.PublicKey.Span),
                StringComparison.Ordinal));
        Assert.Equal(ExitCode.NotGenuine, (await RunAsync("receipt", "save", Submission)).Code);
        Assert.Equal(good, File.ReadAllBytes(path));
        Assert.True(File.Exists(Path.ChangeExtension(path, ".unsound-1.json")));
    }

    private static ReceiptKey Key(out string id)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = key.ExportSubjectPublicKeyInfo();
        id = KeptKey.IdOf(der);
        return new ReceiptKey { KeyId = id, PublicKey = ByteString.CopyFrom(der) };
    }

    private string[] Pins(string profile)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Home, "profiles", profile + ".json")));
        return [.. json.RootElement.GetProperty("receipt_keys").EnumerateArray()
            .Select(key => key.GetProperty("key_id").GetString()!)];
    }

    private async Task<string> SavedAsync()
    {
        var ran = await RunAsync("push", "--no-check", FileOf("SCJG-03_202503.csv", "a,b\n1,2\n"));
        Assert.True(ran.Code == ExitCode.Ok, ran.ToString());
        return Path.Combine(Receipts, Submission + ".json");
    }
}
