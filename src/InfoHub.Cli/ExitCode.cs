using InfoHub.Contracts.Intake.V1;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli;

/// <summary>FROZEN: scripts of the departments rest on these numbers (ExitCodeTests).</summary>
public enum ExitCode
{
    Ok = 0,

    /// <summary>The command line, a setting, a file name or a number is wrong; nothing was sent.</summary>
    Usage = 1,

    /// <summary>The hub refused the file, or every row of it.</summary>
    FileRefused = 2,

    /// <summary>Accepted, but some rows were rejected: mend them and send them with the next sequence.</summary>
    RowsRejected = 3,

    /// <summary>Not signed in, or not permitted.</summary>
    NotPermitted = 4,

    /// <summary>
    /// The hub or its authority cannot be reached, or is busy. Send again later; what was uploaded is kept.
    /// </summary>
    HubUnreachable = 5,

    /// <summary>A receipt, a proof or the hub's key does not verify: rely on nothing it says.</summary>
    NotGenuine = 6,

    /// <summary>The department's own database could not be read; no file was written.</summary>
    SourceFailed = 7,

    /// <summary>Our own fault.</summary>
    Fault = 70,

    /// <summary>Ended by Ctrl-C.</summary>
    Cancelled = 130,
}

/// <summary>The one place that maps problems and outcomes to exit codes.</summary>
internal static class ExitCodes
{
    // The first of these that occurs among several files is the exit code of the command.
    private static readonly ExitCode[] WorstFirst =
    [
        ExitCode.Cancelled, ExitCode.Fault, ExitCode.NotGenuine, ExitCode.HubUnreachable, ExitCode.NotPermitted,
        ExitCode.SourceFailed, ExitCode.FileRefused, ExitCode.Usage, ExitCode.RowsRejected,
    ];

    public static ExitCode Of(Problem problem) => problem.Code switch
    {
        "IH-INT-101" or "IH-INT-102" or "IH-INT-136" => ExitCode.NotPermitted,
        "IH-INT-131" or "IH-INT-132" or "IH-INT-133" or "IH-INT-146" => ExitCode.NotGenuine,
        "IH-INT-139" => ExitCode.SourceFailed,
        "IH-INT-140" => ExitCode.RowsRejected,
        // 114 and 119: the state is another one now, or a second program sends the same file; 148: the hub is slow.
        // Nothing was refused.
        "IH-INT-111" or "IH-INT-114" or "IH-INT-116" or "IH-INT-119" or "IH-INT-148"
            or "IH-INT-152"
            => ExitCode.HubUnreachable,
        "IH-INT-199" => ExitCode.Fault,
        // Wrong number, request, name or path: the command line is what has to be mended.
        "IH-INT-110" or "IH-INT-113" or "IH-INT-115" or "IH-INT-117" or "IH-INT-130" or "IH-INT-134" or "IH-INT-135"
            or "IH-INT-138" or "IH-INT-141" or "IH-INT-142" or "IH-INT-151" => ExitCode.Usage,
        var code when code.StartsWith("IH-CFG-", StringComparison.Ordinal)
            || code.StartsWith("IH-DLV-", StringComparison.Ordinal) => ExitCode.Usage,
        _ => ExitCode.FileRefused,
    };

    public static ExitCode Of(SubmissionStatus status) => status switch
    {
        { State: SubmissionState.FileRefused or SubmissionState.AllRowsRejected } => ExitCode.FileRefused,
        { State: SubmissionState.Withdrawn } => ExitCode.Ok,
        _ when status.RowsRejected > status.RowsMended => ExitCode.RowsRejected,
        _ => ExitCode.Ok,
    };

    public static ExitCode Worst(IEnumerable<ExitCode> codes)
    {
        var occurred = codes.ToHashSet();
        return WorstFirst.FirstOrDefault(occurred.Contains, ExitCode.Ok);
    }
}
