using System.Collections.Immutable;
using System.Globalization;
using InfoHub.Domain.Findings;
using InfoHub.Storage.Findings;
using InfoHub.Templates.Vocabulary;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace InfoHub.Console.Findings;

/// <summary>
/// The findings list as its address states it: what was typed, kept as typed so that it can be mended, and what it means
/// to the store. What cannot be read does not filter; <see cref="Faults"/> says so beside the field.
/// </summary>
public sealed record FindingsQuery
{
    public const string AllStates = "all";

    private const int ModelsMax = 60;
    private const int TextLengthMax = 100;
    private const int DivisionLengthMax = 12;
    private const decimal GapYuanMax = 1_000_000_000_000m;
    private const char CursorSeparator = '~';

    public ImmutableArray<string> Models { get; init; } = [];

    public string Region { get; init; } = "";

    public string From { get; init; } = "";

    public string To { get; init; } = "";

    /// <summary>"" for the open ones, <see cref="AllStates"/>, or the name of a <see cref="FindingState"/>.</summary>
    public string State { get; init; } = "";

    public string Party { get; init; } = "";

    public string Gap { get; init; } = "";

    public AmountUnit GapUnit { get; init; } = AmountUnit.TenThousandYuan;

    public AmountUnit Unit { get; init; }

    public FindingCursor? After { get; init; }

    /// <summary>zh-CN, by form field.</summary>
    public ImmutableDictionary<string, string> Faults { get; init; } = ImmutableDictionary<string, string>.Empty;

    public bool IsFiltered => Models.Length > 0 || new[] { Region, From, To, State, Party, Gap }.Any(text => text.Length > 0);

    public bool CountsOpenOnly => State.Length == 0;

    public static FindingsQuery Read(IQueryCollection address)
    {
        string Text(string name)
        {
            var text = address[name].ToString().Trim();
            return new string([.. text.Where(c => !char.IsControl(c)).Take(TextLengthMax)]);
        }
        AmountUnit UnitOf(string name, AmountUnit otherwise) =>
            address[name].ToString() switch { "yuan" => AmountUnit.Yuan, "wan" => AmountUnit.TenThousandYuan, _ => otherwise };
        var query = new FindingsQuery
        {
            Models = [.. address[Field.Model].OfType<string>().Where(IsModelCode).Distinct().Take(ModelsMax)],
            Region = Text(Field.Region),
            From = Text(Field.From),
            To = Text(Field.To),
            State = ReadState(Text(Field.State)),
            Party = Text(Field.Party),
            Gap = Text(Field.Gap),
            GapUnit = UnitOf(Field.GapUnit, AmountUnit.TenThousandYuan),
            Unit = UnitOf(Field.Unit, AmountUnit.Yuan),
            After = ReadCursor(address[Field.After].ToString()),
        };
        return query with { Faults = query.FindFaults() };
    }

    public FindingFilter ToFilter(string scope) => new()
    {
        Scope = scope,
        Models = Models,
        RegionPrefix = IsDivision(Region) ? Region : "",
        From = Period.TryParse(From, out var from) ? from : null,
        To = Period.TryParse(To, out var to) ? to : null,
        States = State switch
        {
            "" => [],
            AllStates => [.. Enum.GetValues<FindingState>()],
            _ => [Enum.Parse<FindingState>(State)],
        },
        Party = Party,
        GapMin = TryGap(out var gap) ? gap : null,
    };

    /// <summary>"" or a query string with its question mark; the same query gives the same string.</summary>
    public string ToQueryString()
    {
        var query = new QueryBuilder();
        void Add(string name, string value)
        {
            if (value.Length > 0)
                query.Add(name, value);
        }
        foreach (var model in Models)
            query.Add(Field.Model, model);
        Add(Field.Region, Region);
        Add(Field.From, From);
        Add(Field.To, To);
        Add(Field.State, State);
        Add(Field.Party, Party);
        Add(Field.Gap, Gap);
        Add(Field.GapUnit, Gap.Length > 0 && GapUnit == AmountUnit.Yuan ? "yuan" : "");
        Add(Field.Unit, Unit == AmountUnit.TenThousandYuan ? "wan" : "");
        Add(Field.After, After is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{After.GapFen}{CursorSeparator}{After.Id}"));
        return query.ToString();
    }

    private static bool IsModelCode(string code) => code.Length is > 0 and <= 16 && code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsDivision(string code) => code.Length is > 0 and <= DivisionLengthMax && code.All(char.IsAsciiDigit);

    private static string ReadState(string state) =>
        state == AllStates || (Enum.TryParse<FindingState>(state, out var known) && known.ToString() == state) ? state : "";

    private static FindingCursor? ReadCursor(string after)
    {
        var separator = after.IndexOf(CursorSeparator, StringComparison.Ordinal);
        if (separator < 0 || after.Length - separator - 1 is 0 or > TextLengthMax || after.Any(char.IsControl))
            return null;
        var id = after[(separator + 1)..];
        if (separator == 0)
            return new FindingCursor(null, id);
        return long.TryParse(after.AsSpan(0, separator), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var gap)
            ? new FindingCursor(gap, id)
            : null;
    }

    private bool TryGap(out Money gap)
    {
        gap = default;
        if (!decimal.TryParse(Gap, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value)
            || value > GapYuanMax || Amounts.ToYuan(value, GapUnit) is var yuan && yuan > GapYuanMax)
            return false;
        gap = Money.FromYuan(yuan);
        return true;
    }

    private ImmutableDictionary<string, string> FindFaults()
    {
        var faults = ImmutableDictionary.CreateBuilder<string, string>();
        if (Region.Length > 0 && !IsDivision(Region))
            faults[Field.Region] = string.Format(CultureInfo.InvariantCulture, FindingsText.RegionFault, Region);
        var fromOk = Period.TryParse(From, out var from);
        var toOk = Period.TryParse(To, out var to);
        if (From.Length > 0 && !fromOk)
            faults[Field.From] = string.Format(CultureInfo.InvariantCulture, FindingsText.PeriodFault, From);
        if (To.Length > 0 && !toOk)
            faults[Field.To] = string.Format(CultureInfo.InvariantCulture, FindingsText.PeriodFault, To);
        if (fromOk && toOk && to.End < from.Start)
            faults[Field.To] = FindingsText.PeriodOrderFault;
        if (Gap.Length > 0 && !TryGap(out _))
            faults[Field.Gap] = string.Format(CultureInfo.InvariantCulture, FindingsText.GapFault, Gap);
        return faults.ToImmutable();
    }

    /// <summary>Names in the address. FROZEN: officers send each other links.</summary>
    internal static class Field
    {
        public const string Model = "model";
        public const string Region = "region";
        public const string From = "from";
        public const string To = "to";
        public const string State = "state";
        public const string Party = "party";
        public const string Gap = "gap";
        public const string GapUnit = "gapUnit";
        public const string Unit = "unit";
        public const string After = "after";
    }
}
