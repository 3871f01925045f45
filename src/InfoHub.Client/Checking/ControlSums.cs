using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;

namespace InfoHub.Client.Checking;

/// <summary>Sums the number columns of accepted rows, exactly: scaled integers in 128 bits.</summary>
internal sealed class ControlSums(Template template)
{
    private readonly int[] _columns =
        [.. Enumerable.Range(0, template.Fields.Length).Where(i => template.Fields[i].Kind == FieldKind.Number)];

    private readonly Int128[] _sums = new Int128[template.Fields.Length];

    public void Add(RowBatch batch)
    {
        if (batch.RowCount == 0 || _columns.Length == 0)
            return;
        var rows = new RowBatchView(template, batch.ToPayload());
        foreach (var column in _columns)
            for (var row = 0; row < rows.RowCount; row++)
                if (!rows.IsNull(column, row))
                    _sums[column] += rows.Number(column, row);
    }

    public IReadOnlyList<CheckedSum> Totals() =>
        [.. _columns.Select(i => new CheckedSum(template.Fields[i], Decimal(_sums[i], template.Fields[i].Scale)))];

    /// <summary>28 digits hold the sum of ten billion rows of 18 digits each.</summary>
    private static decimal Decimal(Int128 scaled, int scale)
    {
        var magnitude = (UInt128)Int128.Abs(scaled);
        var low = (ulong)(magnitude & ulong.MaxValue);
        var high = (ulong)(magnitude >> 64);
        return unchecked(new decimal(
            (int)low, (int)(low >> 32), (int)high, Int128.IsNegative(scaled), (byte)scale));
    }
}
