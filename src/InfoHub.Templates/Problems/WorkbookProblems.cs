namespace InfoHub.Templates.Problems;

/// <summary>
/// Problems of workbooks. A warning among IH-INT-223 to 235, 355 and 357 is about the file: where and how
/// much is told as row 0.
/// </summary>
public static partial class ProblemCatalogue
{
    public static readonly ProblemKind SheetsJoined = new("IH-INT-223", Warn,
        "几处表格合在一起读取", "{place}。", "请核对行数；其中有不属于本期的，请用 --sheet 指定工作表，或删去后再报送。",
        "Several tables were read as one",
        "Compare the row counts; name one sheet, or take out what is not of this period.");
    public static readonly ProblemKind SheetsUnclear = new("IH-INT-224", File,
        "不能确定读取哪些工作表", "下列工作表都像是有数据：{sheets}。",
        "请把本期数据合并到一张工作表并删去其他的，或用 --sheet 指定一张；其余的按序号另行报送。",
        "It is not clear which sheets to read",
        "Put the data on one sheet, or name one and send the others with the next sequence: {sheets}.");
    public static readonly ProblemKind SheetsUnread = new("IH-INT-225", Warn,
        "有工作表没有读取", "{place}。", "请确认其中没有要报送的数据；有的话请并入读取的工作表，或用 --sheet 指定后另行报送。",
        "Some sheets were not read", "Make sure they hold no data to send.");
    public static readonly ProblemKind FormulasUncalculated = new("IH-INT-226", File,
        "公式尚未计算", "列 {columns} 是公式，{rows} 行都没有可信的计算结果。",
        "公式尚未计算，请用表格软件打开、保存后再报送；或把这些列复制后选择性粘贴为数值。", "Formulas have not been calculated",
        "Open the workbook in a spreadsheet program and save it, or paste the columns as values: {columns}.");
    public static readonly ProblemKind RowsHidden = new("IH-INT-227", Warn,
        "隐藏的行也已读取", "{place}。", "请取消隐藏或筛选，核对这些行是否要报送；不要的请删除。", "Hidden rows were read too",
        "Unhide the rows and delete those that are not to be sent.");
    public static readonly ProblemKind ColumnsHidden = new("IH-INT-228", Warn,
        "隐藏的列也已读取", "{place}。", "请取消隐藏，核对这一列的内容。", "A hidden column was read too",
        "Unhide the column and look it through.");
    public static readonly ProblemKind CellsMerged = new("IH-INT-229", Warn,
        "合并单元格按每行同值读取", "{place}。", "请核对；各行的值不同的，请取消合并并逐行填写。", "Merged cells were read as each row's value",
        "Unmerge the cells where the rows differ.");
    public static readonly ProblemKind OutsideTable = new("IH-INT-230", Warn,
        "表格以外的内容没有读取", "{place}。", "请确认其中没有要报送的数据；有的话请并入表格。", "Cells outside the table were not read",
        "Make sure they hold nothing to send.");
    public static readonly ProblemKind FormulasForeign = new("IH-INT-231", Warn,
        "公式引用了其他工作簿", "{place}。", "请确认引用的数据已更新，或粘贴为数值后再报送。", "Formulas refer to another workbook",
        "Make sure what they refer to is up to date, or paste them as values.");
    public static readonly ProblemKind ObjectsUnread = new("IH-INT-232", Warn,
        "单元格以外的内容没有读取", "{place}。", "请确认批注、图片和宏里没有要报送的内容。", "What is not in cells was not read",
        "Make sure comments, pictures and macros hold nothing to send.");
    public static readonly ProblemKind CheckTooLong = new("IH-INT-233", File,
        "检查超时", "读取和检查文件超过了 {seconds} 秒。", "请另存为 CSV UTF-8 报送，或以序号 {next} 起拆分为几份；仍然超时请联系平台管理员。",
        "The check took too long", "Send it as CSV UTF-8, or split it; it took more than {seconds} s.");
    public static readonly ProblemKind TextWasNumber = new("IH-INT-234", Warn,
        "号码在表格里是数字，前面的零可能丢失", "{place}。", "请对照业务系统核对；号码以 0 开头的，请把这一列设为文本后重新填写再报送。",
        "Codes are numbers in the sheet and may have lost zeros in front",
        "Compare them with your own system; format the column as text and enter codes with zeros again.");
    public static readonly ProblemKind ShownOtherwise = new("IH-INT-235", Warn,
        "显示的值与存储的值不同，按存储的值读取", "{place}。", "请把这一列的数字格式改为常规（文本列改为文本），核对后再报送。",
        "What the cells show is not what they hold", "Set the column's format to General and look it through.");

    public static readonly ProblemKind MergedUnclear = new("IH-INT-350", Row,
        "合并单元格不能逐行读取", "{field} 是合并单元格，看不出每一行的值。", "单元格是合并单元格，请取消合并并逐行填写。",
        "A merged cell does not tell each row's value", "Unmerge the cells and fill in every row.");
    public static readonly ProblemKind FormulaUncalculated = new("IH-INT-351", Row,
        "公式尚未计算", "{field} 是公式，没有可信的计算结果。", "公式尚未计算，请用表格软件打开、保存后再报送；或粘贴为数值。",
        "The formula has not been calculated", "Open the workbook in a spreadsheet program and save it.");
    public static readonly ProblemKind KeyZerosLost = new("IH-INT-352", Row,
        "号码在表格里是数字，前面的零已丢失", "{field} 比同一列以文本填写的号码短，应为 {expected}。",
        "请把这一列设为文本，补上前面的零再报送。", "The code has lost its zeros in front",
        "Format the column as text and enter the code with its zeros; the others have {expected}.");
    public static readonly ProblemKind ScaledValue = new("IH-INT-353", Row,
        "数字按缩放格式显示", "{field} 显示的值是存储值除以万、千等之后的值，不能确定以哪个为准。",
        "请把数字格式改为常规，按模板的单位核对数值后再报送。", "The number is shown scaled",
        "Set the format to General and make sure the number is in the agreed unit.");
    public static readonly ProblemKind RowShifted = new("IH-INT-354", Row,
        "没有列名的列里有内容", "本行在表头没有列名的列里有内容，可能是整行错位。", "请核对本行各列是否错位；多余的内容请删除。",
        "There is something in a column without a name",
        "See whether the row is shifted; delete what does not belong.");
    public static readonly ProblemKind CalculatedByHand = new("IH-INT-355", Warn,
        "工作簿设为手动计算，公式结果可能不是最新", "{place}。", "请在表格软件里重新计算（F9）并保存后再报送。", "Formulas are calculated on demand only",
        "Calculate the workbook (F9) and save it.");
    public static readonly ProblemKind FormulasAllZero = new("IH-INT-357", Warn,
        "公式的结果全部是 0，可能尚未计算", "{place}。", "请用表格软件打开核对：不应为 0 的，重新计算（F9）并保存后再报送。",
        "Every formula's result is 0 and may not have been calculated",
        "Open the workbook: where the results should not be 0, calculate it (F9) and save it.");
    public static readonly ProblemKind KeyZerosUnsure = new("IH-INT-358", Row,
        "号码在表格里是数字，看不出前面有没有零", "{field} 的号码可能以 0 开头，而整列都是数字，前面的零保不住。",
        "请把这一列设为文本，从业务系统重新填入号码再报送。", "The column of numbers cannot show zeros in front",
        "Format the column as text and fill in the codes again from the source.");
}
