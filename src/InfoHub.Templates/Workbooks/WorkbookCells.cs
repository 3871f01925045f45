using System.Globalization;
using InfoHub.Templates.Model;

namespace InfoHub.Templates.Workbooks;

/// <summary>Cells as text: what a person sees who looks at them, with all digits, as the column they are in needs
/// it.</summary>
internal sealed class WorkbookCells(WorkbookStyles styles, bool from1904)
{
    private static readonly string[] ScaleWords = ["万", "千", "百", "亿"];

    /// <param name="field">Null where no column of the template is meant.</param>
    public string Text(SheetCell cell, Field? field) => cell.Type switch
    {
        CellType.Bool => cell.Value is "1" or "true" ? "Y" : "N",
        CellType.IsoDate => WorkbookNumbers.IsoDate(cell.Value),
        CellType.Number => Number(cell, field),
        _ => cell.Value,
    };

    /// <summary>A number without a format that shows zeros in front, and no date or percentage.</summary>
    public bool IsBareNumber(SheetCell cell) => styles[cell.Style] is { Meaning: NumberMeaning.Plain, Digits: null };

    /// <summary>Notes where what is shown is not what is stored.</summary>
    public void Judge(ColumnFindings column, Field? field, int row, SheetCell cell)
    {
        var format = styles[cell.Style];
        if (format.IsScaled && field?.Kind == FieldKind.Number
            && (!format.NamesScale || ScaleWords.Any(w => field.Unit.Contains(w, StringComparison.Ordinal))))
            column.Scaled.Add(row);
        else if (format.IsScaled || format.IsHidden || (field?.Kind is FieldKind.Text or FieldKind.Code
            && format.Meaning is NumberMeaning.Date or NumberMeaning.Month or NumberMeaning.Time))
            column.ShownOtherwise.Add(row);
    }

    private string Number(SheetCell cell, Field? field)
    {
        var format = styles[cell.Style];
        switch (format.Meaning)
        {
            case NumberMeaning.Date or NumberMeaning.Time:
                return WorkbookNumbers.Write(cell.Value, format.Meaning, from1904);
            case NumberMeaning.Month:
                return Month(WorkbookNumbers.Write(cell.Value, NumberMeaning.Date, from1904), field);
            case NumberMeaning.Percent:
                return field is { Kind: FieldKind.Number, Unit: "" } ? WorkbookNumbers.Plain(cell.Value)
                    : WorkbookNumbers.Percent(cell.Value)
                        + (field is { Kind: FieldKind.Number, Unit: "%" or "％" } ? "" : "%");
            default:
                var plain = WorkbookNumbers.Plain(cell.Value);
                return format.Digits is { } digits && field?.Kind != FieldKind.Number
                    && WorkbookNumbers.IsDigits(plain) ? NumberFormat.Show(digits, plain) : plain;
        }
    }

    /// <summary>A date shown as a month stands for the month where a month or a year is wanted.</summary>
    private static string Month(string date, Field? field) =>
        !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? date : field?.Kind switch
            {
                FieldKind.Month => day.ToString("yyyyMM", CultureInfo.InvariantCulture),
                FieldKind.Year => day.ToString("yyyy", CultureInfo.InvariantCulture),
                _ => date,
            };
}
