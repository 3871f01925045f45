using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using InfoHub.Cli.Extracting;
using InfoHub.Cli.Settings;
using InfoHub.Client.Sending;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Cli.Commands;

/// <summary><c>extract</c>: a query against the department's own database becomes a file to be sent.</summary>
internal static class ExtractCommand
{
    private static readonly string[] Endings = [".csv", ".txt"];

    public static Command Create(HubCommandLine line)
    {
        var provider = new Option<string>("--provider")
        {
            Description = "数据库：postgresql（默认），或放在 providers 目录下的 ADO.NET 驱动程序集名",
            DefaultValueFactory = _ => "postgresql",
        };
        var variable = new Option<string>("--connection-env") { Description = "存放连接串的环境变量名" };
        var file = new Option<string>("--connection-file") { Description = "存放连接串的文件" };
        var query = new Option<string>("--query")
        {
            Description = "查询语句文件；可用参数 @period、@period_start、@period_end（最后一天）、@period_next（次日）", Required = true,
        };
        var item = new Option<string>("--item") { Description = "信息项，例如 GD-01", Required = true };
        var period = new Option<string>("--period") { Description = "所属期", Required = true };
        var output = new Option<string>("--out") { Description = "写到此文件，默认 <信息项>_<所属期>.csv" };
        var force = new Option<bool>("--force") { Description = "同名文件已存在时覆盖" };
        var template = new Option<string>("--template") { Description = "模板文件；默认用本机保存的模板" };
        var command = new Command("extract", "从本部门业务数据库取数，写成模板格式的文件（PostgreSQL 用只读事务；其他数据库请用只读账号）")
        {
            provider, variable, file, query, item, period, output, force, template,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(variable) is null) == (result.GetValue(file) is null))
                result.AddError("--connection-env 与 --connection-file 给出一个");
            if (result.GetValue(output) is { } named && !Endings.Contains(Path.GetExtension(named).ToLowerInvariant()))
                result.AddError("--out 的文件名应以 .csv 结尾：取出的数据写成 CSV");
        });
        return line.Run(command, async run =>
        {
            var wanted = run.Parsed.GetRequiredValue(item).ToUpperInvariant();
            var agreed = run.Parsed.GetValue(template) is { } path
                ? TemplateCache.FromFile(path) : new TemplateCache(run.Home).Get(wanted);
            var of = TemplateRegistry.ReadPeriod(agreed, run.Parsed.GetRequiredValue(period),
                DateOnly.FromDateTime(run.Terminal.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime));
            var source = new ExtractSource(run.Parsed.GetRequiredValue(provider),
                ExtractSource.ConnectionFrom(run, run.Parsed.GetValue(variable), run.Parsed.GetValue(file)));
            var target = new ExtractTarget(
                run.Parsed.GetValue(output) ?? $"{wanted}_{of}.csv", run.Parsed.GetValue(force));
            try
            {
                var text = ExtractSource.ReadQuery(run.Parsed.GetRequiredValue(query));
                Tell(run, await new Extraction(agreed, of).RunAsync(run, source, text, target), wanted, of);
            }
            catch (ProblemException none) when (none.Problem.Code == ProblemCatalogue.NoRows.Code)
            {
                run.Note($"若本期确实没有数据：infohub nil {wanted} {of} --reason 原因");
                throw;
            }
            return ExitCode.Ok;
        });
    }

    /// <summary>The name alone tells what the file is, so that it can be sent by its name.</summary>
    private static bool Tells(string path, string item, Period period)
    {
        try
        {
            var file = SubmissionFile.FromPath(path);
            return file.Item == item && file.Period == period;
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    private static void Tell(CommandRun run, Extracted made, string item, Period of)
    {
        if (run.IsJson)
        {
            run.Terminal.Out.WriteLine(new JsonObject
            {
                ["file"] = made.Path, ["rows"] = made.Rows,
                ["sums"] = new JsonObject(made.Sums.Select(s =>
                    KeyValuePair.Create(s.Field.Name, (JsonNode?)s.Sum.ToString(CultureInfo.InvariantCulture)))),
            }.ToJsonString(ProblemText.PlainJson));
            return;
        }
        run.Terminal.Out.WriteLine($"{made.Path}：{made.Rows} 行");
        foreach (var (field, sum) in made.Sums)
            run.Terminal.Out.WriteLine($"  {field.Title} 合计 {sum.ToString(CultureInfo.InvariantCulture)} {field.Unit}".TrimEnd());
        var named = Tells(made.Path, item, of) ? made.Path : $"{made.Path} --item {item} --period {of}";
        run.Terminal.Out.WriteLine($"下一步：infohub check {named}，然后 infohub push {named}");
    }
}
