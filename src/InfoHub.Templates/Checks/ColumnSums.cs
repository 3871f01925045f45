using System.Globalization;
using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;

namespace InfoHub.Templates.Checks;

/// <summary>
/// The control sums of one number column over all rows so far, exact. A rejected row gives what could be read of it:
/// Received = Rejected + Accepted. Rows of totals give nothing.
/// </summary>
/// <param name="Field">English column name.</param>
/// <param name="IsComplete">
/// False when a cell that could not be read or a row of a wrong cell count is missing from the sum: it then cannot be
/// compared with what the sender counted.
/// </param>
public readonly record struct ColumnSum(string Field, ExactDecimal Received, ExactDecimal Rejected,
    ExactDecimal Accepted, bool IsComplete);

/// <summary>A decimal of any size that sums of 18-digit cells reach: units of 10^-scale.</summary>
/// <param name="Scale">Digits after the point, 0..18.</param>
public readonly record struct ExactDecimal(Int128 Units, int Scale)
{
    /// <summary>Plain: "-1234.50", with all digits of the scale.</summary>
    public override string ToString()
    {
        var digits = Int128.Abs(Units).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var text = Scale == 0 ? digits : $"{digits[..^Scale]}.{digits[^Scale..]}";
        return Int128.IsNegative(Units) ? "-" + text : text;
    }

    /// <summary>
    /// Reads [+-]digits[.digits], thousands grouped or not; false for anything else and for digits past the scale
    /// that are not zero.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> cell, int scale, out ExactDecimal value)
    {
        value = new(0, scale);
        var negative = cell.Length > 0 && cell[0] == '-';
        var rest = negative || (cell.Length > 0 && cell[0] == '+') ? cell[1..] : cell;
        var point = rest.IndexOf((byte)'.');
        var whole = point < 0 ? rest : rest[..point];
        var fraction = point < 0 ? [] : rest[(point + 1)..];
        if (rest.Length is 0 or > LengthMax || whole.Length + scale > DigitsMax
            || (whole.Contains((byte)',') && !CellText.IsGrouped(whole)))
            return false;
        var (units, seen) = (Int128.Zero, 0);
        foreach (var digit in whole)
            if (digit != ',')
            {
                if (digit is < (byte)'0' or > (byte)'9')
                    return false;
                units = (units * 10) + (digit - '0');
                seen++;
            }
        for (var i = 0; i < Math.Max(fraction.Length, scale); i++)
        {
            var digit = i < fraction.Length ? fraction[i] : (byte)'0';
            if (digit is < (byte)'0' or > (byte)'9' || (i >= scale && digit != '0'))
                return false;
            seen += i < fraction.Length ? 1 : 0;
            units = i < scale ? (units * 10) + (digit - '0') : units;
        }
        value = new(negative ? -units : units, scale);
        return seen > 0;
    }

    /// <summary>Far more than a sum over the rows of one file has, and few enough for the type.</summary>
    private const int DigitsMax = 37;
    private const int LengthMax = 80;
}

/// <summary>Adds up the number columns of a file as its rows end.</summary>
internal sealed class ColumnSums
{
    private readonly Template _template;
    private readonly int[] _columns;
    private readonly Int128[] _accepted;
    private readonly Int128[] _rejected;
    private readonly bool[] _incomplete;

    public ColumnSums(Template template)
    {
        _template = template;
        _columns = [.. Enumerable.Range(0, template.Fields.Length).Where(i =>
            template.Fields[i].Kind == FieldKind.Number)];
        (_accepted, _rejected, _incomplete) = (new Int128[_columns.Length], new Int128[_columns.Length],
            new bool[_columns.Length]);
    }

    public void AddAccepted(RowBatch batch)
    {
        for (var i = 0; i < _columns.Length; i++)
            _accepted[i] = unchecked(_accepted[i] + batch.Column(_columns[i]).Number(batch.RowCount));
    }

    /// <summary>
    /// A cell that could not be read leaves its column's sum without it, and no total can be compared.
    /// </summary>
    public void AddRejected(RowBatch batch, RowErrors errors)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            _rejected[i] = unchecked(_rejected[i] + batch.Column(_columns[i]).Number(batch.RowCount));
            _incomplete[i] |= batch.Column(_columns[i]).IsNull(batch.RowCount) && errors.RowHasUnreadable(_columns[i]);
        }
    }

    /// <summary>Of a row whose cells cannot be told apart nothing can be added.</summary>
    public void AddBroken() => Array.Fill(_incomplete, true);

    public bool IsComplete(int column) => Array.IndexOf(_columns, column) is >= 0 and var i && !_incomplete[i];

    public ExactDecimal Received(int column) =>
        Array.IndexOf(_columns, column) is >= 0 and var i ? Exact(i, _accepted[i] + _rejected[i]) : default;

    public IReadOnlyList<ColumnSum> All() => [.. _columns.Select((column, i) => new ColumnSum(
        _template.Fields[column].Name, Exact(i, _accepted[i] + _rejected[i]), Exact(i, _rejected[i]),
            Exact(i, _accepted[i]), !_incomplete[i]))];

    private ExactDecimal Exact(int i, Int128 units) => new(units, _template.Fields[_columns[i]].Scale);
}
