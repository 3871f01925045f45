using InfoHub.Domain.Parameters;

namespace InfoHub.Domain.Matching;

/// <summary>
/// The term to make oneself known to tax after the licence (征管法15条): 30 days from the day after 成立, a term in days
/// that 细则109条 moves and prolongs.
/// </summary>
internal static class RegistrationTerm
{
    /// <summary>The parameter it reads; a model that calls it lists it.</summary>
    public const string Days = "registration.days";

    public static LegalDay Of(DateOnly established, ParameterSet parameters) => parameters.Calendar.Within(
        established.AddDays(1), established.AddDays((int)parameters.At(Days, established).Value));
}
