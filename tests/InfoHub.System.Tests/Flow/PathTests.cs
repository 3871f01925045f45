using System.Text.Json;
using System.Text.RegularExpressions;
using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.Flow;

/// <summary>
/// The whole way of a file as people walk it: push, row errors, receipts, findings, the console's pages.
/// </summary>
[Collection(HubCollection.Name)]
public sealed partial class PathTests(RunningHub hub)
{
    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex HiddenField();

    [Fact]
    public async Task File_FromPushToTheConsole()
    {
        var path = hub.WriteFile(Electricity.Item, Electricity.Bytes(Electricity.Header, [Electricity.Row(1), Electricity.Row(2, kwh: "-1"), Electricity.Row(3)]));
        var submission = $"GD-01.v1.{Path.GetFileNameWithoutExtension(path)[6..].Replace('_', '.')}";
        var pushed = await hub.RunAsync("gd", "push", path);
        Assert.True(pushed.Code == 3, pushed.ToString());
        Assert.Contains("收到 3 行 = 退回 1 行 + 接收 2 行；已入库 2 行", pushed.Out, StringComparison.Ordinal);
        var errors = await hub.RunAsync("gd", "errors", submission);
        Assert.Contains("第 2 行", errors.Out, StringComparison.Ordinal);
        Assert.Contains("IH-INT-311 抄表电量(kWh)：数值超出合理范围，填报“-1”", errors.Out, StringComparison.Ordinal);
        Assert.Contains("→ 请核对单位与数值。", errors.Out, StringComparison.Ordinal);
        var status = await hub.RunAsync("gd", "status", submission);
        Assert.All(["R1", "R2", "R3", "R4", "R5"], receipt => Assert.Contains($"回执 {receipt}", status.Out, StringComparison.Ordinal));
        var found = await hub.RunAsync(RunningHub.CityConsumer, "findings", "--model", "SZ-01", "--json");
        Assert.True(found.Code == 0, found.ToString());
        using var page = JsonDocument.Parse(found.Out);
        var finding = page.RootElement.GetProperty("findings")[0];
        await AssertConsoleShowsAsync(finding.GetProperty("findingId").GetString()!, finding.GetProperty("partyName").GetString()!);
    }

    private async Task AssertConsoleShowsAsync(string finding, string party)
    {
        using var browser = new HttpClient { BaseAddress = hub.Hub.Web };
        var form = HiddenField().Matches(await browser.GetStringAsync(new Uri("findings", UriKind.Relative)))
            .ToDictionary(field => field.Groups["name"].Value, field => field.Groups["value"].Value);
        (form["client_id"], form["secret"]) = (RunningHub.CityConsumer, hub.SecretOf(RunningHub.CityConsumer));
        using var content = new FormUrlEncodedContent(form);
        using var signedIn = await browser.PostAsync(new Uri("signin", UriKind.Relative), content);
        Assert.True(signedIn.IsSuccessStatusCode, signedIn.ToString());
        var list = await browser.GetStringAsync(new Uri("findings?model=SZ-01", UriKind.Relative));
        Assert.Contains("SZ-01", list, StringComparison.Ordinal);
        var detail = await browser.GetStringAsync(new Uri($"findings/{finding}", UriKind.Relative));
        Assert.Contains(global::System.Text.Encodings.Web.HtmlEncoder.Create(global::System.Text.Unicode.UnicodeRanges.All).Encode(party),
            global::System.Net.WebUtility.HtmlDecode(detail), StringComparison.Ordinal);
    }
}
