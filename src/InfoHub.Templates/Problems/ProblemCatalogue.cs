namespace InfoHub.Templates.Problems;

/// <summary>
/// The public list of numbered problems: the one table that titles, remedies and dispositions come from.
/// Families: TPL templates; INT intake (1xx call, 2xx file, 3xx field, 4xx row, 5xx across rows); CFG configuration;
/// DLV delivery. FROZEN codes (FrozenTests): a code is never reused or re-meant.
/// </summary>
public static class ProblemCatalogue
{
    private const Disposition Warn = Disposition.Warn;
    private const Disposition Row = Disposition.RejectRow;
    private const Disposition File = Disposition.RefuseFile;

    public static readonly ProblemKind TemplateNotYaml = new("IH-TPL-001", File, "模板不是有效的 YAML", "{reason}",
        "请用 YAML 工具检查缩进与引号后重新提交模板。", "The template is not valid YAML", "Check indentation and quotes, then submit the template again.");
    public static readonly ProblemKind TemplateUnsound = new("IH-TPL-002", File, "模板定义有误", "{where}：{reason}",
        "请按提示位置修改模板定义。", "The template is unsound", "Mend the template at {where}: {reason}.");
    public static readonly ProblemKind TemplatePropertyUnknown = new("IH-TPL-003", File, "模板含有未知属性", "{where} 的属性 {name} 平台不认识。",
        "请核对属性名拼写，或联系平台管理员。", "The template has an unknown property", "Check the spelling of {name} at {where}.");

    public static readonly ProblemKind NotSignedIn = new("IH-INT-101", File, "未登录或令牌已失效", "调用没有携带有效令牌。",
        "请用部门的客户端标识和密钥重新获取令牌后再试。", "Not signed in, or the token has expired", "Get a token with your client id and secret, then call again.");
    public static readonly ProblemKind NotYours = new("IH-INT-102", File, "无权操作", "{who} 无权对 {what} 执行此操作。",
        "请核对所用账号；确需此权限请联系平台管理员。", "Not permitted", "Use the account that owns {what}, or ask the hub's administrator.");
    public static readonly ProblemKind ItemUnknown = new("IH-INT-103", File, "信息项不存在", "平台没有信息项 {item}。",
        "请核对文件名中的信息项编号；可用的信息项：{known}。", "Unknown item", "Check the item code in the file name; known items: {known}.");
    public static readonly ProblemKind VersionUnknown = new("IH-INT-104", File, "模板版本不存在", "信息项 {item} 没有第 {version} 版模板。",
        "请使用现行版本 {current}。", "Unknown template version", "Use the version in force: {current}.");
    public static readonly ProblemKind SubmissionConflict = new("IH-INT-105", File, "同一期次已有内容不同的报送",
        "{submission} 已收到另一份文件（SHA-256 {onFile}），本次文件为 {offered}。",
        "若本次是补充或更正，请把序号改为 {next} 再报送。", "This submission is on file with other content", "To add or correct rows, send with sequence {next}.");
    public static readonly ProblemKind PeriodInvalid = new("IH-INT-106", File, "所属期无效", "“{period}”不是 {item} 的有效所属期。",
        "请按 {form} 填写所属期，例如 {example}。", "Invalid period", "Write the period as {form}, for example {example}.");
    public static readonly ProblemKind ChunkDamaged = new("IH-INT-107", File, "数据块校验失败", "偏移 {offset} 的数据块校验和不符。",
        "请从偏移 {durable} 重新发送。", "A chunk arrived damaged", "Send again from offset {durable}.");
    public static readonly ProblemKind OffsetWrong = new("IH-INT-108", File, "续传偏移不符", "收到偏移 {offset}，平台已存至 {durable}。",
        "请从偏移 {durable} 继续发送。", "Wrong offset", "Go on from offset {durable}.");
    public static readonly ProblemKind ContentMismatch = new("IH-INT-109", File, "文件内容与声明不符", "声明 {declared}，实际收到 {received}。",
        "请重新计算文件摘要后再次报送。", "The content is not what was declared", "Hash the file again and send it again.");
    public static readonly ProblemKind SubmissionUnknown = new("IH-INT-110", File, "报送不存在", "没有编号为 {submission} 的报送。",
        "请核对报送编号。", "Unknown submission", "Check the submission's number.");
    public static readonly ProblemKind Overloaded = new("IH-INT-111", File, "平台繁忙", "平台暂不受理新的报送。",
        "请在 {seconds} 秒后重试，已开始的报送不受影响。", "The hub is busy", "Try again in {seconds} seconds; submissions under way go on.");
    public static readonly ProblemKind FileTooLarge = new("IH-INT-112", File, "文件过大", "文件 {size} 字节，上限 {max} 字节。",
        "请按序号拆分为多个文件报送。", "The file is too large", "Split it into several files with sequence 1, 2, 3.");
    public static readonly ProblemKind RequestUnsound = new("IH-INT-113", File, "请求不完整", "{field}：{reason}",
        "请按接口说明补全请求。", "The request is unsound", "Mend {field}: {reason}.");
    public static readonly ProblemKind StateForbids = new("IH-INT-114", File, "当前状态不允许此操作", "报送 {submission} 处于“{state}”状态。",
        "请先查询报送状态，再决定下一步。", "The submission's state forbids this", "Look at the submission's state first.");
    public static readonly ProblemKind FileNameUnclear = new("IH-INT-115", File, "文件名看不出信息项和所属期", "“{file}”不符合 <信息项>_<所属期>[_<序号>].csv 的约定。",
        "请改名，例如 GD-01_202503.csv，或在命令行给出 --item 与 --period。", "The file name does not tell item and period",
        "Rename it, for example GD-01_202503.csv, or give --item and --period.");
    public static readonly ProblemKind HubUnreachable = new("IH-INT-116", File, "连接不到平台", "{address}：{reason}",
        "请检查网络与平台地址；已上传的部分会保留，可直接重试。", "The hub cannot be reached", "Check the network and the hub's address, then try again; what was uploaded is kept.");
    public static readonly ProblemKind FileUnreadable = new("IH-INT-117", File, "本地文件无法读取", "{file}：{reason}",
        "请检查路径与读取权限。", "The local file cannot be read", "Check the path and the permission to read it.");

    public static readonly ProblemKind CheckFailed = new("IH-INT-118", File, "平台检查文件时出错", "报送 {submission} 多次检查未能完成，文件已完整保存。",
        "请联系平台管理员并告知报送编号；也可以换一种格式导出后以序号 {next} 重新报送。",
        "The hub failed while checking the file", "Tell the hub's administrator the number {submission}, or export the file in another format and send it with sequence {next}.");

    public static readonly ProblemKind InternalFault = new("IH-INT-199", File, "平台内部错误",
        "平台处理请求时出错，事件编号 {incident}。",
        "请稍后重试；仍然失败时请把事件编号 {incident} 告知平台管理员。", "The hub failed",
            "Try again later; if it fails again, tell the hub's administrator the incident {incident}.");

    public static readonly ProblemKind FileEmpty = new("IH-INT-201", File, "文件为空", "文件没有任何内容。",
        "请重新导出；本期确无数据请作零报送。", "The file is empty", "Export it again; if the period has no data, declare a nil return.");
    public static readonly ProblemKind HeaderMismatch = new("IH-INT-202", File, "表头与模板不符", "缺少列：{missing}；多出列：{unknown}。",
        "请按 {template} 的列名修改表头（中文列名或英文列名均可，顺序不限）。", "The header does not match the template",
        "Mend the header to the columns of {template}; missing: {missing}; unknown: {unknown}.");
    public static readonly ProblemKind EncodingNotUtf8 = new("IH-INT-203", File, "文件编码不是 UTF-8", "从第 {line} 行起不是 UTF-8，{guess}。",
        "请在导出或另存时选择“CSV UTF-8”再报送。", "The file is not UTF-8", "Save it as CSV UTF-8 and send it again; {guess}.");
    public static readonly ProblemKind NulByte = new("IH-INT-204", File, "文件含有空字节", "第 {line} 行含有空字节（NUL），文件可能损坏或不是文本文件。",
        "请重新导出为文本 CSV。", "The file holds a NUL byte", "Line {line} holds a NUL byte; export the file again as text.");
    public static readonly ProblemKind QuoteUnclosed = new("IH-INT-205", File, "引号没有闭合", "第 {line} 行开始的引号直到文件末尾没有闭合。",
        "请在第 {line} 行补上引号；单元格内的引号要写成两个。", "A quote is not closed", "Close the quote that opens on line {line}; a quote inside a cell is written twice.");
    public static readonly ProblemKind RecordTooLong = new("IH-INT-206", File, "一行过长", "第 {line} 行超过 {max} 字节，可能缺少换行或引号没有闭合。",
        "请检查第 {line} 行的换行与引号。", "A record is too long", "Line {line} is longer than {max} bytes; look for a missing line end or an open quote.");
    public static readonly ProblemKind NoRows = new("IH-INT-207", File, "只有表头没有数据", "文件只有表头。",
        "请重新导出；本期确无数据请作零报送。", "The file has a header but no rows", "Export it again; if the period has no data, declare a nil return.");
    public static readonly ProblemKind TooManyBadRows = new("IH-INT-208", File, "错误行过多，整份退回", "已查 {rows} 行，{bad} 行有错，超过模板约定的 {share}。最常见的错误：{top}。",
        "请先改正最常见的错误，再以序号 {next} 重新报送整份文件。", "Too many bad rows: the file is refused",
        "Mend the most frequent error first ({top}), then send the file with sequence {next}.");
    public static readonly ProblemKind NotACsv = new("IH-INT-209", File, "不是 CSV 文件", "文件内容是{what}。",
        "请另存为 CSV UTF-8 或 xlsx 后再报送。", "Not a CSV file", "Save it as CSV UTF-8 or xlsx; this is {what}.");
    public static readonly ProblemKind HeaderDuplicate = new("IH-INT-210", File, "表头有重复的列", "列 {column} 出现多次。",
        "请删除重复的列。", "A column appears twice in the header", "Remove the second {column}.");
    public static readonly ProblemKind DelimiterWrong = new("IH-INT-211", File, "分隔符不对", "表头看来以“{found}”分隔。",
        "请用英文逗号或制表符分隔。", "Wrong delimiter", "Separate the columns by comma or tab, not by {found}.");
    public static readonly ProblemKind WorkbookUnreadable = new("IH-INT-213", File, "xlsx 文件无法读取", "{reason}",
        "请用表格软件打开并另存为 xlsx 或 CSV UTF-8。", "The workbook cannot be read", "Open it in a spreadsheet program and save it again: {reason}.");
    public static readonly ProblemKind AllRowsBad = new("IH-INT-214", File, "没有一行可以入库", "全部 {rows} 行都有错。最常见的错误：{top}。",
        "请先改正最常见的错误，再以序号 {next} 重新报送整份文件。", "Not one row is good", "Mend the most frequent error first ({top}), then send the file with sequence {next}.");

    public static readonly ProblemKind CellMissing = new("IH-INT-301", Row, "必填项为空", "{field} 为必填项。",
        "请补填。", "A required cell is blank", "Fill it in.");
    public static readonly ProblemKind CellLength = new("IH-INT-302", Row, "长度不符", "{field} 的长度应为 {expected}。",
        "请核对并按约定长度填写。", "Wrong length", "Write it with {expected} characters.");
    public static readonly ProblemKind NotANumber = new("IH-INT-303", Row, "不是数字", "{field} 应为数字。",
        "请只填数字，不带单位、货币符号或千分位逗号。", "Not a number", "Write digits only: no unit, currency sign or thousands separator.");
    public static readonly ProblemKind NumberTooFine = new("IH-INT-304", Row, "数字位数超出约定", "{field} 应为 {expected}。",
        "请按约定的总位数和小数位数填写。", "Too many digits", "Write it as {expected}.");
    public static readonly ProblemKind NotADate = new("IH-INT-305", Row, "日期无效", "{field} 应为有效日期 YYYY-MM-DD。",
        "请按 2025-03-31 的形式填写。", "Not a date", "Write it as 2025-03-31.");
    public static readonly ProblemKind DateImplausible = new("IH-INT-306", Row, "日期不合理", "{field} 早于 1900-01-02 或晚于填报日一个月以上。",
        "请核对年份。", "Implausible date", "Check the year.");
    public static readonly ProblemKind NotAPeriod = new("IH-INT-307", Row, "期间无效", "{field} 应为 {expected}。",
        "请按 {expected} 的形式填写。", "Not a period", "Write it as {expected}.");
    public static readonly ProblemKind CodeUnknown = new("IH-INT-308", Row, "代码不在代码表内", "{field} 应为：{expected}。",
        "请填代码而不是名称，并核对代码表。", "The code is not in the list", "Write one of: {expected}.");
    public static readonly ProblemKind CodeUnlisted = new("IH-INT-309", Warn, "代码未收录", "{field} 的代码未收录在现行代码表。",
        "请核对；若为新增代码，请告知平台管理员。", "The code is not listed yet", "Check it; tell the hub's administrator if it is new.");
    public static readonly ProblemKind PatternMismatch = new("IH-INT-310", Row, "格式不符", "{field} 应符合 {expected}。",
        "请按约定格式填写。", "Wrong form", "Write it in the form {expected}.");
    public static readonly ProblemKind OutOfRange = new("IH-INT-311", Row, "数值超出合理范围", "{field} 应在 {expected} 之间，可能是单位（元/万元）填错。",
        "请核对单位与数值。", "Out of the plausible range", "Check the unit (元 or 万元) and the value; expected {expected}.");
    public static readonly ProblemKind RangeDoubtful = new("IH-INT-312", Warn, "数值少见", "{field} 通常在 {expected} 之间。",
        "请核对单位与数值，无误可不改。", "An unusual value", "Check the unit and the value; leave it if it is right.");
    public static readonly ProblemKind ExcelSerialDate = new("IH-INT-313", Row, "日期被表格软件变成了序列号", "{field} 是表格软件的日期序列号。",
        "请把该列设为文本或日期格式后重新导出。", "A spreadsheet turned the date into a serial number", "Format the column as text or date and export again.");
    public static readonly ProblemKind ScientificNotation = new("IH-INT-314", Row, "号码被表格软件变成了科学计数法", "{field} 的后几位数字已经丢失。",
        "请把该列设为文本格式，从源系统重新导出，不能在表格里改回。", "A spreadsheet turned the number into scientific notation",
        "Format the column as text and export again from the source: digits are lost.");

    public static readonly ProblemKind UsccLength = new("IH-INT-320", Row, "统一社会信用代码位数不对", "{field} 应为 18 位。",
        "请核对营业执照上的代码。", "A USCC has 18 characters", "Check the code on the licence.");
    public static readonly ProblemKind UsccCharacter = new("IH-INT-321", Row, "统一社会信用代码含有不用的字符", "{field} 第 {position} 位是“{character}”；代码不用字母 I、O、S、V、Z。",
        "很可能是数字 0 或 1 误写成字母，请核对营业执照。", "A USCC never holds this character", "Position {position} is '{character}': probably a digit 0 or 1 typed as a letter.");
    public static readonly ProblemKind UsccCheckDigit = new("IH-INT-322", Row, "统一社会信用代码校验位不符", "{field} 第 18 位按 GB 32100 应为 {expected}。",
        "至少有一位写错，请核对营业执照。", "The USCC's check character does not fit", "At least one character is wrong: check the licence.");
    public static readonly ProblemKind UsccInnerCode = new("IH-INT-323", Warn, "统一社会信用代码内的组织机构代码校验位不符", "{field} 第 17 位按 GB 11714 不符，少数旧码如此。",
        "请核对；确为旧码可不改。", "The organisation code inside the USCC does not check", "Check it; leave it if it is a legacy code.");
    public static readonly ProblemKind DivisionUnknown = new("IH-INT-324", Warn, "行政区划代码未收录", "{field} 的省级代码不存在。",
        "请核对行政区划代码。", "Unknown administrative division", "Check the division code.");
    public static readonly ProblemKind CitizenIdForm = new("IH-INT-325", Row, "公民身份号码格式不对", "{field} 应为 18 位（或旧 15 位），且含有效出生日期。",
        "请核对证件；若不是居民身份证，请改证件类型。", "Not a citizen id", "Check the document, or correct the document type.");
    public static readonly ProblemKind CitizenIdCheckDigit = new("IH-INT-326", Row, "公民身份号码校验位不符", "{field} 的末位按 GB 11643 不符。",
        "至少有一位写错，请核对证件。", "The citizen id's check character does not fit", "At least one digit is wrong: check the document.");
    public static readonly ProblemKind RegistrationNumberCheck = new("IH-INT-327", Row, "注册号校验位不符", "{field} 应为 15 位且末位符合 GS 15，或 2007 年前的 13 位。",
        "请核对营业执照注册号。", "The registration number does not check", "Check the number on the licence.");
    public static readonly ProblemKind OrganisationCodeCheck = new("IH-INT-328", Row, "组织机构代码校验位不符", "{field} 应为 9 位且末位符合 GB 11714。",
        "请核对组织机构代码。", "The organisation code does not check", "Check the organisation code.");
    public static readonly ProblemKind TaxpayerNumberForm = new("IH-INT-329", Warn, "纳税人识别号形式少见", "{field} 不属于国家税务总局公告2015年第66号所列形式。",
        "请核对；扣缴义务人、境外纳税人等可不改。", "An unusual taxpayer number", "Check it; leave it for withholding agents and non-residents.");
    public static readonly ProblemKind DivisionForm = new("IH-INT-330", Row, "行政区划代码格式不对", "{field} 应为 {expected} 位数字。",
        "请填行政区划代码而不是名称。", "Not a division code", "Write {expected} digits.");
    public static readonly ProblemKind IndustryForm = new("IH-INT-331", Row, "行业代码格式不对", "{field} 应为 GB/T 4754 的 4 位数字，可带门类字母。",
        "请填代码，例如 F5211 或 5211。", "Not an industry code", "Write it as F5211 or 5211.");
    public static readonly ProblemKind CodeFormDoubtful = new("IH-INT-332", Warn, "代码形式无法识别", "{field} 既不是统一社会信用代码也不是公民身份号码。",
        "请核对；留空也可以。", "A code of unknown form", "Check it, or leave it blank.");

    public static readonly ProblemKind ConditionMissing = new("IH-INT-401", Row, "条件必填项为空", "当 {when} 时 {field} 为必填项。",
        "请补填。", "A cell required in this case is blank", "Fill it in: it is required when {when}.");
    public static readonly ProblemKind CellCount = new("IH-INT-402", Row, "列数不符", "本行有 {found} 列，表头有 {expected} 列。",
        "多半是单元格内有逗号而没有加引号，或缺了一列。", "Wrong number of cells",
        "Look for a comma in a cell without quotes, or a missing cell: {found} cells, {expected} in the header.");
    public static readonly ProblemKind QuoteStray = new("IH-INT-403", Row, "引号位置不对", "{field} 的引号后面还有文字。",
        "含逗号、引号或换行的单元格要整体加引号，其中的引号写成两个。", "A quote in the wrong place", "Quote the whole cell and double the quotes inside it.");
    public static readonly ProblemKind OtherPeriod = new("IH-INT-404", Warn, "行的月份不是报送所属期", "{field} 不是本次报送的 {expected}。",
        "请核对是否误报了其他月份的文件。", "The row is of another period", "Check that this is the file of {expected}.");
    public static readonly ProblemKind TotalRow = new("IH-INT-405", Row, "合计行", "本行是合计行，不是数据。",
        "导出时请去掉合计行。", "A total row, not data", "Leave the total row out of the export.");
    public static readonly ProblemKind OperationUnknown = new("IH-INT-406", Row, "记录操作无效", "record_op 应为 A、U 或 D。",
        "请填 A（新增）、U（更新）或 D（删除）。", "Unknown record operation", "Write A, U or D.");

    public static readonly ProblemKind KeyDuplicate = new("IH-INT-501", Row, "主键重复", "与第 {first} 行的主键（{key}）相同。",
        "同一主键只报一行；请核对是否重复导出。", "The primary key appears twice in the file", "Send one row per key; row {first} has the same one.");

    public static readonly ProblemKind FindingUnknown = new("IH-DLV-101", File, "疑点不存在", "没有编号为 {finding} 的疑点，或不在本单位范围内。",
        "请核对疑点编号。", "Unknown finding", "Check the finding's number.");
    public static readonly ProblemKind FilterUnsound = new("IH-DLV-102", File, "查询条件有误", "{field}：{reason}",
        "请修改查询条件。", "The search is unsound", "Mend {field}: {reason}.");

    public static readonly ProblemKind ConfigurationUnsound = new("IH-CFG-001", File, "配置有误", "{key} = {value}：{reason}（默认 {default}）",
        "请修改配置后重新启动。", "The configuration is unsound", "Mend {key}: {reason}; the default is {default}.");
    public static readonly ProblemKind PlantMissing = new("IH-CFG-002", File, "缺少运行所需的程序", "{what}：{reason}",
        "{remedy}", "A program the hub needs is missing", "{remedy}");

    /// <summary>Every kind, by code.</summary>
    public static IReadOnlyDictionary<string, ProblemKind> All { get; } = typeof(ProblemCatalogue)
        .GetFields().Where(f => f.FieldType == typeof(ProblemKind))
        .Select(f => (ProblemKind)f.GetValue(null)!).OrderBy(k => k.Code, StringComparer.Ordinal).ToDictionary(k => k.Code, StringComparer.Ordinal);
}
