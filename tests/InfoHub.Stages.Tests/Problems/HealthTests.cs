using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.Reflection;
using InfoHub.Contracts.Delivery.V1;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Contracts.Reflection.V1;
using InfoHub.Host.Composition;
using InfoHub.Host.Health;
using InfoHub.Host.Reflection;
using InfoHub.Streaming;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Status = InfoHub.Contracts.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace InfoHub.Stages.Tests.Problems;

/// <summary>What the standard services say, without a hub around them.</summary>
public sealed class HealthTests
{
    private const string Intake = "infohub.intake.v1.Submissions", Delivery = "infohub.delivery.v1.Findings";

    private static readonly ServiceNeeds[] Services = [new(Intake, NeedsSpool: true), new(Delivery, NeedsSpool: false)];

    [Theory]
    [InlineData(true, 0, null, Status.Serving, Status.Serving, Status.Serving)]
    [InlineData(false, 0, null, Status.NotServing, Status.NotServing, Status.NotServing)]
    [InlineData(true, long.MaxValue, null, Status.NotServing, Status.NotServing, Status.Serving)]
    [InlineData(true, 0, "no broker", Status.NotServing, Status.NotServing, Status.Serving)]
    public async Task Health_OfStoreDiskAndLog_IsThatOfEachService(
        bool isStoreThere, long freeMin, string? logFault, Status hub, Status intake, Status delivery)
    {
        var options =
            new HubOptions { DataFolder = Path.GetTempPath(), TemplatesFolder = "", SpoolFreeBytesMin = freeMin };
        await using var store = new Store(isStoreThere);
        using var monitor = new HealthMonitor(
            store, new Log(logFault), options, Services, NullLogger<HealthMonitor>.Instance);
        Assert.Equal(Status.NotServing, monitor.Of(""));
        await monitor.StartAsync(CancellationToken.None);

        Assert.Equal((hub, intake, delivery), (monitor.Of(""), monitor.Of(Intake), monitor.Of(Delivery)));
        Assert.Equal(Status.ServiceUnknown, monitor.Of("infohub.Nothing"));
        Assert.Equal(logFault ?? "ok", monitor.Told()["record_log"]);
        await monitor.StopAsync(CancellationToken.None);
        Assert.Equal(Status.NotServing, monitor.Of(Delivery));
    }

    [Fact]
    public void Reflection_FileOfASymbol_ComesWithItsImports()
    {
        var service = new ReflectionService(new DescriptorIndex([Submissions.Descriptor, Findings.Descriptor]));
        var listed = service.Answer(new ServerReflectionRequest { ListServices = "" });
        Assert.Equal([Delivery, Intake], listed.ListServicesResponse.Service.Select(s => s.Name));

        foreach (var symbol in new[] { Intake, Intake + ".Open", "infohub.intake.v1.OpenRequest",
            "infohub.intake.v1.OpenRequest.item", "infohub.intake.v1.SubmissionState" })
        {
            var answer = service.Answer(new ServerReflectionRequest { Host = "h", FileContainingSymbol = symbol });
            Assert.Equal("h", answer.ValidHost);
            var files = answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom)
                .ToArray();
            Assert.Equal("infohub/intake/v1/submission.proto", files[0].Name);
            Assert.Superset(files[0].Dependency.ToHashSet(), files.Select(f => f.Name).ToHashSet());
            Assert.Equal(files.Length,
                FileDescriptor.BuildFromByteStrings(answer.FileDescriptorResponse.FileDescriptorProto.Reverse()).Count);
        }
        var byName = service.Answer(new ServerReflectionRequest { FileByFilename = "infohub/intake/v1/problem.proto" });
        Assert.Single(byName.FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public void Reflection_UnknownNames_AreNotFound()
    {
        var service = new ReflectionService(new DescriptorIndex([Submissions.Descriptor]));
        foreach (var request in new[]
        {
            new ServerReflectionRequest { FileByFilename = "x.proto" },
                new ServerReflectionRequest { FileContainingSymbol = "x.Y" },
            new ServerReflectionRequest { AllExtensionNumbersOfType = "x.Y" },
            new ServerReflectionRequest { FileContainingExtension =
                new ExtensionRequest { ContainingType = "infohub.intake.v1.OpenRequest", ExtensionNumber = 1 } },
        })
            Assert.Equal(5, service.Answer(request).ErrorResponse.ErrorCode);
        Assert.Equal(3, service.Answer(new ServerReflectionRequest()).ErrorResponse.ErrorCode);
        var none = service.Answer(
            new ServerReflectionRequest { AllExtensionNumbersOfType = "infohub.intake.v1.OpenRequest" });
        Assert.Empty(none.AllExtensionNumbersResponse.ExtensionNumber);
    }

    /// <summary>A log that is asked for its fault only.</summary>
    private sealed class Log(string? fault) : IRecordLog
    {
        public string Name => "none";

        public int Partitions => 1;

        public Task AppendAsync(int partition, IReadOnlyList<ReadOnlyMemory<byte>> records,
            CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<LogBatch> ReadAsync(int partition, long position, ReadBounds bounds,
            CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<string?> FaultAsync(CancellationToken cancellation) => Task.FromResult(fault);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A store that answers, or is not there.</summary>
    private sealed class Store(bool isThere) : DbDataSource
    {
        public override string ConnectionString => "";

        protected override DbConnection CreateDbConnection() => throw new NotSupportedException();

        protected override DbCommand CreateDbCommand(string? commandText = null) => new Command(isThere);
    }

    private sealed class Command(bool isThere) : DbCommand
    {
        [AllowNull]
        public override string CommandText { get; set; } = "";

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; }

        protected override DbParameterCollection DbParameterCollection => throw new NotSupportedException();

        protected override DbTransaction? DbTransaction { get; set; }

        public override object? ExecuteScalar() => isThere ? 1 : throw new Gone();

        public override int ExecuteNonQuery() => throw new NotSupportedException();

        public override void Cancel()
        {
        }

        public override void Prepare()
        {
        }

        protected override DbParameter CreateDbParameter() => throw new NotSupportedException();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
            throw new NotSupportedException();
    }

    private sealed class Gone : DbException;
}
