using Microsoft.Extensions.Logging;

namespace InfoHub.Processing;

/// <summary>Event ids 2000-2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Error, "Stage {Stage} failed {Tries} times in a row and is tried again in {Seconds} s")]
    public static partial void StageFailed(ILogger logger, string stage, int tries, double seconds, Exception fault);

    [LoggerMessage(2002, LogLevel.Debug, "Another host has moved partition {Partition} on from position {Position}")]
    public static partial void PartitionTaken(ILogger logger, int partition, long position);

    [LoggerMessage(2003, LogLevel.Error, "Record at position {Position} is parked: {Reason}")]
    public static partial void Parked(ILogger logger, long position, string reason);

    [LoggerMessage(2004, LogLevel.Error, "Model {Model} failed on party {Party}, which is parked with it")]
    public static partial void ModelFailed(ILogger logger, string model, string party, Exception fault);

    [LoggerMessage(2006, LogLevel.Debug, "Stage {Stage} waits for the store, which does not answer: {Reason}")]
    public static partial void StoreAway(ILogger logger, string stage, string reason);

    [LoggerMessage(2007, LogLevel.Error, "Stage {Stage} failed on {What}, which is parked")]
    public static partial void SetAside(ILogger logger, string stage, string what, Exception fault);

    [LoggerMessage(2008, LogLevel.Warning, "Stage {Stage} failed on {Units} together and looks for the one at fault")]
    public static partial void Narrowing(ILogger logger, string stage, int units, Exception fault);

    [LoggerMessage(2005, LogLevel.Information, "The register has {Faces} entries at version {Version}")]
    public static partial void RegisterBuilt(ILogger logger, int faces, long version);
}
