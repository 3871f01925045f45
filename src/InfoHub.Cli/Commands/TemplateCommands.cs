using System.CommandLine;
using System.Text;
using InfoHub.Cli.Reporting;
using InfoHub.Cli.Settings;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using Spectre.Console;

namespace InfoHub.Cli.Commands;

/// <summary><c>templates</c>: what this department may send; kept on this machine for <c>check</c>.</summary>
internal static class TemplateCommands
{
    public static Command Create(HubCommandLine line)
    {
        var save = new Option<string>("--save") { Description = "把模板文件（.yaml）另存到此目录" };
        var offline = new Option<bool>("--offline") { Description = "只列出本机已保存的模板，不连接平台" };
        var force = new Option<bool>("--force") { Description = "--save 的目录中已有内容不同的同名文件时覆盖" };
        var command = new Command("templates", "列出本部门可以报送的模板，并保存在本机供离线检查") { save, offline, force };
        return line.Run(command, async run =>
        {
            var documents = run.Parsed.GetValue(offline) ? [] : await FetchAsync(run);
            if (run.Parsed.GetValue(save) is { } folder)
                foreach (var document in documents.Where(d => Path.GetFileName(d.Item) == d.Item))
                    Save(TemplateCache.PathOf(folder, document), document.OdcsYaml, run.Parsed.GetValue(force));
            if (run.Parsed.GetValue(offline))
                WriteCached(run);
            else if (run.IsJson)
                foreach (var document in documents)
                    run.Terminal.Out.WriteLine(ProblemText.Json.Format(document));
            else
                WriteTable(run, documents.Select(d => (d.Item, d.Version, TemplateCache.TitleOf(d.OdcsYaml),
                    d.Sha256Hex)));
            return ExitCode.Ok;
        });
    }

    /// <summary>A file that says the same stays as it is.</summary>
    private static void Save(string path, string yaml, bool overwrites)
    {
        if (!File.Exists(path))
            HubHome.Write(path, yaml);
        else if (File.ReadAllText(path) != yaml)
            FreshFile.Write(path, Encoding.UTF8.GetBytes(yaml), overwrites);
    }

    private static async Task<IReadOnlyList<TemplateDocument>> FetchAsync(CommandRun run)
    {
        try
        {
            return await new TemplateCache(run.Home).RefreshAsync(run.Sender, run.Terminal.Clock, run.Note,
                run.Cancellation);
        }
        catch (ProblemException away) when (away.Problem.Code == ProblemCatalogue.HubUnreachable.Code)
        {
            if (new TemplateCache(run.Home).List().Count > 0)
                run.Note("连接不到平台；本机保存的模板可用 infohub templates --offline 查看，check 可照常使用。");
            throw;
        }
    }

    private static void WriteCached(CommandRun run)
    {
        var kept = new TemplateCache(run.Home).List();
        if (!run.IsJson)
            WriteTable(run, kept.Select(t => (t.Item, t.Version, t.Title, t.Sha256)));
        else
            foreach (var template in kept)
                run.Terminal.Out.WriteLine(ProblemText.Json.Format(new TemplateDocument
                {
                    Item = template.Item, Version = template.Version, Sha256Hex = template.Sha256,
                    OdcsYaml = File.ReadAllText(template.Path),
                }));
    }

    private static void WriteTable(
        CommandRun run, IEnumerable<(string Item, int Version, string Title, string Sha256)> templates)
    {
        var table = new Table().NoBorder().AddColumns("信息项", "版本", "名称", "SHA-256");
        foreach (var (item, version, title, sha256) in templates)
            table.AddRow(new Text(Terminal.Clean(item)), new Text($"v{version}"), new Text(Terminal.Clean(title)),
                new Text(sha256));
        run.Terminal.Console().Write(table);
    }
}
