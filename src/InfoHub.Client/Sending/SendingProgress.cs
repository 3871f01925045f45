using InfoHub.Contracts.Intake.V1;

namespace InfoHub.Client.Sending;

/// <summary>Where a file is on its way.</summary>
public enum SendingStep
{
    /// <summary>The file is checked on this machine before it is sent.</summary>
    Checking,

    /// <summary>The file is read once to compute its SHA-256.</summary>
    Hashing,

    Uploading,

    /// <summary>The hub has the bytes and works on them.</summary>
    Processing,

    /// <summary>A step was cut and is tried again; <see cref="SendingProgress.Retrying"/> tells why.</summary>
    Waiting,

    /// <summary>The submission rests: used or refused.</summary>
    Resting,
}

/// <summary>How far a file has come.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="BytesDone">Hashing: bytes read. Later: bytes that the hub has stored durably.</param>
/// <param name="BytesTotal">The file's size.</param>
/// <param name="Status">What the hub last said; null before it was asked.</param>
/// <param name="Retrying">Set when <paramref name="Step"/> is <see cref="SendingStep.Waiting"/>.</param>
public sealed record SendingProgress(
    SendingStep Step, long BytesDone, long BytesTotal, SubmissionStatus? Status = null,
        Templates.Problems.Problem? Retrying = null);

/// <summary>How long <see cref="SubmissionSender.SendAsync"/> follows a submission.</summary>
public enum SendUntil
{
    /// <summary>Until the hub holds all bytes.</summary>
    Committed,

    /// <summary>Until the submission is used or refused, or the time to follow is over.</summary>
    Resting,
}
