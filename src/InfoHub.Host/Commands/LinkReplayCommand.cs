using System.CommandLine;
using System.Globalization;
using InfoHub.Linkage.Deciding;
using InfoHub.Processing;
using InfoHub.Storage;
using InfoHub.Storage.Parties;

namespace InfoHub.Host.Commands;

/// <summary><c>link-replay</c>: decisions about whose rows are, made again as of their day.</summary>
internal static class LinkReplayCommand
{
    private const int MostDefault = 20_000;

    /// <summary>Decisions that came out otherwise are told one by one up to here.</summary>
    private const int ToldMost = 20;

    public static Command Create()
    {
        var stores = new StoreOptions();
        var row = new Option<long?>("--row")
        {
            Description = "Every decision about this row, explained; the number is that of its page, /links/NUMBER",
        };
        var most = new Option<int>("--most")
        {
            Description = "Decisions that are replayed, the same ones every time",
            DefaultValueFactory = _ => MostDefault,
        };
        var command = new Command("link-replay",
            "Make decisions of party resolution again, each with the register and weights of its day, and compare")
        {
            row, most,
        };
        stores.AddTo(command);
        command.SetAction((parse, cancellation) => CommonOptions.GuardAsync(async () =>
        {
            await using var opened = await stores.OpenAsync(parse, cancellation);
            await using var store = await Schema.OpenAsync(opened.ConnectionString, cancellation);
            return await RunAsync(new LinkStore(store, TimeProvider.System), new StoredDecisions(store),
                parse.GetValue(row), parse.GetValue(most), cancellation);
        }));
        return command;
    }

    private static async Task<int> RunAsync(LinkStore links, StoredDecisions decisions, long? row, int most,
        CancellationToken cancellation)
    {
        var total = await decisions.CountAsync(cancellation);
        var display = CommonOptions.Display();
        if (row is null)
            display.Begin("重放", Math.Min(total, most));
        var replayed = await ProcessingModule.ReplayLinksAsync(links, decisions, row, most,
            count => display.Advance(count, ""), cancellation);
        if (row is null)
            display.End();
        foreach (var one in row is null ? replayed.Where(r => !r.IsSame).Take(ToldMost) : replayed)
            Tell(one);
        if (row is not null && replayed.Count == 0)
            Say($"  没有第 {row} 行，或尚未判定");
        var other = replayed.Count(r => !r.IsSame && r.IsSameEngine);
        Say($"  重放 {replayed.Count} 个判定（共存 {total} 个）：与存档一致 {replayed.Count(r => r.IsSame)}，不一致 {
            other}，由其他版本的比对程序作出而不一致 {replayed.Count(r => !r.IsSame && !r.IsSameEngine)}");
        return other > 0 || (row is not null && replayed.Count == 0) ? 1 : 0;
    }

    private static void Tell(ReplayedDecision one)
    {
        var (was, now) = (one.Was, one.Now);
        Say($"  第 {was.Number} 行 {was.Row.Name}  {Of(was.DecidedAt)} 判定，{
            (was.Until is { } until ? $"{Of(until)} 起由新判定取代" : "现行")}");
        Say($"    模型 {was.Model}，登记库第 {was.RegisterVersion} 版，用字统计第 {was.WeightsVersion} 版");
        Say($"    存档：{LinkWording.Of((LinkOutcome)was.Outcome)}（{LinkWording.Of((LinkStep)was.Step)}）{was.Entry} {
            was.Probability:0.0000}");
        Say($"    重放：{LinkWording.Of(now.Outcome)}（{LinkWording.Of(now.Step)}）{now.Entry} {now.Probability:0.0000}  {
            (one.IsSame ? "一致" : one.IsSameEngine ? "不一致" : "不一致：由其他版本的比对程序作出")}");
        if (one.Explanation is not { } explanation)
            return;
        foreach (var field in explanation.Fields)
            Say($"      {field.Weight,7:+0.00;-0.00;0.00}  {LinkWording.OfField(field.Field)}：{
                LinkWording.OfLevel(field.Field, field.Level)}{Sides(field)}");
        Say($"      {explanation.NobodyLogOdds,7:+0.00;-0.00;0.00}  未登记（比较了 {explanation.Compared} 户）");
        foreach (var candidate in explanation.Candidates)
            Say($"      候选 {candidate.Entry} {candidate.Name}  {candidate.Probability:0.0000}{
                Broken(candidate.BrokenBy)}");
    }

    private static string Sides(FieldEvidence field) =>
        field.Row.Length + field.Entry.Length > 0 ? $"  {field.Row} / {field.Entry}" : "";

    private static string Broken(string by) => by.Split(':', 2) is [var field, var level]
        ? $"  不符：{LinkWording.OfField(field)}，{LinkWording.OfLevel(field, level)}" : "";

    private static string Of(DateTimeOffset at) =>
        at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static void Say(FormattableString text) =>
        System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
