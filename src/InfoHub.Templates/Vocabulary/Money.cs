using System.Globalization;

namespace InfoHub.Templates.Vocabulary;

/// <summary>
/// An amount of renminbi in whole fen (0.01 元). The default value is zero. Arithmetic is checked: an overflow throws.
/// There is no way in or out through floating point.
/// </summary>
public readonly record struct Money(long Fen) : IComparable<Money>
{
    public static readonly Money Zero = default;

    public static Money FromYuan(decimal yuan) => new(checked((long)Math.Round(yuan * 100m, 0, MidpointRounding.AwayFromZero)));

    /// <summary>The amount in 元, exact.</summary>
    public decimal Yuan => Fen / 100m;

    public static Money operator +(Money left, Money right) => new(checked(left.Fen + right.Fen));
    public static Money operator -(Money left, Money right) => new(checked(left.Fen - right.Fen));
    public static Money operator -(Money value) => new(checked(-value.Fen));
    public static bool operator <(Money left, Money right) => left.Fen < right.Fen;
    public static bool operator >(Money left, Money right) => left.Fen > right.Fen;
    public static bool operator <=(Money left, Money right) => left.Fen <= right.Fen;
    public static bool operator >=(Money left, Money right) => left.Fen >= right.Fen;

    /// <summary>The amount times a rate or coefficient, rounded half away from zero to the fen (四舍五入).</summary>
    public Money Times(decimal factor) => FromYuan(Yuan * factor);

    public int CompareTo(Money other) => Fen.CompareTo(other.Fen);

    /// <summary>元 with two decimals, no grouping: <c>1234.50</c>.</summary>
    public override string ToString() => Yuan.ToString("0.00", CultureInfo.InvariantCulture);
}
