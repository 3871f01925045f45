namespace InfoHub.Domain.Identity;

/// <summary>
/// The place that a licence puts in front of a name (云山市东湖区老井面馆) and that tax and people leave out (老井面馆). A
/// place is taken off only where the row's own address has it too, so that no 超市 is taken for a city.
/// </summary>
public static class PlaceInName
{
    private const int LongestPlace = 9;
    private const int RestMin = 2;

    /// <summary>Last characters of divisions, and 区 of development zones.</summary>
    private const string Endings = "省市州盟区县旗镇乡";

    /// <summary>The name from behind its places; the whole name when it has none, or is nothing else.</summary>
    /// <param name="name">As <see cref="NameKey.Of"/> gives it.</param>
    /// <param name="address">As <see cref="NameKey.Of"/> gives it.</param>
    public static string Without(string name, string address)
    {
        var start = 0;
        while (NextEnd(name, start, address) is > 0 and var end)
            start = end;
        return start == 0 ? name : name[start..];
    }

    /// <summary>The county that an address names, its last place; "" when it names none.</summary>
    public static string CountyOf(string address)
    {
        var (county, start) = ("", 0);
        for (var i = 1; i < address.Length && i - start < LongestPlace && !char.IsAsciiDigit(address[i]); i++)
            if (address[i] is '区' or '县' or '旗' or '市' && i > start)
                (county, start) = (address[start..(i + 1)], i + 1);
        return county;
    }

    /// <summary>
    /// Street and house of an address, without its places and without what follows the house: 老井巷7 of
    /// 云山市东湖区老井巷7号1楼; "" for an address that is only places.
    /// </summary>
    public static string DoorOf(string address)
    {
        var start = 0;
        for (var i = 1; i < address.Length && i - start < LongestPlace && !char.IsAsciiDigit(address[i]); i++)
            if (Endings.Contains(address[i], StringComparison.Ordinal) && i > start)
                start = i + 1;
        var end = start;
        while (end < address.Length && !char.IsAsciiDigit(address[end]))
            end++;
        while (end < address.Length && char.IsAsciiDigit(address[end]))
            end++;
        return address[start..end];
    }

    /// <summary>Where the next place ends, or 0: two to nine characters that the address has as they stand.</summary>
    private static int NextEnd(string name, int start, string address)
    {
        for (var end = start + 2; end <= start + LongestPlace && name.Length - end >= RestMin; end++)
            if (Endings.Contains(name[end - 1], StringComparison.Ordinal)
                && address.Contains(name[start..end], StringComparison.Ordinal))
                return end;
        return 0;
    }
}
