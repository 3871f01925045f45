namespace InfoHub.Console.Problems;

/// <summary>zh-CN text of the pages about numbered problems.</summary>
internal static class ProblemsText
{
    public const string Title = "问题编号一览";
    public const string Lead = "平台和客户端遇到问题时给出编号。编号一经发布不再改变含义；〈尖括号〉处显示当时的具体内容。";
    public const string Families = "分类";
    public const string Code = "编号";
    public const string Problem = "问题";
    public const string Meaning = "说明";
    public const string Consequence = "结果";
    public const string Remedy = "怎么办";
    public const string Family = "类别";
    public const string Back = "返回问题编号一览";
    public const string UnknownRemedy = "请核对编号，或在下表中查找。";

    public static string Unknown(string code) => $"没有编号为 {code} 的问题";

    public static string Of(string family) => $"{family}：问题编号";
}
