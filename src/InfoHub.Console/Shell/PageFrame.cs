using System.Globalization;
using InfoHub.Console.SignIn;
using InfoHub.Storage.Parties;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace InfoHub.Console.Shell;

/// <summary>What every page shows around its content.</summary>
/// <param name="User">Null before sign-in.</param>
/// <param name="Branch">zh-CN name of the user's branch.</param>
/// <param name="Today">Day in China, for the watermark.</param>
/// <param name="Address">Path and query of this page: with a base element, a bare fragment would lead to another page.</param>
/// <param name="FormToken">Proves that a posted form was ours.</param>
public sealed record PageFrame(ConsoleUser? User, string Branch, DateOnly Today, string Address, string FormToken)
{
    public const string FormTokenField = "form_token";

    /// <summary>A rehearsal: nothing on this page is real.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>Rows in the user's branch that wait to be placed.</summary>
    public long LinksWaiting { get; init; }

    public string Watermark =>
        User is null ? "" : $"{User.Consumer}  {Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
}

internal sealed class PageFrames(
    IAntiforgery antiforgery, ConsoleCatalogue catalogue, LinkQueue queue, TimeProvider clock, bool isSandbox)
{
    /// <summary>China keeps one time zone without daylight saving.</summary>
    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    private static readonly object WaitingItem = new();

    /// <summary>Counts what the menu tells, once per request.</summary>
    public async Task CountAsync(HttpContext context)
    {
        if (ConsoleUser.From(context.User) is { } user)
            context.Items[WaitingItem] = await queue.CountAsync(new QueueFilter(user.Region, user.Consumer),
                context.RequestAborted);
    }

    public PageFrame For(HttpContext context)
    {
        var user = ConsoleUser.From(context.User);
        var branch = user switch
        {
            null => "",
            { Region: "" } => ShellText.WholeCity,
            _ => catalogue.DivisionName(user.Region),
        };
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(ChinaOffset).DateTime);
        var token = antiforgery.GetAndStoreTokens(context).RequestToken ?? "";
        return new PageFrame(user, branch, today, context.Request.GetEncodedPathAndQuery(), token)
        {
            IsSandbox = isSandbox, LinksWaiting = context.Items[WaitingItem] as long? ?? 0,
        };
    }
}
