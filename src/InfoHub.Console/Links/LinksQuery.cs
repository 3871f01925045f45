using System.Globalization;
using InfoHub.Storage.Parties;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace InfoHub.Console.Links;

/// <summary>The queue as the address tells it.</summary>
public sealed record LinksQuery
{
    private const int ItemLengthMax = 16;
    private const char CursorSeparator = '~';

    public string Item { get; init; } = "";

    public QueueKind? Kind { get; init; }

    public QueueCursor? After { get; init; }

    public bool IsFiltered => Item.Length > 0 || Kind is not null;

    public static LinksQuery Read(IQueryCollection address)
    {
        var item = address[Field.Item].ToString();
        return new LinksQuery
        {
            Item = item.Length <= ItemLengthMax && item.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? item : "",
            Kind = Enum.TryParse<QueueKind>(address[Field.Kind].ToString(),
                out var kind) && Enum.IsDefined(kind) ? kind : null,
            After = ReadCursor(address[Field.After].ToString()),
        };
    }

    public QueueFilter ToFilter(string scope, string viewer) => new(scope, viewer, Item, Kind);

    public string ToQueryString()
    {
        var query = new QueryBuilder();
        if (Item.Length > 0)
            query.Add(Field.Item, Item);
        if (Kind is { } kind)
            query.Add(Field.Kind, kind.ToString());
        if (After is { } after)
            query.Add(Field.After, string.Create(CultureInfo.InvariantCulture,
                $"{(after.IsUnsure ? 1 : 0)}{CursorSeparator}{after.Priority}{CursorSeparator}{after.Number}"));
        return query.ToString();
    }

    private static QueueCursor? ReadCursor(string after) => after.Split(CursorSeparator) is [var unsure, var priority,
        var number]
        && long.TryParse(priority, NumberStyles.None, CultureInfo.InvariantCulture, out var p)
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? new QueueCursor(unsure == "1", p, n) : null;

    /// <summary>Names in the address. FROZEN: officers send each other links.</summary>
    internal static class Field
    {
        public const string Item = "item";
        public const string Kind = "kind";
        public const string After = "after";
        public const string Audit = "audit";
        public const string Done = "done";
    }
}
