using InfoHub.Intake.Submit;
using InfoHub.Intake.Validate;
using InfoHub.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace InfoHub.Intake;

/// <summary>Submission → validation → record log.</summary>
public static class IntakeModule
{
    /// <summary>Needs SubmissionStore, RowErrorStore, RowProofs, WithdrawalStore, LandingStore, ReceiptSigner, IRecordLog,
    /// TemplateRegistry and TimeProvider from the host.</summary>
    public static IServiceCollection AddIntake(this IServiceCollection services, IntakeOptions options) => services
        .AddSingleton(options)
        .AddSingleton<CheckQueue>()
        .AddSingleton(new FileSpool(options.SpoolFolder))
        .AddSingleton<SubmissionDesk>()
        .AddSingleton<UploadHolders>()
        .AddSingleton<SpoolRoom>()
        .AddSingleton<DirectDesk>()
        .AddSingleton<UploadSession>()
        .AddHostedService<UploadSweep>()
        .AddSingleton<SubmissionWatch>()
        .AddHostedService(provider => provider.GetRequiredService<SubmissionWatch>())
        .AddSingleton<ErrorReport>()
        .AddSingleton<CheckStage>()
        .AddHostedService<CheckWorker>()
        .AddAutoMapper(static mapping => mapping.AddProfile<IntakeProfile>());

    /// <summary>Sums of the check stage since the process began.</summary>
    public static StageMetrics CheckStage => IntakeMetrics.Checked;

    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<SubmissionsService>();
        return endpoints;
    }
}
