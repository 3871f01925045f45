using System.Globalization;
using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>Cells that are a day, a month, a quarter or a year.</summary>
internal sealed partial class CellCheck
{
    private void Date(ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot, RowErrors errors)
    {
        column.SetNull(slot);
        var writing = DateText.TryRead(cell, out var date);
        var isFar = writing == Writing.Unreadable || date.DayNumber < FirstPlausibleDay
            || date.DayNumber >= FirstEndlessDay;
        if (isFar && IsNoDate(cell, row, writing == Writing.Unreadable ? null : date, column, slot, errors))
            return;
        if (writing == Writing.Unreadable)
        {
            Fail(errors, row, CellText.IsSerialDate(cell) ? ProblemCatalogue.ExcelSerialDate
                : ProblemCatalogue.NotADate, cell, _expected);
            return;
        }
        if (writing != Writing.Agreed)
            Fail(errors, row, ProblemCatalogue.DateRewritten, cell, date.ToString("yyyy-MM-dd",
                CultureInfo.InvariantCulture)
                + (writing == Writing.OtherZone ? "（按北京时间；原值是其他时区的时刻）" : ""));
        if (date.DayNumber < FirstPlausibleDay || (!_field.FutureAllowed && date.DayNumber > _lastPlausibleDay))
            Fail(errors, row, ProblemCatalogue.DateImplausible, cell, "");
        column.SetInteger(slot, date.DayNumber - ColumnBuffer.Epoch);
    }

    /// <summary>
    /// A word or a day for nothing or for no end, told of; with a time of day behind it or none, in any writing. A
    /// required day is told of as implausible.
    /// </summary>
    /// <param name="day">Null when the cell is no day.</param>
    private bool IsNoDate(
        ReadOnlySpan<byte> cell, int row, DateOnly? day, ColumnBuffer column, int slot, RowErrors errors)
    {
        Span<byte> agreed = stackalloc byte["YYYY-MM-DD".Length];
        var meant = day is { } date && date.TryFormat(agreed, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture)
            ? agreed : DateText.WithoutTime(cell.TrimEnd((byte)'Z'));
        var isOpenEnd = NothingWords.IsOpenEnd(meant) || (_field.FutureAllowed && day >= _firstEndlessDay);
        if ((!isOpenEnd && !NothingWords.IsNothing(meant, NothingColumn.Date)) || (day is not null && _requiredPlain))
            return false;
        if (isOpenEnd && !_requiredPlain && _field.FutureAllowed)
            Fail(errors, row, ProblemCatalogue.OpenEndRead, cell, "");
        else
            Nothing(cell, row, column, slot, errors);
        return true;
    }

    private void MonthOrYear(ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot, RowErrors errors)
    {
        column.SetNull(slot);
        var kind = _field.Kind == FieldKind.Month ? PeriodKind.Month : PeriodKind.Year;
        if (!TryPeriod(cell, kind, row, column, slot, errors, out var period))
            return;
        if (_field.IsDataPeriod && (period.Start < _file.Period.Start || period.End > _file.Period.End))
            Fail(errors, row, ProblemCatalogue.OtherPeriod, cell, _file.Period.ToString());
        column.SetInteger(slot, kind == PeriodKind.Month ? period.Code : period.Year);
    }

    private void Quarter(ReadOnlySpan<byte> cell, int row, ColumnBuffer column, int slot, RowErrors errors)
    {
        column.SetNull(slot);
        if (!TryPeriod(cell, PeriodKind.Quarter, row, column, slot, errors, out var period))
            return;
        Span<byte> agreed = stackalloc byte["YYYYQn".Length];
        Encoding.ASCII.GetBytes(period.ToString(), agreed);
        column.SetText(slot, agreed);
    }

    private bool TryPeriod(ReadOnlySpan<byte> cell, PeriodKind kind, int row, ColumnBuffer column, int slot,
        RowErrors errors, out Period period)
    {
        var writing = PeriodText.TryRead(cell, kind, out period);
        if (writing == Writing.Other)
            Fail(errors, row, ProblemCatalogue.PeriodRewritten, cell, period.ToString());
        if (writing != Writing.Unreadable)
            return true;
        if (NothingWords.IsNothing(cell, NothingColumn.Date))
            Nothing(cell, row, column, slot, errors);
        else
            Fail(errors, row, CellText.IsScientific(cell) ? ProblemCatalogue.ScientificNotation
                : CellText.IsSerialDate(cell) ? ProblemCatalogue.ExcelSerialDate
                : ProblemCatalogue.NotAPeriod, cell, _expected);
        return false;
    }
}
