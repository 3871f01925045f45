namespace InfoHub.Console.Links;

/// <summary>zh-CN text of the model desk and of the blind audit.</summary>
internal static class LinkModelText
{
    public const string Title = "归户模型";
    public const string Lead = "系统判定的差错率由盲核抽查测得：核对人看不到判定和概率，只看对照。";
    public const string Draw = "抽取样本";
    public const string PerBand = "每类抽取行数";
    public const string Seed = "随机种子";
    public const string SeedHint = "同一种子抽得同一批";
    public const string Drawn = "已抽取 {0} 行，可以开始盲核。";
    public const string DrawUnsound = "行数应为 1 到 500 的整数，种子应为整数。没有抽取。";
    public const string AuditTitle = "盲核抽查";
    public const string AuditNone = "没有待盲核的样本";
    public const string AuditNoneRemedy = "可在“归户模型”页抽取样本。";
    public const string Errors = "差错率";
    public const string ErrorsChart = "各类判定的差错率与 95% 区间";
    public const string Band = "判定";
    public const string Sample = "抽取";
    public const string Judged = "已核";
    public const string Wrong = "差错";
    public const string Rate = "差错率";
    public const string Interval = "95% 区间";
    public const string Unsure = "拿不准";
    public const string Twice = "两人核";
    public const string Kappa = "一致性 κ";
    public const string ErrorsNone = "还没有抽取样本。";
    public const string Calibration = "概率与实际";
    public const string CalibrationLead = "模型给出的概率，与盲核所见实为该户的比例相比。";
    public const string Probability = "模型概率";
    public const string Rows = "行数";
    public const string Right = "实为该户";
    public const string CalibrationNone = "盲核以后这里显示各概率段的实际比例。";
    public const string Outcomes = "判定构成";
    public const string Share = "占比";
    public const string Models = "权重的历次版本";
    public const string ModelsLead = "对照列为 归户精确率 / 未登记 F1 / 待核占比，在未参与拟合的行上测得。由命令 hub link-fit 拟合。";
    public const string ModelsNone = "各部门都沿用随附权重。";
    public const string Version = "版本";
    public const string Labelled = "带标注行";
    public const string Tested = "测算行";
    public const string Before = "随附权重";
    public const string After = "本版本";
    public const string Active = "启用";
    public const string Made = "生成时间";
    public const string Yes = "是";
    public const string No = "否";
}
