using Grpc.Core;
using Xunit;

namespace InfoHub.System.Tests.Fixtures;

/// <summary>A call that is refused with a status and a numbered problem that says what to do.</summary>
internal static class Refusal
{
    public static async Task AssertAsync(StatusCode status, string code, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        var problem = RawSender.ProblemOf(refused);
        Assert.Equal((status, code), (refused.StatusCode, problem.Code));
        Assert.NotEmpty(problem.Remedy);
        Assert.DoesNotContain('{', problem.Remedy);
    }
}
