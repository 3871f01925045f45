using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>One cell written otherwise than agreed: what is told of it, and what is read.</summary>
public partial class WrittenOtherwiseTests
{
    private static readonly Template Gd01 = HostileFileTests.Load("GD", "GD-01");
    private static readonly Template Scjg01 = HostileFileTests.Load("SCJG", "SCJG-01");
    private static readonly Template Sw01 = HostileFileTests.Load("SW", "SW-01");

    private static readonly Dictionary<string, string> Meter = new()
    {
        ["cust_no"] = "0001", ["cust_name"] = "云山市禾木五金有限公司", ["cust_id_no"] = "", ["address"] = "东湖区禾木路1号",
        ["region_code"] = "370983", ["data_month"] = "202503", ["use_class"] = "200", ["industry_code"] = "",
            ["kwh"] = "1.00",
        ["fee"] = "1.00", ["resale"] = "", ["open_date"] = "", ["status"] = "1",
    };

    private static readonly Dictionary<string, string> Registration = Sample(Scjg01);

    private static readonly Dictionary<string, string> TaxPayer = Sample(Sw01);

    /// <summary>The first good sample row of the template, by English column name.</summary>
    private static Dictionary<string, string> Sample(Template template)
    {
        var lines = File.ReadAllLines(Path.Combine(RowReaderTests.RepositoryRoot, "partner-templates",
            template.Department,
            template.Item, "v1", "samples", "valid.csv"));
        return RecordCells.Split(lines[0].TrimStart('\uFEFF'), ',').Zip(RecordCells.Split(lines[1], ','))
            .ToDictionary(c => template.Fields.First(f => f.Title == c.First || f.Name == c.First).Name, c => c.Second);
    }

    /// <summary>The problems of the row with another cell in the column, as numbers, and what the column holds
    /// then.</summary>
    private static (string Told, string Read, RowError[] Errors) Read(Template template, Dictionary<string,
        string> row, string field, string cell)
    {
        var names = row.Keys.ToArray();
        var text = string.Join(',', names) + "\n"
            + string.Join(',', names.Select(n =>
                $"\"{(n == field ? cell : row[n]).Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n";
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42));
        reader.Read(Encoding.UTF8.GetBytes(text), true, out _);
        var errors = reader.Errors.Details().Where(e => e.Field == field || e.Field.Length == 0).ToArray();
        var told = string.Join(' ', errors.Select(e =>
            e.Kind.Code[^3..] + (e.Disposition == InfoHub.Templates.Problems.Disposition.Warn ? "" : "!")));
        var view = new RowBatchView(template, reader.Batch.ToPayload());
        var column = template.IndexOf(field);
        return (told, view.RowCount == 0 ? "-" : view.IsNull(column, 0) ? ""
            : Value(template.Fields[column], view, column), errors);
    }

    private static string Value(Field field, RowBatchView view, int column) => field.Kind switch
    {
        FieldKind.Date => DateOnly.FromDayNumber(view.Integer(column, 0) + new DateOnly(2000, 1,
            1).DayNumber).ToString("yyyy-MM-dd", null),
        FieldKind.Month => $"{view.Integer(column, 0)}",
        FieldKind.Number => $"{view.Number(column, 0)}",
        _ => Encoding.UTF8.GetString(view.Text(column, 0)),
    };

    [Theory]
    [InlineData("cust_no", "=\"0001\"", "337", "0001")]
    [InlineData("cust_no", "＇0001", "337", "0001")]
    [InlineData("cust_no", "'0001", "337", "0001")]
    [InlineData("cust_no", "００01", "316", "0001")]
    [InlineData("cust_no", "00 01", "317", "0001")]
    [InlineData("cust_no", "0001\u2007", "317", "0001")]
    [InlineData("cust_no", "0001\u200D", "317", "0001")]
    [InlineData("cust_no", "3709830000001.0", "349", "3709830000001")]
    [InlineData("cust_no", "37098300000012345.0", "314!", "-")]
    [InlineData("cust_no", "HB–0001", "338", "HB-0001")]
    [InlineData("cust_no", "НB0001", "340!", "-")]
    [InlineData("cust_no", "甲0001", "", "甲0001")]
    [InlineData("cust_no", "0000000000000", "341!", "-")]
    [InlineData("cust_no", "无", "346!", "-")]
    [InlineData("use_class", "200.0", "349", "200")]
    [InlineData("use_class", "'200", "337", "200")]
    [InlineData("industry_code", "А5200", "340!", "-")]
    [InlineData("region_code", "070983", "324", "070983")]
    [InlineData("region_code", "370983.0", "349", "370983")]
    [InlineData("kwh", "'1.00", "337", "100")]
    [InlineData("kwh", "−1.00", "338 311!", "-")]
    [InlineData("fee", "－", "345", "")]
    [InlineData("fee", "NULL", "345", "")]
    [InlineData("kwh", "无", "346!", "-")]
    [InlineData("industry_code", "NULL", "345", "")]
    [InlineData("resale", "\\N", "345", "")]
    [InlineData("cust_name", "不详", "346!", "-")]
    [InlineData("cust_name", "云山市⽼井⾯馆", "338", "云山市老井面馆")]
    [InlineData("cust_name", "云山市（老井）面馆", "", "云山市（老井）面馆")]
    [InlineData("cust_name", "ＡＢＣ面馆", "316", "ABC面馆")]
    [InlineData("cust_name", "张\uE003", "339", "张\uE003")]
    [InlineData("cust_name", "=\"云山\"", "337", "云山")]
    [InlineData("address", "东湖区\u2003禾木路", "317", "东湖区 禾木路")]
    [InlineData("address", "东湖区\u3000禾木路", "", "东湖区 禾木路")]
    [InlineData("address", "-", "346!", "-")]
    public void Cell_OfAMeter_IsReadAndTold(string field, string cell, string told, string read)
    {
        var outcome = Read(Gd01, Meter, field, cell);
        Assert.Equal((told, read), (outcome.Told, outcome.Read));
    }

    /// <summary>In a column that may be blank it is left out; it names nobody.</summary>
    [Theory]
    [InlineData("000000000000000000", "341", "")]
    [InlineData("111111111111111111", "341", "")]
    [InlineData("111111111111111", "341", "")]
    [InlineData("123456789012345678", "341", "")]
    [InlineData("XXXXXXXXXXXXXXXXXX", "341", "")]
    [InlineData("000000000000000001", "341", "")]
    [InlineData("910000000000000000", "341", "")]
    [InlineData("{1}", "342", "")]
    [InlineData("{2}", "342", "")]
    [InlineData("370983197503120094", "", "370983197503120094")]
    [InlineData("91370983MA3C000113", "", "91370983MA3C000113")]
    [InlineData("91370983МA3C000113", "321", "91370983МA3C000113")]
    [InlineData("37098319750312009×", "325", "37098319750312009×")]
    [InlineData("37098319750312009Ｘ", "326", "37098319750312009X")]
    [InlineData("无", "345", "")]
    public void CodeThatMayBeBlank_AndCannotBe_NamesNobody(string cell, string told, string read)
    {
        var code = cell.Replace("{1}", WithCheck("91370983111111111"), StringComparison.Ordinal)
            .Replace("{2}", WithCheck("85370983004341523"), StringComparison.Ordinal);
        var outcome = Read(Gd01, Meter, "cust_id_no", code);
        Assert.Equal((told, read), (outcome.Told, outcome.Read));
        Assert.All(outcome.Errors, e => Assert.DoesNotContain(code, e.Observed, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("000000000000000000", "341!")]
    [InlineData("370983197503120094", "343!")]
    [InlineData("370983198001010009", "343!")]
    [InlineData("91370983MА3C000113", "321!")]
    [InlineData("91370983MA3C000113", "")]
    public void CodeThatIsRequired_AndCannotBe_Rejects(string cell, string told)
    {
        var cancellations = HostileFileTests.Load("SCJG", "SCJG-03");
        var outcome = Read(cancellations, Sample(cancellations), "uscc", cell);
        Assert.Equal(told, outcome.Told);
        if (CitizenId.IsValid(Encoding.UTF8.GetBytes(cell)))
            Assert.All(outcome.Errors, e => Assert.DoesNotContain(cell, e.Observed + e.RowKey + e.Expected,
                StringComparison.Ordinal));
    }

    /// <summary>The letter is named with its place; a firm's code in a person's place and the other way round
    /// too.</summary>
    [Fact]
    public void ForeignLetter_IsNamedWithItsPlace()
    {
        Assert.Equal("第 9 位是西里尔字母 М，不是英文字母 M", Read(Scjg01, Registration, "uscc",
            "91370983МA3C000113").Errors[0].Expected);
        Assert.Equal("第 18 位是乘号 ×，不是英文字母 X", Read(Scjg01, Registration, "legal_rep_id_no",
            "37098319800101000×").Errors[0].Expected);
        Assert.Equal("344", Read(Scjg01, Registration, "legal_rep_id_no", "91370983MA3C000113").Told);
    }

    [Theory]
    [InlineData("valid_to", "长期", "347", "")]
    [InlineData("valid_to", "永久", "347", "")]
    [InlineData("valid_to", "9999-12-31", "347", "")]
    [InlineData("valid_to", "2099-12-31", "347", "")]
    [InlineData("valid_to", "无固定期限", "347", "")]
    [InlineData("valid_to", "0000-00-00", "345", "")]
    [InlineData("valid_to", "1900-01-01", "345", "")]
    [InlineData("valid_to", "无", "345", "")]
    [InlineData("valid_to", "2098-05-01", "", "2098-05-01")]
    [InlineData("est_date", "长期", "346!", "-")]
    [InlineData("est_date", "0000-00-00", "346!", "-")]
    [InlineData("est_date", "1900-01-01", "306!", "-")]
    [InlineData("est_date", "2025-03-02T16:00:00Z", "319", "2025-03-03")]
    [InlineData("est_date", "2025-03-02T16:00:00.000Z", "319", "2025-03-03")]
    [InlineData("est_date", "2025-03-03T00:00:00+08:00", "319", "2025-03-03")]
    [InlineData("est_date", "2025-03-02T11:00:00-05:00", "319", "2025-03-03")]
    [InlineData("est_date", "2025-03-03 00:00:00 +0800", "319", "2025-03-03")]
    [InlineData("est_date", "20250302T160000Z", "319", "2025-03-03")]
    [InlineData("est_date", "2025-03-03 00:00:00", "319", "2025-03-03")]
    [InlineData("est_date", "20250303000000", "319", "2025-03-03")]
    [InlineData("est_date", "20250303.0", "319", "2025-03-03")]
    [InlineData("est_date", "2025/3/3 上午 12:00:00", "319", "2025-03-03")]
    [InlineData("est_date", "2025年3月3日 星期一", "319", "2025-03-03")]
    [InlineData("est_date", "2025-03-03（周一）", "319", "2025-03-03")]
    [InlineData("est_date", "二〇二五年三月三日", "319", "2025-03-03")]
    [InlineData("est_date", "二零二四年十二月三十一日", "319", "2024-12-31")]
    [InlineData("est_date", "２０２５年３月３日", "319", "2025-03-03")]
    [InlineData("est_date", "2025 年 3 月 3 日", "319", "2025-03-03")]
    [InlineData("est_date", "Mon Mar 03 2025 00:00:00 GMT+0800 (中国标准时间)", "319", "2025-03-03")]
    [InlineData("est_date", "Sun, 02 Mar 2025 16:00:00 GMT", "319", "2025-03-03")]
    [InlineData("est_date", "03-MAR-2025", "319", "2025-03-03")]
    [InlineData("est_date", "Mar  3 2025 12:00AM", "319", "2025-03-03")]
    [InlineData("est_date", "'2025-03-03", "337", "2025-03-03")]
    [InlineData("est_date", "2025-02-30T16:00:00Z", "305!", "-")]
    [InlineData("est_date", "2025-03-03T25:00:00Z", "305!", "-")]
    [InlineData("est_date", "3/1/2025", "305!", "-")]
    [InlineData("est_date", "25-3-1", "305!", "-")]
    [InlineData("est_date", "3月1日", "305!", "-")]
    [InlineData("est_date", "03-MAR-25", "305!", "-")]
    [InlineData("est_date", "2025-03", "305!", "-")]
    [InlineData("parent_uscc", "无", "345", "")]
    [InlineData("parent_uscc", "370983197503120094", "343", "")]
    [InlineData("town_code", "/", "345", "")]
    [InlineData("reg_no", "000000000000000", "341", "")]
    public void Cell_OfARegistration_IsReadAndTold(string field, string cell, string told, string read)
    {
        var outcome = Read(Scjg01, Registration, field, cell);
        Assert.Equal((told, read), (outcome.Told, outcome.Read));
    }

    [Theory]
    [InlineData("2025-03", "348", "202503")]
    [InlineData("2025/3", "348", "202503")]
    [InlineData("2025.03", "348", "202503")]
    [InlineData("2025.3", "348", "202503")]
    [InlineData("2025年3月", "348", "202503")]
    [InlineData("2025年03月份", "348", "202503")]
    [InlineData("２０２５年３月", "348", "202503")]
    [InlineData("二〇二五年三月", "348", "202503")]
    [InlineData("202503.0", "348", "202503")]
    [InlineData("202503月", "348", "202503")]
    [InlineData("2025-03-01", "348", "202503")]
    [InlineData("2025-03-31", "348", "202503")]
    [InlineData("2025/3/1 0:00:00", "348", "202503")]
    [InlineData("2025-02-28T16:00:00Z", "348", "202503")]
    [InlineData("Mar 2025", "348", "202503")]
    [InlineData("2025-02", "348 404", "202502")]
    [InlineData("='202503'", "337", "202503")]
    [InlineData("2025-03-15", "307!", "-")]
    [InlineData("2025.1", "307!", "-")]
    [InlineData("2025-13", "307!", "-")]
    [InlineData("3月", "307!", "-")]
    [InlineData("03/2025", "348", "202503")]
    [InlineData("2025-03月", "348", "202503")]
    [InlineData("2025.3月", "348", "202503")]
    [InlineData("13/2025", "307!", "-")]
    [InlineData("45717", "313!", "-")]
    [InlineData("2025Q1", "307!", "-")]
    [InlineData("无", "346!", "-")]
    public void Month_InEveryUsualForm_IsRead(string cell, string told, string read)
    {
        var outcome = Read(Gd01, Meter, "data_month", cell);
        Assert.Equal((told, read), (outcome.Told, outcome.Read));
    }

    [Theory]
    [InlineData(PeriodKind.Quarter, "2025Q1", "2025Q1")]
    [InlineData(PeriodKind.Quarter, "2025-Q1", "2025Q1")]
    [InlineData(PeriodKind.Quarter, "2025q1", "2025Q1")]
    [InlineData(PeriodKind.Quarter, "2025年第一季度", "2025Q1")]
    [InlineData(PeriodKind.Quarter, "2025年4季度", "2025Q4")]
    [InlineData(PeriodKind.Quarter, "二〇二五年二季度", "2025Q2")]
    [InlineData(PeriodKind.Quarter, "1Q2025", "2025Q1")]
    [InlineData(PeriodKind.Quarter, "2025-5", "")]
    [InlineData(PeriodKind.Quarter, "2025-1", "")]
    [InlineData(PeriodKind.Quarter, "2025Q5", "")]
    [InlineData(PeriodKind.Year, "2025", "2025")]
    [InlineData(PeriodKind.Year, "2025年", "2025")]
    [InlineData(PeriodKind.Year, "2025年度", "2025")]
    [InlineData(PeriodKind.Year, "2025.0", "2025")]
    [InlineData(PeriodKind.Year, "25", "")]
    public void QuarterAndYear_InEveryUsualForm_AreRead(PeriodKind kind, string cell, string read)
    {
        var writing = PeriodText.TryRead(Encoding.UTF8.GetBytes(cell), kind, out var period);
        Assert.Equal(read, writing == Writing.Unreadable ? "" : period.ToString());
    }

    [Theory]
    [InlineData("cust_name", "张??", "335!")]
    [InlineData("cust_name", "???", "335!")]
    [InlineData("cust_name", "?", "335!")]
    [InlineData("cust_name", "张?", "335!")]
    [InlineData("cust_name", "Why Not? Cafe", "")]
    [InlineData("cust_name", "怎么了？奶茶", "")]
    [InlineData("address", "武汉市?口区1号", "335")]
    [InlineData("address", "东湖??1号", "335!")]
    [InlineData("address", "A-?-3", "")]
    [InlineData("cust_name", "甲\uFFFD", "335!")]
    [InlineData("cust_name", "锟斤拷锟斤拷公司", "335!")]
    [InlineData("cust_name", "浜戝北甯備笢婀栧尯", "335!")]
    [InlineData("cust_name", "浜戝北甯?", "335!")]
    [InlineData("cust_name", "浜戝北甯", "335!")]
    [InlineData("cust_name", "A搴т簯灞卞競涓滄箹", "335!")]
    [InlineData("cust_name", "äº‘å±±å¸‚", "335!")]
    [InlineData("cust_name", "äº\u0091å±±å¸\u0082", "335!")]
    [InlineData("cust_name", "ÔÆÉ½ÊÐ", "335!")]
    [InlineData("cust_name", "Café Müller", "")]
    [InlineData("cust_name", "涓流咖啡", "")]
    public void LostText_IsToldPerCell(string field, string cell, string told) =>
        Assert.Equal(told, Read(Gd01, Meter, field, cell).Told);

    /// <summary>In a name, an address, a key: in whatever column and dress it stands, an identity number is
    /// covered.</summary>
    [Theory]
    [InlineData("cust_no", "370983197503120094 ")]
    [InlineData("cust_no", "='370983197503120094'")]
    [InlineData("cust_no", "３７０９８３１９７５０３１２００９４")]
    [InlineData("cust_name", "张三370983197503120094⽼")]
    [InlineData("cust_name", "张三（3709 8319 7503 1200 94）⽼")]
    [InlineData("address", "370983197503120094??")]
    [InlineData("industry_code", "370983197503120094")]
    [InlineData("industry_code", "370983750312009")]
    public void IdentityNumber_InAnyColumn_IsCovered(string field, string cell)
    {
        foreach (var error in Read(Gd01, Meter, field, cell).Errors)
        {
            var shown = CanonicalText.Of(error.Observed + error.Expected + error.RowKey, TextForm.Code);
            Assert.DoesNotContain("19750312", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("3709837503", shown, StringComparison.Ordinal);
        }
        Assert.False(PersonalNumber.IsIn("10137098300000000023 91370983MA3C000113 3709830000001|202503 914201027257900"
            + "972"));
    }

    /// <summary>Length is what a clerk counts, in whatever bytes and code units it comes.</summary>
    [Fact]
    public void Length_IsCountedInCharacters()
    {
        Assert.Equal("", Read(Gd01, Meter, "cust_name", string.Concat(Enumerable.Repeat("𠮷", 200))).Told);
        Assert.Equal("302!", Read(Gd01, Meter, "cust_name", string.Concat(Enumerable.Repeat("𠮷", 201))).Told);
        Assert.Equal("338", Read(Gd01, Meter, "cust_name", string.Concat(Enumerable.Repeat("e\u0301", 200))).Told);
    }

    [Fact]
    public void CitizensNumberAsTaxpayerNumber_IsNoUscc() =>
        Assert.Equal("329", Read(Sw01, TaxPayer, "nsrsbh", "370983197503120094").Told);

    private static string WithCheck(string first17) =>
        first17 + (char)Uscc.CheckCharacter(Encoding.ASCII.GetBytes(first17));
}
