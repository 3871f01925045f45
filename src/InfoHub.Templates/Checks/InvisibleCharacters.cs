using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace InfoHub.Templates.Checks;

internal enum Visibility
{
    AllSeen = 0,

    /// <summary>Characters nobody sees were in the cell.</summary>
    SomeUnseen,

    /// <summary>A mark that makes people read the characters in another order than they stand.</summary>
    OrderChanged,

    /// <summary>U+FFFD or 锟斤拷: an earlier conversion lost characters.</summary>
    Lost,
}

/// <summary>
/// Characters in a cell that a person does not see: zero-width ones, marks of direction, byte order marks, soft hyphens
/// and control characters. Two cells that look the same have to be the same.
/// </summary>
internal static class InvisibleCharacters
{
    private static readonly byte[] Mojibake = "锟斤拷"u8.ToArray();

    /// <summary>
    /// Whether the record has to be looked at cell by cell. Never false when it has; true costs time only.
    /// </summary>
    public static bool MayHold(ReadOnlySpan<byte> record)
    {
        var i = 0;
        ref var start = ref MemoryMarshal.GetReference(record);
        for (; i + Vector256<byte>.Count < record.Length; i += Vector256<byte>.Count)
        {
            var here = Vector256.LoadUnsafe(ref start, (nuint)i);
            var next = Vector256.LoadUnsafe(ref start, (nuint)i + 1);
            var hit = (Vector256.Equals(here, Vector256.Create((byte)0xE2))
                    & Vector256.Equals(next & Vector256.Create((byte)0xFE), Vector256.Create((byte)0x80)))
                | (Vector256.Equals(here, Vector256.Create((byte)0xEF))
                    & (Vector256.Equals(next, Vector256.Create((byte)0xBB)) | Vector256.Equals(next,
                        Vector256.Create((byte)0xBF))))
                | Vector256.Equals(here, Vector256.Create((byte)0xC2))
                | (Vector256.Equals(here, Vector256.Create((byte)0xE9)) & Vector256.Equals(next,
                    Vector256.Create((byte)0x94)))
                | (Vector256.Equals(here, Vector256.Create((byte)0xE1)) & Vector256.Equals(next,
                    Vector256.Create((byte)0xA0)))
                | Vector256.LessThan(here, Vector256.Create((byte)0x09))
                | (Vector256.LessThan(here, Vector256.Create((byte)0x20)) & Vector256.GreaterThan(here,
                    Vector256.Create((byte)0x0D)))
                | Vector256.Equals(here, Vector256.Create((byte)0x0B)) | Vector256.Equals(here,
                    Vector256.Create((byte)0x0C))
                | Vector256.Equals(here, Vector256.Create((byte)0x7F));
            if (hit != Vector256<byte>.Zero)
                return true;
        }
        for (; i < record.Length; i++)
            if (record[i] is 0xE2 or 0xEF or 0xC2 or 0xE9 or 0xE1 or < 0x09 or 0x0B or 0x0C or (> 0x0D and < 0x20) or 0x7F)
                return true;
        return false;
    }

    /// <summary>The cell without what nobody sees, in <paramref name="scratch"/> when anything is taken out.</summary>
    /// <param name="noBreakSpace">U+00A0 counts as unseen: the cell is an identifier.</param>
    public static ReadOnlySpan<byte> Remove(ReadOnlySpan<byte> cell, bool noBreakSpace, byte[] scratch,
        out Visibility visibility)
    {
        visibility = cell.IndexOf(Mojibake) >= 0 ? Visibility.Lost : Visibility.AllSeen;
        var written = 0;
        for (var rest = cell; rest.Length > 0;)
        {
            _ = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            var of = Of(rune.Value, noBreakSpace);
            if (of > visibility)
                visibility = of;
            if (of is Visibility.AllSeen or Visibility.Lost)
            {
                rest[..length].CopyTo(scratch.AsSpan(written));
                written += length;
            }
            rest = rest[length..];
        }
        return written == cell.Length ? cell : scratch.AsSpan(0, written);
    }

    private static Visibility Of(int character, bool noBreakSpace) => character switch
    {
        0xFFFD => Visibility.Lost,
        (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => Visibility.OrderChanged,
        (>= 0x200B and <= 0x200F) or (>= 0x2060 and <= 0x2065) or 0xFEFF or 0x00AD or 0x061C or 0x180E =>
            Visibility.SomeUnseen,
        '\t' or '\n' or '\r' => Visibility.AllSeen,
        < 0x20 or (>= 0x7F and <= 0x9F) => Visibility.SomeUnseen,
        0x00A0 or 0x202F when noBreakSpace => Visibility.SomeUnseen,
        _ => Visibility.AllSeen,
    };

    /// <summary>The cell with the unseen written out: 91⟨U+200B⟩37.</summary>
    public static byte[] Show(ReadOnlySpan<byte> cell)
    {
        var text = new ArrayBufferWriter<byte>(cell.Length + 16);
        for (var rest = cell; rest.Length > 0;)
        {
            _ = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            if (Of(rune.Value, true) is Visibility.AllSeen or Visibility.Lost)
                text.Write(rest[..length]);
            else
                text.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩")));
            rest = rest[length..];
        }
        return text.WrittenSpan.ToArray();
    }
}
