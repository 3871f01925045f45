namespace InfoHub.Templates.Problems;

/// <summary>
/// The public list of numbered problems: the one table that titles, remedies and dispositions come from.
/// Families: TPL templates; INT intake (1xx call, 2xx file, 3xx field, 4xx row, 5xx across rows); MAT matching with
/// the register; STO faults of the hub's own stages; CFG configuration; DLV delivery. FROZEN codes (FrozenTests): a
/// code is never reused or re-meant.
/// </summary>
public static partial class ProblemCatalogue
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
        "{submission} 已有另一份文件（SHA-256 {onFile}，{state}），本次文件为 {offered}。",
        "若本次是补充或更正，请把序号改为 {next} 再报送；若上一份没有传完、要以本次为准，请加 --replace-unfinished。",
        "This submission is on file with other content",
        "To add or correct rows, send with sequence {next}; to let this file take the place of an upload that never ended, set replace_unfinished.");
    public static readonly ProblemKind PeriodInvalid = new("IH-INT-106", File, "所属期无效", "“{period}”不是 {item} 的有效所属期。",
        "请按 {form} 填写所属期，例如 {example}。", "Invalid period", "Write the period as {form}, for example {example}.");
    public static readonly ProblemKind ChunkDamaged = new("IH-INT-107", File, "数据块校验失败", "偏移 {offset} 的数据块校验和不符。",
        "请从偏移 {durable} 重新发送。", "A chunk arrived damaged", "Send again from offset {durable}.");
    public static readonly ProblemKind OffsetWrong = new("IH-INT-108", File, "续传偏移不符", "收到偏移 {offset}，平台已存至 {durable}。",
        "请从偏移 {durable} 继续发送。", "Wrong offset", "Go on from offset {durable}.");
    public static readonly ProblemKind ContentMismatch = new("IH-INT-109", File, "文件内容与声明不符", "声明 {declared}，实际收到 {received}。",
        "请重新计算文件摘要后再次报送。", "The content is not what was declared", "Hash the file again and send it again.");
    public static readonly ProblemKind SubmissionUnknown = new("IH-INT-110", File, "报送不存在",
        "本部门没有编号为 {submission} 的报送。",
        "请核对报送编号，以及所用账号是否属于报送的部门。", "Unknown submission",
        "Check the submission's number, and whether the account is of the department that sent it.");
    public static readonly ProblemKind Overloaded = new("IH-INT-111", File, "平台繁忙", "{why}。",
        "请在 {seconds} 秒后重试；已收到的内容都保留着，从断点继续。", "The hub is busy",
        "Try again in {seconds} seconds ({why}); what has been received is kept.");
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
    public static readonly ProblemKind UploadTakenOver = new("IH-INT-119", File, "上传已由另一连接接管", "报送 {submission} 正由较新的连接上传，本连接已停止。",
        "若不是您自己重新发起的上传，请检查是否有两个程序在报送同一文件；已上传的部分会保留。", "Another connection has taken the upload over",
        "If you did not start it yourself, look for a second program that sends the same file; what was uploaded is kept.");
    public static readonly ProblemKind EnvironmentMismatch = new("IH-INT-120", File, "测试数据与正式平台不符", "数据标记为{marked}，本平台是{hub}。",
        "请用本平台的凭据登录（infohub login）后再报送；演练数据只能发往测试平台。", "Test data and production never mix",
        "Sign in with credentials of this hub; data for rehearsal goes to the sandbox only.");
    public static readonly ProblemKind BaseUnsuitable = new("IH-INT-121", File, "不能更正这份报送", "{base}：{reason}",
        "请核对被更正的报送编号；整份退回的文件请改正后整份重新报送。", "This submission cannot be corrected",
        "Check the number of the submission; a file that was refused as a whole has to be sent as a whole.");
    public static readonly ProblemKind NilContradicted = new("IH-INT-122", File, "本期已有数据，不能零报送", "{item} 的 {period} 已收到数据。",
        "若那些数据有误，请先撤回（infohub withdraw），再作零报送。", "A nil return contradicts data on file",
        "If that data is wrong, withdraw it first, then declare nil.");
    public static readonly ProblemKind RowNotStored = new("IH-INT-123", File, "没有这一行", "报送 {submission} 的第 {row} 行没有入库。",
        "请核对行号；被退回的行没有入库证明。", "This row is not stored", "Check the row number; a rejected row has no proof.");
    public static readonly ProblemKind ManifestDiffers = new("IH-INT-124", File, "控制数不符，整份退回", "{what}：报送方申报 {stated}，平台收到 {found}。",
        "文件在导出或保存时可能丢了行或改了数，请从源系统重新导出，再以序号 {next} 报送。", "The control totals do not agree: the file is refused",
        "Rows may have been lost or changed on the way to this file: export it again from the source and send it with sequence {next}.");
    public static readonly ProblemKind MendWithoutOrigin = new("IH-INT-125", File, "补报文件没有原行号列", "补报退回行时，表头要有“原行号”列，平台才知道改的是哪一行。",
        "请在平台给出的退回行文件（infohub errors --format rejected）上修改，保留“原行号”列，再以序号 {next} 报送。",
        "Mended rows without their row numbers", "Mend the copy of the rejected rows that the hub hands out, keep its column origin_row, and send it with sequence {next}.");

    public static readonly ProblemKind RowNumbersMissing = new("IH-INT-130", File, "改正文件缺少原行号",
        "“{file}”没有“原行号”列，平台无法知道改正的是哪些行。",
        "请用 infohub errors --format rejected 导出退回行，在导出的文件上改正，保留“原行号”列。",
        "The mended file has no row numbers",
        "Mend the file that infohub errors --format rejected wrote and keep its column 原行号 ({file}).");
    public static readonly ProblemKind ReceiptNotGenuine = new("IH-INT-131", File, "回执验证不通过",
        "{receipt}：{reason}",
        "请勿采信此回执；用 infohub receipt save 重新取得，仍不通过请联系平台管理员。",
        "A receipt does not verify",
        "Do not rely on it; fetch it again with infohub receipt save ({receipt}: {reason}).");
    public static readonly ProblemKind HubKeyChanged = new("IH-INT-132", File, "平台的回执公钥变了",
        "登录时记下的公钥中没有 {key}。",
        "请先向平台管理员电话核对公钥标识，确认后用 infohub login --trust-new-keys 重新登录。",
        "The hub's receipt key is not the pinned one",
        "Check the key {key} with the hub's administrator, then log in again with --trust-new-keys.");
    public static readonly ProblemKind RowProofNotGenuine = new("IH-INT-133", File, "行证明不成立",
        "{submission} 第 {row} 行：{reason}",
        "请用 infohub receipt prove 重新取得证明，并核对所用的回执、行文件与模板。",
        "The proof of a row does not hold",
        "Fetch the proof again and check receipt, row file and template ({submission} row {row}: {reason}).");
    public static readonly ProblemKind HubLacksCall = new("IH-INT-134", File, "平台版本没有这项功能",
        "{what}",
        "请联系平台管理员升级平台；其余功能可照常使用。",
        "The hub's version has no such function", "Ask the hub's administrator to upgrade it: {what}.");
    public static readonly ProblemKind TemplateNotHere = new("IH-INT-135", File, "本机没有此模板",
        "本机没有保存信息项 {item} 的模板。",
        "请联网执行一次 infohub templates，或用 --template 指定模板文件。",
        "The template is not on this machine",
        "Run infohub templates once online, or name a file with --template ({item}).");
    public static readonly ProblemKind EnvironmentDiffers = new("IH-INT-136", File, "环境不一致",
        "本机登录的是{profile}环境，平台是{hub}环境，文件没有发送。",
        "请核对平台地址，或用 infohub login 重新登录。",
        "Test and production must not mix",
        "Check the hub's address or log in again: this profile is for {profile}, the hub is {hub}.");
    public static readonly ProblemKind ExtractColumnsUnfit = new("IH-INT-138", File, "查询结果与模板的列不符",
        "缺少列：{missing}；多出列：{unknown}；重复列：{twice}。",
        "请修改查询语句，用 AS 把列名写成 {template} 的中文列名或英文列名。",
        "The query's columns do not fit the template",
        "Name the columns with AS as {template} has them; missing: {missing}; unknown: {unknown}; twice: {twice}.");
    public static readonly ProblemKind ExtractFailed = new("IH-INT-139", File, "从业务数据库取数失败",
        "{reason}",
        "请检查连接串、权限与查询语句；没有写出任何文件。",
        "The extract from the department's database failed", "Check connection, permission and query: {reason}.");
    public static readonly ProblemKind RowsWouldBeRejected = new("IH-INT-140", File, "本地检查有错误行，未发送",
        "“{file}”共 {rows} 行，其中 {bad} 行会被退回。",
        "请改正后再报送；去掉 --strict 则先报送其余各行。",
        "The local check found bad rows; nothing was sent",
        "Mend them first, or leave out --strict ({bad} of {rows} rows in {file}).");
    public static readonly ProblemKind NotConfirmed = new("IH-INT-141", File, "没有确认",
        "{what}需要确认，而当前不是交互终端。",
        "确认无误后加 --yes 再执行。",
        "Not confirmed", "Run it again with --yes: {what}.");
    public static readonly ProblemKind StillUnderWay = new("IH-INT-142", File, "报送仍在处理",
        "{submission} 在等待时间内没有处理完。",
        "请稍后用 infohub status 查看，处理完再执行。",
        "The submission is still under way", "Look at infohub status later, then try again: {submission}.");
    public static readonly ProblemKind ReceiptUnvouched = new("IH-INT-146", File, "没有可信的公钥证明此回执",
        "回执由公钥 {key} 签名，而这个公钥只有回执文件自己提供。",
        "请用 infohub login 记下平台公钥，或用 --key 指定平台公布的公钥；确实只看文件是否前后一致时加 --trust-bundled。",
        "No trusted key vouches for the receipt",
        "Log in to pin the hub's keys or name its key with --key; --trust-bundled takes the file's own key {key}.");
    public static readonly ProblemKind SubmissionWithdrawn = new("IH-INT-147", File, "这份报送已撤回",
        "{submission} 已撤回，同一文件以原序号再报送不会入库。",
        "请用序号 {next} 重新报送（--sequence {next}，或把文件名末尾改为 _{next}）。",
        "The submission was withdrawn",
        "Send the file under sequence {next}; {submission} stays withdrawn.");
    public static readonly ProblemKind NotYetProcessed = new("IH-INT-148", File, "平台已收下文件，还没有处理完",
        "{submission} 已由平台收下，{seconds} 秒内没有处理完。",
        "不必重新报送。请稍后用 infohub status {submission} 查看结果，用 infohub receipt save {submission} 取回执；要等得更久请用 --timeout。",
        "The hub has the file and is not done with it yet",
        "Nothing needs to be sent again: infohub status {submission} tells what became of it, infohub receipt save "
        + "{submission} fetches the receipts; --timeout waits longer.");

    public static readonly ProblemKind PeriodNotBegun = new("IH-INT-149", File, "所属期还没有开始",
        "{period} 从 {first} 开始，今天是 {today}。",
        "请核对所属期的年份和月份；只能报送已经开始的期间。", "The period has not begun",
            "Check year and month: {period} begins on {first}, today is {today}.");
    public static readonly ProblemKind NilReasonKept = new("IH-INT-150", File, "本期已作零报送，原因没有更改",
        "{submission} 已作零报送，记下的原因是“{reason}”，这次写的原因没有记下。",
        "原因不必改就无需再做；要改，请先撤回 {submission}（infohub withdraw），再以序号 {next} 零报送。",
        "Nil is declared already, for another reason",
        "Nothing to do if {reason} holds; to change it withdraw {submission}, then declare nil with sequence {next}.");

    public static readonly ProblemKind RowNotOpen = new("IH-INT-151", File, "这一行不在待改正的行里",
        "报送 {submission} 没有原行号为 {row} 的待改正行。",
        "请用 infohub errors {submission} --format rejected --out 退回行.xlsx 查看“原行号”一列；已改正或已放弃的行不必再处理。",
        "This row is not among those to be mended",
            "Look at the column 原行号 of the rejected rows of {submission}: row {row} is not open.");

    public static readonly ProblemKind InternalFault = new("IH-INT-199", File, "平台内部错误",
        "平台处理请求时出错，事件编号 {incident}。",
        "请稍后重试；仍然失败时请把事件编号 {incident} 告知平台管理员。", "The hub failed",
            "Try again later; if it fails again, tell the hub's administrator the incident {incident}.");

    public static readonly ProblemKind FileEmpty = new("IH-INT-201", File, "文件为空", "文件没有任何内容。",
        "请重新导出；本期确无数据请作零报送。", "The file is empty", "Export it again; if the period has no data, declare a nil return.");
    public static readonly ProblemKind HeaderMismatch = new("IH-INT-202", File, "表头与模板不符", "{what}。",
        "请按 {template} 的列名修改表头：补上缺少的列，删去多出的列（中文列名或英文列名均可，顺序不限）。", "The header does not match the template",
        "Mend the header to the columns of {template}; missing: {missing}; unknown: {unknown}.");
    public static readonly ProblemKind EncodingUnknown = new("IH-INT-203", File,
        "文件编码无法识别", "第 {line} 行起的文字读不出来：{guess}。", "请从源系统重新导出，另存时选“CSV UTF-8”；文件若由几份拼接而成，各份须用同一种编码另存后再拼接。",
        "The file's encoding cannot be told",
        "Save it as CSV UTF-8 and send it again: line {line} cannot be read ({guess}).");
    public static readonly ProblemKind NulByte = new("IH-INT-204", File, "文件有损坏",
        "第 {line} 行有不属于文字的空字节，文件多半没有复制完整，或者不是文本文件。",
        "请从源系统重新导出为 xlsx 或 CSV UTF-8 再报送；网络盘或 U 盘上的文件请先复制到本机。", "The file holds a NUL byte",
            "Line {line} holds a NUL byte; export the file again as text.");
    public static readonly ProblemKind QuoteUnclosed = new("IH-INT-205", File, "引号没有闭合", "第 {line} 行开始的引号直到文件末尾没有闭合。",
        "请在第 {line} 行补上引号；单元格内的引号要写成两个。", "A quote is not closed", "Close the quote that opens on line {line}; a quote inside a cell is written twice.");
    public static readonly ProblemKind RecordTooLong = new("IH-INT-206", File, "一行过长", "第 {line} 行超过 {max} 字节，可能缺少换行或引号没有闭合。",
        "请检查第 {line} 行的换行与引号。", "A record is too long", "Line {line} is longer than {max} bytes; look for a missing line end or an open quote.");
    public static readonly ProblemKind NoRows = new("IH-INT-207", File, "只有表头没有数据", "文件只有表头。",
        "请重新导出；本期确无数据请作零报送。", "The file has a header but no rows", "Export it again; if the period has no data, declare a nil return.");
    public static readonly ProblemKind TooManyBadRows = new("IH-INT-208", File, "错误行过多，整份退回", "已查 {rows} 行，{bad} 行有错，超过模板约定的 {share}。最常见的错误：{top}。",
        "请先改正最常见的错误，再以序号 {next} 重新报送整份文件。", "Too many bad rows: the file is refused",
        "Mend the most frequent error first ({top}), then send the file with sequence {next}.");
    public static readonly ProblemKind NotACsv = new("IH-INT-209", File, "这种文件不能报送", "{what}不能报送。",
        "请{mend}。", "Not a CSV file", "Save it as CSV UTF-8 or xlsx; this is {what} ({mend}).");
    public static readonly ProblemKind HeaderDuplicate = new("IH-INT-210", File, "表头有重复的列", "列“{column}”出现多次：{places}。",
        "请核对哪一列是要报送的，删去其余的。", "A column appears twice in the header", "Remove the second {column}.");
    public static readonly ProblemKind DelimiterWrong = new("IH-INT-211", File,
        "分隔符不对", "表头看来以“{found}”分隔。", "请用英文逗号、制表符、英文分号或竖线分隔。", "Wrong delimiter",
        "Separate the columns by comma, tab, semicolon or |, not by {found}.");
    public static readonly ProblemKind WorkbookUnreadable = new("IH-INT-213", File, "xlsx 文件无法读取", "{reason}",
        "请用表格软件打开并另存为 xlsx 或 CSV UTF-8。", "The workbook cannot be read", "Open it in a spreadsheet program and save it again: {reason}.");
    public static readonly ProblemKind AllRowsBad = new("IH-INT-214", File, "没有一行可以入库", "全部 {rows} 行都有错。最常见的错误：{top}。",
        "请先改正最常见的错误，再以序号 {next} 重新报送整份文件。", "Not one row is good", "Mend the most frequent error first ({top}), then send the file with sequence {next}.");
    public static readonly ProblemKind TotalDiffers = new("IH-INT-215", File,
        "合计行与明细不符", "第 {row} 行合计的“{column}”为 {stated}，平台收到的各行之和为 {computed}，可能有行丢失或被改动。",
        "请核对导出是否完整、合计是否为最新，改正后以序号 {next} 重新报送整份文件。", "The totals do not agree with the rows",
        "Row {row} states {stated} for {column}, the rows received come to {computed}: export again and send with sequence {next}.");
    public static readonly ProblemKind EncodingNotAsDeclared = new("IH-INT-216", File,
        "文件编码与声明不符", "声明为 {declared}，第 {line} 行的字节不是。", "请改正声明的编码，或不声明而由平台识别。",
        "The file is not in the declared encoding",
        "Line {line} is not {declared}: declare the right encoding, or none.");
    public static readonly ProblemKind SheetUnknown = new("IH-INT-217", File,
        "工作表不存在", "工作簿里没有工作表“{sheet}”，有：{known}。", "请核对工作表名称，或不指定而由平台按表头寻找。", "The workbook has no such sheet",
        "Name one of {known}, or none and the header is looked for; {sheet} is not there.");
    public static readonly ProblemKind WorkbookTooLarge = new("IH-INT-218", File,
        "工作簿展开后过大", "{what} 展开后超过上限 {max}。", "请另存为 CSV UTF-8 报送，或按序号拆分。", "The workbook is too large once unpacked",
        "Send it as CSV UTF-8, or split it: {what} is more than {max}.");
    public static readonly ProblemKind WorkbookLocked = new("IH-INT-219", File,
        "工作簿已加密", "文件设有打开密码。", "请去掉打开密码后另存为 xlsx 再报送。", "The workbook is encrypted",
        "Take the password off and save it again.");
    public static readonly ProblemKind NotAWorkbook = new("IH-INT-220", File,
        "不是 xlsx 工作簿", "文件名写作 xlsx，内容却是{what}；{what}不能这样报送。", "请{mend}；只把扩展名改成 .xlsx 没有用。", "Not an xlsx workbook",
        "It is {what}: open it and save it as xlsx; renaming is not enough ({mend}).");
    public static readonly ProblemKind HeaderUnit = new("IH-INT-221", File,
        "列的计量单位与模板不同", "{place}是“{column}”，模板约定“{expected}”。",
        "请把这一列的数据换算成 {unit}，再把列名改为“{expected}”；平台不代为换算。",
        "A column is in another unit than agreed",
        "Convert the column to {unit} and name it {expected}; the file has {column}.");
    public static readonly ProblemKind TooManyRows = new("IH-INT-222", File,
        "行数超过上限", "第 {line} 行的行序号超过上限 {max}（行与行之间的空行也计入）。", "请去掉多余的空行，或按序号拆分后分别报送。",
        "The file has too many rows",
        "Take out blank lines, or split the file: line {line} is past row {max}, blank lines counted.");

    public static readonly ProblemKind HeaderAbsent = new("IH-INT-236", File,
        "看来没有表头", "看来没有表头，第一行就是数据（第 {line} 行）。", "请在数据上面加一行表头，列名为：{wanted}（中文列名或英文列名均可，顺序不限）。",
        "There seems to be no header: the first row is data", "Put one line above the data with the columns {wanted}.");
    public static readonly ProblemKind HeaderOfOtherItem = new("IH-INT-237", File,
        "表头是另一个信息项的", "表头看来是 {item}（{title}）的，不是 {expected} 的。",
            "若这是 {item} 的文件，请以 {item} 报送（文件名以 {item}_ 开头）；若不是，请重新导出 {expected}。",
        "The header is that of another item",
            "Send it as {item} if it is that ({title}); otherwise export {expected} again.");
    public static readonly ProblemKind HeaderSplit = new("IH-INT-238", File,
        "表头分成了几行", "第 {line} 行和第 {next} 行合起来才是表头。", "请把表头改成一行：拆开合并的单元格，每列只留一个列名，再报送。",
        "The header stands on several lines",
            "Put the titles on lines {line} and {next} on one line, one title a column.");
    public static readonly ProblemKind HeaderGarbled = new("IH-INT-239", File,
        "表头是乱码", "第 {line} 行的列名是乱码：文件在另存或转换时用错了文字编码，后面的内容也会是乱的。",
        "请从源系统重新导出，另存时选“CSV UTF-8”或 xlsx；乱码的文件改不回来。",
        "The header is garbled",
            "Line {line} was read in a wrong encoding and saved so: export the file again as CSV UTF-8 or xlsx.");
    public static readonly ProblemKind DataAboveHeader = new("IH-INT-240", File,
        "表头上面有数据", "第 {line} 行在表头（第 {header} 行）之上，看来是数据，多半是排序时把表头一起排了进去。", "请把表头移到所有数据的上面再报送。",
        "A row of data stands above the header",
            "Move the header on line {header} above the data; line {line} looks like a row.");
    public static readonly ProblemKind RowCountDiffers = new("IH-INT-241", File,
        "表尾写明的条数与明细不符", "表格第 {row} 行写明共 {stated} 条，平台收到 {computed} 条，可能有行丢失，或文件只是其中一部分。",
        "请核对导出是否完整，改正后以序号 {next} 重新报送整份文件。", "The stated number of rows is not the number received",
        "Row {row} states {stated} rows, {computed} were received: export again and send with sequence {next}.");
    public static readonly ProblemKind RowsOfOtherPeriod = new("IH-INT-242", File,
        "各行都不是本次报送的所属期", "本次报送的所属期是 {period}，而 {rows} 行的“{column}”都是其他月份，看来是 {seems} 的文件。",
        "请核对：若确是 {seems} 的数据，请以所属期 {seems} 报送（文件名写作 {name}）；若不是，请重新导出 {period} 的数据。",
        "All rows are of another period",
            "Send it as the file of {seems} ({name}), or export {period} again: {column} names other months in all {rows} rows.");


    public static readonly ProblemKind ConditionMissing = new("IH-INT-401", Row, "条件必填项为空", "当 {when} 时 {field} 为必填项。",
        "请补填。", "A cell required in this case is blank", "Fill it in: it is required when {when}.");
    public static readonly ProblemKind CellCount = new("IH-INT-402", Row, "列数不符", "本行有 {found} 列，表头有 {expected} 列。",
        "多半是单元格内有逗号而没有加引号，或缺了一列：请给含逗号的单元格加上引号，或改用 xlsx 报送。", "Wrong number of cells",
        "Quote a cell that holds a comma or add the missing one: {found} cells, {expected} in the header.");
    public static readonly ProblemKind QuoteStray = new("IH-INT-403", Row, "引号位置不对", "{field} 的引号后面还有文字。",
        "含逗号、引号或换行的单元格要整体加引号，其中的引号写成两个。", "A quote in the wrong place", "Quote the whole cell and double the quotes inside it.");
    public static readonly ProblemKind OtherPeriod = new("IH-INT-404", Warn, "行的月份不是报送所属期", "{field} 不是本次报送的 {expected}。",
        "请核对是否误报了其他月份的文件。", "The row is of another period", "Check that this is the file of {expected}.");
    public static readonly ProblemKind TotalRow = new("IH-INT-405", Row,
        "合计行", "本行是小计行，或是后面还有数据的合计行，不是数据。", "导出时请去掉小计行，合计行只留在最后一行。", "A total row, not data",
        "Leave subtotals out of the export; a total may only be the last row.");
    public static readonly ProblemKind OperationUnknown = new("IH-INT-406", Row, "记录操作无效", "record_op 应为 A、U 或 D。",
        "请填 A（新增）、U（更新）或 D（删除）。", "Unknown record operation", "Write A, U or D.");
    public static readonly ProblemKind OriginUnreadable = new("IH-INT-407", Row,
        "原行号无效", "原行号应为正整数。", "请保留平台退回文件中的原行号，不要改动。", "The origin row cannot be read",
        "Keep origin_row as the hub handed it out.");
    public static readonly ProblemKind TailLine = new("IH-INT-408", Warn,
        "表尾说明行未作为数据", "本行在数据之后，是说明而不是数据，已略去。", "无需改动；导出时可去掉表尾说明。", "A line behind the data was left out",
        "Nothing to mend: the line is a note, not data.");

    public static readonly ProblemKind NamelessCell = new("IH-INT-409", Warn,
        "没有列名的列里有内容", "{expected} 没有列名，其中的内容没有读取。", "请核对：若是要报送的数据，请补上列名；若不是，请删去这一列的内容。",
        "A cell stands in a column without a title",
            "Give the column its title, or clear it: it was not read ({expected}).");
    public static readonly ProblemKind RowDropped = new("IH-INT-410", Warn,
        "退回的行不再报送", "这一行按填写的原因不再报送，记为已处理，不入库。", "无需再做什么；若仍要报送，请清空“不再报送的原因”后再报。",
        "A rejected row is not sent again", "Nothing more to do; clear the reason if the row is to be sent after all.");

    public static readonly ProblemKind KeyDuplicate = new("IH-INT-501", Row, "主键重复", "与第 {first} 行的主键（{key}）相同。",
        "同一主键只能留一行；本行若是重复的，请在退回行文件的“不再报送的原因”一列写明“重复”，不要删行。", "The primary key appears twice in the file",
            "Send one row per key; row {first} has the same one.");
    public static readonly ProblemKind CorrectionUnmatched = new("IH-INT-502", Warn, "被更正的行不存在", "被更正的报送里没有这个主键，本行按新增处理。",
        "请核对主键；若本来就是新增，可不改。", "The row to be corrected is not there", "Check the key; the row was taken as a new one.");
    public static readonly ProblemKind OriginNotRejected = new("IH-INT-503", Warn, "原行号不是被退回的行",
        "被改正的报送没有退回过这一行；本行照常入库，但不算作改正。",
        "请核对“原行号”；若本来就是新增或更正，可不改。", "The row that is mended was never rejected",
        "Check the column 原行号; the row was taken, and counts as mending nothing.");

    public static readonly ProblemKind LinkFileUnsound = new("IH-MAT-001", File, "待归户的文件无法读取",
        "{file}：{reason}", "请按说明改正文件后再次运行。",
        "A file to be linked cannot be read", "Mend {file}, then run again: {reason}");
    public static readonly ProblemKind LinkColumnMissing = new("IH-MAT-002", File, "待归户的文件缺少列",
        "{file} 没有可作“{what}”的列；表头为：{columns}。",
        "请把列名改为其中之一：{usable}；或用 --mapping 文件指明列名。",
        "A file to be linked lacks a column",
        "Name a column of {file} one of {usable}, or tell its name in a --mapping file.");
    public static readonly ProblemKind LinkColumnAmbiguous = new("IH-MAT-003", File, "有多列可作同一用途",
        "{file} 有多列可作“{what}”：{columns}。", "请用 --mapping 文件指明用哪一列。",
        "Several columns serve one purpose", "Tell in a --mapping file which of {columns} in {file} to use.");
    public static readonly ProblemKind LinkIdTwice = new("IH-MAT-004", File, "编号重复",
        "{file} 第 {line} 行的编号 {value} 与第 {first} 行相同。", "编号必须唯一；请核对是否重复导出，或换用另一列作编号。",
        "An id appears twice", "Ids have to be unique: {value} of {file} is on lines {first} and {line}.");
    public static readonly ProblemKind LinkIdMissing = new("IH-MAT-005", File, "编号为空",
        "{file} 第 {line} 行没有编号。", "请补上编号，或换用另一列作编号。",
        "An id is missing", "Give the row on line {line} of {file} an id.");
    public static readonly ProblemKind LinkRegisterEmpty = new("IH-MAT-006", File, "登记册没有数据",
        "{file} 只有表头；以空登记册归户，所有行都会被判为未登记。", "请重新导出登记册。",
        "The register is empty", "Every row would be called unregistered: export {file} again.");
    public static readonly ProblemKind LinkMappingUnsound = new("IH-MAT-007", File, "列名对照文件有误",
        "{file}：{reason}", "请按“name: 企业名称”每行一项填写；可用的键：{usable}。",
        "The mapping file is unsound", "Write one \"name: title of the column\" per line; keys: {usable} ({reason}).");
    public static readonly ProblemKind LinkWeightsUnsound = new("IH-MAT-008", File, "权重文件有误",
        "{file}：{reason}", "请使用本版本程序写出的权重文件。",
        "The weights cannot be read", "Use weights that this version of the program wrote ({file}: {reason}).");

    public static readonly ProblemKind WorkParked = new("IH-STO-001", File, "有数据因平台故障被搁置",
        "搁置 {count} 项（{what}），其余数据已照常处理；第一项：{reason}",
        "用 ./hub parked 查看清单并转交平台维护方；排除故障后用 ./hub parked --retry 重新处理，批量运行则重新执行。",
        "Something is set aside for a fault of the hub",
        "Hand the list of ./hub parked to whoever maintains the hub; after the mend ./hub parked --retry works it, "
        + "a batch is run again ({count}: {what}; the first: {reason}).");
    public static readonly ProblemKind StageStuck = new("IH-STO-002", File, "平台处理环节停滞",
        "环节 {stage} 连续 {count} 次失败：{reason}",
        "请把环节与原因告知平台维护方；平台会继续自动重试，批量运行请在排除故障后重新执行。",
        "A stage of the hub is stuck",
        "Tell whoever maintains the hub: {stage} failed {count} times, {reason}; the hub goes on trying, a batch is "
        + "run again after the mend.");

    public static readonly ProblemKind FindingUnknown = new("IH-DLV-101", File, "疑点不存在", "没有编号为 {finding} 的疑点，或不在本单位范围内。",
        "请核对疑点编号。", "Unknown finding", "Check the finding's number.");
    public static readonly ProblemKind FilterUnsound = new("IH-DLV-102", File, "查询条件有误", "{field}：{reason}",
        "请修改查询条件。", "The search is unsound", "Mend {field}: {reason}.");

    public static readonly ProblemKind ConfigurationUnsound = new("IH-CFG-001", File, "配置有误", "{key} = {value}：{reason}（默认 {default}）",
        "请修改配置后重新启动。", "The configuration is unsound", "Mend {key}: {reason}; the default is {default}.");
    public static readonly ProblemKind PlantMissing = new("IH-CFG-002", File, "缺少运行所需的程序", "{what}：{reason}",
        "{remedy}", "A program the hub needs is missing", "{remedy}");

    public static readonly ProblemKind NotLoggedIn = new("IH-CFG-010", File, "还没有登录信息",
        "没有给出：{missing}。",
        "请先执行 infohub login，或设置括号中的环境变量。",
        "No login on this machine", "Run infohub login first, or set the variables: {missing}.");
    public static readonly ProblemKind ProfileUnsound = new("IH-CFG-011", File, "登录信息无法读取",
        "{file}：{reason}",
        "请重新执行 infohub login。",
        "The profile cannot be read", "Run infohub login again ({file}: {reason}).");
    public static readonly ProblemKind ClockWrong = new("IH-CFG-012", File, "本机时钟不准",
        "本机时间与平台相差 {seconds} 秒。",
        "请开启时间同步（NTP）后重试。",
        "This machine's clock is wrong", "Synchronise the clock: it differs from the hub's by {seconds} seconds.");
    public static readonly ProblemKind ProviderMissing = new("IH-CFG-013", File, "缺少数据库驱动",
        "{provider}：{reason}",
        "请把驱动程序集连同它依赖的文件放到 {folder}，--provider 写不带 .dll 的文件名；PostgreSQL 不需要驱动，用 --provider postgresql。",
        "A database provider is missing",
        "Put the provider's assembly and what it needs into {folder} and name it without .dll; PostgreSQL needs none "
        + "(--provider postgresql). {provider}: {reason}.");
    public static readonly ProblemKind NotWritable = new("IH-CFG-014", File, "无法写入文件",
        "{file}：{reason}",
        "请检查目录、权限与磁盘空间。",
        "A file cannot be written", "Check folder, permission and disk space ({file}: {reason}).");
    public static readonly ProblemKind ScheduleUnsound = new("IH-CFG-015", File, "定时表达式有误",
        "“{schedule}”：{reason}",
        "请按“分 时 日 月 星期”五段填写，例如 0 2 10 * *。",
        "The schedule is unsound",
        "Write five fields: minute hour day month weekday, for example 0 2 10 * * ({schedule}: {reason}).");
    public static readonly ProblemKind FolderTaken = new("IH-CFG-016", File, "目录已被占用",
        "另一个 infohub watch 正在处理 {folder}。",
        "同一目录只能运行一个；请先停止另一个。",
        "The folder is being watched already", "Stop the other infohub watch on {folder} first.");
    public static readonly ProblemKind CommandLineUnsound = new("IH-CFG-018", File, "命令行有误",
        "{reason}",
        "请用 infohub {command} --help 查看写法。",
        "The command line is unsound", "See infohub {command} --help: {reason}");
    public static readonly ProblemKind JobUnsound = new("IH-CFG-017", File, "取数任务定义有误",
        "{file}：{reason}",
        "请参照说明修改任务文件。",
        "An extract job is unsound", "Mend the job file ({file}: {reason}).");

    public static readonly ProblemKind CalendarUnsound = new("IH-CFG-020", File, "工作日历文件有误",
        "{file}：{reason}",
        "请参照平台自带的工作日历（calendar.yaml）改正后重新启动。",
        "A calendar file is unsound",
        "Mend the calendar file after the one that comes with the hub ({file}: {reason}).");
    public static readonly ProblemKind CalendarYearMissing = new("IH-CFG-021", Warn, "工作日历缺少年份",
        "{year} 年的放假安排没有录入，该年的期限只按周末推算。",
        "请把国务院办公厅放假通知和税务总局办公厅申报纳税期限通知按 calendar.yaml 的格式写入平台数据目录下的 calendar 文件夹，再重新启动平台。",
        "A year is missing from the working-day calendar",
        "Terms of {year} are counted by weekends alone: write the year's notices into the folder calendar "
        + "of the hub's data in the form of calendar.yaml and start the hub again.");

    /// <summary>Every kind, by code.</summary>
    public static IReadOnlyDictionary<string, ProblemKind> All => Listed.All;

    /// <summary>Made when it is first asked for: the fields of every file of this class are set by then.</summary>
    private static class Listed
    {
        public static readonly IReadOnlyDictionary<string, ProblemKind> All = typeof(ProblemCatalogue)
            .GetFields().Where(f => f.FieldType == typeof(ProblemKind)).Select(f => (ProblemKind)f.GetValue(null)!)
            .OrderBy(k => k.Code, StringComparer.Ordinal).ToDictionary(k => k.Code, StringComparer.Ordinal);
    }
}
