using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Reading;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>Bytes in, exact problems out, whatever the blocks the bytes come in.</summary>
public class RowReaderTests
{
    private const string Header = "统一社会信用代码,企业名称,事件类型,事件日期,原因,决定文书号,注销方式,清税证明编号,作出机关";
    private const string Good = "91370983MA3C000113,泰安甲商贸有限公司,01,2025-03-05,,,1,,岱岳区市场监管局";

    private static readonly Template Scjg03 = OdcsReader.Read(File.ReadAllText(Path.Combine(
        RepositoryRoot, "partner-templates", "SCJG", "SCJG-03", "v1", "template.odcs.yaml")));

    internal static string RepositoryRoot
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "InfoHub.sln")))
                folder = Path.GetDirectoryName(folder)!;
            return folder;
        }
    }

    internal sealed record Outcome(string Refusal, string[] Errors, int Accepted, string[] Hashes);

    internal static Outcome Read(Template template, byte[] file, int block = int.MaxValue)
    {
        var reader = new RowReader(template, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42));
        var (errors, hashes, start, end) = (new List<string>(), new List<string>(), 0, 0);
        while (true)
        {
            var status = reader.Read(file.AsSpan(start, end - start), end == file.Length, out var consumed);
            start += consumed;
            errors.AddRange(reader.Errors.Details().Select(e => $"{e.Row}:{e.Field}:{e.Kind.Code}"));
            var view = new RowBatchView(template, reader.Batch.ToPayload());
            for (var i = 0; i < view.RowCount; i++)
                hashes.Add(Convert.ToHexString(view.Hash(i)));
            reader.Errors.Clear();
            reader.Batch.Clear();
            if (status is ReadStatus.End or ReadStatus.Refused)
                return new Outcome(reader.Refusal?.Code ?? "", [.. errors], (int)reader.RowsAccepted, [.. hashes]);
            if (status == ReadStatus.NeedsData)
                end = (int)Math.Min(file.Length, (long)end + block);
        }
    }

    private static Outcome Read(string text, int block = int.MaxValue) => Read(Scjg03, Encoding.UTF8.GetBytes(text), block);

    [Fact]
    public void Read_GoodRow_IsAcceptedTyped()
    {
        var reader = new RowReader(Scjg03, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42));
        Assert.Equal(ReadStatus.End, reader.Read(Encoding.UTF8.GetBytes($"{Header}\n{Good}\n"), true, out _));
        var view = new RowBatchView(Scjg03, reader.Batch.ToPayload());
        Assert.Equal(1, view.RowCount);
        Assert.Equal("91370983MA3C000113", Encoding.UTF8.GetString(view.Text(0, 0)));
        Assert.Equal(new DateOnly(2025, 3, 5), DateOnly.FromDayNumber(view.Integer(3, 0) + new DateOnly(2000, 1, 1).DayNumber));
        Assert.True(view.IsNull(4, 0));
        Assert.Equal("岱岳区市场监管局", Encoding.UTF8.GetString(view.Text(8, 0)));
    }

    [Theory]
    [InlineData("", "IH-INT-201")]
    [InlineData("\n\n", "IH-INT-201")]
    [InlineData(Header, "IH-INT-207")]
    [InlineData("甲,乙\n1,2\n", "IH-INT-202")]
    [InlineData("统一社会信用代码；企业名称\n1；2\n", "IH-INT-211")]
    [InlineData("uscc,uscc\n1,2\n", "IH-INT-210")]
    [InlineData(Header + "\n" + Good + "\n91370983MA3C000113,\"没有闭合", "IH-INT-205")]
    [InlineData(Header + "\n9137\0,x\n", "IH-INT-204")]
    [InlineData("PK\u0003\u0004rest", "IH-INT-209")]
    public void Read_HopelessFile_HasOneRootCause(string text, string code)
    {
        var outcome = Read(text);
        Assert.Equal(code, outcome.Refusal);
    }

    [Fact]
    public void Read_LineWithoutEnd_IsRefusedAtTheBound()
    {
        var file = new byte[RowReader.RecordBytesMax * 3];
        Array.Fill(file, (byte)'x');
        Encoding.UTF8.GetBytes(Header + "\n").CopyTo(file, 0);
        Assert.Equal("IH-INT-206", Read(Scjg03, file, 1 << 20).Refusal);
    }

    [Theory]
    [InlineData("9137O983MA3C000113,甲,01,2025-03-05,,,1,,乙", "1:uscc:IH-INT-321")]
    [InlineData("91370983MA3C000114,甲,01,2025-03-05,,,1,,乙", "1:uscc:IH-INT-322")]
    [InlineData("91370983MA3C00011,甲,01,2025-03-05,,,1,,乙", "1:uscc:IH-INT-320")]
    [InlineData("9.13709E+17,甲,01,2025-03-05,,,1,,乙", "1:uscc:IH-INT-314")]
    [InlineData("91370983MA3C000113,,01,2025-03-05,,,1,,乙", "1:ent_name:IH-INT-301")]
    [InlineData("91370983MA3C000113,甲,注销,2025-03-05,,,1,,乙", "1:event_type:IH-INT-308")]
    [InlineData("91370983MA3C000113,甲,01,2025-02-29,,,1,,乙", "1:event_date:IH-INT-305")]
    [InlineData("91370983MA3C000113,甲,01,45721,,,1,,乙", "1:event_date:IH-INT-313")]
    [InlineData("91370983MA3C000113,甲,01,1900-01-01,,,1,,乙", "1:event_date:IH-INT-306")]
    [InlineData("91370983MA3C000113,甲,01,2025-05-11,,,1,,乙", "1:event_date:IH-INT-306")]
    [InlineData("91370983MA3C000113,甲,01,2025-03-05,,,1,,乙,多", "1::IH-INT-402")]
    [InlineData("91370983MA3C000113,\"甲\"乙,01,2025-03-05,,,1,,乙", "1:ent_name:IH-INT-403")]
    [InlineData("合计,1,,,,,,,", "1::IH-INT-405")]
    public void Read_BadRow_HasExactlyThisProblem(string row, string problem)
    {
        var outcome = Read($"{Header}\n{row}\n{Good}\n");
        Assert.Equal([problem], outcome.Errors);
        Assert.Equal(1, outcome.Accepted);
        Assert.Equal("", outcome.Refusal);
    }

    /// <summary>The first that is filled stands in for a blank key cell; the others say nothing of it.</summary>
    [Theory]
    [InlineData("甲,01,2025-03-05,a", "甲,01,2025-03-05,b", true)]
    [InlineData("甲,01,2025-03-05,a", "乙,01,2025-03-05,a", false)]
    [InlineData("甲,01,2025-03-05,", "甲,01,2025-03-05,a", true)]
    [InlineData("甲,01,2025-03-05,", "甲,01,2025-03-06,", false)]
    public void Read_TwoStandInsForAKeyCell_TheFirstIsTheKey(string first, string second, bool isSame)
    {
        var template = Scjg03 with
        {
            Fields = [.. Scjg03.Fields.Select(f => f.Name == "uscc"
                ? f with { RequiredUnless = ["ent_name", Scjg03.Fields[4].Name] } : f)],
        };
        Assert.Equal([0, 1, 4], template.KeyCells[0].AsEnumerable());
        var text = $"{Header}\n,{first},,1,,丙\n,{second},,1,,丙\n";
        Assert.Equal(isSame ? ["2::IH-INT-501"] : [], Read(template, Encoding.UTF8.GetBytes(text)).Errors);
    }

    /// <summary>Row 3 was rejected before and row 2 was not; a row without a number mends nothing.</summary>
    [Fact]
    public void Read_MendedRowThatWasNeverRejected_IsTakenAndWarnedOf()
    {
        var rejected = new System.Collections.BitArray(4) { [3] = true };
        var reader = new RowReader(Scjg03, new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42)
        {
            RejectedOrigins = rejected,
        });
        string RowOf(string origin, string day) => $"{origin},91370983MA3C000113,甲,01,2025-03-{day},,,1,,乙\n";
        var text = $"原行号,{Header}\n{RowOf("3", "01")}{RowOf("2", "02")}{RowOf("", "03")}{RowOf("900000000", "04")}";
        Assert.Equal(ReadStatus.End, reader.Read(Encoding.UTF8.GetBytes(text), true, out _));
        Assert.Equal(["2 IH-INT-503 2", "4 IH-INT-503 900000000"],
            reader.Errors.Details().Select(e => $"{e.Row} {e.Kind.Code} {e.Observed}"));
        Assert.Equal((4, 0), (reader.RowsAccepted, reader.RowsRejected));
        Assert.Equal([("IH-INT-503", 2)], reader.Errors.Totals().Select(t => (t.Kind.Code, t.Count)));
    }

    [Fact]
    public void Read_SameKeyTwice_RejectsTheSecond() => Assert.Equal(["2::IH-INT-501"], Read($"{Header}\n{Good}\n{Good}\n").Errors);

    [Theory]
    [InlineData("９１３７０９８３ＭＡ３Ｃ０００１１３,甲,０１,２０２５－０３－０５,,,1,,乙")]
    [InlineData("  91370983ma3c000113 ,甲,01,2025-03-05,,,1,,乙")]
    [InlineData("\"91370983MA3C000113\",\"甲\",\"01\",\"2025-03-05\",\"\",,1,,\"乙\"")]
    [InlineData("\u300091370983MA3C000113\u00A0,甲,01,2025-03-05,,,1,,乙\r")]
    public void Read_OtherWritingOfTheSame_GivesTheSameRow(string row) =>
        Assert.Equal(Read($"{Header}\n91370983MA3C000113,甲,01,2025-03-05,,,1,,乙\n").Hashes, Read($"{Header}\n{row}\n").Hashes);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(31)]
    [InlineData(64)]
    public void Read_AnyBlockSize_GivesTheSame(int block)
    {
        var text = "\uFEFF" + Header + "\r\n" + Good + "\r\n\r\n91370983MA3C0X10X0,\"引\"\"号\"\"，\n换行,逗号\",02,2025-03-06,,,,,乙\r\n,,,,,,,,\r\n坏,甲,01,2025-03-05,,,1,,乙";
        var whole = Read(text);
        var blocks = Read(text, block);
        Assert.Equal(2, whole.Accepted);
        Assert.Equal(["5:uscc:IH-INT-320"], whole.Errors);
        Assert.Equal(whole.Hashes, blocks.Hashes);
        Assert.Equal(whole.Errors, blocks.Errors);
    }

    /// <summary>Nothing is said of the encoding before a byte tells; a declaration is believed till then.</summary>
    [Theory]
    [InlineData(null, null, TextEncoding.Gb18030)]
    [InlineData(TextEncoding.Gb18030, TextEncoding.Gb18030, TextEncoding.Gb18030)]
    public void Layout_ChineseBeginsFarBehindTheHeader_HasTheEncodingAtTheEnd(TextEncoding? declared,
        TextEncoding? before, TextEncoding after)
    {
        var context = new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42) { Encoding = declared };
        var reader = new RowReader(Scjg03, context);
        var head = "uscc,ent_name,event_type,event_date,authority\n91370983MA3C000113,Co,01,2025-03-05,x\n"u8
            .ToArray();
        byte[] file = [.. head, .. "91370983MA3C000113,"u8, 0xBC, 0xD7, 0xB9, 0xAB, .. ",02,2025-03-05,x\n"u8];

        Assert.Equal(ReadStatus.NeedsData, reader.Read(head, isFinal: false, out var consumed));
        Assert.Equal((1, before), (reader.RowsReceived, reader.Layout!.Encoding));
        Assert.Equal(ReadStatus.End, reader.Read(file.AsSpan(consumed), isFinal: true, out _));
        Assert.Equal((2, after), (reader.RowsReceived, reader.Layout!.Encoding));
    }

    /// <summary>Rows are numbered, blank ones too; those at the end are nothing.</summary>
    [Theory]
    [InlineData("{0}\n{1}\n\n\n\n\n,,,\n", "")]
    [InlineData("{0}\n\n{1}\n", "")]
    [InlineData("{0}\n\n\n{1}\n", "IH-INT-222 line 5 max 3")]
    [InlineData("{0}\n\n\n\n合计\n", "IH-INT-222 line 6 max 3")]
    public void Read_RowPastTheBound_IsRefused(string rows, string refusal)
    {
        var other = Good.Replace(",01,", ",02,", StringComparison.Ordinal);
        var file = Header + "\n" + string.Format(System.Globalization.CultureInfo.InvariantCulture, rows, Good, other);
        var context = new FileContext(Period.Parse("202503"), new DateOnly(2025, 4, 10), 42) { RowsMax = 3 };
        var reader = new RowReader(Scjg03, context);
        var status = reader.Read(Encoding.UTF8.GetBytes(file), isFinal: true, out _);

        Assert.Equal(refusal.Length == 0 ? ReadStatus.End : ReadStatus.Refused, status);
        Assert.Equal(refusal, reader.Refusal is { } r
            ? $"{r.Code} {string.Join(' ', r.Values.Select(v => $"{v.Key} {v.Value}"))}" : "");
    }

    [Fact]
    public void Read_MostRowsBad_RefusesTheFileWithTheCommonCause()
    {
        var text = new StringBuilder(Header).Append('\n').Append(Good).Append('\n');
        for (var i = 0; i < 150; i++)
            text.Append("x,甲,01,2025-03-05,,,1,,乙\n");
        Assert.Equal("IH-INT-208", Read(text.ToString()).Refusal);
    }

    [Fact]
    public void Read_EnglishHeaderInOtherOrderWithSystemColumns_IsTheSameRow()
    {
        var chinese = Read($"{Header}\n{Good}\n");
        var english = Read("batch_no,event_date,event_type,ent_name,uscc,authority,cancel_mode,record_op\n"
            + "7,2025-03-05,01,泰安甲商贸有限公司,91370983MA3C000113,岱岳区市场监管局,1,A\n");
        Assert.Equal(chinese.Hashes, english.Hashes);
    }
}
