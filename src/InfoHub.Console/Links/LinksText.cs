using System.Globalization;
using InfoHub.Console.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Parties;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Console.Links;

/// <summary>zh-CN text of party resolution: the queue, one row, the model desk.</summary>
internal static class LinksText
{
    public const string Title = "归户核对";
    public const string Lead = "系统未能自行判定归属的部门数据行，按经营规模和一次核对可解决的行数排序。";
    public const string Search = "查询条件";
    public const string Item = "信息项";
    public const string ItemAny = "全部信息项";
    public const string Kind = "待核原因";
    public const string KindAny = "全部原因";
    public const string Apply = "查询";
    public const string Reset = "清除条件";
    public const string Row = "部门数据行";
    public const string Address = "地址";
    public const string Entry = "最可能的登记主体";
    public const string Probability = "概率";
    public const string Interest = "年经营规模（估）";
    public const string Resolves = "涉及行";
    public const string Unsure = "曾拿不准";
    public const string FirstHidden = "已有一人核对，待第二人独立核对";
    public const string EmptyAll = "管辖范围内没有待核对的数据行";
    public const string EmptyAllRemedy = "新数据归户后，系统拿不准的行会出现在这里。";
    public const string EmptyFiltered = "没有符合条件的数据行";
    public const string EmptyFilteredRemedy = "请换一个信息项或待核原因，或清除条件。";
    public const string EmptyPage = "已经没有更多数据行，请回首页。";
    public const string Pages = "翻页";
    public const string Next = "下一页";
    public const string First = "回首页";
    public const string Back = "返回清单";
    public const string NoEntry = "按本行的名称、人员、地址查过登记库，没有相近的主体可比。";
    public const string RefreshLater = "稍后刷新可见结果。";
    public const string Certain = "＞99.99%";

    public const string NoSuchRow = "没有这条数据行";
    public const string NoSuchRowRemedy = "编号可能有误，或不在您的管辖范围内，或所选主体从未与它比较过。请回到归户核对清单。";
    public const string Changed = "刚刚有人先核对了";
    public const string ChangedRemedy = "{0}有人核对了这一行，或系统重新作了判定，您的意见没有保存。请看过最新情况再决定。";
    public const string Busy = "系统正在归户，您的意见没有保存，请稍后再提交。";
    public const string ReasonMissing = "选“不是”须写明理由，您的意见没有保存。";
    public const string NobodyReasonMissing = "选“登记库中没有”须写明查过什么，您的意见没有保存。";
    public const string ChoiceMissing = "请先选定一户，再点“是这一户”或“不是”；都不是的，点“登记库中没有”或“拿不准”。您的意见没有保存。";
    public const string Taken = "已保存，系统正按您的意见重新归户。";
    public const string AwaitsSecond = "已保存。该行经营规模较大，须另一人独立核对、意见一致后生效。";
    public const string IsWaiting = "系统正在按最新情况重新判定这一行，稍后刷新可见结果。";
    public const string Disputed = "盲核人员的意见与系统判定不一致，请核对。";
    public const string MayNeedTwo = "该行不在核对队列：提交意见时核定经营规模，较大的须两人独立核对、意见一致方可生效。";
    public const string NeedsTwo = "该行经营规模较大：须两人独立核对、意见一致方可生效。";

    public const string Compare = "与登记主体对照";
    public const string Part = "项目";
    public const string ThisRow = "本行";
    public const string Name = "名称";
    public const string Person = "法定代表人（负责人、经营者）";
    public const string Region = "区划";
    public const string Codes = "代码";
    public const string Against = "最不利的一项";
    public const string NotCompared = "按名称、人员、地址未列为候选";
    public const string AgainstNone = "没有不利的项目";
    public const string Empty = "—";

    public const string Evidence = "逐项权重";
    public const string EvidenceLead = "与“{0}”逐项比较：每一项是支持还是反对“是同一户”，力度有多大。"
        + "“约 20 倍”是说：有了这一项，是同一户的可能与不是的可能之比变为原来的约 20 倍；各项相乘得合计。";
    public const string AsCompared = "比较时的写法（本行 / 登记）";
    public const string Level = "相符程度";
    public const string Weight = "支持或反对";
    public const string WeightRaw = "权重 {0}（自然对数）";
    public const string Sum = "合计";
    public const string EvidenceNone = "没有可比较的登记主体。";

    public const string Arithmetic = "概率是怎样得出的";
    public const string ArithmeticLead = "把“是这一户”与“谁也不是”相比：倍数大于 1，更像是这一户；小于 1，更像登记库中没有。"
        + "“谁也不是”的概率＝1 ÷（1＋最可能一户的倍数），余下的由比较过的各户按倍数分占。";
    public const string ArithmeticMethod = "倍数的算法（供技术核对）";
    public const string ArithmeticMethodText =
        "各户的权重合计减去“谁也不是”的权重（本行为 {0}）得对数几率，取自然指数即为倍数；每项的权重见上表各格的提示。";
    public const string Hypothesis = "可能";
    public const string Exponent = "与“谁也不是”相比（倍）";
    public const string Others = "其余比较过的主体";
    public const string Nobody = "谁也不是（未登记）";

    public const string About = "判定情况";
    public const string Outcome = "系统判定";
    public const string Step = "判定依据";
    public const string Keys = "查找线索";
    public const string Compared = "比较过的主体";
    public const string Rules = "比较前的规范处理";
    public const string Model = "权重版本";
    public const string Register = "登记库版本";
    public const string DecidedAt = "判定时间";
    public const string None = "无";

    public const string Verdict = "核对意见";
    public const string VerdictOf = "核对的主体";
    public const string Reason = "理由";
    public const string ReasonHint = "选“不是”“登记库中没有”必填；如已现场查看、与经营者通话、查过哪些写法等";
    public const string ReasonHintBlind = "可不填";
    public const string Same = "是这一户";
    public const string Different = "不是";
    public const string NotInRegister = "登记库中没有";
    public const string NotSure = "拿不准";
    public const string History = "核对记录";
    public const string HistoryNone = "还没有人核对过。";
    public const string HistoryHidden = "已有一人核对。请先给出您的意见，再看他的意见。";
    public const string Past = "判定沿革";
    public const string PastVersion = "登记库第 {0} 版";
    public const string PastReplay = "任何一次判定都可以按当时的登记库和权重重放：hub link-replay --row {0}";
    public const string Officer = "核对人";
    public const string Audit = "盲核抽查";
    public const string AuditLead =
        "不显示系统的判定和概率。先看下列登记主体，再自己在登记库中查找，选定一户后点“是这一户”；都不是且查不到，点“登记库中没有”。";
    public const string AuditTaken = "已保存。请核下一行。";
    public const string AuditEntries = "登记主体";
    public const string AuditEntriesLead = "每行都列出同样多的户，按主体编号排列，看不出系统比较过哪一户。";
    public const string FoundBlind = "盲核人员查到的登记主体也列在对照表中。";

    public const string Find = "在登记库中查找";
    public const string FindLead = "只查{0}的登记主体。填了的各栏须同时符合；名称、地址、人员至少写两个字，代码须写全。";
    public const string FindName = "名称中的字";
    public const string FindAddress = "地址中的字";
    public const string FindPerson = "法定代表人或经营者";
    public const string FindCode = "代码（完整）";
    public const string FindNow = "查找";
    public const string SearchShort = "没有查找：请至少在一栏写两个字，或写全一个代码。";
    public const string Found = "查到 {0} 户。";
    public const string FoundMore = "列出 {0} 户，还有更多，请写得更具体。";
    public const string FoundTooMany = "符合的太多，没有列出。请写得更具体。";
    public const string FoundNone = "没有查到。可换一种写法、少写几个字再查。";
    public const string FoundEntries = "查到的登记主体";
    public const string NobodyInBranch = "“登记库中没有”只就{0}而言；可能登记在别处的，请选“拿不准”。";

    private const string Impossible = "＜0.01%";
    private const double TimesMax = 1_000_000;

    /// <summary>From this many times on.</summary>
    private static readonly (double From, string Word)[] Strengths =
        [(100, "极有力地"), (10, "有力地"), (3, "明显"), (1.2, "略微"), (0, "")];

    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    public static string Of(QueueKind kind) => kind switch
    {
        QueueKind.Review => "待核对",
        QueueKind.CodeContradicted => "代码矛盾",
        QueueKind.Ambiguous => "已登记待辨认",
        QueueKind.AwaitsSecond => "待第二人",
        QueueKind.Disputed => "抽查不符",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind"),
    };

    public static string Of(LinkVerdict verdict) => verdict switch
    {
        LinkVerdict.Same => Same,
        LinkVerdict.Different => Different,
        LinkVerdict.NotSure => NotSure,
        LinkVerdict.Nobody => NotInRegister,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "not a verdict"),
    };

    /// <summary>A share of rows; for what is only probable see <see cref="ChanceOf"/>.</summary>
    public static string Percent(double share) => share switch
    {
        > 0.9999 and < 1 => Certain,
        > 0 and < 0.0001 => Impossible,
        _ => share.ToString("0.00%", CultureInfo.InvariantCulture),
    };

    /// <summary>No comparison makes anything certain: neither 0 nor 100 % is ever told.</summary>
    public static string ChanceOf(double share) => share switch
    {
        > 0.9999 => Certain,
        < 0.0001 => Impossible,
        _ => share.ToString("0.00%", CultureInfo.InvariantCulture),
    };

    /// <summary>What one comparison does to the odds, in words: 有力支持，约 20 倍.</summary>
    public static string Strength(double weight)
    {
        var times = Math.Exp(Math.Abs(weight));
        var word = Strengths.First(s => times >= s.From).Word;
        if (word.Length == 0)
            return "几乎没有影响";
        return weight > 0 ? $"{word}支持，{(times < TimesMax ? $"约 {Times(times)} 倍" : "百万倍以上")}"
            : $"{word}反对，{(times < TimesMax ? $"降到约 {Times(times)} 分之一" : "降到不足百万分之一")}";
    }

    /// <summary>How many times, to two digits; past a million it no longer matters.</summary>
    public static string Times(double times) => times switch
    {
        >= TimesMax => "100 万以上",
        >= 10_000 => (times / 10_000).ToString("0 万", CultureInfo.InvariantCulture),
        >= 10 => times.ToString("0", CultureInfo.InvariantCulture),
        >= 1 => times.ToString("0.#", CultureInfo.InvariantCulture),
        >= 0.01 => times.ToString("0.##", CultureInfo.InvariantCulture),
        _ => "不到 0.01",
    };

    /// <summary>Business a year, as the queue and the page of a row tell it.</summary>
    public static string InterestOf(long yuan)
    {
        const AmountUnit Unit = AmountUnit.TenThousandYuan;
        return $"{Amounts.Format(Money.FromYuan(yuan), Unit)} {Amounts.Name(Unit)}";
    }

    public static string Shown(string text) => text.Length > 0 ? PersonalNumbers.Hide(text) : Empty;

    public static string With(string pattern, string value) =>
        string.Format(CultureInfo.InvariantCulture, pattern, value);

    public static string Signed(double weight) => weight.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    public static string Of(DateTimeOffset time) =>
        time.ToOffset(ChinaOffset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How long ago, in words.</summary>
    public static string Ago(TimeSpan time) => time.TotalMinutes switch
    {
        < 1 => "刚刚",
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}分钟前"),
        < 1440 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}小时前"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}天前"),
    };
}
