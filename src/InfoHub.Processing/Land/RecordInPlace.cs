using Google.Protobuf;
using InfoHub.Contracts.Events.V1;

namespace InfoHub.Processing.Land;

/// <summary>
/// Reads a <see cref="LogRecord"/> without copying an envelope's rows out of it. The generated parser decides what is
/// sound and reads all other fields; here it is only found out where the rows lie, and only in the form in which
/// records are written: one envelope, its rows last. A record of any other form goes through the generated parser as a
/// whole.
/// </summary>
internal static class RecordInPlace
{
    private const int TagEnvelope = (LogRecord.EnvelopeFieldNumber << 3) | (int)WireFormat.WireType.LengthDelimited;
    private const int TagRows = (RecordEnvelope.RowsFieldNumber << 3) | (int)WireFormat.WireType.LengthDelimited;

    /// <param name="content">One record.</param>
    /// <param name="rows">The rows of an envelope: a slice of <paramref name="content"/> or a copy of it, with the
    /// record's own rows left empty in the first case. Empty for any other record.</param>
    /// <exception cref="InvalidProtocolBufferException">As the generated parser throws it.</exception>
    public static LogRecord Parse(ReadOnlyMemory<byte> content, out ReadOnlyMemory<byte> rows)
    {
        if (Find(content.Span) is { } found)
        {
            rows = content[found.Rows..];
            return new LogRecord { Envelope = RecordEnvelope.Parser.ParseFrom(content.Span[found.Header]) };
        }
        var record = LogRecord.Parser.ParseFrom(content.Span);
        rows = record.Envelope?.Rows.Memory ?? default;
        return record;
    }

    /// <summary>Where an envelope's other fields lie, and where its rows begin; null when they are not the last field
    /// of the record's only one.</summary>
    private static (Range Header, int Rows)? Find(ReadOnlySpan<byte> content)
    {
        var reader = new Fields(content);
        if (!reader.IsLast(TagEnvelope))
            return null;
        for (var start = reader.Position; ;)
        {
            var end = reader.Position;
            if (reader.IsLast(TagRows))
                return (start..end, reader.Position);
            if (!reader.Skip())
                return null;
        }
    }

    /// <summary>Steps over fields on the wire; it only has to know the plain ones.</summary>
    private ref struct Fields(ReadOnlySpan<byte> bytes)
    {
        private const int VarintBytesMax = 10;

        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int Position { get; private set; }

        private readonly int Left => _bytes.Length - Position;

        /// <summary>Enters the field if it has this tag and fills what is left; otherwise stays where it is.</summary>
        public bool IsLast(int tag)
        {
            var start = Position;
            if (Varint(out var found) && found == (ulong)tag && Varint(out var bytes) && bytes == (ulong)Left)
                return true;
            Position = start;
            return false;
        }

        /// <summary>False when the next field does not end within the bytes, or is a group.</summary>
        public bool Skip() => Varint(out var tag) && (WireFormat.WireType)(tag & 7) switch
        {
            WireFormat.WireType.Varint => Varint(out _),
            WireFormat.WireType.Fixed64 => Pass(sizeof(ulong)),
            WireFormat.WireType.Fixed32 => Pass(sizeof(uint)),
            WireFormat.WireType.LengthDelimited => Varint(out var bytes) && Pass(bytes),
            _ => false,
        };

        private bool Varint(out ulong value)
        {
            value = 0;
            for (var i = 0; i < VarintBytesMax && Position < _bytes.Length; i++)
            {
                var next = _bytes[Position++];
                value |= (ulong)(next & 0x7F) << (7 * i);
                if (next < 0x80)
                    return true;
            }
            return false;
        }

        private bool Pass(ulong bytes)
        {
            if (bytes > (ulong)Left)
                return false;
            Position += (int)bytes;
            return true;
        }
    }
}
