using InfoHub.Intake;
using InfoHub.Intake.Validate;
using InfoHub.Templates.Problems;
using Xunit;

namespace InfoHub.Stages.Tests.Intake;

/// <summary>One department's files hold no other department's up.</summary>
public class CheckQueueTests
{
    private static CheckQueue Queue(int workers) => new(new IntakeOptions { SpoolFolder = "", ChecksAtOnce = workers });

    private static async Task<long> TakeAsync(CheckQueue queue) =>
        (await queue.TakeAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10))).Submission;

    [Fact]
    public async Task Departments_TakeTurns_EachInItsOwnOrder()
    {
        var queue = Queue(workers: 1);
        foreach (var (id, department) in new[] { (1L, "GD"), (2L, "GD"), (3L, "GD"), (4L, "GS"), (5L, "SCJG") })
            queue.Put(id, department);
        var taken = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            taken.Add(await TakeAsync(queue));
            queue.Leave(taken[^1]);
        }
        Assert.Equal([1, 4, 5, 2, 3], taken);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task Department_WithSlowFiles_LeavesAWorkerToOthers()
    {
        var queue = Queue(workers: 2);
        queue.Put(1, "GD");
        queue.Put(2, "GD");
        Assert.Equal(1, await TakeAsync(queue));
        var second = queue.TakeAsync(CancellationToken.None);
        Assert.False(second.IsCompleted);
        queue.Put(3, "GS");
        Assert.Equal(3, (await second.WaitAsync(TimeSpan.FromSeconds(10))).Submission);
        queue.Leave(1);
        Assert.Equal(2, await TakeAsync(queue));
    }

    [Fact]
    public async Task Submission_IsHeldOnce_AndComesAgainWhenItIsPutInAgain()
    {
        var queue = Queue(workers: 2);
        queue.Put(1, "GD");
        queue.Put(1, "GD");
        Assert.Equal(1, queue.Count);
        Assert.Equal(1, await TakeAsync(queue));
        queue.Put(1, "GD");
        queue.Leave(1);
        Assert.Equal(0, queue.Count);
        queue.Put(1, "GD");
        Assert.Equal(1, await TakeAsync(queue));
    }

    [Fact]
    public async Task Waiting_EndsWithTheHost()
    {
        using var stopping = new CancellationTokenSource();
        var waiting = Queue(workers: 2).TakeAsync(stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Budget_CountsReadingOnly_AndIsTheSendersToKnow()
    {
        var budget = new CheckBudget(TimeSpan.Zero, sequence: 4, CancellationToken.None);
        budget.Look();
        using var spent = budget.Spend();
        while (true)
        {
            try
            {
                budget.Look();
            }
            catch (ProblemException over)
            {
                Assert.Equal("IH-INT-233", over.Problem.Code);
                Assert.Contains("序号 5", over.Problem.Remedy, StringComparison.Ordinal);
                return;
            }
        }
    }
}
