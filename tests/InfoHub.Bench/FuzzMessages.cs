using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using InfoHub.Contracts.Intake.V1;

namespace InfoHub.Bench;

/// <summary>
/// Makes messages that are nearly right, and bytes that once were messages. Everything follows from the dice.
/// </summary>
internal sealed class FuzzMessages(Random random, IReadOnlyList<string> words)
{
    private const int DepthMax = 4;
    private const int BombBytes = 64 << 20;

    /// <summary>Sixty-four megabytes of nothing in sixty-four kilobytes.</summary>
    private static readonly byte[] Bomb = Gzip(new byte[BombBytes]);
    private static readonly byte[] ZstdBomb = Zstd(new byte[BombBytes]);

    private static readonly long[] Wholes =
        [0, 1, -1, 2, 31, 1_000, 65_536, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    private static readonly string[] Texts =
    [
        "", "\0", "GD-01\0", "…", "𠮷", "\u202E", "' or 1=1--", "../../../etc/passwd", "%00", "{0}", "\r\n",
        new('好', 5_000),
    ];

    /// <summary>A message of this type with some of its fields set, to sound values more often than not.</summary>
    public IMessage Any(MessageDescriptor type, int depth = 0)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder())
            if (random.Next(10) < 7)
                Set(message, field, depth);
        return message;
    }

    public byte[] Mutated(byte[] bytes)
    {
        var mutant = new List<byte>(bytes);
        for (var times = random.Next(1, 9); times > 0; times--)
        {
            var at = random.Next(mutant.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < mutant.Count:
                    mutant[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutant.Insert(at, (byte)random.Next(256));
                    break;
                case 2 when at < mutant.Count:
                    mutant.RemoveAt(at);
                    break;
                case 3:
                    mutant.RemoveRange(at, Math.Min(random.Next(16), mutant.Count - at));
                    break;
                default:
                    mutant.InsertRange(at, mutant.GetRange(0, Math.Min(random.Next(64), mutant.Count)));
                    break;
            }
        }
        return [.. mutant];
    }

    /// <summary>
    /// A chunk of an upload: its place, its check value, its compression and its bytes each right or wrong.
    /// </summary>
    public UploadChunk Chunk(string submission)
    {
        var data = Data(out var compression);
        return new UploadChunk
        {
            Submission = random.Next(20) == 0 ? Text() : submission,
            Offset = random.Next(3) == 0 ? Wholes[random.Next(Wholes.Length)] : random.Next(200_000),
            Data = UnsafeByteOperations.UnsafeWrap(data), Compression = compression,
            Crc32C = random.Next(4) == 0 ? (uint)random.NextInt64(uint.MaxValue) : Crc(data),
        };
    }

    private byte[] Data(out Compression compression)
    {
        var plain = new byte[random.Next(4) == 0 ? 0 : random.Next(2_000)];
        random.NextBytes(plain);
        compression = random.Next(60) switch
        {
            < 10 => Compression.Gzip, < 20 => Compression.Zstd, < 22 => (Compression)random.Next(-2, 99),
            _ => Compression.Unspecified,
        };
        return (compression, random.Next(60)) switch
        {
            (Compression.Gzip, 0) => Bomb,
            (Compression.Gzip, < 30) => Gzip(plain),
            (Compression.Gzip, < 40) => Mutated(Gzip(plain)),
            (Compression.Zstd, 0) => ZstdBomb,
            (Compression.Zstd, < 30) => Zstd(plain),
            (Compression.Zstd, < 45) => Mutated(Zstd(plain)),
            _ => plain,
        };
    }

    private void Set(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            var (key, value) = (field.MessageType.FindFieldByName("key"), field.MessageType.FindFieldByName("value"));
            var map = (IDictionary)field.Accessor.GetValue(message);
            for (var count = random.Next(3); count > 0; count--)
                map[Value(key, depth) ?? ""] = Value(value, depth);
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            for (var count = random.Next(4); count > 0; count--)
                if (Value(field, depth) is { } value)
                    list.Add(value);
        }
        else if (Value(field, depth) is { } value)
            field.Accessor.SetValue(message, value);
    }

    private object? Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => Text(),
        FieldType.Bytes => ByteString.CopyFrom(Bytes()),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => unchecked((int)Whole()),
        FieldType.UInt32 or FieldType.Fixed32 => unchecked((uint)Whole()),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Whole(),
        FieldType.UInt64 or FieldType.Fixed64 => unchecked((ulong)Whole()),
        FieldType.Enum => random.Next(4) == 0 ? random.Next(-5, 300) : random.Next(6),
        FieldType.Double => random.NextDouble(),
        FieldType.Float => random.NextSingle(),
        FieldType.Message when depth < DepthMax => Any(field.MessageType, depth + 1),
        _ => null,
    };

    private long Whole() => random.Next(3) == 0 ? Wholes[random.Next(Wholes.Length)] : random.Next(1, 10);

    private string Text() => random.Next(6) == 0 ? Texts[random.Next(Texts.Length)] : words[random.Next(words.Count)];

    private byte[] Bytes()
    {
        var bytes = new byte[random.Next(2) == 0 ? 32 : random.Next(70)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var unit in bytes)
            crc = BitOperations.Crc32C(crc, unit);
        return ~crc;
    }

    private static byte[] Zstd(byte[] plain)
    {
        using var zstd = new ZstdSharp.Compressor(1);
        return zstd.Wrap(plain).ToArray();
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(plain);
        return packed.ToArray();
    }

    /// <summary>The gRPC frame of a message; its header now and then lies.</summary>
    public byte[] Frame(byte[] message)
    {
        var lie = random.Next(40);
        var length = lie switch
        {
            0 => uint.MaxValue,
            1 => (uint)message.Length + (uint)random.Next(1, 1_000),
            2 => (uint)random.Next(message.Length + 1),
            3 => 4u << 20,
            _ => (uint)message.Length,
        };
        var head = new byte[5];
        head[0] = (byte)(lie == 4 ? random.Next(256) : 0);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(1), length);
        return [.. head, .. message];
    }

    public string HeaderText() => random.Next(4) switch
    {
        0 => new string('x', random.Next(2_000)),
        1 => Convert.ToBase64String(Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)])),
        2 => random.NextInt64().ToString(CultureInfo.InvariantCulture) + "n",
        _ => "gzip",
    };
}
