using Google.Protobuf;
using InfoHub.Contracts.Events.V1;
using InfoHub.Processing.Land;
using Xunit;
using Xunit.Abstractions;

namespace InfoHub.Stages.Tests.Landing;

/// <summary>
/// Reading in place and the generated parser take the same records for sound, and the same from them.
/// </summary>
public sealed class RecordInPlaceTests(ITestOutputHelper output)
{
    private const int Rounds = 60_000;
    private const int RowsBytesMax = 300;

    [Fact]
    public void Parse_RandomAndDamagedRecords_AsTheGeneratedParser()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (sound, refused, inPlace) = (0, 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var content = Damaged(random, RandomRecord(random));
            var (expected, actual) = (Generated(content), InPlace(content, ref inPlace));
            Assert.True(Equals(expected, actual), $"seed {seed}, round {round}: {Convert.ToHexString(content)}");
            if (expected is null)
                refused++;
            else
                sound++;
        }
        output.WriteLine($"{sound} sound, {refused} refused, {inPlace} in place");
        Assert.True(sound > Rounds / 10 && refused > Rounds / 10 && inPlace > Rounds / 10);
    }

    [Fact]
    public void Parse_EnvelopeAsItIsWritten_RowsAreASliceOfTheRecord()
    {
        byte[] rows = [1, 2, 3];
        var envelope = new RecordEnvelope
        {
            SubmissionId = 7, Number = -1, Item = "GD-01", Rows = ByteString.CopyFrom(rows),
        };
        var content = new LogRecord { Envelope = envelope }.ToByteArray();
        var record = RecordInPlace.Parse(content, out var slice);
        content[^1] = 9;

        Assert.Equal([1, 2, 9], slice.ToArray());
        Assert.True(record.Envelope.Rows.IsEmpty);
        Assert.Equal((7L, -1, "GD-01"), (record.Envelope.SubmissionId, record.Envelope.Number, record.Envelope.Item));
    }

    private static LogRecord? Generated(byte[] content)
    {
        try
        {
            return LogRecord.Parser.ParseFrom(content);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static LogRecord? InPlace(byte[] content, ref int inPlace)
    {
        try
        {
            var record = RecordInPlace.Parse(content, out var rows);
            if (record.Envelope is { } envelope)
            {
                if (rows.Length > 0 && envelope.Rows.IsEmpty)
                    inPlace++;
                envelope.Rows = ByteString.CopyFrom(rows.Span);
            }
            else
                Assert.True(rows.IsEmpty);
            return record;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static byte[] RandomRecord(Random random)
    {
        var record = new LogRecord();
        switch (random.Next(6))
        {
            case 0:
                record.Seal = new SubmissionSeal { SubmissionId = random.NextInt64(), RowsRoot = RandomBytes(random) };
                break;
            case 1:
                record.Abandoned = new SubmissionAbandoned
                {
                    SubmissionId = random.NextInt64(), ProblemCode = "IH-INT-101",
                };
                break;
            default:
                record.Envelope = new RecordEnvelope
                {
                    SubmissionId = random.NextInt64(), Number = random.Next(int.MinValue, int.MaxValue),
                    Item = random.Next(2) == 0 ? "" : "社保-01", TemplateVersion = random.Next(3), Period = 202503,
                    RowCount = random.Next(5000), RowFormat = random.Next(2), Rows = RandomBytes(random),
                };
                break;
        }
        return record.ToByteArray();
    }

    private static ByteString RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(4) == 0 ? 0 : random.Next(RowsBytesMax)];
        random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>As it is, cut off, with a byte changed, or put together with other records and fields nobody knows,
    /// also within the envelope.</summary>
    private static byte[] Damaged(Random random, byte[] record)
    {
        switch (random.Next(7))
        {
            case 0:
                return record[..random.Next(record.Length + 1)];
            case 1 when record.Length > 0:
                record[random.Next(Math.Min(record.Length, 40))] = (byte)random.Next(256);
                return record;
            case 2:
                return [.. record, .. RandomRecord(random)];
            case 3:
                return [.. UnknownField(random), .. record];
            case 4:
                return [.. record, .. UnknownField(random)];
            case 5:
                byte[] behind = random.Next(3) == 0 ? UnknownField(random) : [];
                return Wrapped([.. UnknownField(random), .. Unwrapped(record), .. behind]);
            default:
                return record;
        }
    }

    /// <summary>What an envelope holds; nothing for another record.</summary>
    private static byte[] Unwrapped(byte[] record) => LogRecord.Parser.ParseFrom(record).Envelope?.ToByteArray() ?? [];

    private static byte[] Wrapped(byte[] envelope)
    {
        using var target = new MemoryStream();
        using (var writer = new CodedOutputStream(target))
        {
            writer.WriteTag(LogRecord.EnvelopeFieldNumber, WireFormat.WireType.LengthDelimited);
            writer.WriteBytes(ByteString.CopyFrom(envelope));
        }
        return target.ToArray();
    }

    /// <summary>Any wire type, groups among them, sound or not; sometimes a number that is known.</summary>
    private static byte[] UnknownField(Random random)
    {
        using var target = new MemoryStream();
        using (var writer = new CodedOutputStream(target))
        {
            var (number, type) = (random.Next(4) == 0 ? random.Next(1, 9) : random.Next(9, 3000), random.Next(7));
            writer.WriteTag(number, (WireFormat.WireType)Math.Min(type, 5));
            if (type == 0)
                writer.WriteUInt64(random.Next(3) == 0 ? ulong.MaxValue : (ulong)random.NextInt64());
            else if (type == 1)
                writer.WriteFixed64((ulong)random.NextInt64());
            else if (type == 2)
                writer.WriteBytes(RandomBytes(random));
            else if (type == 3 && random.Next(3) > 0)
                writer.WriteTag(number, WireFormat.WireType.EndGroup);
            else if (type == 5)
                writer.WriteFixed32((uint)random.Next());
        }
        return target.ToArray();
    }
}
