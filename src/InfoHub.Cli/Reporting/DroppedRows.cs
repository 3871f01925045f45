using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using InfoHub.Cli.Commands;
using InfoHub.Client.Checking;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Problem = InfoHub.Templates.Problems.Problem;

namespace InfoHub.Cli.Reporting;

/// <summary>
/// A file that says of rejected rows that they are not sent again, and why: their numbers under the header of the file
/// they came in, every cell blank. Gone when it is disposed of; the same rows and reason make the same bytes, so that a
/// call repeated after a cut is the same submission.
/// </summary>
internal sealed class DroppedRows : IDisposable
{
    private DroppedRows(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="ProblemException">IH-INT-123: a row is not among those still to be mended.</exception>
    public static async Task<DroppedRows> WriteAsync(CommandRun run, string submission, int[] rows, string reason)
    {
        IReadOnlyList<string> columns = [];
        var open = new HashSet<long>();
        await foreach (var reply in run.Sender.ReadRejectedRowsAsync(submission, run.Cancellation))
            if (reply.PartCase == RejectedRowsReply.PartOneofCase.Header)
                columns = reply.Header.Columns;
            else
                open.Add(reply.Row.Row);
        foreach (var row in rows.Where(row => !open.Contains(row)))
            throw new ProblemException(new Problem(ProblemCatalogue.RowNotOpen, ("submission", submission),
                ("row", row.ToString(CultureInfo.InvariantCulture))));
        var text = new StringBuilder(DelimitedRow.Join([RejectedColumns.Origin, .. columns, RejectedColumns.Drop]));
        foreach (var row in rows)
            text.Append(DelimitedRow.Join([row.ToString(CultureInfo.InvariantCulture), .. columns.Select(_ => ""),
                reason.Trim()]));
        var content = Encoding.UTF8.GetBytes(text.ToString());
        var name = $"infohub-drop-{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}.csv";
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), name);
        FreshFile.Write(path, content, overwrites: true);
        return new DroppedRows(path);
    }

    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It holds row numbers and a reason; what was sent matters more.
        }
    }
}
