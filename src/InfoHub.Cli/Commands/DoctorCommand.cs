using System.CommandLine;
using System.Text.Json.Nodes;
using InfoHub.Cli.Diagnosing;
using InfoHub.Cli.Reporting;

namespace InfoHub.Cli.Commands;

/// <summary><c>doctor</c>: what stands between this machine and a good submission.</summary>
internal static class DoctorCommand
{
    public static Command Create(HubCommandLine line)
    {
        var bundle = new Option<string>("--bundle") { Description = "把诊断结果、版本、设置（不含密钥）和日志打包为 zip，不含任何业务数据" };
        var folder = new Option<string>("--dir") { Description = "watch 的目录：检查其磁盘空间，并把日志收入诊断包" };
        var force = new Option<bool>("--force") { Description = "--bundle 的文件已存在时覆盖" };
        var command = new Command("doctor", "检查时钟、证书、网络、版本、环境、模板与磁盘") { bundle, folder, force };
        return line.Run(command, async run =>
        {
            var found = await new Diagnosis(run, run.Parsed.GetValue(folder)).RunAsync();
            foreach (var symptom in found)
                Write(run, symptom);
            if (run.Parsed.GetValue(bundle) is { } path)
            {
                using var file = FreshFile.Create(path, run.Parsed.GetValue(force));
                SupportBundle.Write(run, file, found, run.Parsed.GetValue(folder));
                run.Note($"诊断包已写到 {path}，不含业务数据和密钥。");
            }
            return ExitCodes.Worst(found.Where(s => s.Level == SymptomLevel.Fail).Select(s => s.Code));
        });
    }

    private static void Write(CommandRun run, Symptom symptom)
    {
        if (run.IsJson)
        {
            run.Terminal.Out.WriteLine(new JsonObject
            {
                ["check"] = symptom.Check, ["level"] = symptom.Level.ToString().ToLowerInvariant(),
                ["text"] = symptom.Text, ["remedy"] = symptom.Remedy,
            }.ToJsonString(ProblemText.PlainJson));
            return;
        }
        run.Terminal.Out.WriteLine(Terminal.Clean($"{symptom.Level.ToString().ToLowerInvariant(),-5}{symptom.Check}：{symptom.Text}"));
        if (symptom.Remedy.Length > 0)
            run.Terminal.Out.WriteLine(Terminal.Clean($"     → {symptom.Remedy}"));
    }
}
