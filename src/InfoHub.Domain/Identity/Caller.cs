using System.Security.Claims;

namespace InfoHub.Domain.Identity;

/// <summary>What a machine caller is to the hub. People are not callers: they sign in to the console.</summary>
public enum CallerKind
{
    /// <summary>报送部门: sends extracts.</summary>
    Department = 1,

    /// <summary>使用方: reads findings of its own branch.</summary>
    Consumer = 2,
}

/// <summary>
/// Names of the authorization policies. An endpoint that names none is closed to everybody without a token
/// (deny by default).
/// </summary>
public static class HubPolicies
{
    public const string Department = "infohub-department";

    public const string Consumer = "infohub-consumer";
}

/// <summary>Names of the claims a token carries. FROZEN: external authorities are configured to issue them.</summary>
public static class CallerClaims
{
    public const string ClientId = "client_id";

    /// <summary><c>department</c> or <c>consumer</c>.</summary>
    public const string Kind = "infohub_kind";

    public const string KindDepartment = "department";

    public const string KindConsumer = "consumer";

    /// <summary>Department code: SCJG. Departments only.</summary>
    public const string Department = "infohub_department";

    /// <summary>
    /// GB/T 2260 prefix of the consumer's branch; the empty string is the whole city. Consumers only.
    /// </summary>
    public const string Region = "infohub_region";
}

/// <summary>
/// The machine behind a call, as its token states it. <paramref name="Department"/> is "" for a consumer,
/// <paramref name="Region"/> is "" for a department and for a consumer of the whole city.
/// </summary>
public readonly record struct Caller(CallerKind Kind, string ClientId, string Department, string Region)
{
    private const int RegionLengthMax = 12;
    private const int DepartmentLengthMax = 20;

    /// <summary>
    /// Reads the caller out of its claims. False when a claim is missing or malformed: a consumer's token without a
    /// region claim entitles to nothing, never to the whole city.
    /// </summary>
    public static bool TryRead(ClaimsPrincipal principal, out Caller caller)
    {
        caller = default;
        var client = principal.FindFirst(CallerClaims.ClientId)?.Value ?? principal.FindFirst("azp")?.Value;
        if (principal.Identity?.IsAuthenticated != true || string.IsNullOrEmpty(client))
            return false;
        var department = principal.FindFirst(CallerClaims.Department)?.Value ?? "";
        var region = principal.FindFirst(CallerClaims.Region)?.Value;
        switch (principal.FindFirst(CallerClaims.Kind)?.Value)
        {
            case CallerClaims.KindDepartment when IsDepartment(department):
                caller = new Caller(CallerKind.Department, client, department, "");
                return true;
            case CallerClaims.KindConsumer when region is not null && IsRegion(region):
                caller = new Caller(CallerKind.Consumer, client, "", region);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A department code: upper case ASCII letters and digits, a letter first.</summary>
    public static bool IsDepartment(string text) =>
        text.Length is > 0 and <= DepartmentLengthMax && char.IsAsciiLetterUpper(text[0])
        && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    /// <summary>A division prefix: at most twelve digits; "" is the whole city.</summary>
    public static bool IsRegion(string text) => text.Length <= RegionLengthMax && text.All(char.IsAsciiDigit);
}
