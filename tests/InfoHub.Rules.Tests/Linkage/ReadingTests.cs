using InfoHub.Linkage.Reading;
using Xunit;

namespace InfoHub.Rules.Tests.Linkage;

/// <summary>How names, addresses and codes are cut before they are compared.</summary>
public sealed class ReadingTests
{
    private static PartyReader Read(string name, string person = "", string address = "", string city = "武汉")
    {
        var reader = new PartyReader();
        reader.Read(name, person, address, Divisions.City(city));
        return reader;
    }

    [Theory]
    [InlineData("武汉市汉萃酒店管理有限责任公司", "武汉市", "汉萃酒店管理", "", false)]
    [InlineData("古铂(湖北)软件有限公司", "湖北省", "古铂软件", "", false)]
    [InlineData("中财（湖北）实业有限公司", "湖北省", "中财实业", "", false)]
    [InlineData("上海信而富企业管理有限公司武汉第一分公司", "上海市", "信而富企业管理", "武汉", true)]
    [InlineData("丸一金属制品(佛山)有限公司武汉分", "", "丸一金属制品佛山", "武汉", true)]
    [InlineData("朝阳商贸有限公司", "", "朝阳商贸", "", false)]
    [InlineData("南昌宁远电力工程有限公司", "", "南昌宁远电力工程", "", false)]
    [InlineData("南昌市宁远电力工程有限公司", "南昌市", "宁远电力工程", "", false)]
    [InlineData("武漢市鴻運達貿易有限公司", "武汉市", "鸿运达贸易", "", false)]
    [InlineData("ＡＢＣ科技有限公司", "", "ABC科技", "", false)]
    [InlineData("张三便利店（个体工商户）", "", "张三便利店", "", false)]
    [InlineData("中国工商银行武汉水果湖支行", "", "中国工商银行", "武汉水果湖", true)]
    [InlineData("枣阳市欣荣柑橘专业合作社", "枣阳市", "欣荣柑橘", "", false)]
    public void Name_IsCut(string name, string region, string core, string branch, bool isBranch)
    {
        var read = Read(name);
        Assert.Equal((region, core, branch, isBranch),
            (Divisions.NameOf(read.NameRegion), read.Core.ToString(), read.Branch.ToString(), read.IsBranch));
    }

    [Theory]
    [InlineData("武汉地王酒店有限公", "地王酒店")]
    [InlineData("武汉地王酒店有限责", "地王酒店")]
    [InlineData("武汉地王酒店有限司公", "地王酒店")]
    [InlineData("武汉地王酒店有限限公司", "地王酒店")]
    [InlineData("武汉地王酒店限公司", "地王酒店")]
    [InlineData("武汉地王酒店有公司", "地王酒店")]
    [InlineData("临湘市欣荣柑橘产销专业作社", "欣荣柑橘产销")]
    public void Name_WithADamagedForm_IsKnownForWhatItWas(string name, string core)
    {
        var read = Read(name);
        Assert.Equal(core, read.Core.ToString());
        Assert.True(read.Rules.HasFlag(AppliedRules.FormRepaired));
    }

    [Theory]
    [InlineData("湖北省武汉市武汉市硚口区长丰乡长丰村１０层1号、40号", "硚口区", "长丰乡长丰村10层1号40号", new[] { 10, 1, 40 })]
    [InlineData("人民路二十六号楼三栋五０三室", "", "人民路26幢3幢503室", new[] { 26, 3, 503 })]
    [InlineData("人民路26号栋3栋503室", "", "人民路26幢3幢503室", new[] { 26, 3, 503 })]
    [InlineData("青山区二十九街坊44门4层", "青山区", "29街坊44门4层", new[] { 29, 44, 4 })]
    [InlineData("一百零三号", "", "103号", new[] { 103 })]
    public void Address_IsCut(string address, string region, string text, int[] numbers)
    {
        var read = Read("", address: address);
        Assert.Equal((region, text), (Divisions.NameOf(read.AddressRegion), read.Address.ToString()));
        Assert.Equal(numbers, read.Numbers.ToArray());
    }

    [Fact]
    public void Reader_OfAnyText_StaysWithinItsBuffers()
    {
        var dice = new Random(20251125);
        const string Alphabet = "武汉市区县省有限责任公司分店()（）十百一二9０号栋楼 A\u200B\uD83D第·";
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string(Enumerable.Range(0, dice.Next(400)).Select(_ =>
                Alphabet[dice.Next(Alphabet.Length)]).ToArray());
            var read = Read(text, text, text, "");
            Assert.True(read.Core.Length + read.Branch.Length <= PartyReader.LongestText, $"seed 20251125, round {i}");
            Assert.True(read.NumberCount <= PartyReader.NumbersMax);
        }
    }

    [Theory]
    [InlineData("电器", "电器", 0, "Same")]
    [InlineData("红高粱", "工高粱", 1, "LookAlike")]
    [InlineData("九方金属", "九金方属", 1, "Swap")]
    [InlineData("基建", "建基", 1, "Swap")]
    [InlineData("泡丰加油", "泡加油", 1, "Gap")]
    [InlineData("恒生", "恒大", 1, "Other")]
    [InlineData("兆亮灯具", "恒生灯具", 2, "Two")]
    [InlineData("兆亮照明灯具", "恒生电子灯具", 3, "More")]
    public void Edit_IsNamed_TheSameInBothDirections(string a, string b, int distance, string kind)
    {
        Assert.Equal(new NameEdit(distance, Enum.Parse<EditKind>(kind)), NameEdit.Between(a, b));
        Assert.Equal(NameEdit.Between(a, b), NameEdit.Between(b, a));
    }

    [Theory]
    [InlineData("91350100M000100Y43", new[] { CodeKind.Uscc, CodeKind.OrganisationCode })]
    [InlineData("９１３５０１００m000100y43", new[] { CodeKind.Uscc, CodeKind.OrganisationCode })]
    [InlineData("M000100Y-4", new[] { CodeKind.OrganisationCode })]
    [InlineData("110108000000016", new[] { CodeKind.RegistrationNumber })]
    [InlineData("11010519491231002X", new[] { CodeKind.CitizenId })]
    [InlineData("110105491231002", new[] { CodeKind.TaxpayerNumber, CodeKind.RegistrationNumber, CodeKind.CitizenId })]
    [InlineData("91310115MA1G4L1WXK", new CodeKind[0])]
    [InlineData("", new CodeKind[0])]
    public void Codes_StandForTheirAliases(string codes, CodeKind[] kinds) =>
        Assert.Equal(kinds, CodeClaim.Read(codes).Select(c => c.Kind).Order());

    [Fact]
    public void LegacyForms_HaveTheKeysOfTheNewOnes()
    {
        var uscc = CodeClaim.Read("91350100M000100Y43");
        Assert.Contains(CodeClaim.Read("M000100Y4")[0], uscc);
        Assert.Contains(CodeClaim.Read("11010519491231002X")[0], CodeClaim.Read("110105491231002"));
        Assert.Contains(CodeClaim.Read("350100M000100Y4"), c => c.Kind == CodeKind.TaxpayerNumber);
    }

    [Theory]
    [InlineData("9135O1OOMOOO1OOY43")] // letters O for zeros
    [InlineData("91350100M000100Y34")] // swapped
    [InlineData("91350100M00100Y43")] // one lost
    [InlineData("91350100M0000100Y43")] // one doubled
    [InlineData("91350100M000700Y43")] // one wrong
    public void DamagedCode_MayHaveBeenTheRightOne(string damaged) =>
        Assert.Contains(CodeClaim.Read("91350100M000100Y43")[0], CodeClaim.Repairs(damaged));

    [Fact]
    public void ValidCode_IsNotRepaired() =>
        Assert.Empty(CodeClaim.Repairs("91350100M000100Y43 11010519491231002X M000100Y4"));

    [Theory]
    [InlineData("湖北省武汉市江汉区解放大道108号", "420103")]
    [InlineData("江汉区解放大道108号", "420103")]
    [InlineData("江汉解放大道108号", "420103")]
    [InlineData("武汉市武汉市青山区青山路9号", "420107")]
    [InlineData("青山路9号", "")]
    [InlineData("武汉市江汉北路9号", "")]
    [InlineData("武汉市解放大道108号", "")]
    [InlineData("解放大道108号", "")]
    [InlineData("", "")]
    [InlineData("山东省泰安市肥城市新城街道向阳路8号", "370983")]
    [InlineData("肥城市新城街道向阳路8号", "370983")]
    [InlineData("徐州市鼓楼区中山北路8号", "320302")]
    [InlineData("鼓楼区中山北路8号", "")]
    [InlineData("北京市朝阳区建国路8号", "110105")]
    [InlineData("朝阳区建国路8号", "")]
    public void AddressCounty_IsTheOneItNames(string address, string county) =>
        Assert.Equal(county, new PartyText("", "", "", address, "420100", "").AddressCounty());
}
