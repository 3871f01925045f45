using System.Diagnostics;
using System.Globalization;
using InfoHub.Templates.Problems;

namespace InfoHub.Host.Batch;

/// <summary>Shows how far a batch has come. Two kinds: a bar on a terminal, lines in a log.</summary>
public interface IBatchDisplay
{
    void Begin(string phase, long total);

    void Advance(long done, string what);

    void End();

    void Problem(string file, Problem problem);
}

/// <summary>A progress bar that rewrites its line.</summary>
internal sealed class BarDisplay(TextWriter output) : IBatchDisplay
{
    private const int Width = 40;

    private string _phase = "";
    private long _total;
    private long _done;
    private long _shownAt;

    public void Begin(string phase, long total)
    {
        (_phase, _total, _done, _shownAt) = (phase, total, 0, 0);
        Show("");
    }

    public void Advance(long done, string what)
    {
        _done += done;
        if (Stopwatch.GetElapsedTime(_shownAt) > TimeSpan.FromMilliseconds(100))
            Show(what);
    }

    public void End()
    {
        _done = _total;
        Show("");
        output.WriteLine();
    }

    public void Problem(string file, Problem problem) => output.WriteLine($"\r\u001b[K  {file}：{problem}");

    private void Show(string what)
    {
        _shownAt = Stopwatch.GetTimestamp();
        var share = _total == 0 ? 1 : Math.Clamp((double)_done / _total, 0, 1);
        var filled = (int)(share * Width);
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"\r\u001b[K  {_phase} [{new string('#', filled)}{new string('.', Width - filled)}] {share:P0} {_done:N0}/{_total:N0} {what}"));
    }
}

/// <summary>One line per phase and per tenth of it.</summary>
internal sealed class LineDisplay(TextWriter output) : IBatchDisplay
{
    private string _phase = "";
    private long _total;
    private long _done;
    private long _tenths;
    private long _began;

    public void Begin(string phase, long total)
    {
        (_phase, _total, _done, _tenths, _began) = (phase, total, 0, 0, Stopwatch.GetTimestamp());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {phase}：{total:N0}"));
    }

    public void Advance(long done, string what)
    {
        _done += done;
        var tenths = _total == 0 ? 0 : _done * 10 / _total;
        if (tenths <= _tenths)
            return;
        _tenths = tenths;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {_phase} {tenths * 10}%  {_done:N0}/{_total:N0}"));
    }

    public void End() => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"  {_phase} 完成，用时 {Stopwatch.GetElapsedTime(_began).TotalSeconds:0.0} 秒"));

    public void Problem(string file, Problem problem) => output.WriteLine($"  {file}：{problem}");
}
