using System.Security.Claims;
using Grpc.Core;
using Grpc.Net.Client;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Domain.Identity;
using InfoHub.Host.Problems;
using InfoHub.Stages.Tests.Fakes;
using InfoHub.Templates.Problems;
using Xunit;
using Problem = InfoHub.Templates.Problems.Problem;
using WireProblem = InfoHub.Contracts.Intake.V1.Problem;

namespace InfoHub.Stages.Tests.Authority;

/// <summary>Refused at the door or by a service, a gRPC call always carries status and numbered problem.</summary>
public sealed class DoorTests
{
    [Fact]
    public async Task Call_WithoutOrWithABadToken_IsUnauthenticatedWithTheProblem()
    {
        await using var hub = await FakeHub.StartAsync();
        using var channel = GrpcChannel.ForAddress(hub.Hub);
        foreach (var headers in new[] { new Metadata(), new Metadata { { "authorization", "Bearer eyJhbGciOiJub25lIn0.e30." } } })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () =>
                await new Submissions.SubmissionsClient(channel).GetAsync(new GetSubmissionRequest { Submission = "X" }, headers));
            Assert.Equal((StatusCode.Unauthenticated, "IH-INT-101"), (refused.StatusCode, ProblemOf(refused).Code));
            Assert.Contains("未登录", refused.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Call_OfTheOtherKind_IsPermissionDeniedWithTheProblem()
    {
        await using var hub = await FakeHub.StartAsync();
        using (var department = hub.Connect("scjg"))
        {
            var options = await department.CallOptionsAsync(CancellationToken.None);
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await department.Findings.SearchAsync(new SearchFindingsRequest(), options));
            Assert.Equal((StatusCode.PermissionDenied, "IH-INT-102"), (refused.StatusCode, ProblemOf(refused).Code));
            Assert.Contains("scjg", ProblemOf(refused).Detail, StringComparison.Ordinal);
        }
        using var consumer = hub.Connect("tax-city");
        var consumerOptions = await consumer.CallOptionsAsync(CancellationToken.None);
        var turnedAway = await Assert.ThrowsAsync<RpcException>(async () => await consumer.Submissions.OpenAsync(new OpenRequest(), consumerOptions));
        Assert.Equal((StatusCode.PermissionDenied, "IH-INT-102"), (turnedAway.StatusCode, ProblemOf(turnedAway).Code));
    }

    [Fact]
    public async Task Call_StoreDown_IsUnavailable()
    {
        await using var hub = await FakeHub.StartAsync();
        using var consumer = hub.Connect("tax-city");
        var options = await consumer.CallOptionsAsync(CancellationToken.None);
        var failed = await Assert.ThrowsAsync<RpcException>(async () => await consumer.Findings.SearchAsync(new SearchFindingsRequest(), options));
        Assert.Equal(StatusCode.Unavailable, failed.StatusCode);
    }

    [Fact]
    public void StatusTable_EveryKnownProblem_HasAStatusOtherThanOkAndUnknown()
    {
        foreach (var kind in ProblemCatalogue.All.Values)
            Assert.DoesNotContain(ProblemStatus.CodeOf(new Problem(kind)), new[] { StatusCode.OK, StatusCode.Unknown });
        Assert.Equal(StatusCode.AlreadyExists, ProblemStatus.CodeOf(new Problem(ProblemCatalogue.SubmissionConflict)));
        Assert.Equal(StatusCode.NotFound, ProblemStatus.CodeOf(new Problem(ProblemCatalogue.FindingUnknown)));
    }

    [Theory]
    [InlineData(true, "department", "SCJG", null, CallerKind.Department)]
    [InlineData(true, "consumer", null, "", CallerKind.Consumer)]
    [InlineData(true, "consumer", null, "330106", CallerKind.Consumer)]
    [InlineData(true, "consumer", null, null, null)]
    [InlineData(true, "consumer", null, "33%", null)]
    [InlineData(true, "consumer", "SCJG", "1234567890123", null)]
    [InlineData(true, "department", null, "", null)]
    [InlineData(true, "department", "scjg", null, null)]
    [InlineData(true, "admin", "SCJG", "", null)]
    [InlineData(true, null, "SCJG", "", null)]
    [InlineData(false, "department", "SCJG", null, null)]
    public void Caller_OfClaims_IsReadOnlyWhenTheyAreSound(bool isSignedIn, string? kind, string? department, string? region, CallerKind? expected)
    {
        var claims = new[] { (CallerClaims.ClientId, "c"), (CallerClaims.Kind, kind), (CallerClaims.Department, department), (CallerClaims.Region, region) }
            .Where(c => c.Item2 is not null).Select(c => new Claim(c.Item1, c.Item2!));
        var isRead = Caller.TryRead(new ClaimsPrincipal(new ClaimsIdentity(claims, isSignedIn ? "Bearer" : null)), out var caller);
        Assert.Equal((expected is not null, expected ?? default), (isRead, caller.Kind));
    }

    private static WireProblem ProblemOf(RpcException refused) => WireProblem.Parser.ParseFrom(refused.Trailers.GetValueBytes("infohub-problem-bin"));
}
