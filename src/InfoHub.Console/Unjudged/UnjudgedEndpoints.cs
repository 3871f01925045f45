using System.Globalization;
using InfoHub.Console.Shell;
using InfoHub.Console.SignIn;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Findings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;

namespace InfoHub.Console.Unjudged;

/// <summary>What a page of the list shows.</summary>
/// <param name="Model">"" for all.</param>
public sealed record UnjudgedView(
    string Model, bool IsFirst, IReadOnlyList<UnjudgedNeed> Needs, UnjudgedPage Page, ConsoleCatalogue Names)
{
    public string DivisionOf(UnjudgedParty line) =>
        Names.DivisionName(line.TownCode.Length > 0 ? line.TownCode : line.RegionCode);

    public string NextAddress => UnjudgedEndpoints.AddressOf(Model, Page.Next);

    public string FirstAddress => UnjudgedEndpoints.AddressOf(Model, null);

    /// <summary>The models in the list, each once.</summary>
    public IEnumerable<string> Models =>
        Needs.Select(n => n.Model).Append(Model).Where(m => m.Length > 0).Distinct().Order(StringComparer.Ordinal);
}

/// <summary>Parties that models do not judge, and what each waits for.</summary>
internal static class UnjudgedEndpoints
{
    public const string Path = "unjudged";
    public const int PageSize = 50;

    private const string ModelField = "model";
    private const string AfterField = "after";
    private const int ModelLengthMax = 16;
    private const int NeedsLengthMax = 500;
    private const char CursorSeparator = '~';

    public static void Map(RouteGroupBuilder signedIn) => signedIn.MapGet($"/{Path}", ListAsync);

    public static string AddressOf(string model, UnjudgedCursor? after)
    {
        var query = new QueryBuilder();
        if (model.Length > 0)
            query.Add(ModelField, model);
        if (after is not null)
            query.Add(AfterField, string.Join(CursorSeparator, after.Model, new PartyId(after.Party), after.Needs));
        return Path + query;
    }

    private static async Task<IResult> ListAsync(HttpContext context, UnjudgedQuery unjudged, ConsoleCatalogue names,
        PageFrames frames, CancellationToken cancellation)
    {
        var scope = ConsoleUser.Of(context).Region;
        var asked = context.Request.Query[ModelField].ToString();
        var model = asked.Length <= ModelLengthMax && asked.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? asked : "";
        var after = CursorOf(context.Request.Query[AfterField].ToString());
        var page = await unjudged.PageAsync(scope, model, PageSize, after, cancellation);
        var needs = await unjudged.NeedsAsync(scope, cancellation);
        return frames.Show<UnjudgedListPage>(context, new UnjudgedView(model, after is null, needs, page, names));
    }

    /// <summary>Null when the address holds none that we wrote.</summary>
    private static UnjudgedCursor? CursorOf(string after) =>
        after.Length <= NeedsLengthMax && !after.Any(char.IsControl)
            && after.Split(CursorSeparator, 3) is [{ Length: > 0 } model, var party, var needs]
            && PartyId.TryParse(party, out var id)
            ? new UnjudgedCursor(model, id.Value, needs) : null;
}

/// <summary>zh-CN text of the page.</summary>
internal static class UnjudgedText
{
    public const string Title = "暂不能判断的户";
    public const string Lead =
        "下列各户缺少判断所需的数据，或有关的数据行被退回，模型不作结论，不等于没有问题。所缺数据报来后自动重新判断。";
    public const string Needs = "还缺什么";
    public const string Parties = "户数";
    public const string Model = "模型";
    public const string ModelAny = "全部模型";
    public const string Party = "主体";
    public const string Uscc = "统一社会信用代码";
    public const string Town = "街道乡镇";
    public const string None = "—";
    public const string Empty = "目前没有暂不能判断的户";
    public const string EmptyRemedy = "管辖范围内各户的数据都足以作出判断。";
    public const string EmptyPage = "这一页没有了，请回首页。";
    public const string Pages = "翻页";
    public const string First = "回首页";
    public const string Next = "下一页";
    public const string Summary = "按所缺数据汇总";
    public const string List = "逐户";
    public const string FromFindings = "查看暂不能判断的户";

    public static string Count(long parties) => parties.ToString("N0", CultureInfo.InvariantCulture);
}
