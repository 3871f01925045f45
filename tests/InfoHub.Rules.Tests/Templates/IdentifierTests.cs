using System.Text;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>The worked examples of the standards, and every single-character error of one code.</summary>
public class IdentifierTests
{
    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    [Theory]
    [InlineData("91350100M000100Y43")]
    [InlineData("11370900004341523R")]
    [InlineData("91370983MA3C000113")]
    [InlineData("92370983MA3D00020G")]
    [InlineData("93370983MA3E0003XT")]
    [InlineData("12370900MB2F00040L")]
    [InlineData("52370900MJE0000566")]
    [InlineData("91370983MA3C0X10X0")]
    [InlineData("N2370983MF1A00065W")]
    public void Uscc_WorkedExample_IsValidInBothParts(string code)
    {
        Assert.True(Uscc.IsValid(code));
        Assert.True(Uscc.HasValidInnerCode(Ascii(code)));
    }

    [Fact]
    public void Uscc_CodeFromTheWeb_FailsTwice()
    {
        var code = Ascii("91310115MA1G4L1WXK");
        Assert.False(Uscc.IsValid(code));
        Assert.Equal((byte)'7', Uscc.CheckCharacter(code));
        Assert.False(Uscc.HasValidInnerCode(code));
    }

    [Fact]
    public void Uscc_AnySingleWrongCharacter_IsCaught()
    {
        var code = Ascii("91350100M000100Y43");
        for (var position = 0; position < code.Length; position++)
            foreach (var other in "0123456789ABCDEFGHJKLMNPQRTUWXY")
            {
                if (other == code[position])
                    continue;
                var damaged = code.ToArray();
                damaged[position] = (byte)other;
                Assert.False(Uscc.IsValid(damaged));
            }
    }

    [Theory]
    [InlineData("I")]
    [InlineData("O")]
    [InlineData("S")]
    [InlineData("V")]
    [InlineData("Z")]
    [InlineData("a")]
    public void Uscc_ForeignCharacter_IsFoundWhereItStands(string character) =>
        Assert.Equal(4, Uscc.FirstForeignCharacter(Ascii("9135" + character + "100M000100Y43")));

    [Theory]
    [InlineData("D2143569X")]
    [InlineData("M000100Y4")]
    [InlineData("004341523")]
    public void OrganisationCode_WorkedExample_IsValid(string code) => Assert.True(OrganisationCode.IsValid(Ascii(code)));

    [Theory]
    [InlineData("11010519491231002X", true)]
    [InlineData("34052419800101001X", true)]
    [InlineData("110105491231002", true)]
    [InlineData("110105194912310021", false)]
    [InlineData("11010519490231002X", false)]
    [InlineData("99010519491231002X", false)]
    public void CitizenId_Example_IsJudged(string number, bool valid) => Assert.Equal(valid, CitizenId.IsValid(Ascii(number)));

    [Fact]
    public void CitizenId_Legacy_UpgradesToEighteen()
    {
        Span<byte> number = stackalloc byte[18];
        CitizenId.Upgrade(Ascii("110105491231002"), number);
        Assert.Equal("11010519491231002X", Encoding.ASCII.GetString(number));
    }

    [Theory]
    [InlineData("110108000000016", true)]
    [InlineData("440301103097413", true)]
    [InlineData("440301103097414", false)]
    [InlineData("4403011030974", true)]
    public void RegistrationNumber_Example_IsJudged(string number, bool valid) => Assert.Equal(valid, RegistrationNumber.IsValid(Ascii(number)));

    [Theory]
    [InlineData("91350100M000100Y43", TaxpayerNumberForm.Uscc)]
    [InlineData("350100M000100Y4", TaxpayerNumberForm.Organisation)]
    [InlineData("11010519491231002X01", TaxpayerNumberForm.Citizen)]
    [InlineData("11010549123100201", TaxpayerNumberForm.Citizen)]
    [InlineData("L91350100M000100Y43", TaxpayerNumberForm.Uscc)]
    [InlineData("L11010519491231002X", TaxpayerNumberForm.Citizen)]
    [InlineData("12345", TaxpayerNumberForm.Other)]
    public void TaxpayerNumber_Variant_IsTold(string number, TaxpayerNumberForm form) => Assert.Equal(form, TaxpayerNumber.FormOf(Ascii(number)));

    [Theory]
    [InlineData("202503", 202503, "2025-03-01", "2025-03-31")]
    [InlineData("2025-03", 202503, "2025-03-01", "2025-03-31")]
    [InlineData("2025Q2", 202522, "2025-04-01", "2025-06-30")]
    [InlineData("2025", 202500, "2025-01-01", "2025-12-31")]
    public void Period_Text_HasFrozenCodeAndDays(string text, int code, string start, string end)
    {
        var period = Period.Parse(text);
        Assert.Equal(code, period.Code);
        Assert.Equal(start, period.Start.ToString("yyyy-MM-dd", null));
        Assert.Equal(end, period.End.ToString("yyyy-MM-dd", null));
        Assert.Equal(text.Replace("-", "", StringComparison.Ordinal), period.ToString());
    }

    [Theory]
    [InlineData("202513")]
    [InlineData("202500")]
    [InlineData("2025Q5")]
    [InlineData("25-03")]
    [InlineData("")]
    public void Period_NoPeriod_IsRefused(string text) => Assert.False(Period.TryParse(text, out _));
}
