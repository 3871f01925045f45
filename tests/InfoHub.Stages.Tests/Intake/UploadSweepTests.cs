using System.Security.Cryptography;
using InfoHub.Domain.Receipts;
using InfoHub.Domain.Submissions;
using InfoHub.Intake;
using InfoHub.Intake.Submit;
using InfoHub.Stages.Tests.RecordLog;
using InfoHub.Storage.Claims;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Vocabulary;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace InfoHub.Stages.Tests.Intake;

/// <summary>An upload that nobody ends goes after its time, and nothing else does.</summary>
public sealed class UploadSweepTests(PostgresLogFixture fixture) : IClassFixture<PostgresLogFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ReceiptLedger Receipts =
        new(new ReceiptSigner(ECDsa.Create(ECCurve.NamedCurves.nistP256), []));

    private readonly SubmissionStore _submissions = new(fixture.Store, Receipts, TimeProvider.System);
    private readonly FileSpool _spool = new(Directory.CreateTempSubdirectory("infohub-sweep-").FullName);

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + by;
    }

    private Task<int> SweepAsync(TimeSpan later) => SweepOf(later).RunOnceAsync(None);

    private UploadSweep SweepOf(TimeSpan later)
    {
        var options = new IntakeOptions { SpoolFolder = "", UploadKept = TimeSpan.FromDays(7) };
        var clock = new LaterClock(later);
        var store = new SubmissionStore(fixture.Store, Receipts, clock);
        return new UploadSweep(store, _spool, new UploadHolders(), new ClaimStore(fixture.Store), options, clock,
            NullLogger<UploadSweep>.Instance);
    }

    /// <summary>A submission of which half has been uploaded, with the epoch of its stream.</summary>
    private async Task<(Submission Submission, long Epoch)> HalfUploadedAsync(int sequence)
    {
        var key = new SubmissionKey("GD", "GD-01", 1, Period.Parse("202503"), sequence);
        var file = new DeclaredFile([.. SHA256.HashData(BitConverter.GetBytes(sequence))], 8, FileFormat.Csv, "f.csv");
        var submission = await _submissions.OpenAsync(key, file, SubmissionTerms.Default, None);
        var epoch = await _submissions.TakeUploadAsync(submission.Id, None);
        using var writer = _spool.OpenWriter(submission.Id);
        writer.Append([1, 2, 3, 4]);
        writer.Flush();
        return (submission, epoch!.Value);
    }

    private async Task<(SubmissionState State, long Bytes)> FoundAsync(Submission submission) =>
        ((await _submissions.GetAsync(submission.Id, None)).State, _spool.DurableOffset(submission.Id));

    [Fact]
    public async Task Sweep_UploadLeftAlone_BytesGoAndItCanBeSentAnew()
    {
        var (left, epoch) = await HalfUploadedAsync(1);
        Assert.Equal(0, await SweepAsync(TimeSpan.FromDays(6.9)));
        Assert.Equal((SubmissionState.Uploading, 4L), await FoundAsync(left));
        Assert.Equal(1, await SweepAsync(TimeSpan.FromDays(7.1)));
        Assert.Equal((SubmissionState.Opened, 0L), await FoundAsync(left));
        Assert.Equal(0, await SweepAsync(TimeSpan.FromDays(7.1)));

        Assert.False(await _submissions.HoldsUploadAsync(left.Id, epoch, None));
        Assert.True(await _submissions.TakeUploadAsync(left.Id, None) > epoch + 1);
        using var writer = _spool.OpenWriter(left.Id);
        Assert.Equal(0, writer.Offset);
    }

    [Fact]
    public async Task Sweep_CommittedOrStillBeingWritten_Stays()
    {
        var (committed, epoch) = await HalfUploadedAsync(2);
        var receipt = Receipt.Issue(ReceiptKind.BytesReceived, committed.Key.Ref, DateTimeOffset.UtcNow, null, []);
        Assert.True(await _submissions.AdvanceAsync(committed, SubmissionState.Received, receipt, None, epoch));
        var (written, _) = await HalfUploadedAsync(3);
        File.SetLastWriteTimeUtc(_spool.PathOf(written.Id), DateTime.UtcNow + TimeSpan.FromDays(3));

        Assert.Equal(0, await SweepAsync(TimeSpan.FromDays(8)));
        Assert.Equal((SubmissionState.Received, 4L), await FoundAsync(committed));
        Assert.Equal((SubmissionState.Uploading, 4L), await FoundAsync(written));
        Assert.Equal(1, await SweepAsync(TimeSpan.FromDays(11)));
    }

    [Fact]
    public void Spool_HoldsOtherPeoplesFiles_ForItsOwnAccountOnly()
    {
        if (OperatingSystem.IsWindows())
            return;
        using (var writer = _spool.OpenWriter(7))
            writer.Append([1]);
        _spool.Replace(8, [1]);
        using var scratch = _spool.OpenScratch(7, "csv", bufferBytes: 0);
        var folder = Path.GetDirectoryName(_spool.PathOf(7))!;

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(3, Directory.GetFiles(folder).Length);
        foreach (var path in Directory.GetFiles(folder))
            Assert.Equal(Owner, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData(SubmissionState.Received, 8, true)]
    [InlineData(SubmissionState.Checked, 8, true)]
    [InlineData(SubmissionState.Stored, 0, false)]
    [InlineData(SubmissionState.Used, 0, false)]
    [InlineData(SubmissionState.Withdrawn, 0, false)]
    [InlineData(SubmissionState.FileRefused, 6.9, true)]
    [InlineData(SubmissionState.FileRefused, 7.1, false)]
    [InlineData(SubmissionState.AllRowsRejected, 7.1, false)]
    public async Task Discard_FileOfWhichNothingIsMadeAnyMore_Goes(SubmissionState state, double days, bool stays)
    {
        var (submission, _) = await HalfUploadedAsync(100 + (10 * (int)state) + (int)days);
        await using (var command = fixture.Store.CreateCommand("update hub.submission set state = $2 where id = $1"))
        {
            command.Parameters.AddWithValue(submission.Id);
            command.Parameters.AddWithValue((short)state);
            await command.ExecuteNonQueryAsync();
        }
        File.WriteAllBytes(_spool.PathOf(submission.Id) + ".keys", [1]);
        File.WriteAllBytes(_spool.PathOf(int.MaxValue), [1]);

        Assert.Equal(stays ? 0 : 1, await SweepOf(TimeSpan.FromDays(days)).DiscardUsedAsync(None));
        Assert.Equal(stays, File.Exists(_spool.PathOf(submission.Id)));
        Assert.Equal(stays, File.Exists(_spool.PathOf(submission.Id) + ".keys"));
        Assert.True(File.Exists(_spool.PathOf(int.MaxValue)), "not of this store, not this hub's to take");
    }
}
