using System.Text;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Xunit;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>A table without a template is read as its text says, whatever encoding, delimiter and blocks.</summary>
public sealed class TableReaderTests
{
    private const string Text = "编号{0}名称\r\n1{0}\"武汉\"\"甲\"\"\n商行\"\r\n\r\n2{0}乙\r\n3{0} 丙 ";

    private static readonly string[] Expected = ["1=武汉\"甲\"\n商行@2", "2=乙@5", "3=丙@6"];

    [Theory]
    [InlineData(",", 1)]
    [InlineData("\t", 7)]
    [InlineData(";", 1000)]
    [InlineData("|", 1000)]
    public void Read_AnyDelimiterAndBlocks_GivesTheRows(string delimiter, int block) =>
        Assert.Equal(Expected, Read(Encoding.UTF8.GetBytes(string.Format(null, Text, delimiter)), block).Rows);

    [Fact]
    public void Read_OtherEncodings_GivesTheRows()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = string.Format(null, Text, ",");

        Assert.Equal(Expected, Read(Encoding.GetEncoding("GB18030").GetBytes(text), 5).Rows);
        Assert.Equal(Expected, Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)], 5).Rows);
        Assert.Equal(Expected, Read([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)], 5).Rows);
    }

    [Theory]
    [InlineData("", "IH-INT-201")]
    [InlineData("\r\n\r\n", "IH-INT-201")]
    [InlineData("id,name\n1,\"never closed\n", "IH-INT-205")]
    [InlineData("id,name\n1,a\0b\n", "IH-INT-204")]
    [InlineData("PK\u0003\u0004", "IH-INT-209")]
    public void Read_WhatIsNoTable_IsRefusedWithANumber(string text, string code) =>
        Assert.Equal(code, Read(Encoding.UTF8.GetBytes(text), 1000).Refusal?.Code);

    [Fact]
    public void Read_BytesOfAnotherEncodingBelow_IsRefused()
    {
        var good = Encoding.UTF8.GetBytes("id,name\n" + string.Concat(Enumerable.Repeat("1,武汉市甲商行有限公司\n", 5000)));

        Assert.Equal("IH-INT-203", Read([.. good, (byte)'2', (byte)',', 0xCE, 0xE4, (byte)'\n'], 4000).Refusal?.Code);
    }

    private static (List<string> Rows, Problem? Refusal) Read(byte[] file, int block)
    {
        var (reader, rows, start, end) = (new TableReader(), new List<string>(), 0, 0);
        while (true)
        {
            end = Math.Min(file.Length, end + block);
            var status = reader.Read(file.AsSpan(start, end - start), end == file.Length, row =>
                rows.Add($"{row.Text(0)}={row.Text(1)}@{row.Line}"), out var consumed);
            start += consumed;
            if (status != ReadStatus.NeedsData)
                return (rows, reader.Refusal);
        }
    }
}
