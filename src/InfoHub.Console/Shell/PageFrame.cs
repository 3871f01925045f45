using System.Globalization;
using InfoHub.Console.Errors;
using InfoHub.Console.SignIn;
using InfoHub.Storage.Parties;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

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
        var token = antiforgery.GetAndStoreTokens(context).RequestToken ?? "";
        return new PageFrame(user, branch, Today(clock), context.Request.GetEncodedPathAndQuery(), token)
        {
            IsSandbox = isSandbox, LinksWaiting = context.Items[WaitingItem] as long? ?? 0,
        };
    }

    /// <summary>A page with its frame; every page takes both as <c>Page</c> and <c>View</c>.</summary>
    public RazorComponentResult Show<TPage>(HttpContext context, object view, int status = StatusCodes.Status200OK)
        where TPage : IComponent =>
        new RazorComponentResult<TPage>(new Dictionary<string, object?> { ["Page"] = For(context), ["View"] = view })
        {
            StatusCode = status,
        };

    /// <summary>The day in China.</summary>
    public static DateOnly Today(TimeProvider clock) =>
        DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(ChinaOffset).DateTime);
}

/// <summary>Lets a posted form in only when it was ours, and no longer than a form of ours can be.</summary>
internal sealed class PostedForm(IAntiforgery antiforgery, PageFrames frames) : IEndpointFilter
{
    private const long BytesMax = 16 * 1024;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = BytesMax;
        try
        {
            await antiforgery.ValidateRequestAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            return ErrorEndpoints.Page(frames.For(context), StatusCodes.Status400BadRequest, ErrorsText.FormExpired,
                ErrorsText.FormExpiredRemedy);
        }
        return await next(invocation);
    }
}
