using InfoHub.Streaming;

namespace InfoHub.Intake;

internal static class IntakeMetrics
{
    public static readonly StageMetrics Received = new("receive");
    public static readonly StageMetrics Checked = new("check");
}
