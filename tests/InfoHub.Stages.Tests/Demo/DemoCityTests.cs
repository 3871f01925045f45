using System.IO.Compression;
using System.Text;
using InfoHub.Host.Demo;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Stages.Tests.Demo;

/// <summary>The demo city is the same each time and holds every finding and look-alike it promises.</summary>
public sealed class DemoCityTests : IDisposable
{
    private readonly DemoFolder _folder = new();
    private readonly DemoFolder _other = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Generate_SameOptionsTwice_GivesTheSameBytes()
    {
        _folder.Generate();
        _other.Generate();
        var names = Directory.GetFiles(_folder.Path).Select(f => Path.GetFileName(f)).Order().ToArray();
        Assert.Equal(names, Directory.GetFiles(_other.Path).Select(f => Path.GetFileName(f)).Order());
        Assert.All(names, name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(_folder.Path, name)), File.ReadAllBytes(Path.Combine(_other.Path, name))));
    }

    [Fact]
    public void Generate_OtherSeed_GivesAnotherCity()
    {
        var (summary, other) = (_folder.Generate(seed: 1), _other.Generate(seed: 2));
        Assert.NotEqual(summary.Truth.Select(t => t.Uscc), other.Truth.Select(t => t.Uscc));
    }

    [Fact]
    public void Generate_SixMonths_WritesNineItemsEachWithItsRows()
    {
        var summary = _folder.Generate();
        Assert.Equal(9 * 6, summary.Files.Count);
        Assert.All(summary.Files, f => Assert.Equal($"{f.Item}_{f.Period}.csv", Path.GetFileName(f.Path)));
        Assert.All(summary.Files, f => Assert.InRange(f.Rows, f.FaultyRows + 1, int.MaxValue));
        Assert.InRange(RowsOf(summary, "SCJG-01", "202501"), DemoFolder.Parties * 85 / 100, DemoFolder.Parties);
        Assert.InRange(RowsOf(summary, "SCJG-01", "202502"), 1, DemoFolder.Parties / 20);
        Assert.True(RowsOf(summary, "SW-03", "202503") > RowsOf(summary, "SW-03", "202502"), "quarterly filers file in March");
    }

    [Fact]
    public void Generate_Always_WritesCheckValidCodes()
    {
        var summary = _folder.Generate(faults: false);
        var codes = summary.Truth.Concat(summary.Traps).Select(e => e.Uscc).Distinct().Where(c => c != "").ToArray();
        Assert.All(codes, code => Assert.Equal((byte)code[17], Uscc.CheckCharacter(Encoding.ASCII.GetBytes(code).AsSpan(0, 17))));
        Assert.All(codes, code => Assert.Equal((byte)code[16], OrganisationCode.CheckCharacter(Encoding.ASCII.GetBytes(code).AsSpan(8, 8))));
    }

    [Theory]
    [InlineData("HJ-01")]
    [InlineData("HJ-05")]
    [InlineData("HJ-06")]
    [InlineData("SZ-01")]
    [InlineData("SZ-14")]
    public void Truth_EachModel_HasFindingsAndTraps(string model)
    {
        var summary = _folder.Generate();
        Assert.Contains(summary.Truth, t => t.Model == model);
        Assert.Contains(summary.Traps, t => t.Model == model);
        Assert.Empty(Of(summary.Truth, model).Intersect(Of(summary.Traps, model)));
        Assert.Equal(summary.Truth.Count, summary.Truth.Distinct().Count());
    }

    [Fact]
    public void Traps_EveryLookAlike_IsPlanted()
    {
        var planted = _folder.Generate().Traps.Select(t => t.Behaviour).ToHashSet();
        Assert.Empty(new[]
        {
            "NewFirm", "LegacyTaxNumber", "OwnerTaxNumber", "StruckOff", "BranchOfRegistered", "BranchWithMeter", "LandlordUnit",
            "LandlordPerson", "VillageIrrigation", "FarmPerson", "LowUse", "InterruptedUse", "NoInsuredLeft", "BackToNormal",
            "StreetPerson", "StreetShared", "TenantMeter", "TwoOutlets", "CodeMistyped", "Illegible",
            "Suspended", "RevokedRestored", "ClearingPeriod", "LateCorrection", "ListedAbnormal", "LowSales", "SmallProfit",
            "SpecialInvoices", "Exporter", "CreditRefund", "Refund", "Reassigned", "LateFee", "CorrectedReturn", "ConsumptionTax",
            "PharmacyQuarter", "Franchise", "PublicHospital", "PrivateHospital", "NonProfitHospital", "PharmacyReversal",
            "PharmacyCorrected", "ChainHead", "ChainStore",
        }.Except(planted));
    }

    [Fact]
    public void Truth_EveryPositiveBehaviour_IsPlanted()
    {
        var planted = _folder.Generate().Truth.Select(t => t.Behaviour).ToHashSet();
        Assert.Empty(new[]
        {
            "Unregistered", "UnregisteredActive", "TaxCancelledActive", "AbnormalActive", "OutsideMeter", "OutsideInsured",
            "StreetShop", "StreetMeter",
            "CancelledThenActive", "RevokedThenActive", "SurchargesMissing", "EducationMissing", "SurchargesUnder",
            "ExportCreditIgnored", "HalvedWrongly", "ConsumptionTaxIgnored", "PharmacyBelow", "PharmacyThinCover",
            "PharmacyBelowQuarter", "ClinicBelow", "ClinicThinCover",
        }.Except(planted));
    }

    [Fact]
    public void Meters_OneInAHundred_DoNotSayPlainlyWhoseTheyAre()
    {
        var summary = _folder.Generate();
        string[] doubtful = ["TenantMeter", "TwoOutlets", "CodeMistyped", "Illegible"];
        Assert.InRange(doubtful.Sum(d => summary.Behaviours[d]), RowsOf(summary, "GD-01", "202501") / 200,
            RowsOf(summary, "GD-01", "202501") / 50);
    }

    [Fact]
    public void Meters_OfTwoOutlets_FitBothAndNameNeither()
    {
        var outlets = _folder.Generate().Traps.Where(t => t.Behaviour == "TwoOutlets").Select(t => t.Uscc).ToArray();
        var register = Rows("SCJG-01_202501.csv", ',').Where(r => outlets.Contains(r[0])).ToLookup(r => r[2]);
        var meters = Rows("GD-01_202506.csv", '\t').Where(r => register.Contains(r[1])).ToLookup(r => r[1]);
        Assert.NotEmpty(register);
        Assert.All(register, pair =>
        {
            Assert.Equal(2, pair.Select(r => r[0]).Distinct().Count());
            Assert.Single(pair.Select(r => (r[4], r[6])).Distinct());
            Assert.Equal(2, pair.Select(r => r[8]).Distinct().Count());
            Assert.Equal(2, meters[pair.Key].Count());
            Assert.All(meters[pair.Key], meter =>
            {
                Assert.Equal("", meter[2]);
                Assert.All(pair, r => Assert.StartsWith(meter[3], r[8], StringComparison.Ordinal));
            });
        });
    }

    [Fact]
    public void Meters_OfTenants_HaveTheCodeOfAnotherThatIsRegistered()
    {
        var tenants = _folder.Generate().Traps.Where(t => t.Behaviour == "TenantMeter").Select(t => t.Uscc).ToArray();
        var register = Rows("SCJG-01_202501.csv", ',').ToLookup(r => r[0], r => r[2]);
        var meters = Rows("GD-01_202506.csv", '\t').ToLookup(r => r[1], r => r[2]);
        var codes = Array.ConvertAll(tenants, tenant => Assert.Single(meters[register[tenant].First()]));
        Assert.True(codes.Distinct().Count() > codes.Length / 2, "one landlord has most of them");
        Assert.Empty(codes.Intersect(tenants));
        Assert.All(codes, code => Assert.True(register.Contains(code), code));
    }

    /// <summary>
    /// The code of the first is the worked example of GB 32100; the second's last character is wrong.
    /// </summary>
    [Fact]
    public void Generate_WithEnterpriseFile_TakesThoseWhoseCodeChecks()
    {
        var path = Path.Combine(_other.Path, "enterprises.csv.gz");
        using (var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest)))
            writer.Write("""
                uscc,name,representative,established,type,capital,province,city,address,scope
                91350100M000100Y43,"示例商贸,有限公司",张三,2010-01-02,N/A,N/A,福建,福州,示例路1号,日用百货
                91350100M000100Y44,另一示例有限公司,李四,2010-01-02,N/A,N/A,福建,福州,示例路2号,日用百货
                """);
        var summary = _folder.Generate(enterprises: path);
        var register = File.ReadAllText(Path.Combine(_folder.Path, "SCJG-01_202501.csv"));
        Assert.Equal(1, summary.RealEnterprises);
        Assert.Contains("示例商贸,有限公司", register, StringComparison.Ordinal);
        Assert.DoesNotContain("另一示例有限公司", register, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_UnsoundOptions_Throws()
    {
        Assert.ThrowsAny<ArgumentException>(() => DemoCity.Generate(new DemoOptions { OutputFolder = _folder.Path, Parties = 10 }));
        Assert.ThrowsAny<ArgumentException>(() => DemoCity.Generate(new DemoOptions { OutputFolder = _folder.Path, Months = 2 }));
        Assert.ThrowsAny<ArgumentException>(() =>
            DemoCity.Generate(new DemoOptions { OutputFolder = _folder.Path, AsOf = new DateOnly(2025, 6, 1) }));
    }

    private IEnumerable<string[]> Rows(string file, char delimiter) =>
        File.ReadLines(Path.Combine(_folder.Path, file)).Skip(1).Select(line => line.Split(delimiter));

    private static IEnumerable<string> Of(IEnumerable<DemoExpectation> expectations, string model) =>
        expectations.Where(e => e.Model == model).Select(e => e.Party);

    private static int RowsOf(DemoSummary summary, string item, string period) =>
        summary.Files.Single(f => f.Item == item && f.Period.ToString() == period).Rows;
}
