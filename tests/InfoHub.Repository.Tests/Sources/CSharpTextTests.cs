using Xunit;

namespace InfoHub.Repository.Tests.Sources;

/// <summary>What the rules take for code. A <c>~</c> in the expectation stands for a blanked character.</summary>
public sealed class CSharpTextTests
{
    [Theory]
    [InlineData("a(); // File.Open\nb();", "a(); ~~~~~~~~~~~~\nb();")]
    [InlineData("a /* Task\n*/ b", "a ~~~~~~~\n~~ b")]
    [InlineData("x = \"Task \\\" y\"; z", "x = \"~~~~~~~~~\"; z")]
    [InlineData("x = @\"c:\\\"; z", "x = @\"~~~\"; z")]
    [InlineData("x = @\"a\"\"b\"; z", "x = @\"~~~~\"; z")]
    [InlineData("x = $\"a{b.Replace(\"c\", d)}e\"; z", "x = $\"~{b.Replace(\"~\", d)}~\"; z")]
    [InlineData("x = $\"a{{b}}{c}\"; z", "x = $\"~~~~~~{c}\"; z")]
    [InlineData("x = \"\"\"a \"b\" {c}\"\"\"; z", "x = \"\"\"~~~~~~~~~\"\"\"; z")]
    [InlineData("x = $$\"\"\"a {b} {{c}}\"\"\"; z", "x = $$\"\"\"~~~~~~~{c}~\"\"\"; z")]
    [InlineData("x = '\"'; y = '\\''; z", "x = '~'; y = '~~'; z")]
    [InlineData("x = \"\"; y = \"b\";", "x = \"\"; y = \"~\";")]
    [InlineData("x = @class;", "x = @class;")]
    public void Blank_KeepsCodeAndLines(string text, string expected) =>
        Assert.Equal(expected.Replace('~', ' '), CSharpText.Blank(text));
}
