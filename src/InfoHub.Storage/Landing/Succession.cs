using InfoHub.Domain.Identity;
using InfoHub.Domain.Submissions;
using InfoHub.Storage.Parties;
using InfoHub.Storage.Submissions;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using Npgsql;

namespace InfoHub.Storage.Landing;

/// <summary>
/// Which rows of one item and period still count when several submissions speak of it. A row gives way to the row
/// with its
/// primary key in the submission with the highest sequence, even where the correction names another party; a snapshot
/// takes the place of everything before it. Parties that lose or regain a row are marked touched. All of it happens
/// under
/// the resolution lock, so the order in which submissions are resolved does not matter.
/// </summary>
internal sealed class Succession(NpgsqlConnection connection, Template template)
{
    private readonly string _table = FactTable.NameOf(template);

    private sealed record Sibling(long Id, Operation Operation);

    /// <summary>Settles one resolved submission against the others of its item and period. Costs nothing while it is
    /// the only one.</summary>
    public async Task SettleAsync(long submission, CancellationToken cancellation)
    {
        var all = await SiblingsAsync(submission, cancellation);
        if (all.Count < 2 || all.FirstOrDefault(s => s.Id == submission) is not { } own)
            return;
        var older = all.TakeWhile(s => s != own).Select(s => s.Id).ToArray();
        await RegisterChangedAsync([.. all.Select(s => s.Id)], cancellation);
        if (own.Operation == Operation.Correction)
            await WarnOfUnknownKeysAsync(submission, older, cancellation);
        if (own.Operation == Operation.Snapshot)
            await ReplaceAsync(own.Id, older, cancellation);
        else
            await SupersedeAsync(own.Id, older, cancellation);
        foreach (var newer in all.SkipWhile(s => s != own).Skip(1))
            if (newer.Operation == Operation.Snapshot)
                await ReplaceAsync(newer.Id, [own.Id], cancellation);
            else
                await SupersedeAsync(newer.Id, [own.Id], cancellation);
    }

    /// <summary>Undoes what a submission has done to others, and settles those among themselves again.</summary>
    public async Task UndoAsync(long submission, CancellationToken cancellation)
    {
        var all = await SiblingsAsync(submission, cancellation);
        var others = all.Where(s => s.Id != submission).ToArray();
        var ids = others.Select(s => s.Id).ToArray();
        await RegisterChangedAsync([.. all.Select(s => s.Id)], cancellation);
        await using (var batch = new NpgsqlBatch(connection))
        {
            ResolutionTransaction.Add(batch, $"""
                with freed as (update {_table} set _superseded = null where _submission = any($1) and _superseded =
                    $2 returning _party as party)
                {ResolutionTransaction.TouchCommand("(select distinct party from freed) t", "0")}
                """, ids, submission);
            ResolutionTransaction.Add(batch, ResolutionTransaction.TouchCommand(
                $"(select distinct f._party as party from {_table} f join hub.submission s on s.id = f._submission and s.superseded_by = $1) t", "0"), submission);
            ResolutionTransaction.Add(batch,
                "update hub.submission set superseded_by = null where superseded_by = $1", submission);
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        await RegistryDoubtsChanged.TouchAsync(connection, ids, cancellation);
        foreach (var other in others)
        {
            var older = others.TakeWhile(s => s != other).Select(s => s.Id).ToArray();
            if (older.Length == 0)
                continue;
            if (other.Operation == Operation.Snapshot)
                await ReplaceAsync(other.Id, older, cancellation);
            else
                await SupersedeAsync(other.Id, older, cancellation);
        }
    }

    /// <summary>Whoever is in the rows of a register may have another name or address now, or none.</summary>
    private async Task RegisterChangedAsync(long[] submissions, CancellationToken cancellation)
    {
        if (!PartyProfile.Registers.Contains(template.Item))
            return;
        await using var command = new NpgsqlCommand(
            $"insert into hub.register_change (party) select distinct _party from {_table} where _submission = any($1) and _party is not null", connection);
        SubmissionStore.Add(command, submissions);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Marks every party with a row of the submission.</summary>
    public async Task TouchRowsAsync(long submission, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch,
            ResolutionTransaction.TouchCommand($"(select distinct _party as party from {_table} where _submission = $1) t", "0"), submission);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Resolved submissions of the same item and period, and the one itself, by sequence, then template
    /// version.</summary>
    private async Task<List<Sibling>> SiblingsAsync(long submission, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select s.id, s.operation from hub.submission own join hub.submission s on s.item = own.item and s.period =
                own.period
            where own.id = $1 and (s.id = $1 or (s.resolved and s.state in (8, 9))) order by s.sequence, s.version, s.id
            """, connection);
        SubmissionStore.Add(command, submission);
        var found = new List<Sibling>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(new Sibling(reader.GetInt64(0), (Operation)reader.GetInt16(1)));
        return found;
    }

    private async Task ReplaceAsync(long by, long[] older, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch,
            ResolutionTransaction.TouchCommand($"(select distinct _party as party from {_table} where _submission = any($2)) t", "$1"), by, older);
        ResolutionTransaction.Add(batch, "update hub.submission set superseded_by = $1 where id = any($2)", by, older);
        await batch.ExecuteNonQueryAsync(cancellation);
        await RegistryDoubtsChanged.TouchAsync(connection, older, cancellation);
    }

    private async Task SupersedeAsync(long by, long[] older, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch, $"""
            with moved as (update {_table} f set _superseded = $1 from {_table} n
                where n._submission = $1 and f._submission = any($2) and {Key("f")} =
                    {Key("n")} and f._superseded is distinct from $1 returning f._party as party)
            {ResolutionTransaction.TouchCommand("(select distinct party from moved) t", "$1")}
            """, by, older);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// A correction of a row that nobody has is taken, as a new row, and said so. It can be known only now: the
    /// warning is not among
    /// the errors that R3 counts and hashes.
    /// </summary>
    private async Task WarnOfUnknownKeysAsync(long submission, long[] older, CancellationToken cancellation)
    {
        var code = ProblemCatalogue.CorrectionUnmatched.Code;
        await using var batch = new NpgsqlBatch(connection);
        ResolutionTransaction.Add(batch, $"""
            insert into hub.row_error (submission, row, number, field, code, disposition, row_key, observed, expected)
            select n._submission, n._row, 1000, '', $3, 1, '', '', '' from {_table} n where n._submission = $1
            and not exists (select 1 from {_table} f where f._submission = any($2) and {Key("f")} =
                {Key("n")}) on conflict do nothing
            """, submission, older, code);
        ResolutionTransaction.Add(batch, """
            insert into hub.error_total (submission, code, field, count, rejects)
            select $1, $2, '', count(*), false from hub.row_error where submission = $1 and code = $2 having count(*) > 0
            on conflict (submission, code, field, rejects) do update set count = excluded.count
            """, submission, code);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The primary key as one text.</summary>
    private string Key(string row)
    {
        var parts = template.KeyCells.Select(cells =>
            $"coalesce({string.Join(", ", cells.Select(i => $"{row}.\"{template.Fields[i].Name}\"::text"))}, '')");
        return $"concat_ws(chr(31), {string.Join(", ", parts)})";
    }
}
