using AutoMapper;
using InfoHub.Intake;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace InfoHub.Stages.Tests.Intake;

public class IntakeEdgeTests
{
    [Fact]
    public void Profile_IsComplete()
    {
        using var services = new ServiceCollection().AddLogging().AddAutoMapper(m => m.AddProfile<IntakeProfile>()).BuildServiceProvider();
        services.GetRequiredService<IMapper>().ConfigurationProvider.AssertConfigurationIsValid();
    }
}
