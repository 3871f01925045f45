using System.Globalization;
using InfoHub.Bench;

var rows = args.SkipWhile(a => a != "--rows").Skip(1).FirstOrDefault() is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
var log = args.SkipWhile(a => a != "--log").Skip(1).FirstOrDefault() ?? "postgres";
switch (args.FirstOrDefault())
{
    case "intake":
        return await IntakeBench.RunAsync(rows > 0 ? rows : 1_000_000, log);
    case "validate":
        return ValidateBench.Run(rows > 0 ? rows : 200_000);
    case "fuzz-decoder":
        return DecoderFuzzBench.Run(rows > 0 ? rows : 700_000);
    default:
        Console.Error.WriteLine(
            "bench NAME [--rows N] [--log postgres|kafka-mock|kafka=host:port]; names: intake, validate, fuzz-decoder");
        return 1;
}
