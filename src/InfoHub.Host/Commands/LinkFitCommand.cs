using System.CommandLine;
using InfoHub.Host.Composition;
using InfoHub.Processing;
using InfoHub.Storage;
using InfoHub.Storage.Parties;

namespace InfoHub.Host.Commands;

/// <summary><c>link-fit</c>: weights of party resolution, fitted to how each department writes.</summary>
internal static class LinkFitCommand
{
    public static Command Create()
    {
        var stores = new StoreOptions();
        var department = new Option<string?>("--department") { Description =
            "Only this department, e.g. GD; default all" };
        var apply = new Option<bool>("--apply") { Description =
            "Decide the department's rows by the fitted weights from now on" };
        var revert = new Option<bool>("--revert") { Description = "Go back to the shipped weights for --department" };
        var command = new Command("link-fit", "Fit the weights of party resolution to each department's own rows")
        {
            department, apply, revert, CommonOptions.AsOf, CommonOptions.Templates,
        };
        stores.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(revert) && result.GetValue(department) is null)
                result.AddError("--revert takes a --department");
        });
        command.SetAction((parse, cancellation) => CommonOptions.GuardAsync(async () =>
        {
            await using var opened = await stores.OpenAsync(parse, cancellation);
            await using var source = await Schema.OpenAsync(opened.ConnectionString, cancellation);
            TimeProvider clock = parse.GetValue(CommonOptions.AsOf) is { } day ? new AsOfClock(day)
                : TimeProvider.System;
            var models = new LinkModelStore(source, clock);
            if (parse.GetValue(revert))
            {
                var name = parse.GetValue(department)!;
                var isReverted = await models.RevertAsync(name, cancellation);
                await System.Console.Out.WriteLineAsync(isReverted ? $"{name}  已恢复随附权重" : $"{name}  没有启用的自有权重");
                return isReverted ? 0 : 1;
            }
            var templates = TemplateFolder.Read(CommonOptions.TemplatesOf(parse));
            await Schema.InstallTemplatesAsync(source, templates.All.Select(t => (t.Template, t.OdcsYaml)), cancellation);
            await ProcessingModule.FitLinkModelsAsync(new LinkStore(source, clock), models, new LinkAudits(source,
                templates, clock), templates,
                new ProcessingOptions { Clock = clock },
                new LinkFitOrder(parse.GetValue(department), parse.GetValue(apply), System.Console.WriteLine),
                    cancellation);
            return 0;
        }));
        return command;
    }
}
