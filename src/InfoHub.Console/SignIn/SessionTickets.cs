using InfoHub.Storage.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace InfoHub.Console.SignIn;

/// <summary>
/// What stands behind a cookie: a record that every request looks at, that signing out ends on all hosts, and that has
/// a longest life however busy it is.
/// </summary>
internal sealed class SessionTickets(ConsoleSessions sessions, TimeProvider clock) : ITicketStore
{
    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var user = ConsoleUser.From(ticket.Principal)
            ?? throw new InvalidOperationException("only a consumer is signed in to the console");
        return await sessions.BeginAsync(user.Consumer, user.Region, EndOf(ticket), CancellationToken.None);
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) =>
        sessions.ExtendAsync(key, EndOf(ticket), ConsoleModule.SessionTimeMax, CancellationToken.None);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key) =>
        await sessions.FindAsync(key, CancellationToken.None) is { } session
            ? new AuthenticationTicket(new ConsoleUser(session.Consumer, session.Region).ToPrincipal(),
                new AuthenticationProperties
                {
                    IssuedUtc = session.Expires - ConsoleModule.IdleTimeMax, ExpiresUtc = session.Expires,
                }, ConsoleModule.AuthenticationScheme)
            : null;

    public Task RemoveAsync(string key) => sessions.EndAsync(key, CancellationToken.None);

    private DateTimeOffset EndOf(AuthenticationTicket ticket) =>
        ticket.Properties.ExpiresUtc ?? clock.GetUtcNow() + ConsoleModule.IdleTimeMax;
}
