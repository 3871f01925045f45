using System.Buffers.Binary;
using System.Numerics;

namespace InfoHub.Client.Sending;

/// <summary>CRC-32C (Castagnoli, RFC 3720): start and end inverted. The check value of "123456789" is E3069283.</summary>
internal static class Crc32c
{
    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
