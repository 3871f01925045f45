using System.Collections.Immutable;
using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Rows;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Checks;

/// <summary>
/// The rules that need more than one cell of a row, and the primary key's uniqueness inside the file.
/// </summary>
internal sealed class RowConditions(Template template, CellCheck[] checks, FileContext file)
{
    private const byte KeySeparator = 0x1F;

    private readonly int[] _unless = [.. Enumerable.Range(0,
        template.Fields.Length).Where(i => template.Fields[i].RequiredUnless.Length > 0)];
    private readonly int[] _when = [.. Enumerable.Range(0, template.Fields.Length).Where(i => template.Fields[i].RequiredWhen is not null)];
    private readonly int[] _documents = [.. Enumerable.Range(0, template.Fields.Length).Where(i => template.Fields[i].Check == FieldCheck.DocumentByType)];
    private readonly byte[][][] _whenValues =
        [.. template.Fields.Select(f => f.RequiredWhen is { } w ? w.Values.Select(Encoding.UTF8.GetBytes).ToArray() : [])];
    private readonly ImmutableArray<ImmutableArray<int>> _keyCells = template.KeyCells;
    private readonly KeySet _keys = new(file.KeySeed, file.Overflow);
    private byte[] _key = new byte[1024];
    private int _keyLength;
    private bool _keyIsPersonal;

    /// <summary>
    /// The primary key of the row checked last, for people: its cells joined by "|", covered when one is personal.
    /// </summary>
    public ReadOnlySpan<byte> Key
    {
        get
        {
            var key = _key.AsSpan(0, _keyLength);
            key.Replace(KeySeparator, (byte)'|');
            if (_keyIsPersonal)
                return Encoding.UTF8.GetBytes(Mask.Cover(Encoding.UTF8.GetString(key)));
            var text = Encoding.UTF8.GetString(key);
            return PersonalNumber.Cover(text) is { } covered && ReferenceEquals(covered, text) ? key
                : Encoding.UTF8.GetBytes(PersonalNumber.Cover(text));
        }
    }

    /// <summary>Checks the row at <c>batch.RowCount</c>.</summary>
    public void Check(int row, RowBatch batch, RowErrors errors)
    {
        var slot = batch.RowCount;
        foreach (var field in _unless)
            if (batch.Column(field).IsNull(slot) && !HasSubstitute(field, batch, slot))
                errors.Add(row, field, ProblemCatalogue.CellMissing, Disposition.RejectRow, [], "");
        foreach (var field in _when)
            if (batch.Column(field).IsNull(slot) && Applies(field, batch, slot))
                errors.Add(row, field, ProblemCatalogue.ConditionMissing, Disposition.RejectRow, [], _whenTexts[field]);
        foreach (var field in _documents)
        {
            var type = batch.Column(template.IndexOf(template.Fields[field].CheckTypeField!));
            if (!batch.Column(field).IsNull(slot) && !type.IsNull(slot))
                checks[field].CheckDocument(type.Text(slot), row, batch, errors);
        }
        BuildKey(batch, slot);
    }

    /// <summary>Rejects a row whose key another row has; a row that is good so far takes its key.</summary>
    public void CheckKey(int row, RowErrors errors)
    {
        if (!errors.RowIsRejected && _keys.FindOrAdd(_key.AsSpan(0, _keyLength), row) is > 0 and var first)
            errors.Add(row, -1, ProblemCatalogue.KeyDuplicate, Disposition.RejectRow, Key, FirstRowText(first));
    }

    private readonly string[] _whenTexts = [.. template.Fields.Select(f =>
        f.RequiredWhen is { } w ? $"{template.Fields[template.IndexOf(w.Field)].Title} = {string.Join(" 或 ", w.Values)}" : "")];

    private static string FirstRowText(int first) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"第 {first} 行已有");

    private bool HasSubstitute(int field, RowBatch batch, int slot)
    {
        foreach (var other in template.Fields[field].RequiredUnless)
            if (!batch.Column(template.IndexOf(other)).IsNull(slot))
                return true;
        return false;
    }

    private bool Applies(int field, RowBatch batch, int slot)
    {
        var other = batch.Column(template.IndexOf(template.Fields[field].RequiredWhen!.Field));
        if (other.IsNull(slot))
            return false;
        foreach (var value in _whenValues[field])
            if (other.Text(slot).SequenceEqual(value))
                return true;
        return false;
    }

    private void BuildKey(RowBatch batch, int slot)
    {
        _keyLength = 0;
        _keyIsPersonal = false;
        foreach (var cells in _keyCells)
        {
            var filled = cells[0];
            foreach (var index in cells)
                if (!batch.Column(index).IsNull(slot))
                {
                    filled = index;
                    break;
                }
            Append(batch.Column(filled), slot);
            _keyIsPersonal |= template.Fields[cells[0]].Sensitivity != Sensitivity.Internal
                || template.Fields[filled].Sensitivity != Sensitivity.Internal;
            _key[_keyLength++] = KeySeparator;
        }
        _keyLength = Math.Max(0, _keyLength - 1);
    }

    private void Append(ColumnBuffer column, int slot)
    {
        if (column.IsNull(slot))
            return;
        if (_key.Length - _keyLength < 64 + (column.IsText ? column.Text(slot).Length : 0))
            Array.Resize(ref _key, _key.Length * 2 + (column.IsText ? column.Text(slot).Length : 0));
        var target = _key.AsSpan(_keyLength);
        if (column.IsText)
        {
            column.Text(slot).CopyTo(target);
            _keyLength += column.Text(slot).Length;
            return;
        }
        _keyLength += column.FormatKey(slot, target);
    }
}
