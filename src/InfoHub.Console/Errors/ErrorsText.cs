namespace InfoHub.Console.Errors;

/// <summary>zh-CN text of the pages shown instead of the one asked for.</summary>
internal static class ErrorsText
{
    public const string Failed = "页面暂时无法打开";
    public const string FailedRemedy = "系统处理时出错，您的数据没有改变。请稍后重试；仍不能打开时，请把下面的追踪号告知平台管理员。";
    public const string RequestUnsound = "请求内容无法识别";
    public const string RequestUnsoundRemedy = "请返回上一页重新操作，不要直接修改网址或重复提交。";
    public const string FormExpired = "页面已过期";
    public const string FormExpiredRemedy = "表单停留时间过长，或登录状态已改变。请返回后刷新页面再提交。";
    public const string NoSuchPage = "没有这个页面";
    public const string NoSuchPageRemedy = "网址可能有误，或页面已移动。请从疑点清单重新进入。";
    public const string NoSuchFinding = "没有这条疑点";
    public const string NoSuchFindingRemedy = "疑点编号可能有误，或不在您的管辖范围内。请核对编号，或回到清单按主体名称查找。";
    public const string TraceId = "追踪号";
    public const string BackToFindings = "回到疑点清单";
}
