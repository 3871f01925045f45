using System.Buffers.Binary;
using System.Globalization;
using InfoHub.Templates.Model;
using InfoHub.Templates.Rows;

namespace InfoHub.Storage.Landing;

/// <summary>
/// The typed table of an item: the template's columns and the system columns that say where a row came from and whose
/// it
/// is. Column names come from templates, which allow only lower case letters, digits and underscores, and are quoted.
/// </summary>
internal static class FactTable
{
    public const string SystemColumns = "_submission, _row, _period, _party, _identity, _op, _hash";

    /// <summary>The code of the head office of whom the row is about.</summary>
    public static readonly string[] ParentColumns = ["parent_uscc", "parent_nsrsbh"];

    private const int SystemColumnCount = 7;

    public static string NameOf(Template template) => $"facts.\"{template.TableName}\"";

    /// <summary>
    /// All columns: where a row came from, what replaced it (not part of what COPY writes), and its cells.
    /// </summary>
    public static IEnumerable<(string Name, string Type)> Columns(Template template) =>
    [
        ("_submission", "bigint"), ("_row", "int"), ("_period", "int"), ("_party", "bigint"), ("_identity", "uuid"),
        ("_op", "\"char\""), ("_hash", "bytea"), ("_superseded", "bigint"),
        .. template.Fields.Select(f => (f.Name, TypeOf(f))),
    ];

    /// <summary>
    /// By name, and on what. Rows of a submission lie together and in order, so a block range index finds them at next
    /// to no cost for COPY.
    /// </summary>
    public static IEnumerable<(string Name, string On)> Indexes(Template template) =>
    [
        ($"{template.TableName}_party", $"{NameOf(template)} (_party)"),
        ($"{template.TableName}_place", $"{NameOf(template)} using brin (_submission, _row) "
            + "with (pages_per_range = 16, autosummarize = on)"),
        .. template.Fields.Where(f => ParentColumns.Contains(f.Name)).Select(parent => (
            $"{template.TableName}_{parent.Name}",
            $"{NameOf(template)} (\"{parent.Name}\") where \"{parent.Name}\" is not null")),
    ];

    /// <summary>A table that nobody has yet, with its indexes.</summary>
    public static string Creation(Template template) =>
        $"create table {NameOf(template)} ({string.Join(", ", Columns(template).Select(c => $"\"{c.Name}\" {c.Type}"))})"
        + string.Concat(Indexes(template).Select(i => $";\ncreate index \"{i.Name}\" on {i.On}"));

    private static string TypeOf(Field field) => field.Kind switch
    {
        FieldKind.Number => string.Create(CultureInfo.InvariantCulture, $"numeric({field.Precision},{field.Scale})"),
        FieldKind.Date => "date",
        FieldKind.Month or FieldKind.Year => "int",
        _ => "text",
    };

    /// <summary>COPY in binary form, in the order <see cref="WriteRow"/> writes.</summary>
    public static string CopyCommand(Template template) =>
        $"copy {NameOf(template)} ({SystemColumns}, {string.Join(", ", template.Fields.Select(f => $"\"{f.Name}\""))}) from stdin (format binary)";

    /// <summary>The signature and flags a binary COPY begins with, and the trailer it ends with.</summary>
    public static ReadOnlySpan<byte> CopyHeader => [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0];

    public static ReadOnlySpan<byte> CopyTrailer => [0xFF, 0xFF];

    /// <summary>Upper bound of the bytes of all rows of a batch: system columns, 28 bytes a value, and all its
    /// text.</summary>
    public static int TupleBytesMax(RowBatchView rows, Template template)
    {
        const int SystemBytes = 2 + (SystemColumnCount * 4) + 8 + 4 + 4 + 8 + 16 + 1 + 32;
        const int ValueBytesMax = 28;
        return rows.PayloadBytes + (rows.RowCount * (SystemBytes + (template.Fields.Length * ValueBytesMax)));
    }

    /// <summary>Writes one row in PostgreSQL's binary tuple format and returns its length.</summary>
    public static int WriteRow(RowBatchView rows, int row, (long Submission, int Period, int Columns) constant, Span<byte> target)
    {
        var tuple = new TupleWriter(target);
        tuple.Begin((short)(SystemColumnCount + constant.Columns));
        tuple.Int64(constant.Submission);
        tuple.Int32(rows.RowNumber(row));
        tuple.Int32(constant.Period);
        tuple.Null();
        tuple.Bytes(rows.Identity(row));
        tuple.Byte(rows.Operation(row));
        tuple.Bytes(rows.Hash(row));
        for (var i = 0; i < constant.Columns; i++)
        {
            if (rows.IsNull(i, row))
                tuple.Null();
            else if (rows.IsText(i))
                tuple.Bytes(rows.Text(i, row));
            else if (rows.IsNumber(i))
                tuple.Numeric(rows.Number(i, row), rows.Scale(i));
            else
                tuple.Int32(rows.Integer(i, row));
        }
        return tuple.Length;
    }

    private ref struct TupleWriter(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Length { get; private set; }

        public void Begin(short columns)
        {
            BinaryPrimitives.WriteInt16BigEndian(_target, columns);
            Length = 2;
        }

        public void Null() => Size(-1);

        public void Int32(int value)
        {
            Size(4);
            BinaryPrimitives.WriteInt32BigEndian(_target[Length..], value);
            Length += 4;
        }

        public void Int64(long value)
        {
            Size(8);
            BinaryPrimitives.WriteInt64BigEndian(_target[Length..], value);
            Length += 8;
        }

        public void Byte(byte value)
        {
            Size(1);
            _target[Length++] = value;
        }

        public void Bytes(scoped ReadOnlySpan<byte> value)
        {
            Size(value.Length);
            value.CopyTo(_target[Length..]);
            Length += value.Length;
        }

        /// <summary>PostgreSQL's numeric: digits to the base 10 000, most significant first, aligned to the decimal
        /// point.</summary>
        public void Numeric(long value, int scale)
        {
            Span<short> digits = stackalloc short[8];
            var padding = (4 - (scale % 4)) % 4;
            var factor = padding switch { 0 => 1UL, 1 => 10UL, 2 => 100UL, _ => 1000UL };
            var unsigned = value < 0 ? (ulong)-(Int128)value : (ulong)value;
            // 18 digits and up to three of padding need more than 64 bits; nearly all amounts do not.
            var (rest, high) = unsigned <= ulong.MaxValue / 1000
                ? (unsigned * factor, UInt128.Zero) : (0UL, (UInt128)unsigned * factor);
            var count = 0;
            for (; high > ulong.MaxValue; high /= 10_000)
                digits[count++] = (short)(high % 10_000);
            for (rest += (ulong)high; rest != 0; rest /= 10_000)
                digits[count++] = (short)(rest % 10_000);
            var fractions = (scale + 3) / 4;
            var weight = count - fractions - 1;
            var first = 0;
            while (first < count && digits[first] == 0)
                first++;
            Size(8 + ((count - first) * 2));
            Int16((short)(count - first));
            Int16((short)(count == 0 ? 0 : weight));
            Int16(value < 0 ? (short)0x4000 : (short)0);
            Int16((short)scale);
            for (var i = count - 1; i >= first; i--)
                Int16(digits[i]);
        }

        private void Int16(short value)
        {
            BinaryPrimitives.WriteInt16BigEndian(_target[Length..], value);
            Length += 2;
        }

        private void Size(int bytes)
        {
            BinaryPrimitives.WriteInt32BigEndian(_target[Length..], bytes);
            Length += 4;
        }
    }
}
