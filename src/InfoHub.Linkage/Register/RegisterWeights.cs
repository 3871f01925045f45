using System.Runtime.InteropServices;

namespace InfoHub.Linkage.Register;

/// <summary>
/// What the words of names and addresses tell, as counted in a register at some time. Hosts that share it decide
/// alike, whenever each of them built its register.
/// </summary>
public sealed class RegisterWeights
{
    private const int HeaderInts = 4;

    internal RegisterWeights(PairWeights names, PairWeights addresses) => (Names, Addresses) = (names, addresses);

    /// <summary>Every pair tells the same 9 bits, for measuring what their rarity is worth.</summary>
    internal static RegisterWeights Flat { get; } = new(new PairWeights(511, [], []), new PairWeights(511, [], []));

    internal PairWeights Names { get; }

    internal PairWeights Addresses { get; }

    /// <summary>
    /// As bytes for the store; FROZEN: little-endian ints, two headers, then pairs and frequencies of each.
    /// </summary>
    public byte[] ToBytes()
    {
        int[] header = [Names.Records, Names.Pairs.Length, Addresses.Records, Addresses.Pairs.Length];
        return [.. new[] { header, Names.Pairs, Names.Frequencies, Addresses.Pairs, Addresses.Frequencies }
            .SelectMany(part => MemoryMarshal.AsBytes<int>(part).ToArray())];
    }

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="ToBytes"/> wrote.</exception>
    public static RegisterWeights FromBytes(ReadOnlySpan<byte> bytes)
    {
        var ints = MemoryMarshal.Cast<byte, int>(bytes);
        if (ints.Length < HeaderInts || ints.Length != HeaderInts + (2L * ints[1]) + (2L * ints[3]))
            throw new InvalidDataException("these are no weights of a register");
        var (names, addresses) = (ints[1], ints[3]);
        var rest = ints[HeaderInts..];
        return new RegisterWeights(
            new PairWeights(ints[0], rest[..names].ToArray(), rest.Slice(names, names).ToArray()),
            new PairWeights(ints[2], rest.Slice(2 * names, addresses).ToArray(),
                rest[((2 * names) + addresses)..].ToArray()));
    }
}
