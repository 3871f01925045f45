using System.Globalization;
using InfoHub.Bench;

// A number for most; the file of rows for link.
var rows = args.SkipWhile(a => a != "--rows").Skip(1).FirstOrDefault() is { } text
    && int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
var log = args.SkipWhile(a => a != "--log").Skip(1).FirstOrDefault() ?? "postgres";
switch (args.FirstOrDefault())
{
    case "intake":
        return await IntakeBench.RunAsync(rows > 0 ? rows : 1_000_000, log);
    case "validate":
        return ValidateBench.Run(rows > 0 ? rows : 200_000);
    case "workbooks":
        return WorkbooksBench.Run(rows > 0 ? rows : 50_000);
    case "cuts":
        return await CutsBench.RunAsync(rows > 0 ? rows : 600_000);
    case "fuzz-decoder":
        return DecoderFuzzBench.Run(rows > 0 ? rows : 700_000);
    case "fuzz-protocol":
        return await FuzzBench.RunAsync(rows > 0 ? rows : 300_000);
    case "memory":
        return await MemoryBench.RunAsync(rows);
    case "link":
        return await LinkBench.RunAsync(LinkBenchOptions.Of(args));
    case "link-controls":
        return LinkControlsBench.Run(rows);
    case "link-shops":
        return LinkShopsBench.Run(LinkShopsOptions.Of(args, rows));
    case "link-scale":
        return LinkScaleBench.Run(rows);
    default:
        Console.Error.WriteLine("bench NAME [--rows N] [--log postgres|kafka-mock|kafka=host:port]; "
            + "names: intake, validate, workbooks, memory, cuts, "
            + "fuzz-decoder, fuzz-protocol, link, link-controls, link-shops, link-scale");
        return 1;
}
