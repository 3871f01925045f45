using System.CommandLine;
using System.Globalization;
using InfoHub.Client.Receiving;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Templates.Vocabulary;
using Spectre.Console;

namespace InfoHub.Cli.Commands;

/// <summary><c>findings</c>, <c>finding</c>.</summary>
internal static class FindingCommands
{
    public static Command Search(HubCommandLine line)
    {
        var models = new Option<string[]>("--model") { Description = "模型编号，可多次给出，例如 HJ-05" };
        var region = new Option<string>("--region") { Description = "行政区划代码前缀，须在本单位范围内" };
        var from = new Option<string>("--period-from") { Description = "所属期起，例如 202501" };
        var to = new Option<string>("--period-to") { Description = "所属期止" };
        var party = new Option<string>("--party") { Description = "主体编号、统一社会信用代码或名称的一部分" };
        var size = new Option<int>("--page-size") { Description = "每页条数，1 至 200", DefaultValueFactory = _ => 50 };
        var token = new Option<string>("--page-token") { Description = "上一页给出的翻页标记" };
        var command = new Command("findings", "查询本单位范围内的疑点，差额大的在前") { models, region, from, to, party, size, token };
        return line.Run(command, async run =>
        {
            var request = new SearchFindingsRequest
            {
                RegionPrefix = run.Parsed.GetValue(region) ?? "", PeriodFrom = run.Parsed.GetValue(from) ?? "",
                PeriodTo = run.Parsed.GetValue(to) ?? "", Party = run.Parsed.GetValue(party) ?? "",
                PageSize = run.Parsed.GetValue(size), PageToken = run.Parsed.GetValue(token) ?? "",
            };
            request.Models.AddRange(run.Parsed.GetValue(models) ?? []);
            var reply = await new FindingReader(run.Connection).SearchAsync(request, run.Cancellation);
            if (run.IsJson)
                run.Terminal.Out.WriteLine(ProblemText.Json.Format(reply));
            else
                WritePage(run.Terminal, reply);
            return ExitCode.Ok;
        });
    }

    public static Command Show(HubCommandLine line)
    {
        var id = new Argument<string>("ID") { Description = "疑点编号" };
        return line.Run(new Command("finding", "查看一条疑点的计算过程与依据") { id }, async run =>
        {
            var finding = await new FindingReader(run.Connection).GetAsync(run.Parsed.GetRequiredValue(id),
                run.Cancellation);
            if (run.IsJson)
                run.Terminal.Out.WriteLine(ProblemText.Json.Format(finding));
            else
                WriteOne(run.Terminal.Out, finding);
            return ExitCode.Ok;
        });
    }

    private static void WritePage(Terminal terminal, SearchFindingsReply reply)
    {
        var table = new Table().NoBorder().AddColumns("编号", "模型", "所属期", "主体", "差额（元）", "估算税额（元）", "状态", "疑点");
        table.Columns[4].RightAligned();
        table.Columns[5].RightAligned();
        foreach (var finding in reply.Findings)
            table.AddRow(Cell(finding.FindingId), Cell(finding.Model), Cell(finding.Period),
                Cell(PersonalNumber.Cover(finding.PartyName)),
                Cell(Yuan(finding.HasGapFen ? finding.GapFen : null)),
                    Cell(Yuan(finding.HasEstimatedTaxFen ? finding.EstimatedTaxFen : null)),
                Cell(StateOf(finding.State)), Cell(finding.Title));
        if (reply.Findings.Count > 0)
            terminal.Console().Write(table);
        terminal.Out.WriteLine($"本页 {reply.Findings.Count} 条，共 {reply.Total} 条。");
        if (reply.NextPageToken.Length > 0)
            terminal.Out.WriteLine($"下一页：--page-token {reply.NextPageToken}");
    }

    private static void WriteOne(TextWriter to, Finding finding)
    {
        void Line(string label, string text)
        {
            if (text.Length > 0)
                to.WriteLine(Terminal.Clean($"{label}：{text}"));
        }
        to.WriteLine(Terminal.Clean($"{finding.FindingId}  {finding.Title}"));
        Line("模型", $"{finding.Model} v{finding.ModelVersion} {finding.ModelTitle}（规则集 {finding.RuleSet}）");
        Line("主体", PersonalNumber.Cover($"{finding.PartyName} {finding.Uscc} {finding.PartyId}"));
        Line("所属期", finding.Period);
        Line("区划", $"{finding.RegionCode} {finding.TownCode}".Trim());
        Line("应有（元）", Yuan(finding.HasExpectedFen ? finding.ExpectedFen : null));
        Line("实有（元）", Yuan(finding.HasActualFen ? finding.ActualFen : null));
        Line("差额（元）", Yuan(finding.HasGapFen ? finding.GapFen : null));
        Line("估算税额（元）", Yuan(finding.HasEstimatedTaxFen ? finding.EstimatedTaxFen : null));
        Line("滞纳金（元）", Yuan(finding.HasLateFeeFen ? finding.LateFeeFen : null));
        Line("可信度", finding.Confidence + (finding.SingleSource ? "（单一来源，需佐证或放行）" : ""));
        Line("状态", StateOf(finding.State));
        to.WriteLine("计算过程：");
        foreach (var step in finding.Arithmetic)
        {
            var expression = step.Expression.Length > 0 ? $"{step.Expression} = " : "";
            var source = step.Source.Length > 0 ? $"〔{step.Source}〕" : "";
            to.WriteLine(Terminal.Clean($"  {step.Label} = {expression}{step.Value} {step.Unit} {source}"));
        }
        to.WriteLine("依据：");
        foreach (var evidence in finding.Evidence)
            to.WriteLine(Terminal.Clean($"  {evidence.Item} {evidence.Submission} 第 {evidence.Row} 行：{evidence.Summary}"));
        Line("消除条件", finding.DissolvesIf);
    }

    private static Text Cell(string text) => new(Terminal.Clean(text));

    private static string Yuan(long? fen) => fen is { } amount ? (amount / 100m).ToString("N2",
        CultureInfo.InvariantCulture) : "";

    private static string StateOf(FindingState state) => state switch
    {
        FindingState.Found => "已发现",
        FindingState.Pushed => "已推送",
        FindingState.Answered => "已反馈",
        FindingState.Archived => "已归档",
        FindingState.Cleared => "自动消除",
        FindingState.Returned => "退回重核",
        FindingState.Dismissed => "已排除",
        FindingState.ToInspection => "移交稽查",
        _ => "未知",
    };
}
