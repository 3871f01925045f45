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

    public static readonly ProblemKind InternalFault = new("IH-INT-199", File, "平台内部错误",
        "平台处理请求时出错，事件编号 {incident}。",
        "请稍后重试；仍然失败时请把事件编号 {incident} 告知平台管理员。", "The hub failed",
            "Try again later; if it fails again, tell the hub's administrator the incident {incident}.");

    public static readonly ProblemKind FileEmpty = new("IH-INT-201", File, "文件为空", "文件没有任何内容。",
        "请重新导出；本期确无数据请作零报送。", "The file is empty", "Export it again; if the period has no data, declare a nil return.");
    public static readonly ProblemKind HeaderMismatch = new("IH-INT-202", File, "表头与模板不符", "缺少列：{missing}；多出列：{unknown}。",
        "请按 {template} 的列名修改表头（中文列名或英文列名均可，顺序不限）。", "The header does not match the template",
        "Mend the header to the columns of {template}; missing: {missing}; unknown: {unknown}.");
    public static readonly ProblemKind EncodingUnknown = new("IH-INT-203", File,
        "文件编码无法识别", "第 {line} 行有字节既不是 UTF-8 也不是所识别的编码；{guess}。", "请在导出或另存时选择“CSV UTF-8”再报送；文件若由多份拼接而成，各份编码须一致。",
        "The file's encoding cannot be told",
        "Save it as CSV UTF-8 and send it again: line {line} cannot be read ({guess}).");
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
        "工作表不存在", "工作簿里没有工作表“{sheet}”，有：{known}。", "请核对工作表名称，或不指定而取第一张。", "The workbook has no such sheet",
        "Name one of {known}, or none for the first; {sheet} is not there.");
    public static readonly ProblemKind WorkbookTooLarge = new("IH-INT-218", File,
        "工作簿展开后过大", "{what} 展开后超过上限 {max}。", "请另存为 CSV UTF-8 报送，或按序号拆分。", "The workbook is too large once unpacked",
        "Send it as CSV UTF-8, or split it: {what} is more than {max}.");
    public static readonly ProblemKind WorkbookLocked = new("IH-INT-219", File,
        "工作簿已加密", "文件设有打开密码。", "请去掉打开密码后另存为 xlsx 再报送。", "The workbook is encrypted",
        "Take the password off and save it again.");
    public static readonly ProblemKind NotAWorkbook = new("IH-INT-220", File,
        "不是 xlsx 工作簿", "文件扩展名或声明为 xlsx，内容却是{what}。", "请用表格软件打开后另存为 xlsx，不要只改扩展名。", "Not an xlsx workbook",
        "It is {what}: open it and save it as xlsx; renaming is not enough.");
    public static readonly ProblemKind HeaderUnit = new("IH-INT-221", File,
        "列的计量单位与模板不同", "文件的列为“{column}”，模板约定“{expected}”。", "请按 {unit} 换算整列数据并改列名；平台不代为换算。",
        "A column is in another unit than agreed",
        "Convert the column to {unit} and name it {expected}; the file has {column}.");
    public static readonly ProblemKind TooManyRows = new("IH-INT-222", File,
        "行数超过上限", "第 {line} 行的行序号超过上限 {max}（行与行之间的空行也计入）。", "请去掉多余的空行，或按序号拆分后分别报送。",
        "The file has too many rows",
        "Take out blank lines, or split the file: line {line} is past row {max}, blank lines counted.");

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
    public static readonly ProblemKind LeadingZerosLost = new("IH-INT-315", Row,
        "号码前面的零丢失", "{field} 前面补零即为 {expected}，应是表格软件当作数字去掉了零。", "请把该列设为文本格式后重新导出。", "Leading zeros are lost",
        "Format the column as text and export again: with zeros in front it is {expected}.");
    public static readonly ProblemKind FullWidthRead = new("IH-INT-316", Warn,
        "全角字符已按半角读取", "{field} 含有全角字符，已按半角读取。", "请核对；下次请用半角填写。", "Full-width characters were read as ASCII",
        "Check it, and write ASCII next time.");
    public static readonly ProblemKind InvisibleRemoved = new("IH-INT-317", Warn,
        "看不见的字符已去除", "{field} 含有看不见的字符（零宽字符、不间断空格、控制符等），已去除后读取。", "请核对；多半是从网页或即时通信复制带入的。",
        "Characters nobody sees were taken out", "Check it: they usually come with text copied from a web page.");
    public static readonly ProblemKind DirectionMark = new("IH-INT-318", Row,
        "含有改变文字方向的控制符", "{field} 含有改变显示顺序的控制符，看到的与实际存放的顺序不同。", "请删除该单元格后手工重新录入。",
        "A mark changes the order the characters are shown in", "Clear the cell and type it again by hand.");
    public static readonly ProblemKind DateRewritten = new("IH-INT-319", Warn,
        "日期写法已换成 YYYY-MM-DD", "{field} 不是 YYYY-MM-DD，已按 {expected} 读取。", "请核对；下次请按 2025-03-31 的形式填写。",
        "The date was written in another form", "Check that {expected} is meant, and write it so next time.");

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
    public static readonly ProblemKind NumberGrouped = new("IH-INT-333", Row,
        "数字带有千分位逗号", "{field} 含有千分位逗号。", "请把该列设为常规或数值格式（不使用千位分隔符）后重新导出。", "The number has thousands separators",
        "Export the column without thousands separators.");
    public static readonly ProblemKind NumberWithUnit = new("IH-INT-334", Row,
        "数字带有单位或货币符号", "{field} 应只填数字，含有单位或货币符号。", "请按约定单位换算后只填数字；平台不代为换算。",
        "The number carries a unit or currency sign", "Convert it to the agreed unit and write digits only.");
    public static readonly ProblemKind CharacterLost = new("IH-INT-335", Row,
        "有字符在转码时丢失", "{field} 含有“�”或“锟斤拷”，源数据在此前转码时已丢字。", "请从源系统以 UTF-8 或 GB18030 重新导出，不能在文件里改回。",
        "Characters were lost in an earlier conversion", "Export again from the source as UTF-8 or GB18030.");
    public static readonly ProblemKind CellErrorValue = new("IH-INT-336", Row,
        "单元格是公式错误值", "{field} 是表格软件的公式错误值。", "请改正公式或填入实际数据后重新导出。", "The cell is a formula error",
        "Mend the formula or write the value.");

    public static readonly ProblemKind ConditionMissing = new("IH-INT-401", Row, "条件必填项为空", "当 {when} 时 {field} 为必填项。",
        "请补填。", "A cell required in this case is blank", "Fill it in: it is required when {when}.");
    public static readonly ProblemKind CellCount = new("IH-INT-402", Row, "列数不符", "本行有 {found} 列，表头有 {expected} 列。",
        "多半是单元格内有逗号而没有加引号，或缺了一列。", "Wrong number of cells",
        "Look for a comma in a cell without quotes, or a missing cell: {found} cells, {expected} in the header.");
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

    public static readonly ProblemKind KeyDuplicate = new("IH-INT-501", Row, "主键重复", "与第 {first} 行的主键（{key}）相同。",
        "同一主键只报一行；请核对是否重复导出。", "The primary key appears twice in the file", "Send one row per key; row {first} has the same one.");
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
