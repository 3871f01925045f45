using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;

namespace InfoHub.Client;

/// <summary>
/// When chunks travel compressed: with zstd where the hub takes it, else with gzip. A chunk that compression does not
/// shrink is sent as it is.
/// </summary>
public enum ChunkCompression
{
    /// <summary>Where the hub takes it and is not on this machine.</summary>
    Auto,

    /// <summary>Wherever the hub takes it.</summary>
    Always,

    Never,
}

/// <summary>Where the hub is and who calls it. The text form leaves the secret out.</summary>
public sealed record HubConnectionOptions
{
    /// <summary>
    /// The hub's gRPC endpoint, for example <c>https://infohub.city.gov.cn:5001</c>. Plain http is HTTP/2 without TLS.
    /// </summary>
    public required Uri Hub { get; init; }

    /// <summary>The authority that issues tokens: its OpenID discovery document names the token endpoint.</summary>
    public required Uri Authority { get; init; }

    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    /// <summary>
    /// Lets secret and data travel unencrypted to a host other than this one. Default false: without TLS only a
    /// loopback address is accepted.
    /// </summary>
    public bool ClearTextAllowed { get; init; }

    /// <summary>
    /// How often one step is tried without progress before it fails, 1..100. Default 8: about 20 seconds.
    /// </summary>
    public int AttemptsMax { get; init; } = 8;

    /// <summary>The pause after the first failure; it doubles with each further one. Default 250 ms.</summary>
    public TimeSpan RetryDelayMin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause between attempts. Default 5 s.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a single call may take. Default 2 minutes.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>An upload on which nothing moves for this long is cut and resumed. Default 1 minute.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long an upload waits for the answer to its first, empty chunk, which takes the upload over; a hub of before
    /// does not answer it, and the upload goes on from the offset that Open told. Default 3 s.
    /// </summary>
    public TimeSpan TakeOverTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long <see cref="Sending.SubmissionSender.SendAsync"/> follows a file that the hub has, 0..24 h. Default 10
    /// minutes. The hub goes on without anybody who looks.
    /// </summary>
    public TimeSpan FollowTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What everything sent is marked for. Unspecified counts as production; where it is set, nothing is sent to a hub
    /// that says it is the other.
    /// </summary>
    public HubEnvironment Environment { get; init; }

    /// <summary>Default <see cref="ChunkCompression.Auto"/>.</summary>
    public ChunkCompression Compression { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public override string ToString() => $"{ClientId} at {Hub}";
}
