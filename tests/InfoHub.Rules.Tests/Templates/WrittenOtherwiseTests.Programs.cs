using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>What programs, keyboards and shifted columns leave in a cell.</summary>
public partial class WrittenOtherwiseTests
{
    /// <summary>A day for nothing or for no end says so with a time of day behind it too, in any writing.</summary>
    [Fact]
    public void DayForNothing_WithATimeBehindIt_IsTheSame()
    {
        var days = NothingWords.Lists.Where(l => l.Column == NothingColumn.Date).SelectMany(l => l.Words)
            .Where(w => w.Length == 10 && w.Count(c => c is '-' or '/') == 2);
        foreach (var day in days)
            foreach (var time in new[] { " 00:00:00", "T00:00:00", " 0:00", "T00:00:00.000Z" })
                Assert.Equal(Read(Scjg01, Registration, "valid_to", day).Told[..2] == "34",
                    Read(Scjg01, Registration, "valid_to", day + time) is { Told: "345" or "347", Read: "" });
    }

    [Theory]
    [InlineData("valid_to", "9999/12/31 23:59:59", "347", "")]
    [InlineData("valid_to", "8888-08-08", "347", "")]
    [InlineData("valid_to", "2124-12-31", "", "2124-12-31")]
    [InlineData("valid_to", "PERMANENT", "347", "")]
    [InlineData("est_date", "9999-12-31 00:00:00", "319 306!", "-")]
    [InlineData("est_date", "2025-03-03 25:00", "305!", "-")]
    [InlineData("est_date", "2025-03-03 24:00:00", "319", "2025-03-03")]
    [InlineData("est_date", "45719.0", "313!", "-")]
    [InlineData("est_date", "Mon Mar 03 00:00:00 CST 2025", "319", "2025-03-03")]
    [InlineData("est_date", "Sun Mar 02 16:00:00 UTC 2025", "319", "2025-03-03")]
    [InlineData("est_date", "Mon Mar 03 00:00:00 EST 2025", "305!", "-")]
    [InlineData("valid_to", "#N/A", "345", "")]
    [InlineData("valid_to", "#REF!", "336!", "-")]
    [InlineData("est_date", "#N/A", "336!", "-")]
    [InlineData("region_code", "37O983", "340", "37O983")]
    [InlineData("reg_no", "无照", "345", "")]
    public void Cell_OfARegistration_AsProgramsWriteIt(string field, string cell, string told, string read)
    {
        var outcome = Read(Scjg01, Registration, field, cell);
        Assert.Equal((told, read), (outcome.Told, outcome.Read));
    }

    [Theory]
    [InlineData("cust_no", "'=\"0001\"", "337", "0001")]
    [InlineData("cust_no", "=0001", "337", "0001")]
    [InlineData("cust_no", "=T(\"0001\")", "351!", "-")]
    [InlineData("cust_no", "=A2+1", "351!", "-")]
    [InlineData("fee", "=H2*0.7", "351!", "-")]
    [InlineData("open_date", "=TODAY()", "351!", "-")]
    [InlineData("cust_name", "=A2&B2", "351!", "-")]
    [InlineData("cust_name", "=甲公司", "", "=甲公司")]
    [InlineData("cust_name", "0", "346!", "-")]
    [InlineData("cust_name", "，", "346!", "-")]
    [InlineData("cust_name", "7-11", "", "7-11")]
    [InlineData("cust_name", "361度", "", "361度")]
    [InlineData("cust_id_no", "XXXX", "345", "")]
    [InlineData("cust_id_no", "办理中", "345", "")]
    [InlineData("resale", "y", "", "Y")]
    [InlineData("resale", "Υ", "340", "Υ")]
    [InlineData("use_class", "2OO", "340!", "-")]
    [InlineData("use_class", "2О0", "340!", "-")]
    [InlineData("use_class", "2X0", "308!", "-")]
    [InlineData("address", "⽤⼾⾭年路1号", "338", "用户青年路1号")]
    public void Cell_OfAMeter_AsProgramsWriteIt(string field, string cell, string told, string read)
    {
        var outcome = Read(Gd01, Meter, field, cell);
        Assert.Equal((told, read), (outcome.Told, outcome.Read));
    }

    /// <summary>One sign of lost text rejects and another only warns, in one column: each is counted for what it
    /// did.</summary>
    [Fact]
    public void Totals_OfOneCheck_ArePartedByWhatItDid()
    {
        var rows = string.Concat(new[] { "东湖?区1号", "东湖?区2号", "东湖??3号" }.Select((address, i) =>
            $"000{i + 1},甲公司,{address},370983,202503,200,1,1,1\n"));
        var reader = new RowReader(Gd01, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42));
        reader.Read(Encoding.UTF8.GetBytes($"{HostileFiles.Header}\n{rows}"), true, out _);

        Assert.Equal([(2, false), (1, true)], reader.Errors.Totals().Select(t => (t.Count, t.IsRejecting)));
        Assert.Equal(reader.RowsRejected, reader.Errors.Totals().Where(t => t.IsRejecting).Sum(t => t.Count));
    }

    /// <summary>It is told of without being quoted: the number may be a person's.</summary>
    [Theory]
    [InlineData("370983197503120094")]
    [InlineData("３７０９８３１９７５０３１２００９４")]
    [InlineData("13800138000")]
    [InlineData("0538-8000102")]
    [InlineData("91370983MA3C000113")]
    public void NumberInThePlaceOfAName_IsToldOfAndNotQuoted(string cell)
    {
        var outcome = Read(Gd01, Meter, "cust_name", cell);
        Assert.Contains("356", outcome.Told, StringComparison.Ordinal);
        Assert.All(outcome.Errors.Where(e => e.Kind.Code == "IH-INT-356"), e => Assert.Equal("", e.Observed));
    }

    /// <summary>A code of a list with one character typed as what looks like it is told of by that place.</summary>
    [Fact]
    public void CodeOfAList_WithALookAlike_IsToldByItsPlace()
    {
        foreach (var (code, _) in Sw01.Fields.Concat(Gd01.Fields).SelectMany(f => f.Codes))
            for (var i = 0; i < code.Length; i++)
                foreach (var like in "OoОІIlΟΥ".Where(c => LookAlikeLetters.Difference(Encoding.UTF8.GetBytes(code),
                    code[..i] + c + code[(i + 1)..]).Length == 0))
                {
                    var typed = Encoding.UTF8.GetBytes(code[..i] + like + code[(i + 1)..]);
                    var told = LookAlikeLetters.Difference(typed, code);
                    Assert.True(told.Length == 0 || told.StartsWith($"第 {i + 1} 位是", StringComparison.Ordinal), told);
                }

        Assert.Equal("第 2 位是英文字母 O，不是数字 0", LookAlikeLetters.Difference("2O0"u8, "200"));
        Assert.Equal("第 1 位是西里尔字母 О，不是英文字母 O", LookAlikeLetters.Difference("О1"u8, "01"));
        Assert.Equal("", LookAlikeLetters.Difference("20"u8, "200"));
        Assert.Equal("第 3 位是英文字母 l，不是数字 1", LookAlikeLetters.OfDigits("37l983"u8));
        Assert.Equal("", LookAlikeLetters.OfDigits("37X983"u8));
    }
}
