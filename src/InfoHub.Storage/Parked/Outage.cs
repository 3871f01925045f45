using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace InfoHub.Storage.Parked;

/// <summary>Tells the plant being away from a fault of ours: the one is waited for, the other is set aside.</summary>
public static class Outage
{
    private const int ReasonLengthMax = 500;

    /// <summary>
    /// True when the same work may well succeed later: the store is not there, is full or was busy, the call was
    /// broken off, memory is short.
    /// </summary>
    public static bool Is(Exception fault) => fault switch
    {
        PostgresException stated => stated.IsTransient,
        DbException or SocketException or TimeoutException => true,
        OutOfMemoryException or OperationCanceledException => true,
        AggregateException several => several.InnerExceptions.Any(Is),
        _ => fault.InnerException is { } inner && Is(inner),
    };

    /// <summary>
    /// True when the store is not there, is being started or stopped, or has no room: whoever needs it waits, and that
    /// it is so is said once for all of them.
    /// </summary>
    public static bool IsOfStore(Exception fault) => fault switch
    {
        PostgresException stated => stated.IsTransient && stated.SqlState is not ("40001" or "40P01" or "55P03")
            || stated.SqlState is "57P01" or "57P02" or "57P03" or "53100",
        DbException => true,
        AggregateException several => several.InnerExceptions.Any(IsOfStore),
        _ => fault.InnerException is { } inner && IsOfStore(inner),
    };

    /// <summary>What to keep as the reason: short, and without the values that a server adds in its details.</summary>
    public static string ReasonOf(Exception fault)
    {
        if (fault is AggregateException { InnerExceptions: [var first, ..] })
            return ReasonOf(first);
        var reason = fault is PostgresException stated ? $"{stated.SqlState}: {stated.MessageText}" : fault.Message;
        return reason.Length <= ReasonLengthMax ? reason : reason[..ReasonLengthMax];
    }
}
