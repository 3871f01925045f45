using System.Globalization;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>
/// Which months the rows of a file name: a file of which no row is of its own period is that of another.
/// </summary>
internal sealed class RowMonths
{
    private readonly Template _template;
    private readonly int _column;
    private readonly Period _period;
    private readonly Dictionary<int, long> _others = [];
    private bool _hasOwn;
    private int _last;
    private long _lastRows;

    private RowMonths(Template template, int column, Period period) =>
        (_template, _column, _period) = (template, column, period);

    /// <summary>Null where the template has no month that tells the period.</summary>
    public static RowMonths? Of(Template template, Period period)
    {
        var column = template.Fields.ToList().FindIndex(f => f is { IsDataPeriod: true, Kind: FieldKind.Month });
        return column < 0 ? null : new RowMonths(template, column, period);
    }

    /// <summary>The row at <c>batch.RowCount</c>; one without a month that can be read says nothing.</summary>
    public void Count(RowBatch batch)
    {
        if (_hasOwn || batch.Column(_column).IsNull(batch.RowCount))
            return;
        var month = batch.Column(_column).Integer(batch.RowCount);
        if (month == _last)
        {
            _lastRows++;
            return;
        }
        KeepLast();
        (_last, _lastRows) = (month, 1);
        var period = Period.FromCode(month);
        _hasOwn = period.Start >= _period.Start && period.End <= _period.End;
    }

    public Problem? Refusal()
    {
        KeepLast();
        _lastRows = 0;
        if (_hasOwn || _others.Count == 0)
            return null;
        var (month, _) = _others.MaxBy(m => (m.Value, m.Key));
        var seems = Period.FromCode(month);
        return new Problem(ProblemCatalogue.RowsOfOtherPeriod, ("period", _period.ToString()),
            ("rows", _others.Values.Sum().ToString(CultureInfo.InvariantCulture)),
            ("column", _template.Fields[_column].Title), ("seems", seems.ToString()),
            ("name", $"{_template.Item}_{seems}.csv"));
    }

    private void KeepLast()
    {
        if (_lastRows > 0)
            _others[_last] = _others.GetValueOrDefault(_last) + _lastRows;
    }
}
