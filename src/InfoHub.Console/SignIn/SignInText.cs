namespace InfoHub.Console.SignIn;

/// <summary>zh-CN text of the sign-in page.</summary>
internal static class SignInText
{
    public const string ProblemsLink = "报送时遇到编号？查问题编号一览";
    public const string Title = "登录";
    public const string Lead = "部门数据汇聚比对，疑点有据可查";
    public const string ClientId = "使用方标识";
    public const string ClientIdHint = "平台管理员为本单位核发的标识";
    public const string Secret = "密钥";
    public const string Submit = "登录";
    public const string Refused = "使用方标识或密钥不正确，请核对后重试。";
    public const string RefusedRemedy = "密钥区分大小写；遗失密钥请联系平台管理员重新核发。";
    public const string NotConsumer = "该账号不是使用方账号，不能进入核查工作台。";
    public const string NotConsumerRemedy = "报送部门请使用报送客户端；需要查看疑点请向平台管理员申请使用方账号。";
    public const string Throttled = "登录尝试过于频繁，已暂停受理。";
    public const string ThrottledRemedy = "请 5 分钟后再试。";
    public const string Incomplete = "请填写使用方标识和密钥。";
    public const string Notice = "仅限授权单位使用。页面带有使用方与日期水印，60 分钟无操作或登录满 12 小时将自动退出。";

    public static readonly IReadOnlyList<(string Term, string Meaning)> Points =
    [
        ("户籍比对", "登记、许可与用能等信息交叉核对，找出未办税务登记的经营主体"),
        ("税种比对", "申报与第三方事实逐项核对，算式逐行列明、可复核"),
        ("分级管辖", "市、县、分局各看本辖区，数据不越界"),
    ];
}
