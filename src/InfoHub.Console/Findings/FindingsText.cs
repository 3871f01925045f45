using System.Globalization;
using InfoHub.Domain.Findings;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Console.Findings;

/// <summary>zh-CN text of the findings list and of one finding.</summary>
internal static class FindingsText
{
    public const string Title = "疑点清单";
    public const string Unit = "金额单位";
    public const string Search = "查询条件";
    public const string Model = "比对模型";
    public const string Region = "区县、街道乡镇";
    public const string RegionAny = "管辖范围内全部";
    public const string RegionHint = "区划代码，如 330106";
    public const string From = "所属期起";
    public const string To = "所属期止";
    public const string State = "状态";
    public const string StateOpen = "未结（默认）";
    public const string StateAll = "全部状态";
    public const string Party = "主体";
    public const string PartyHint = "名称、统一社会信用代码或主体编号";
    public const string Gap = "差额不低于";
    public const string GapUnit = "差额单位";
    public const string Apply = "查询";
    public const string Reset = "清除条件";
    public const string FaultsTitle = "以下条件未能识别，暂未参与筛选：";
    public const string RegionFault = "区划代码“{0}”应为数字，如 330106 或 330106002。";
    public const string PeriodFault = "所属期“{0}”无法识别，请写成 2025-03、2025Q1 或 2025。";
    public const string PeriodOrderFault = "所属期止早于所属期起，请对调后再查。";
    public const string GapFault = "差额“{0}”应为不小于零的金额，如 5 或 1200.50。";

    public const string Figures = "汇总";
    public const string FiguresOpen = "未结疑点";
    public const string FiguresAny = "符合条件的疑点";
    public const string GapTotal = "{0}差额合计";
    public const string EstimatedTotal = "估算税额合计";
    public const string EstimatedOf = "{0} 件有估算";
    public const string NoSums = "查询到的疑点不涉及金额";
    public const string NoSumsReason = "户籍比对只判断是否登记，没有差额和税额。";
    public const string Items = "件";
    public const string OtherModels = "其余模型";
    public const string NoAmount = "不涉及金额";
    public const string Chart = "各模型差额";
    public const string ChartOf = "{0}差额";
    public const string Order = "按差额数值从大到小；收入差额与税费差额不是一回事，不相加";
    public const string FromHint = "未登记类疑点（HJ-01）自期满之月起一直存在，起始月更早的也列出。";
    public const string ChartTable = "以表格查看";
    public const string CountColumn = "疑点数";

    public const string Id = "疑点编号";
    public const string ModelColumn = "模型";
    public const string Uscc = "统一社会信用代码";
    public const string PeriodColumn = "所属期";
    public const string Expected = "应有";
    public const string Actual = "实有";
    public const string GapColumn = "差额";
    public const string Estimated = "估算税额";
    public const string Confidence = "可信度";
    public const string ConfidenceMeaning = "比对模型按证据的种类、是否互相印证给出的把握程度，取自规则集中注明出处的参数；"
        + "不是差额的比例，高也不等于已经查实。";
    public const string ConfidenceFrom = "取值来由";
    public const string Town = "街道乡镇";
    public const string SingleSourceShort = "单源";
    public const string Pages = "翻页";
    public const string Next = "下一页";
    public const string First = "回首页";
    public const string EmptyFiltered = "没有符合条件的疑点";
    public const string EmptyFilteredRemedy = "请放宽条件：去掉模型或差额下限、扩大所属期，或在状态中选“全部状态”。主体名称可只输入其中几个字。";
    public const string EmptyAll = "管辖范围内目前没有未结疑点";
    public const string EmptyAllRemedy = "新数据报送并完成比对后，疑点会出现在这里。要看已办结的，请在状态中选“全部状态”。";
    public const string EmptyPage = "已经没有更多疑点，请回首页。";

    public const string Back = "返回清单";
    public const string SingleSource = "单一来源：未经佐证或负责人批准不得对外使用";
    public const string SingleSourceReason = "本疑点对主体不利的事实均来自同一部门。约谈、发函或出具文书前，须取得其他来源佐证，或由负责人批准。";
    public const string Arithmetic = "计算过程";
    public const string Step = "步";
    public const string Label = "项目";
    public const string Expression = "怎样得出";
    public const string Value = "数值";
    public const string Source = "依据";
    public const string Fact = "—";
    public const string ArithmeticNone = "该模型只作有无判断，没有金额计算。";
    public const string Wordings = "归户判定";
    public const string WordingsLead = "该户没有代码，以下写法经比较认定为同一户，逐一在登记库中查找过。";
    public const string Places = "地址与联系";
    public const string PlacesLead = "各部门报送的原样，最近的在前。姓名、电话按规定部分隐去；"
        + "需要全文的，凭信息项和名称向报送部门调阅。";
    public const string PlacesNone = "各部门都没有报送该户的地址。";
    public const string Address = "地址";
    public const string Contact = "联系人与电话";
    public const string NotStated = "未填报";
    public const string Related = "同一户的其他疑点";
    public const string SameMatter = "同一事项";
    public const string SameMatterReason = "都因未办理税务登记而起，请一并核查、一并反馈。";
    public const string Wording = "写法";
    public const string Decision = "系统判定";
    public const string Nobody = "登记库中没有的概率";
    public const string NobodyCompared = "{0}（与 {1} 户比较）";
    public const string NobodyUncompared = "按名称、人员、地址查过登记库，没有相近的主体可比，不计概率";
    public const string Comparison = "逐项比较";

    public const string Evidence = "佐证数据";
    public const string EvidenceCaption = "疑点所依据的原始数据行";
    public const string EvidenceNone = "佐证数据行未随疑点保存。";
    public const string Item = "信息项";
    public const string Submission = "报送编号";
    public const string Row = "行号";
    public const string Summary = "内容摘要";
    public const string RowHash = "行指纹";
    public const string Dissolve = "如何消除";
    public const string About = "疑点概况";
    public const string PartyId = "主体编号";
    public const string Division = "所在区划";
    public const string ModelVersion = "模型版本";
    public const string RuleSet = "规则集版本";
    public const string LateFeeToDate = "滞纳金（计至评估日）";
    public const string NoUscc = "未取得";

    /// <summary>Both say that a party is not registered: one from its licence, the other from what it does.</summary>
    public static readonly string[] Registration = ["HJ-01", "HJ-05"];

    /// <summary>From this share on, and below.</summary>
    private static readonly (decimal From, string Word)[] ConfidenceWords =
        [(0.8m, "较高"), (0.5m, "中等"), (0m, "较低，仅作提示")];

    public static string ConfidenceWord(decimal share) => ConfidenceWords.First(w => share >= w.From).Word;

    public static readonly FindingState[] States = Enum.GetValues<FindingState>();

    public static string Of(FindingState state) => state switch
    {
        FindingState.Found => "待推送",
        FindingState.Pushed => "待反馈",
        FindingState.Answered => "待审核",
        FindingState.Archived => "已归档",
        FindingState.Cleared => "自动消除",
        FindingState.Returned => "已退回",
        FindingState.Dismissed => "已排除",
        FindingState.ToInspection => "转稽查",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "not a state"),
    };

    public static string Of(Period period) => period.Kind switch
    {
        PeriodKind.Year => string.Create(CultureInfo.InvariantCulture, $"{period.Year}年"),
        PeriodKind.Quarter => string.Create(CultureInfo.InvariantCulture, $"{period.Year}年{period.Code % 10}季度"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{period.Year}年{period.Code % 100}月"),
    };
}
