namespace InfoHub.Host;

/// <summary>Event ids 9000 to 9999. Never names, id numbers, accounts, secrets.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 9001, Message = "{Method} refused: {Code}")]
    public static partial void CallRefused(ILogger log, LogLevel level, string method, string code);

    [LoggerMessage(9002, LogLevel.Debug, "{Method} failed because the store cannot be reached: {Reason}")]
    public static partial void StoreUnavailable(ILogger log, string method, string reason);

    [LoggerMessage(9003, LogLevel.Error, "{Method} failed, incident {Incident}")]
    public static partial void Unforeseen(ILogger log, string method, string incident, Exception fault);

    [LoggerMessage(EventId = 9201,
        Message = "Health changed: store {Store}; spool {Spool}; record log {RecordLog}; stages {Stages}")]
    public static partial void HealthChanged(
        ILogger log, LogLevel level, string store, string spool, string recordLog, string stages);

    [LoggerMessage(9202, LogLevel.Warning, "Set aside for a fault of the hub: {Counts}. ./hub parked tells what, and tries it again")]
    public static partial void MoreIsParked(ILogger log, string counts);

    [LoggerMessage(9203, LogLevel.Warning, "IH-CFG-021: days off of {Year} are not known, its terms are counted by "
        + "weekends alone; write the year's notices into {Folder} and start again")]
    public static partial void CalendarYearMissing(ILogger log, int year, string folder);

    [LoggerMessage(9105, LogLevel.Information,
        "Client {Client} was made before, and its secret is not in {File}: it is in the credentials of the host that made it")]
    public static partial void CredentialElsewhere(ILogger log, string client, string file);

    [LoggerMessage(9102, LogLevel.Information, "The authority knows {Clients} clients; {Made} were made at this start, credentials in {Folder}")]
    public static partial void ClientsReady(ILogger log, int clients, int made, string folder);

    [LoggerMessage(9103, LogLevel.Information, "Token issued to {Client}")]
    public static partial void TokenIssued(ILogger log, string client);

    [LoggerMessage(9104, LogLevel.Warning, "Token refused to {Client}: {Error}")]
    public static partial void TokenRefused(ILogger log, string client, string error);
}
