namespace InfoHub.Templates.Problems;

/// <summary>Problems of one cell: IH-INT-3xx.</summary>
public static partial class ProblemCatalogue
{
    public static readonly ProblemKind CellMissing = new("IH-INT-301", Row, "必填项为空", "{field} 为必填项。",
        "请补填。", "A required cell is blank", "Fill it in.");
    public static readonly ProblemKind CellLength = new("IH-INT-302", Row, "长度不符", "{field} 的长度应为 {expected}。",
        "请核对并按约定长度填写。", "Wrong length", "Write it with {expected} characters.");
    public static readonly ProblemKind NotANumber = new("IH-INT-303", Row, "不是数字", "{field} 应为数字。",
        "请只填数字，不带单位、货币符号或千分位逗号。", "Not a number", "Write digits only: no unit, currency sign or thousands separator.");
    public static readonly ProblemKind NumberTooFine = new("IH-INT-304", Row, "数字位数超出约定", "{field} 应为 {expected}。",
        "请按约定的总位数和小数位数填写。", "Too many digits", "Write it as {expected}.");
    public static readonly ProblemKind NotADate = new("IH-INT-305", Row, "日期无效", "{field} 应为有效日期 YYYY-MM-DD。",
        "请按 2025-03-31 的形式填写；没有日期、没有期限的请留空。", "Not a date",
            "Write it as 2025-03-31; leave it blank where there is no day, or no end.");
    public static readonly ProblemKind DateImplausible = new("IH-INT-306", Row, "日期不合理", "{field} 早于 1900-01-02 或晚于填报日一个月以上。",
        "请核对年份。", "Implausible date", "Check the year.");
    public static readonly ProblemKind NotAPeriod = new("IH-INT-307", Row, "期间无效", "{field} 应为 {expected}。",
        "请按约定的形式填写：月份如 202503，季度如 2025Q1，年度如 2025；不能只写日期中的某一天。", "Not a period",
        "Write a month as 202503, a quarter as 2025Q1, a year as 2025.");
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
    public static readonly ProblemKind ScientificNotation = new("IH-INT-314", Row, "号码被表格软件当作数值，末几位已丢失",
        "{field} 被当作数值（如科学计数法）保存，后几位数字已经丢失。",
        "请把该列设为文本格式，从源系统重新导出，不能在表格里改回。", "A spreadsheet turned the number into scientific notation",
        "Format the column as text and export again from the source: digits are lost.");
    public static readonly ProblemKind LeadingZerosLost = new("IH-INT-315", Row,
        "号码前面的零丢失", "{field} 前面补零即为 {expected}，应是表格软件当作数字去掉了零。", "请把该列设为文本格式后重新导出。", "Leading zeros are lost",
        "Format the column as text and export again: with zeros in front it is {expected}.");
    public static readonly ProblemKind FullWidthRead = new("IH-INT-316", Warn,
        "全角字符已按半角读取", "{field} 含有全角字符，已按半角读取。", "请核对；下次请用半角填写。", "Full-width characters were read as ASCII",
        "Check it, and write ASCII next time.");
    public static readonly ProblemKind InvisibleRemoved = new("IH-INT-317", Warn,
        "看不见的字符已去除", "{field} 含有看不见的字符或特殊空格（零宽字符、不间断空格、控制符等），已去除后读取。", "请核对；多半是从网页或即时通信复制带入的。",
        "Characters nobody sees were taken out", "Check it: they usually come with text copied from a web page.");
    public static readonly ProblemKind DirectionMark = new("IH-INT-318", Row,
        "含有改变文字方向的控制符", "{field} 含有改变显示顺序的控制符，看到的与实际存放的顺序不同。", "请删除该单元格后手工重新录入。",
        "A mark changes the order the characters are shown in", "Clear the cell and type it again by hand.");
    public static readonly ProblemKind DateRewritten = new("IH-INT-319", Warn,
        "日期写法已换成 YYYY-MM-DD", "{field} 不是 YYYY-MM-DD，已按 {expected} 读取。", "请核对；下次请按 2025-03-31 的形式填写。",
        "The date was written in another form", "Check that {expected} is meant, and write it so next time.");

    public static readonly ProblemKind UsccLength = new("IH-INT-320", Row, "统一社会信用代码位数不对", "{field} 应为 18 位。",
        "请核对营业执照上的代码。", "A USCC has 18 characters", "Check the code on the licence.");
    public static readonly ProblemKind UsccCharacter = new("IH-INT-321", Row, "统一社会信用代码含有不用的字符",
        "{field} {expected}；代码只用数字和英文字母，不用 I、O、S、V、Z。",
        "很可能是数字 0 或 1 误写成字母，或输入法切换到了其他文字；请按营业执照重新录入这一位。",
        "A USCC never holds this character",
            "Type it again from the licence: probably 0 or 1 typed as a letter, or a letter of another alphabet.");
    public static readonly ProblemKind UsccCheckDigit = new("IH-INT-322", Row, "统一社会信用代码校验位不符", "{field} 第 18 位按 GB 32100 应为 {expected}。",
        "至少有一位写错，请核对营业执照。", "The USCC's check character does not fit", "At least one character is wrong: check the licence.");
    public static readonly ProblemKind UsccInnerCode = new("IH-INT-323", Warn, "统一社会信用代码内的组织机构代码校验位不符", "{field} 第 17 位按 GB 11714 不符，少数旧码如此。",
        "请核对；确为旧码可不改。", "The organisation code inside the USCC does not check", "Check it; leave it if it is a legacy code.");
    public static readonly ProblemKind DivisionUnknown = new("IH-INT-324", Warn, "行政区划代码未收录", "{field} 的省级代码不存在。",
        "请核对行政区划代码。", "Unknown administrative division", "Check the division code.");
    public static readonly ProblemKind CitizenIdForm = new("IH-INT-325", Row, "公民身份号码格式不对",
        "{field} 应为 18 位（或旧 15 位），且含有效出生日期；末位可为英文字母 X。",
        "请核对证件；末位 X 请用英文字母；若不是居民身份证，请改证件类型。", "Not a citizen id", "Check the document, or correct the document type.");
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
        "有字符在转码时丢失", "{field} 有字在此前转码时丢失或读错：{expected}。",
            "请从源系统以 UTF-8 或 GB18030 重新导出，不能在文件里改回；生僻字请用支持 GB 18030 的程序录入。",
        "Characters were lost or misread in an earlier conversion",
            "Export again from the source as UTF-8 or GB18030.");
    public static readonly ProblemKind CellErrorValue = new("IH-INT-336", Row,
        "单元格是公式错误值", "{field} 是表格软件的公式错误值。", "请改正公式或填入实际数据后重新导出。", "The cell is a formula error",
        "Mend the formula or write the value.");

    public static readonly ProblemKind GuardRemoved = new("IH-INT-337", Warn,
        "表格软件的文本标记已去除", "{field} 带有 =\"…\" 或前置撇号一类标记，已去除后读取。", "请核对；下次请直接导出号码，不加 =\"\" 或撇号。",
        "A spreadsheet's guard was taken off", "Check it, and export the bare value next time.");
    public static readonly ProblemKind FormRead = new("IH-INT-338", Warn,
        "兼容字形已按通用字符读取", "{field} 含有部首、兼容汉字、带圈数字等字形，已按 {expected} 读取。", "请核对；下次请用通用的汉字、字母和数字。",
        "Compatibility forms were read as common characters", "Check it, and write common characters next time.");
    public static readonly ProblemKind PrivateUseCharacter = new("IH-INT-339", Warn,
        "含有自造字", "{field} 含有私用区的自造字，换一台电脑就显示不出或显示成别的字。", "请改用 GB 18030-2022 收录的字；确无此字的，请用同音字或拼音并在备注中说明。",
        "A private-use character", "Write a character of GB 18030-2022 in its place.");
    public static readonly ProblemKind CodeForeignLetter = new("IH-INT-340", Row,
        "代码里有其他文字的字符", "{field} {expected}。", "请切换到英文输入法，重新录入这一位。",
        "A code holds a character of another alphabet", "Type the character again with an English keyboard.");
    public static readonly ProblemKind CodeFiller = new("IH-INT-341", Row,
        "不是有效代码：填充用的数字", "{field} 是填充用的数字（全为同一个字符、连续数字或成片的零），不能表示任何人。",
        "没有代码时请留空；必填的列请填真实代码。", "Filler digits, not a code",
            "Leave it blank where there is no code; a required column needs the real one.");
    public static readonly ProblemKind CodeImpossible = new("IH-INT-342", Row,
        "不是有效代码：不可能有这样的统一社会信用代码", "{field}：{expected}。", "请核对营业执照上的代码；没有代码时请留空。",
        "No USCC can be so", "Check the code on the licence; leave it blank where there is none.");
    public static readonly ProblemKind CitizenIdInUscc = new("IH-INT-343", Row,
        "不是统一社会信用代码：填的是公民身份号码", "{field} 填的是个人的身份号码，不是单位的代码。", "请填营业执照上的统一社会信用代码；没有的请留空，身份号码填在证件号码列。",
        "A citizen id in the place of a USCC",
            "Write the USCC of the licence, or leave it blank; the id belongs in its own column.");
    public static readonly ProblemKind UsccInCitizenId = new("IH-INT-344", Row,
        "不是公民身份号码：填的是统一社会信用代码", "{field} 填的是单位的代码，不是个人的身份号码。", "请填个人的身份号码，或改证件类型。",
        "A USCC in the place of a citizen id", "Write the person's id, or correct the document type.");
    public static readonly ProblemKind NothingRead = new("IH-INT-345", Warn,
        "表示“没有内容”的写法已按空白读取", "{field} 填的是“无”“/”“NULL”“0000-00-00”一类表示没有内容的写法，已按空白读取。", "无需改动；下次没有内容请留空。",
        "A word for nothing was read as blank", "Nothing to mend; leave the cell blank next time.");
    public static readonly ProblemKind NothingRequired = new("IH-INT-346", Row,
        "必填项填的是“没有内容”", "{field} 为必填项；“无”“/”“NULL”“长期”一类写法表示没有内容，不能代替。", "请补填实际内容。",
        "A required cell says that there is nothing", "Fill in what is asked for; the word stands for nothing.");
    public static readonly ProblemKind OpenEndRead = new("IH-INT-347", Warn,
        "“没有期限”已按空白读取", "{field} 填的是“长期”“永久”“9999-12-31”一类没有期限的写法，已按没有期限（空白）读取。", "无需改动；下次没有期限请留空。",
        "A word for no end was read as blank", "Nothing to mend; leave the cell blank where there is no end.");
    public static readonly ProblemKind PeriodRewritten = new("IH-INT-348", Warn,
        "期间写法已换成约定形式", "{field} 不是约定的写法，已按 {expected} 读取。", "请核对；下次请按约定填写：月份如 202503，季度如 2025Q1，年度如 2025。",
        "The period was written in another form", "Check it; write 202503, 2025Q1 or 2025 next time.");
    public static readonly ProblemKind NameIsNumber = new("IH-INT-356", Warn,
        "名称里填的是号码", "{field} 填的是证件号码、代码、电话一类的号码，不是名称。", "请核对各列有没有错位；名称一列请填名称，号码填在它自己的列。",
        "A number in the place of a name",
        "See whether the columns are shifted; write the name, and the number in its own column.");
    public static readonly ProblemKind CodeFromNumber = new("IH-INT-349", Warn,
        "号码带有“.0”，已去掉", "{field} 末尾带“.0”，说明它在来源里是数值而不是文本，已去掉“.0”读取；若号码以 0 开头，前面的 0 也已丢失。",
        "请核对前面有没有丢 0；请把该列设为文本格式后重新导出。", "A code that was a number: .0 was taken off",
        "Check for lost zeros in front, format the column as text and export it again.");
}
