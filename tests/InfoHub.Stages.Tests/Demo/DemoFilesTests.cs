using InfoHub.Host.Demo;
using InfoHub.Templates.Checks;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Xunit;

namespace InfoHub.Stages.Tests.Demo;

/// <summary>Generated files against the agreed templates: dirt is accepted, every planted fault is reported.</summary>
public sealed class DemoFilesTests : IDisposable
{
    private readonly DemoFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_WithoutFaults_ValidateWithoutError() =>
        Assert.All(_folder.Generate(faults: false).Files, file => Assert.Empty(ErrorsOf(file)));

    [Fact]
    public void Files_WithFaults_ReportExactlyThose()
    {
        var summary = _folder.Generate();
        Assert.NotEmpty(summary.Faults);
        Assert.All(summary.Files, file => Assert.Equal(
            summary.Faults.Where(f => f.File == Path.GetFileName(file.Path)).Select(f => $"{f.Row} {f.Field} {f.Code}").Order(),
            ErrorsOf(file).Order()));
    }

    [Fact]
    public void Faults_AllCodes_ArePlanted() =>
        Assert.Equal(
            ["IH-INT-301", "IH-INT-305", "IH-INT-308", "IH-INT-311", "IH-INT-313", "IH-INT-314", "IH-INT-321", "IH-INT-322", "IH-INT-402",
                "IH-INT-405", "IH-INT-501"],
            _folder.Generate().Faults.Select(f => f.Code).Distinct().Order());

    private static List<string> ErrorsOf(DemoFile file)
    {
        var reader = new RowReader(TemplateOf(file.Item), new FileContext(file.Period, file.Period.End.AddDays(15), 42));
        var (data, start, errors) = (File.ReadAllBytes(file.Path), 0, new List<string>());
        while (true)
        {
            var status = reader.Read(data.AsSpan(start), isFinal: true, out var consumed);
            start += consumed;
            errors.AddRange(reader.Errors.Details().Where(e => e.Disposition != Disposition.Warn)
                .Select(e => $"{e.Row} {e.Field} {e.Kind.Code}"));
            reader.Errors.Clear();
            reader.Batch.Clear();
            if (status is not (ReadStatus.End or ReadStatus.Refused))
                continue;
            Assert.Null(reader.Refusal);
            Assert.Equal(file.Rows, reader.RowsReceived);
            return errors;
        }
    }

    private static Template TemplateOf(string item) => OdcsReader.Read(File.ReadAllText(Path.Combine(
        DemoFolder.RepositoryRoot, "partner-templates", item.Split('-')[0], item, "v1", "template.odcs.yaml")));
}
