using System.Globalization;
using InfoHub.Client.Sending;
using InfoHub.Templates.Problems;
using Spectre.Console;

namespace InfoHub.Cli.Commands;

/// <summary>
/// Shows files on their way: a bar per file on a terminal, plain lines where output is redirected or JSON.
/// </summary>
internal abstract class PushDisplay : IAsyncDisposable
{
    public static async Task<PushDisplay> StartAsync(CommandRun run, string[] paths)
    {
        if (!run.Terminal.IsInteractive || run.IsJson)
            return new Lines(run.IsJson ? run.Terminal.Error : run.Terminal.Out);
        var bars = new Bars(run.Terminal.Console(), paths);
        await bars.Ready;
        return bars;
    }

    public abstract IProgress<SendingProgress> Of(string path);

    public abstract void Failed(string path, Problem problem);

    public abstract ValueTask DisposeAsync();

    private static string WordOf(SendingProgress progress) => progress.Step switch
    {
        SendingStep.Checking => "本地检查",
        SendingStep.Hashing => "计算摘要",
        SendingStep.Uploading => "上传",
        SendingStep.Waiting => $"{progress.Retrying?.Kind.TitleZh}，稍后重试",
        _ => progress.Status is { } status ? StatusText.StateOf(status.State) : "处理中",
    };

    private static double ShareOf(SendingProgress progress) =>
        progress.BytesTotal == 0 ? 0 : Math.Clamp((double)progress.BytesDone / progress.BytesTotal, 0, 1);

    /// <summary>Called in order on the sender's own thread, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Direct(Action<SendingProgress> report) : IProgress<SendingProgress>
    {
        public void Report(SendingProgress value) => report(value);
    }

    private sealed class Lines(TextWriter to) : PushDisplay
    {
        private const int PercentStep = 10;

        public override IProgress<SendingProgress> Of(string path)
        {
            var (name, last) = (Terminal.Clean(Path.GetFileName(path)), "");
            return new Direct(progress =>
            {
                var percent = (int)(ShareOf(progress) * 100) / PercentStep * PercentStep;
                var line = progress.Step is SendingStep.Checking or SendingStep.Hashing or SendingStep.Uploading
                    ? string.Create(CultureInfo.InvariantCulture, $"{name}  {WordOf(progress)} {percent}%")
                    : $"{name}  {WordOf(progress)}";
                if (line != last)
                    to.WriteLine(last = line);
            });
        }

        public override void Failed(string path, Problem problem) =>
            to.WriteLine($"{Terminal.Clean(Path.GetFileName(path))}  {problem.Code} {problem.Kind.TitleZh}");

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Spectre draws while its own task runs; that task ends when all files are done.</summary>
    private sealed class Bars : PushDisplay
    {
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Dictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);
        private readonly Task _drawing;

        public Bars(IAnsiConsole console, string[] paths)
        {
            _drawing = console.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(),
                    new PercentageColumn(), new SpinnerColumn())
                .StartAsync(context =>
                {
                    foreach (var path in paths.Distinct(StringComparer.Ordinal))
                        _bars[path] = context.AddTask(NameOf(path), maxValue: 1);
                    _ready.SetResult();
                    return _done.Task;
                });
        }

        /// <summary>The bars are on the screen, or drawing failed.</summary>
        public Task Ready => Task.WhenAny(_ready.Task, _drawing).Unwrap();

        public override IProgress<SendingProgress> Of(string path)
        {
            var bar = _bars[path];
            return new Direct(progress =>
            {
                bar.Description = $"{NameOf(path)}  {Markup.Escape(WordOf(progress))}";
                bar.Value = ShareOf(progress);
                if (progress.Step == SendingStep.Resting)
                    bar.StopTask();
            });
        }

        public override void Failed(string path, Problem problem)
        {
            _bars[path].Description = $"{NameOf(path)}  [red]{problem.Code}[/]";
            _bars[path].StopTask();
        }

        public override async ValueTask DisposeAsync()
        {
            _done.TrySetResult();
            await _drawing;
        }

        private static string NameOf(string path) => Markup.Escape(Terminal.Clean(Path.GetFileName(path)));
    }
}
