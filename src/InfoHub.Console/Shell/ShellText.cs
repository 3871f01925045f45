namespace InfoHub.Console.Shell;

/// <summary>zh-CN text of the frame around every page.</summary>
internal static class ShellText
{
    public const string Product = "涉税信息共享平台";
    public const string ProductOffice = "税务核查工作台";
    public const string SkipToContent = "跳到主要内容";
    public const string Navigation = "主导航";
    public const string Findings = "疑点核查";
    public const string Links = "归户核对";
    public const string LinksWaiting = "行待核对";
    public const string Problems = "问题编号";
    public const string Sandbox = "测试环境";
    public const string SandboxMeaning = "仅供演练：这里的数据不是真实报送，不作为履行职责的依据。";
    public const string Consumer = "使用方";
    public const string Branch = "管辖范围";
    public const string WholeCity = "全市";
    public const string SignOut = "退出登录";
    public const string Confidential = "本页含涉税信息，依法保密，仅限履行职责使用，不得外传。";
}
