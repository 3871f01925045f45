using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using InfoHub.Client.Receiving;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Contracts.Intake.V1;
using InfoHub.System.Tests.Fixtures;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.System.Tests.Failure;

/// <summary>
/// Who may do what: every call names its caller, a department has its own items, a consumer its own branch.
/// </summary>
[Collection(HubCollection.Name)]
public sealed class DoorTests(RunningHub hub)
{
    [Fact]
    public async Task Call_NoToken_IsUnauthenticated()
    {
        using var channel = GrpcChannel.ForAddress(hub.Hub.Grpc);
        var (submissions, findings) = (new Submissions.SubmissionsClient(channel), new Findings.FindingsClient(channel));
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await submissions.OpenAsync(new OpenRequest()));
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await submissions.GetAsync(new GetSubmissionRequest()));
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await submissions.CommitAsync(new CommitRequest()));
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await submissions.ListTemplatesAsync(new ListTemplatesRequest()));
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await submissions.Watch(new WatchRequest()).ResponseStream.MoveNext(CancellationToken.None));
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await submissions.ReadErrors(new ReadErrorsRequest()).ResponseStream.MoveNext(CancellationToken.None));
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await submissions.Upload().ResponseStream.MoveNext(CancellationToken.None));
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await findings.SearchAsync(new SearchFindingsRequest()));
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await findings.GetAsync(new GetFindingRequest()));
        var forged = new Metadata { { "authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJnZCJ9." } };
        await Refusal.AssertAsync(StatusCode.Unauthenticated, "IH-INT-101", async () => await submissions.ListTemplatesAsync(new ListTemplatesRequest(), forged));
    }

    [Fact]
    public async Task Call_OtherRole_IsDenied()
    {
        using var department = hub.Connect("gd");
        using var consumer = hub.Connect(RunningHub.CityConsumer);
        await Refusal.AssertAsync(StatusCode.PermissionDenied, "IH-INT-102", () => new RawSender(consumer).OpenAsync(RawSender.Request(Electricity.Good(), 1)));
        var options = await department.CallOptionsAsync(CancellationToken.None);
        await Refusal.AssertAsync(StatusCode.PermissionDenied, "IH-INT-102", async () => await department.Findings.SearchAsync(new SearchFindingsRequest(), options));
        await Refusal.AssertAsync(StatusCode.PermissionDenied, "IH-INT-102", async () => await department.Findings.GetAsync(new GetFindingRequest { FindingId = "x" }, options));
    }

    [Fact]
    public async Task Department_OthersItemOrSubmission_IsDenied()
    {
        using var owner = hub.Connect("gd");
        using var other = hub.Connect("scjg");
        var own = await new RawSender(owner).SendAsync(RawSender.Request(Electricity.Good(), hub.NextSequence()), Electricity.Good());
        await Refusal.AssertAsync(StatusCode.PermissionDenied, "IH-INT-102", () => new RawSender(other).OpenAsync(RawSender.Request(Electricity.Good(), hub.NextSequence())));
        var pushed = await hub.RunAsync("scjg", "push", hub.WriteFile(Electricity.Item, Electricity.Good()));
        Assert.Equal(4, pushed.Code);
        Assert.Contains("IH-INT-102", pushed.Error, StringComparison.Ordinal);
    }

    /// <summary>Whether another department has sent something is none of the caller's business.</summary>
    [Fact]
    public async Task Department_OthersSubmission_IsRefusedLikeOneThatNobodyHas()
    {
        using var owner = hub.Connect("gd");
        using var other = hub.Connect("scjg");
        var request = RawSender.Request(Electricity.Good(), hub.NextSequence());
        var own = (await new RawSender(owner).SendAsync(request, Electricity.Good())).Submission;
        const string unknown = "GD-01.v1.202503.9997";
        var options = await other.CallOptionsAsync(CancellationToken.None);
        var (scjg, calls) = (new RawSender(other), other.Submissions);
        static Task FirstAsync<T>(AsyncServerStreamingCall<T> call) => call.ResponseStream.MoveNext(CancellationToken.None);
        foreach (var call in new Func<string, Task>[]
        {
            number => scjg.GetAsync(number),
            number => scjg.CommitAsync(number),
            number => scjg.UploadAsync(number, Electricity.Good(), 0, 10),
            async number => await calls.WithdrawAsync(new WithdrawRequest { Submission = number, Reason = "x" }, options),
            async number => await calls.ProveRowAsync(new ProveRowRequest { Submission = number, Row = 1 }, options),
            number => FirstAsync(calls.Watch(new WatchRequest { Submission = number }, options)),
            number => FirstAsync(calls.ReadErrors(new ReadErrorsRequest { Submission = number }, options)),
            number => FirstAsync(calls.ReadRejectedRows(new ReadRejectedRowsRequest { Submission = number }, options)),
        })
        {
            async Task<string> AnswerAsync(string number)
            {
                var refused = await Assert.ThrowsAsync<RpcException>(() => call(number));
                var answer = $"{refused.StatusCode} {refused.Status.Detail} {RawSender.ProblemOf(refused)}";
                return answer.Replace(number, "…", StringComparison.Ordinal);
            }
            var answer = await AnswerAsync(own);
            Assert.Equal(await AnswerAsync(unknown), answer);
            Assert.StartsWith("NotFound", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Push_WrongSecret_IsNotPermitted()
    {
        var result = await hub.RunAsync("yb", "push", hub.WriteFile(Electricity.Item, Electricity.Good()), "--client-secret", "guess");
        Assert.Equal(4, result.Code);
        Assert.Contains("IH-INT-101", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consumer_OfOneDistrict_SeesItsOwnOnly()
    {
        using var city = hub.Connect(RunningHub.CityConsumer);
        using var district = hub.Connect(RunningHub.DistrictConsumer);
        var all = await FindingsAsync(new FindingReader(city));
        var own = await FindingsAsync(new FindingReader(district));
        Assert.NotEmpty(own);
        Assert.True(own.Count < all.Count);
        Assert.All(own, finding => Assert.StartsWith(RunningHub.District, finding.RegionCode, StringComparison.Ordinal));
        Assert.Equal(all.Where(f => f.RegionCode.StartsWith(RunningHub.District, StringComparison.Ordinal)).Select(f => f.FindingId).Order(StringComparer.Ordinal),
            own.Select(f => f.FindingId).Order(StringComparer.Ordinal));
        var foreign = all.First(f => !f.RegionCode.StartsWith(RunningHub.District, StringComparison.Ordinal)).FindingId;
        var denied = await Assert.ThrowsAsync<ProblemException>(() => new FindingReader(district).GetAsync(foreign, CancellationToken.None));
        Assert.Equal("IH-DLV-101", denied.Problem.Code);
        var outside = await Assert.ThrowsAsync<ProblemException>(() => new FindingReader(district).SearchAsync(new SearchFindingsRequest { RegionPrefix = "420102" }, CancellationToken.None));
        Assert.Equal("IH-DLV-102", outside.Problem.Code);
        var shown = await hub.RunAsync(RunningHub.DistrictConsumer, "finding", own[0].FindingId);
        Assert.True(shown.Code == 0, shown.ToString());
        Assert.Contains("计算过程：", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_Replayed_IsTheSubmissionOnFile()
    {
        using var connection = hub.Connect("gd");
        var (raw, content) = (new RawSender(connection), Electricity.Good(rows: 5));
        var request = RawSender.Request(content, hub.NextSequence());
        var opened = await raw.OpenAsync(request);
        Assert.Equal(opened, await raw.OpenAsync(request));
        await Refusal.AssertAsync(StatusCode.OutOfRange, "IH-INT-108", () => raw.CommitAsync(opened.Submission));
        Assert.Equal(content.Length, await raw.UploadAsync(opened.Submission, content, 0, content.Length));
        await raw.CommitAsync(opened.Submission);
        await raw.CommitAsync(opened.Submission);
        var used = await raw.RestAsync(opened.Submission);
        Assert.Equal((SubmissionState.Used, 5L, 5L), (used.State, used.RowsReceived, used.RowsStored));
        Assert.Equal(used.ToByteString(), (await raw.CommitAsync(opened.Submission)).ToByteString());
        Assert.Equal(used.ToByteString(), (await raw.OpenAsync(request)).ToByteString());
        await Refusal.AssertAsync(StatusCode.FailedPrecondition, "IH-INT-114", () => raw.UploadAsync(opened.Submission, content, 0, content.Length));
    }

    [Fact]
    public async Task Push_Twice_ChangesNothing_OtherContentSaysNextSequence()
    {
        var path = hub.WriteFile(Electricity.Item, Electricity.Good(rows: 4));
        var sequence = int.Parse(Path.GetFileNameWithoutExtension(path).Split('_')[2], global::System.Globalization.CultureInfo.InvariantCulture);
        var first = await hub.RunAsync("gd", "push", "--json", path);
        var second = await hub.RunAsync("gd", "push", "--json", path);
        Assert.Equal((0, 0), (first.Code, second.Code));
        Assert.Equal(first.Out, second.Out);
        await File.WriteAllBytesAsync(path, Electricity.Good(rows: 6));
        var other = await hub.RunAsync("gd", "push", path);
        Assert.Equal(2, other.Code);
        Assert.Contains("IH-INT-105", other.Error, StringComparison.Ordinal);
        using var connection = hub.Connect("gd");
        var refused = await Assert.ThrowsAsync<RpcException>(() => new RawSender(connection).OpenAsync(RawSender.Request(Electricity.Good(rows: 6), sequence)));
        Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
        var problem = RawSender.ProblemOf(refused);
        Assert.Equal("IH-INT-105", problem.Code);
        Assert.Contains(global::System.FormattableString.Invariant($"请把序号改为 {sequence + 1} 再报送"), problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_DamagedChunkWrongOffsetOtherContent_AreNumberedProblems()
    {
        using var connection = hub.Connect("gd");
        var (raw, content) = (new RawSender(connection), Electricity.Good(rows: 5));
        var opened = await raw.OpenAsync(RawSender.Request(content, hub.NextSequence()));
        await Refusal.AssertAsync(StatusCode.OutOfRange, "IH-INT-108", () => raw.UploadAsync(opened.Submission, content, 7, content.Length));
        await Refusal.AssertAsync(StatusCode.DataLoss, "IH-INT-107", async () =>
        {
            using var call = connection.Submissions.Upload(await connection.CallOptionsAsync(CancellationToken.None));
            await call.RequestStream.WriteAsync(new UploadChunk { Submission = opened.Submission, Data = ByteString.CopyFrom(content), Crc32C = 1 });
            await call.RequestStream.CompleteAsync();
            await call.ResponseStream.MoveNext(CancellationToken.None);
        });
        var other = Electricity.Good(rows: 5, firstCustomer: 3);
        await raw.UploadAsync(opened.Submission, other, 0, content.Length);
        await Refusal.AssertAsync(StatusCode.FailedPrecondition, "IH-INT-109", () => raw.CommitAsync(opened.Submission));
        Assert.Equal(SubmissionState.Used, (await raw.SendAsync(RawSender.Request(content, opened.Sequence), content)).State);
    }

    private static async Task<IReadOnlyList<Finding>> FindingsAsync(FindingReader reader)
    {
        var findings = new List<Finding>();
        await foreach (var finding in reader.SearchAllAsync(new SearchFindingsRequest { PageSize = 100 }, CancellationToken.None))
            findings.Add(finding);
        return findings;
    }
}
