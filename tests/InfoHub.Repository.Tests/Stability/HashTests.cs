using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Receipts;
using InfoHub.Storage.Findings;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Repository.Tests.Stability;

/// <summary>
/// Values that are in the store and in the hands of others. They were worked out from the written layouts by a second
/// program; a test that fails here means that old and new rows, parties and findings no longer meet.
/// </summary>
public sealed class HashTests
{
    private const string Uscc = "91370983MA3C000113";

    [Theory]
    [InlineData(AliasKind.Uscc, Uscc, 707014062541194117, "P0KKYHHD0FJGW5")]
    [InlineData(AliasKind.TaxpayerNumber, "370983198001010019", 7067917889847350407, "P645J9VYAZNN47")]
    [InlineData(AliasKind.TaxRegistrationKey, "10113709000000000001", 6586909234248856101, "P5PTB71JSJ9CH5")]
    [InlineData(AliasKind.OrganisationCode, "MA3C00011", 1123645413046225279, "P0Z5ZXHK11W2BZ")]
    [InlineData(AliasKind.RegistrationNumber, "370983200000017", 5662995558993007359, "P4X5R0EM1694QZ")]
    [InlineData(AliasKind.CitizenIdAndName, "370983198001010019|张三", 4083132158954141768, "P3HAHK22RPYY28")]
    [InlineData(AliasKind.SourceKey, "GD-01|0001", 8201487446727799371, "P73MC9C4J0JCJB")]
    public void PartyId_FoundedByAnAlias_IsFrozen(AliasKind kind, string value, long id, string text)
    {
        var party = PartyId.FoundedBy(new Alias(kind, value));

        Assert.Equal(id, party.Value);
        Assert.Equal(text, party.ToString());
        Assert.True(PartyId.TryParse(text, out var read) && read == party);
    }

    [Theory]
    [InlineData("202503", 202503)]
    [InlineData("202512", 202512)]
    [InlineData("2025Q1", 202521)]
    [InlineData("2025Q4", 202524)]
    [InlineData("2025", 202500)]
    public void PeriodCode_IsFrozen(string text, int code)
    {
        Assert.Equal(code, Period.Parse(text).Code);
        Assert.Equal(text, Period.FromCode(code).ToString());
    }

    [Fact]
    public void RowBatch_OfLayoutOne_IsFrozen()
    {
        var reader = new RowReader(EveryKind, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42));
        var status = reader.Read(Encoding.UTF8.GetBytes(
            $"""
            uscc,status,amount,opened,month,year,quarter,name
            {Uscc},1,1234.56,2025-03-31,202503,2025,2025Q1,泰安甲商贸有限公司
            {Uscc},2,-0.05,2000-01-01,202412,2024,2024Q4,

            """), isFinal: true, out _);
        var payload = reader.Batch.ToPayload();
        var rows = new RowBatchView(EveryKind, payload);

        Assert.Equal(ReadStatus.End, status);
        Assert.Equal(1, RowBatch.Format);
        Assert.Equal(
            ["EE8D64E1E9E5F1FFC556CEB754846B9F21B67297A43B7C6A80675AA41E4AC71C",
                "309BEDAA2053030866B0CC10D15F49AB4EF59A8E153B8E8257882DC14599595A"],
            [Convert.ToHexString(rows.Hash(0)), Convert.ToHexString(rows.Hash(1))]);
        Assert.Equal(
            ["B9B3A77356A1403F9BE4325DBB67BDE9", "33A28307964FFE38FC6AE133ECFBCD39"],
            [Convert.ToHexString(rows.Identity(0)), Convert.ToHexString(rows.Identity(1))]);
        Assert.Equal("8BE12015C16D6D60A3A29C0EDF80290ECA4A89BEC87A5DC10B9A032C50D1D94A", Convert.ToHexString(SHA256.HashData(payload)));
    }

    [Fact]
    public void FindingId_IsFrozen()
    {
        var draft = new FindingDraft
        {
            Model = "SZ-01", ModelVersion = 3, Period = Period.Parse("202506"), BusinessKey = "202503", Title = "t",
            Confidence = 1m, DissolvesIf = "d", Arithmetic = [], Evidence = [], SingleSource = false,
        };

        Assert.Equal("F2F5881824F8FB041",
            EvaluationTransaction.FindingId(PartyId.FoundedBy(new Alias(AliasKind.Uscc, Uscc)), draft));
    }

    [Fact]
    public void ReceiptHash_IsFrozen()
    {
        var issued = new DateTimeOffset(2025, 4, 10, 8, 0, 0, TimeSpan.FromHours(8));
        var first = Receipt.Issue(ReceiptKind.BytesReceived, "GD-01.v1.202503.1", issued, null, new JsonObject { ["文件"] = 1 });
        var second = Receipt.Issue(ReceiptKind.FileReadable, "GD-01.v1.202503.1", issued, first, []);

        Assert.Equal(
            """{"receipt":"R1","submission":"GD-01.v1.202503.1","issued_at":"2025-04-10T00:00:00Z","content":{"文件":1},"previous":""}""",
            first.BodyJson);
        Assert.Equal("F144468BA143F61B4CE57D4C2FD0B7FCD9A5754F1380C0A4DC429D39C11A1959", Convert.ToHexString(first.Hash.AsSpan()));
        Assert.Equal("7809D6EEDBF9EE787C47191A4DFF32A5DA0EFAEA6CDEB2C30A65A0502125D564", Convert.ToHexString(second.Hash.AsSpan()));
    }

    private static Template EveryKind { get; } = new()
    {
        Item = "XX-01", Version = 1, Title = "全", TitleEn = "All", Department = "XX", DepartmentTitle = "某局",
        Frequency = PeriodKind.Month, DueDay = 10, LegalBasis = "-",
        Fields =
        [
            Column("uscc", FieldKind.Text, IdentityRole.Uscc, keyPosition: 1),
            Column("status", FieldKind.Code),
            Column("amount", FieldKind.Number),
            Column("opened", FieldKind.Date),
            Column("month", FieldKind.Month, keyPosition: 2),
            Column("year", FieldKind.Year),
            Column("quarter", FieldKind.Quarter),
            Column("name", FieldKind.Text, IdentityRole.Name),
        ],
    };

    private static Field Column(
        string name, FieldKind kind, IdentityRole role = IdentityRole.None, int keyPosition = 0) => new()
    {
        Name = name, Title = name, Kind = kind, LengthMax = 40, Precision = 12, Scale = 2, Identity = role,
        KeyPosition = keyPosition, Codes = kind == FieldKind.Code ? [new("1", "一"), new("2", "二")] : [],
    };
}
