using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using InfoHub.Client;
using InfoHub.Contracts.Intake.V1;
using InfoHub.System.Tests.Fixtures;
using Xunit;

namespace InfoHub.System.Tests.Protocol;

/// <summary>
/// What comes after the first file of a period: mended rows, corrections, nil returns, withdrawals, typed batches.
/// </summary>
[Collection(HubCollection.Name)]
public sealed class CorrectionTests(RunningHub hub)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static async Task<T> CallAsync<T>(HubConnection connection, Func<Submissions.SubmissionsClient, CallOptions, AsyncUnaryCall<T>> call) =>
        await call(connection.Submissions, await connection.CallOptionsAsync(None));

    private async Task<(RejectedHeader Header, List<RejectedRow> Rows)> RejectedAsync(HubConnection connection, string submission)
    {
        using var call = connection.Submissions.ReadRejectedRows(
            new ReadRejectedRowsRequest { Submission = submission }, await connection.CallOptionsAsync(None));
        var parts = new List<RejectedRowsReply>();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
            parts.Add(part);
        return (parts[0].Header, [.. parts.Skip(1).Select(p => p.Row)]);
    }

    private static OpenRequest Request(byte[] content, int sequence, Operation operation, string mended)
    {
        var request = RawSender.Request(content, sequence);
        (request.Operation, request.Base) = (operation, mended);
        return request;
    }

    /// <summary>
    /// The rejected rows as the hub hands them out, with their numbers in front and one cell changed.
    /// </summary>
    private static byte[] Mended(RejectedHeader header, IEnumerable<RejectedRow> rows, Func<RejectedRow, string> kwh)
    {
        var at = header.Columns.IndexOf("kwh");
        return Electricity.Bytes($"原行号,{string.Join(',', header.Columns)},错误说明", rows.Select(row =>
            $"{row.Row},{string.Join(',', row.Cells.Select((cell, i) => i == at ? kwh(row) : cell))},\"{row.Reasons[0].Code}，见说明\""));
    }

    [Fact]
    public async Task Mend_TheRejectedRowsSentAlone_CompleteTheSubmission()
    {
        using var connection = hub.Connect("gd");
        var raw = new RawSender(connection);
        var content = Electricity.Bytes(Electricity.Header, Enumerable.Range(1, 40).Select(n => Electricity.Row(n, kwh: n % 10 == 0 ? "-1" : "9.00")));
        var first = await raw.SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        var (header, rows) = await RejectedAsync(connection, first.Submission);
        Assert.Equal((4L, Electricity.Header), (header.Rows, string.Join(',', header.Columns)));
        Assert.Equal([10, 20, 30, 40], rows.Select(r => r.Row));
        Assert.Equal(Electricity.Row(10, kwh: "-1"), string.Join(',', rows[0].Cells));
        Assert.Equal("IH-INT-311", Assert.Single(rows[0].Reasons).Code);

        // The first round leaves row 40 as it is; the second mends it, from the rejections of the round.
        var half = Mended(header, rows, row => row.Row == 40 ? "-2" : "8.00");
        var round = await raw.SendAsync(Request(half, hub.NextSequence(), Operation.Mend, first.Submission), half);
        Assert.Equal((4L, 1L, 3L), (round.RowsReceived, round.RowsRejected, round.RowsStored));
        Assert.Equal(3, (await raw.GetAsync(first.Submission)).RowsMended);
        Assert.Equal([40], (await RejectedAsync(connection, first.Submission)).Rows.Select(r => r.Row));
        var (again, left) = await RejectedAsync(connection, round.Submission);
        Assert.Equal(Electricity.Header, string.Join(',', again.Columns));
        var rest = Mended(again, left, _ => "7.00");
        var last = await raw.SendAsync(Request(rest, hub.NextSequence(), Operation.Mend, round.Submission), rest);

        Assert.Equal((SubmissionState.Used, 1L), (last.State, last.RowsStored));
        var whole = await raw.GetAsync(first.Submission);
        Assert.Equal((4L, 4L), (whole.RowsRejected, whole.RowsMended));
        Assert.Equal(0, (await RejectedAsync(connection, first.Submission)).Header.Rows);
    }

    /// <summary>Rows 1 and 99 were never rejected: they are taken, warned of, and mend nothing.</summary>
    [Fact]
    public async Task Mend_ARowThatWasNeverRejected_IsTakenAndWarnedOf()
    {
        using var connection = hub.Connect("gd");
        var raw = new RawSender(connection);
        var content = Electricity.Bytes(Electricity.Header,
            [Electricity.Row(1), Electricity.Row(2, kwh: "-1"), Electricity.Row(3, kwh: "-1")]);
        var first = await raw.SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        var mended = Electricity.Bytes($"原行号,{Electricity.Header}",
        [
            $"2,{Electricity.Row(2)}", $"1,{Electricity.Row(1)}", $"99,{Electricity.Row(4)}", $",{Electricity.Row(5)}",
        ]);
        var sent = await raw.SendAsync(Request(mended, hub.NextSequence(), Operation.Mend, first.Submission), mended);

        Assert.Equal((4L, 0L, 4L), (sent.RowsReceived, sent.RowsRejected, sent.RowsStored));
        Assert.Equal([("IH-INT-503", 2L)], sent.ErrorTotals.Select(t => (t.Code, t.Count)));
        var whole = await raw.GetAsync(first.Submission);
        Assert.Equal((2L, 1L), (whole.RowsRejected, whole.RowsMended));
        Assert.Equal([3], (await RejectedAsync(connection, first.Submission)).Rows.Select(r => r.Row));
    }

    [Fact]
    public async Task Mend_WithoutTheColumnOfRowNumbers_IsRefusedWithTheReason()
    {
        using var connection = hub.Connect("gd");
        var raw = new RawSender(connection);
        var content = Electricity.Bytes(Electricity.Header, [Electricity.Row(1), Electricity.Row(2, kwh: "-1")]);
        var first = await raw.SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        var bare = Electricity.Bytes(Electricity.Header, [Electricity.Row(2)]);
        var refused = await raw.SendAsync(Request(bare, hub.NextSequence(), Operation.Mend, first.Submission), bare);

        Assert.Equal(SubmissionState.FileRefused, refused.State);
        Assert.Equal(["IH-INT-125"], refused.Problems.Select(p => p.Code));
    }

    [Fact]
    public async Task Correct_ABaseThatCannotBe_IsRefusedWithTheReason()
    {
        using var connection = hub.Connect("gd");
        var (raw, content) = (new RawSender(connection), Electricity.Good());
        var good = await raw.SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        foreach (var (operation, mended, status, code) in new[]
        {
            (Operation.Mend, good.Submission, StatusCode.FailedPrecondition, "IH-INT-121"),
            (Operation.Correction, "", StatusCode.InvalidArgument, "IH-INT-113"),
            (Operation.Correction, "GD-01.v1.202412.9998", StatusCode.NotFound, "IH-INT-110"),
            (Operation.Increment, good.Submission, StatusCode.InvalidArgument, "IH-INT-113"),
            (Operation.Nil, "", StatusCode.InvalidArgument, "IH-INT-113"),
            ((Operation)77, "", StatusCode.InvalidArgument, "IH-INT-113"),
        })
            await Refusal.AssertAsync(status, code, () => raw.OpenAsync(Request(content, hub.NextSequence(), operation, mended)));
        await Refusal.AssertAsync(StatusCode.FailedPrecondition, "IH-INT-121",
            () => raw.OpenAsync(Request(Electricity.Good(2), good.Sequence - 1 is > 0 and var before ? before : 1, Operation.Correction, good.Submission)));
    }

    [Fact]
    public async Task Nil_CountsAsReceived_AndContradictsData()
    {
        using var connection = hub.Connect("gd");
        var nil = new NilReturn { Item = "GD-01", Period = "202311", Sequence = 1, Reason = "本月停电检修" };
        var declared = await CallAsync(connection, (s, o) => s.DeclareNilAsync(nil, o));
        var used = await new RawSender(connection).RestAsync(declared.Submission);
        Assert.Equal((SubmissionState.Used, Operation.Nil, 0L), (used.State, used.Operation, used.RowsReceived));
        Assert.Equal([ReceiptKind.R1BytesReceived, ReceiptKind.R3RowsChecked, ReceiptKind.R4Stored, ReceiptKind.R5Used], used.Receipts.Select(r => r.Kind));
        Assert.Equal("本月停电检修", JsonNode.Parse(used.Receipts[0].BodyJson)!["content"]!["reason"]!.ToString());
        Assert.Equal(used.ToByteString(), (await CallAsync(connection, (s, o) => s.DeclareNilAsync(nil, o))).ToByteString());
        var content = Electricity.Good();
        await new RawSender(connection).SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        await Refusal.AssertAsync(StatusCode.FailedPrecondition, "IH-INT-122", () => CallAsync(connection,
            (s, o) => s.DeclareNilAsync(new NilReturn { Item = "GD-01", Period = Electricity.Period, Sequence = 9000 }, o)));
    }

    [Fact]
    public async Task Withdraw_TakesTheRowsBack_AndTheSameFileAnswersSo()
    {
        using var connection = hub.Connect("gd");
        var (raw, content) = (new RawSender(connection), Electricity.Good());
        var request = RawSender.Request(content, hub.NextSequence());
        var used = await raw.SendAsync(request, content);
        var withdraw = new WithdrawRequest { Submission = used.Submission };
        await Refusal.AssertAsync(StatusCode.InvalidArgument, "IH-INT-113", () => CallAsync(connection, (s, o) => s.WithdrawAsync(withdraw, o)));
        withdraw.Reason = "误报了上月的文件";
        var withdrawn = await CallAsync(connection, (s, o) => s.WithdrawAsync(withdraw, o));

        Assert.Equal((SubmissionState.Withdrawn, withdraw.Reason), (withdrawn.State, withdrawn.WithdrawnReason));
        Assert.Equal(ReceiptKind.Withdrawn, withdrawn.Receipts[^1].Kind);
        Assert.Equal(withdrawn.ToByteString(), (await CallAsync(connection, (s, o) => s.WithdrawAsync(withdraw, o))).ToByteString());
        Assert.Equal(withdrawn.ToByteString(), (await raw.OpenAsync(request)).ToByteString());
        using var other = hub.Connect("sw");
        await Refusal.AssertAsync(StatusCode.NotFound, "IH-INT-110",
            () => CallAsync(other, (s, o) => s.WithdrawAsync(withdraw, o)));
    }

    private SubmitRecordsRequest Batch(int rows, string kwh = "5.50") => new()
    {
        Item = Electricity.Item, Period = Electricity.Period, Sequence = hub.NextSequence(), Columns = { Electricity.Header.Split(',') },
        Records = { Enumerable.Range(1, rows).Select(n => new Contracts.Intake.V1.Record { Cells = { Electricity.Row(n, kwh).Split(',').Select(CellOf) } }) },
    };

    private static Cell CellOf(string text, int column) => (column, text) switch
    {
        (_, "") => new Cell(), (8, _) => new Cell { Whole = long.Parse(text, global::System.Globalization.CultureInfo.InvariantCulture) },
        (9, _) => new Cell { Decimal = text }, (13, _) => new Cell { Date = text }, _ => new Cell { Text = text },
    };

    [Fact]
    public async Task SubmitRecords_GoTheWayOfAFile_AndAreTakenOnce()
    {
        using var connection = hub.Connect("gd");
        var batch = Batch(1_000);
        batch.Records[499].Cells[9] = new Cell { Decimal = "-3" };
        batch.Records[500].Cells[1] = new Cell { Text = "甲,\"乙\"\n商行" };
        var taken = await CallAsync(connection, (s, o) => s.SubmitRecordsAsync(batch, o));
        var used = await new RawSender(connection).RestAsync(taken.Submission);
        Assert.Equal((SubmissionState.Used, 1_000L, 1L, 999L), (used.State, used.RowsReceived, used.RowsRejected, used.RowsStored));
        Assert.Equal(used.ToByteString(), (await CallAsync(connection, (s, o) => s.SubmitRecordsAsync(batch, o))).ToByteString());
        batch.Records[0].Cells[9] = new Cell { Decimal = "6.00" };
        await Refusal.AssertAsync(StatusCode.AlreadyExists, "IH-INT-105", () => CallAsync(connection, (s, o) => s.SubmitRecordsAsync(batch, o)));
    }

    [Fact]
    public async Task SubmitRecords_UnsoundBatches_AreRefused()
    {
        using var connection = hub.Connect("gd");
        var (tooMany, ragged, none) = (Batch(1_001), Batch(2), Batch(0));
        ragged.Records[1].Cells.RemoveAt(3);
        foreach (var batch in new[] { tooMany, ragged, none })
            await Refusal.AssertAsync(StatusCode.InvalidArgument, "IH-INT-113", () => CallAsync(connection, (s, o) => s.SubmitRecordsAsync(batch, o)));
    }

    [Fact]
    public async Task ReadErrors_TheSameErrorManyTimes_IsToldOnceWithItsRows()
    {
        using var connection = hub.Connect("gd");
        var content = Electricity.Bytes(Electricity.Header,
            Enumerable.Range(1, 60).Select(n => Electricity.Row(n, kwh: n % 3 == 0 ? "-1" : n == 7 ? "abc" : "9.00")));
        var used = await new RawSender(connection).SendAsync(RawSender.Request(content, hub.NextSequence()), content);
        using var call = connection.Submissions.ReadErrors(new ReadErrorsRequest { Submission = used.Submission }, await connection.CallOptionsAsync(None));
        Assert.True(await call.ResponseStream.MoveNext(None));
        var totals = call.ResponseStream.Current.Totals;

        Assert.Equal((21L, 21L, 0L), (totals.Errors, totals.Details, totals.GroupsLeftOut));
        var group = Assert.Single(totals.Groups);
        Assert.Equal(("IH-INT-311", "kwh", "-1", 20L, 3L, 60L), (group.Code, group.Field, group.Observed, group.Count, group.FirstRow, group.LastRow));
    }
}
