using System.Text;

namespace InfoHub.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var terminal = new Terminal(
            Console.Out, Console.Error, IsInteractive: !Console.IsOutputRedirected, Environment.GetEnvironmentVariable)
        {
            In = Console.In,
            AskSecret = prompt => Console.IsInputRedirected ? null : Terminal.ReadSecret(prompt),
        };
        return (int)await HubCommandLine.RunAsync(arguments, terminal, CancellationToken.None);
    }
}
