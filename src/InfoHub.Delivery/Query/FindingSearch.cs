using System.Globalization;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Findings;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using FindingState = InfoHub.Domain.Findings.FindingState;

namespace InfoHub.Delivery.Query;

/// <summary>A search as a consumer may ask it: every bound checked, the scope taken from its token and nowhere else.</summary>
internal sealed record FindingSearch(FindingFilter Filter, int PageSize, FindingCursor? After)
{
    public const int PageSizeDefault = 50;
    private const int ModelsMax = 100;
    private const int ModelLengthMax = 20;
    private const int PartyLengthMax = 100;

    /// <exception cref="ProblemException">IH-DLV-102, naming the field.</exception>
    public static FindingSearch Read(SearchFindingsRequest request, Caller caller)
    {
        Require(request.PageSize is >= 0 and <= FindingQuery.PageSizeMax, "page_size",
            string.Create(CultureInfo.InvariantCulture, $"应为 1 至 {FindingQuery.PageSizeMax}"));
        Require(request.Models.Count <= ModelsMax, "models", $"最多 {ModelsMax} 个");
        Require(request.Models.All(model => model.Length is > 0 and <= ModelLengthMax), "models", "模型编号例如 HJ-05");
        Require(request.Party.Length <= PartyLengthMax, "party", $"最多 {PartyLengthMax} 个字");
        Require(!request.Party.Any(char.IsControl), "party", "含有控制字符");
        Require(!request.Models.Any(model => model.Any(char.IsControl)), "models", "含有控制字符");
        Require(request.GapFenMin >= 0, "gap_fen_min", "不得为负");
        Require(request.States.All(state => Enum.IsDefined((FindingState)(int)state)), "states", "含有平台不认识的状态");
        var region = request.RegionPrefix;
        Require(Caller.IsRegion(region), "region_prefix", "应为行政区划代码或其前几位数字");
        Require(region.StartsWith(caller.Region, StringComparison.Ordinal) || caller.Region.StartsWith(region, StringComparison.Ordinal),
            "region_prefix", "不在本单位范围内");
        var (from, to) = (PeriodOf(request.PeriodFrom, "period_from"), PeriodOf(request.PeriodTo, "period_to"));
        Require(from is null || to is null || from.Value.Start <= to.Value.End, "period_from", "晚于 period_to");
        FindingCursor? after = null;
        Require(request.PageToken.Length == 0 || PageToken.TryRead(request.PageToken, request, caller.Region, out after),
            "page_token", "不属于本次查询，请从第一页开始");
        var filter = new FindingFilter
        {
            Scope = caller.Region, Models = [.. request.Models], RegionPrefix = region, From = from, To = to,
            States = [.. request.States.Select(state => (FindingState)(int)state)], Party = request.Party.Trim(),
            GapMin = request.GapFenMin > 0 ? new Money(request.GapFenMin) : null,
        };
        return new FindingSearch(filter, request.PageSize == 0 ? PageSizeDefault : request.PageSize, after);
    }

    private static Period? PeriodOf(string text, string field)
    {
        if (text.Length == 0)
            return null;
        Require(Period.TryParse(text, out var period), field, "所属期例如 202503、2025Q1 或 2025");
        return period;
    }

    private static void Require(bool sound, string field, string reason)
    {
        if (!sound)
            throw new ProblemException(new Problem(ProblemCatalogue.FilterUnsound, ("field", field), ("reason", reason)));
    }
}
