using System.Globalization;

namespace InfoHub.Cli.Settings;

/// <summary>Which hub an address means, however it is spelt.</summary>
internal static class HubAddress
{
    /// <summary>
    /// Scheme, host and port in their one form: capitals, a closing slash or dot, a default port and a path make no
    /// other hub. What is no address stays as it is.
    /// </summary>
    public static string Of(string address) =>
        Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) ? Of(uri) : address.Trim();

    public static string Of(Uri address) => string.Create(CultureInfo.InvariantCulture,
        $"{address.Scheme}://{HostOf(address)}:{address.Port}");

    public static bool AreSame(string? one, string? other) =>
        one is not null && other is not null && Of(one) == Of(other);

    /// <summary>A folder's name for a hub's receipts: hub.example.gov.cn_5001, with -test for rehearsals.</summary>
    public static string FolderOf(Uri hub, bool isTest) => string.Create(CultureInfo.InvariantCulture,
        $"{HostOf(hub).Replace(':', '-').Trim('[', ']')}_{hub.Port}{(isTest ? "-test" : "")}");

    private static string HostOf(Uri address) => address.IdnHost.TrimEnd('.').ToLowerInvariant();
}
