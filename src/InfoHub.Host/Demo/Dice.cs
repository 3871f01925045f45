namespace InfoHub.Host.Demo;

/// <summary>What a roll is for: each use has independent rolls, so that a new use never shifts another's.</summary>
internal enum Salt
{
    Code = 1, District, Town, Road, House, Surname, Given, Birth, Phone, Industry, Established, Capital, Join, Variant,
    Profile, Scale, Month, ValueAdded, FaultMonth, EventMonth, EventDay, Staff, Meter, Energy, MeterCode, Settled,
    Cover, Share, Dirt, PaidOn, Scope, Order, Parent, Water, Spelling, Landlord,
}

/// <summary>
/// Random numbers without state: a roll is a function of seed, subject, use and month (SplitMix64's finaliser). So each
/// file can be written alone, in any order, and agree with the others.
/// </summary>
internal sealed class Dice(int seed)
{
    private readonly ulong _seed = Mix(unchecked((ulong)seed + 0x9E3779B97F4A7C15));

    public ulong Roll(int subject, Salt salt, int month = 0) =>
        unchecked(Mix(_seed ^ Mix(((ulong)(uint)subject << 20) ^ ((ulong)salt << 8) ^ (ulong)(uint)(month + 64))));

    /// <summary>0 .. <paramref name="bound"/> − 1.</summary>
    public int Below(int bound, int subject, Salt salt, int month = 0) =>
        (int)(Roll(subject, salt, month) % (ulong)bound);

    public long Between(long low, long high, int subject, Salt salt, int month = 0) =>
        low + (long)(Roll(subject, salt, month) % (ulong)(high - low + 1));

    public bool Percent(int share, int subject, Salt salt, int month = 0) => Below(100, subject, salt, month) < share;

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
