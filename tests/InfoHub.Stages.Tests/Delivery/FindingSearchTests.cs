using System.Collections.Immutable;
using AutoMapper;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Delivery.Query;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Storage.Findings;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using ArithmeticLine = InfoHub.Domain.Findings.ArithmeticLine;
using FindingState = InfoHub.Domain.Findings.FindingState;
using Wire = InfoHub.Contracts.Delivery.V1;

namespace InfoHub.Stages.Tests.Delivery;

public sealed class FindingSearchTests
{
    private static readonly Caller City = new(CallerKind.Consumer, "tax-city", "", "");
    private static readonly Caller County = new(CallerKind.Consumer, "tax-xihu", "", "330106");

    [Fact]
    public void Mapper_Configuration_IsValid() => Mapper().ConfigurationProvider.AssertConfigurationIsValid();

    [Fact]
    public void Mapper_StoredFinding_KeepsEveryValue()
    {
        var wire = Mapper().Map<Wire.Finding>(Stored(new Money(12345)));
        Assert.Equal(("F1", "HJ-05", 3, "rs-1", "P0000000000001", "913301", "甲公司"), (wire.FindingId, wire.Model, wire.ModelVersion, wire.RuleSet, wire.PartyId, wire.Uscc, wire.PartyName));
        Assert.Equal(("2025Q1", "k", "0.875", Wire.FindingState.Pushed, true), (wire.Period, wire.BusinessKey, wire.Confidence, wire.State, wire.SingleSource));
        Assert.Equal((12345L, true, false, false), (wire.GapFen, wire.HasGapFen, wire.HasExpectedFen, wire.HasLateFeeFen));
        Assert.Equal(("330106", "330106001", "标题", "补申报"), (wire.RegionCode, wire.TownCode, wire.Title, wire.DissolvesIf));
        Assert.Equal(("欠缴", "2 − 1", "1", "元", "征管法32条"), (wire.Arithmetic[0].Label, wire.Arithmetic[0].Expression, wire.Arithmetic[0].Value, wire.Arithmetic[0].Unit, wire.Arithmetic[0].Source));
        Assert.Equal(("GD-01", "GD-01.v1.202503.1", 7L, "用电"), (wire.Evidence[0].Item, wire.Evidence[0].Submission, wire.Evidence[0].Row, wire.Evidence[0].Summary));
        Assert.Equal([1, 2, 3], wire.Evidence[0].RowHash.ToByteArray());
    }

    [Fact]
    public void Mapper_NothingStated_StaysUnset()
    {
        var wire = Mapper().Map<Wire.Finding>(Stored(null) with { Uscc = null, Evidence = [] });
        Assert.False(wire.HasGapFen);
        Assert.Equal(("", 0), (wire.Uscc, wire.Evidence.Count));
    }

    [Fact]
    public void States_OnTheWire_HaveTheStoresNumbers()
    {
        foreach (var state in Enum.GetValues<FindingState>())
            Assert.Equal(state.ToString(), ((Wire.FindingState)(int)state).ToString());
    }

    [Fact]
    public void Read_Everything_ArrivesInTheFilter()
    {
        var request = new SearchFindingsRequest { RegionPrefix = "330106", PeriodFrom = "202501", PeriodTo = "2025Q2", Party = " 甲 ", GapFenMin = 100, PageSize = 7 };
        request.Models.Add("HJ-05");
        request.States.Add(Wire.FindingState.Archived);
        var search = FindingSearch.Read(request, City);
        Assert.Equal((7, "", "330106", "甲", 100L), (search.PageSize, search.Filter.Scope, search.Filter.RegionPrefix, search.Filter.Party, search.Filter.GapMin!.Value.Fen));
        Assert.Equal(("202501", "2025Q2"), (search.Filter.From.ToString(), search.Filter.To.ToString()));
        Assert.Equal("HJ-05", Assert.Single(search.Filter.Models));
        Assert.Equal(FindingState.Archived, Assert.Single(search.Filter.States));
    }

    [Fact]
    public void Read_NothingAsked_IsTheFirstFiftyOfTheBranch()
    {
        var search = FindingSearch.Read(new SearchFindingsRequest(), County);
        Assert.Equal(("330106", FindingSearch.PageSizeDefault, null), (search.Filter.Scope, search.PageSize, search.After));
    }

    [Theory]
    [InlineData("region_prefix", "330105", true)]
    [InlineData("region_prefix", "33010", false)]
    [InlineData("region_prefix", "330106002", false)]
    [InlineData("region_prefix", "33%", true)]
    [InlineData("period_from", "202513", true)]
    [InlineData("period_to", "x", true)]
    [InlineData("page_size", "201", true)]
    [InlineData("page_size", "-1", true)]
    [InlineData("page_size", "200", false)]
    [InlineData("gap_fen_min", "-1", true)]
    [InlineData("party", "a\0b", true)]
    [InlineData("page_token", "AAAA", true)]
    [InlineData("page_token", "not base64url!", true)]
    public void Read_UnsoundField_IsNamed(string field, string value, bool isUnsound)
    {
        var request = SearchFindingsRequest.Parser.ParseJson(
            System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, object> { [field] = long.TryParse(value, out var number) && field is "page_size" or "gap_fen_min" ? number : value }));
        if (!isUnsound)
        {
            FindingSearch.Read(request, County);
            return;
        }
        var failed = Assert.Throws<ProblemException>(() => FindingSearch.Read(request, County));
        Assert.Equal("IH-DLV-102", failed.Problem.Code);
        Assert.Contains(field, failed.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PeriodsTheWrongWayRound_UnknownState_AreUnsound()
    {
        Assert.Throws<ProblemException>(() => FindingSearch.Read(new SearchFindingsRequest { PeriodFrom = "202502", PeriodTo = "202501" }, City));
        var request = new SearchFindingsRequest();
        request.States.Add((Wire.FindingState)99);
        Assert.Throws<ProblemException>(() => FindingSearch.Read(request, City));
    }

    [Theory]
    [InlineData(12345L)]
    [InlineData(long.MinValue)]
    [InlineData(null)]
    public void PageToken_OfThisSearch_LeadsBackToItsPlace(long? gap)
    {
        var request = new SearchFindingsRequest { Party = "甲", PageSize = 10 };
        var token = PageToken.Write(new FindingCursor(gap, "F-42"), request, "33");
        var next = request.Clone();
        (next.PageToken, next.PageSize) = (token, 200);
        Assert.True(PageToken.TryRead(token, next, "33", out var cursor));
        Assert.Equal(new FindingCursor(gap, "F-42"), cursor);
        Assert.DoesNotContain("F-42", token, StringComparison.Ordinal);
    }

    [Fact]
    public void PageToken_OfAnotherSearchOrBranchOrBroken_IsNone()
    {
        var request = new SearchFindingsRequest { Party = "甲" };
        var token = PageToken.Write(new FindingCursor(1, "F"), request, "33");
        Assert.False(PageToken.TryRead(token, new SearchFindingsRequest { Party = "乙" }, "33", out _));
        Assert.False(PageToken.TryRead(token, request, "3301", out _));
        Assert.False(PageToken.TryRead(token[..^2], request, "33", out _));
        Assert.False(PageToken.TryRead(new string('A', 10_000), request, "33", out _));
    }

    private static IMapper Mapper() => new MapperConfiguration(mapper => mapper.AddProfile<DeliveryProfile>(), NullLoggerFactory.Instance).CreateMapper();

    private static StoredFinding Stored(Money? gap) => new("F1", new FindingDraft
    {
        Model = "HJ-05", ModelVersion = 3, Period = Period.Parse("2025Q1"), BusinessKey = "k", Title = "标题", Gap = gap, Confidence = 0.875m,
        DissolvesIf = "补申报", Arithmetic = [new ArithmeticLine("欠缴", "2 − 1", "1", "元", "征管法32条")], Evidence = [], SingleSource = true,
    }, "rs-1", "P0000000000001", "913301", "甲公司", FindingState.Pushed, "330106", "330106001",
        ImmutableArray.Create(new StoredEvidence("GD-01", "GD-01.v1.202503.1", 7, [1, 2, 3], "用电")));
}
