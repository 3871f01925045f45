using System.Net;
using System.Net.Sockets;
using InfoHub.Host.Authority;
using InfoHub.Storage.Access;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Composition;

/// <summary>
/// What a start needs of the machine: a folder, a store, two ports. What is not there is said with a number and what to
/// do, never with a stack trace.
/// </summary>
internal static class StartCheck
{
    /// <exception cref="ProblemException">IH-CFG-032.</exception>
    public static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var trial = Path.Combine(folder, $".{Guid.NewGuid():n}");
            File.WriteAllBytes(trial, []);
            File.Delete(trial);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.FolderClosed,
                ("folder", folder), ("reason", fault.Message)));
        }
    }

    /// <summary>A store that others run, which may be on its way up: it is waited for a while.</summary>
    /// <exception cref="ProblemException">
    /// IH-CFG-001: a connection string cannot be read; IH-CFG-030: the store does not answer, or does not let us in.
    /// </exception>
    public static async Task<StoreAccess> OpenAsync(
        HubOptions options, string folder, ILoggerFactory logging, CancellationToken cancellation)
    {
        var (worker, owner) = Read("Hub:Store", options.Store!, text => StoreAccess.Complete(text, folder));
        var access = Read("Hub:StoreOwner", options.StoreOwner ?? "",
            text => StoreAccess.Of(worker, text.Length > 0 ? text : owner));
        try
        {
            var log = logging.CreateLogger(typeof(StartCheck).FullName!);
            await access.AnsweringAsync(("Hub:Store", "Hub:StoreOwner"), options.StoreWait, log, cancellation);
            return access;
        }
        catch
        {
            await access.DisposeAsync();
            throw;
        }
    }

    /// <summary>Before anything is started: a server that cannot listen later says so with a stack trace.</summary>
    /// <exception cref="ProblemException">IH-CFG-031: a port is in use, or not for everybody.</exception>
    public static void RequirePorts(HubOptions options)
    {
        foreach (var port in new[] { options.GrpcPort, options.WebPort }.Where(port => port > 0))
            try
            {
                using var trial = new TcpListener(IPAddress.Loopback, port);
                trial.Start();
            }
            catch (SocketException taken)
            {
                throw new ProblemException(new Problem(ProblemCatalogue.PortTaken,
                    ("what", $"127.0.0.1:{port}"), ("reason", taken.Message)));
            }
    }

    private static T Read<T>(string key, string text, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (Exception unsound) when (unsound is ArgumentException or FormatException)
        {
            // The text itself holds the secret.
            throw AuthorityOptions.Unsound(key, "…", unsound.Message, "内嵌数据库");
        }
    }
}
