using System.Buffers.Binary;
using System.Numerics;

namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720): start and end inverted; the check value of "123456789" is E3069283. Department and
/// hub compute it over each chunk as it is sent.
/// </summary>
public static class Crc32c
{
    /// <summary>The checksum of <paramref name="data"/>, of any length; 0 for none.</summary>
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
