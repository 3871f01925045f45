using System.CommandLine;
using System.Text;
using InfoHub.Host.Commands;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await new RootCommand("InfoHub, a city's tax-information sharing hub")
{
    ServeCommand.Create(), SandboxCommand.Create(), RunCommand.Create(), LinkCommand.Create(), DemoCommand.Create(),
    LinkFitCommand.Create(), LinkReplayCommand.Create(), DoctorCommand.Create(), ParkedCommand.Create(),
}.Parse(args).InvokeAsync(new InvocationConfiguration
{
    // After its time a stop is cut off and leaves PostgreSQL behind, which may have much to write before it ends.
    ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
});
