using System.CommandLine;
using InfoHub.Cli.Settings;
using InfoHub.Client.Sending;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli.Commands;

/// <summary><c>nil</c> and <c>withdraw</c>: saying that there is nothing, and taking back what was said.</summary>
internal static class PeriodCommands
{
    private static readonly TimeSpan RestTimeMax = TimeSpan.FromMinutes(10);

    public static Command Nil(HubCommandLine line)
    {
        var item = new Argument<string>("ITEM") { Description = "信息项，例如 GD-01" };
        var period = new Argument<string>("PERIOD") { Description = "所属期：202503、2025Q1 或 2025" };
        var reason = new Option<string>("--reason") { Description = "为什么本期没有数据；写入回执", Required = true };
        var sequence = new Option<int>("--sequence") { Description = "序号", DefaultValueFactory = _ => 1 };
        return line.Run(new Command("nil", "零报送：本期没有数据") { item, period, reason, sequence }, async run =>
        {
            var status = await run.Sender.DeclareNilAsync(run.Parsed.GetRequiredValue(item).ToUpperInvariant(),
                run.Parsed.GetRequiredValue(period), run.Parsed.GetValue(sequence), run.Parsed.GetRequiredValue(reason),
                run.Cancellation);
            return await ShowAsync(run, await RestAsync(run, status));
        });
    }

    public static Command Withdraw(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") { Description = "报送编号" };
        var reason = new Option<string>("--reason") { Description = "撤回原因；写入回执", Required = true };
        var yes = new Option<bool>("--yes") { Description = "不再询问" };
        var command = new Command("withdraw", "撤回一次报送：其各行不再计入，据此得出的结果重新计算") { submission, reason, yes };
        return line.Run(command, async run =>
        {
            var status = await run.Sender.GetAsync(run.Parsed.GetRequiredValue(submission), run.Cancellation);
            Confirm(run, status, run.Parsed.GetValue(yes));
            status = await RestAsync(run, status);
            status = await run.Sender.WithdrawAsync(
                status.Submission, run.Parsed.GetRequiredValue(reason), run.Cancellation);
            return await ShowAsync(run, status);
        });
    }

    private static void Confirm(CommandRun run, SubmissionStatus status, bool isSure)
    {
        if (isSure)
            return;
        var question = $"撤回 {status.Submission}（{StatusText.StateOf(status.State)}，已入库 {status.RowsStored} 行）";
        if (!run.Terminal.IsInteractive)
            throw new ProblemException(new Problem(ProblemCatalogue.NotConfirmed, ("what", question)));
        run.Terminal.Error.Write($"{question}？输入 yes 确认：");
        if (run.Terminal.In.ReadLine()?.Trim().ToUpperInvariant() is not ("YES" or "Y"))
            throw new OperationCanceledException();
    }

    /// <summary>A submission is taken back when nothing works on it any more.</summary>
    private static async Task<SubmissionStatus> RestAsync(CommandRun run, SubmissionStatus status)
    {
        if (SubmissionSender.Rests(status.State) || status.State is SubmissionState.Opened or SubmissionState.Uploading)
            return status;
        using var patience = new CancellationTokenSource(RestTimeMax, run.Terminal.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, run.Cancellation);
        try
        {
            await foreach (var change in run.Sender.WatchAsync(status.Submission, either.Token))
                status = change;
            return status;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new ProblemException(new Problem(ProblemCatalogue.StillUnderWay, ("submission", status.Submission)));
        }
    }

    private static async Task<ExitCode> ShowAsync(CommandRun run, SubmissionStatus status)
    {
        if (run.IsJson)
            run.Terminal.Out.WriteLine(ProblemText.Json.Format(status));
        else
        {
            StatusText.Write(run.Terminal, status,
                template: new TemplateCache(run.Home).Find(status.Item, status.TemplateVersion));
            StatusText.WriteReceipts(run.Terminal.Out, status);
        }
        return ExitCodes.Worst([ExitCodes.Of(status), await KeepAsync(run, status)]);
    }

    /// <summary>The hub has what was declared: a receipt that cannot be kept does not change that.</summary>
    private static async Task<ExitCode> KeepAsync(CommandRun run, SubmissionStatus status)
    {
        try
        {
            var kept = await run.Shelf(isTest: status.Environment == HubEnvironment.Test)
                .KeepAsync(run.Connection, status, run.Cancellation);
            if (kept is not null && !run.IsJson)
                run.Terminal.Out.WriteLine($"  {kept.Text}");
            return ExitCode.Ok;
        }
        catch (ProblemException failed)
        {
            ProblemText.Write(run.Terminal.Error, failed.Problem);
            return ExitCodes.Of(failed.Problem) == ExitCode.NotGenuine ? ExitCode.NotGenuine : ExitCode.Ok;
        }
    }
}
