using System.Globalization;
using System.Text.Json;
using InfoHub.Domain.Findings;
using InfoHub.Domain.Identity;
using InfoHub.Templates.Vocabulary;
using Npgsql;

namespace InfoHub.Console.Tests.Fixtures;

/// <summary>One finding to be stored, with what the tests look for given names.</summary>
public sealed record SeedFinding(
    string Id, string Model, string Party, string Uscc, Period Period, string Town, string Title, string DissolvesIf)
{
    public string Region => Town[..6];

    public FindingState State { get; init; } = FindingState.Found;

    public Money? Expected { get; init; }

    public Money? Actual { get; init; }

    public Money? Gap => Expected is { } expected && Actual is { } actual ? expected - actual : null;

    public Money? Tax { get; init; }

    public Money? LateFee { get; init; }

    public decimal Confidence { get; init; } = 0.9m;

    public bool SingleSource { get; init; }

    public IReadOnlyList<ArithmeticLine> Arithmetic { get; init; } = [];

    public IReadOnlyList<(string Item, int Row, string Summary)> Evidence { get; init; } = [];
}

/// <summary>Stores findings the way Processing does.</summary>
public static class FindingSeed
{
    public static async Task StoreAsync(NpgsqlDataSource store, IEnumerable<SeedFinding> findings, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        foreach (var finding in findings)
        {
            var party = PartyId.FoundedBy(new Alias(AliasKind.Uscc, finding.Uscc));
            await StorePartyAsync(connection, finding, party, cancellation);
            var evidence = new List<object>();
            foreach (var (item, row, summary) in finding.Evidence)
            {
                var submission = await StoreSubmissionAsync(connection, item, finding.Period, cancellation);
                evidence.Add(new { Item = item, SubmissionId = submission, Row = row, RowHash = Fingerprint(finding.Id, row), Summary = summary });
            }
            await StoreFindingAsync(connection, finding, party, JsonSerializer.Serialize(evidence), cancellation);
        }
    }

    private static string Fingerprint(string id, int row) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{id}/{row}")));

    private static async Task StorePartyAsync(NpgsqlConnection connection, SeedFinding finding, PartyId party, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            insert into hub.party (id, uscc, name, founded_by, region_code, town_code)
            values (@id, @uscc, @name, 1, @region, @town) on conflict (id) do nothing
            """, connection);
        command.Parameters.AddWithValue("id", party.Value);
        command.Parameters.AddWithValue("uscc", finding.Uscc);
        command.Parameters.AddWithValue("name", finding.Party);
        command.Parameters.AddWithValue("region", finding.Region);
        command.Parameters.AddWithValue("town", finding.Town);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<long> StoreSubmissionAsync(NpgsqlConnection connection, string item, Period period, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            insert into hub.submission (ref, department, item, version, period, sequence, sha256, size_bytes, format, file_name, state, opened_at, changed_at)
            values (@ref, @department, @item, 1, @period, 1, ''::bytea, 0, 1, 'f.csv', 9, now(), now())
            on conflict (ref) do update set changed_at = now() returning id
            """, connection);
        command.Parameters.AddWithValue("ref", string.Create(CultureInfo.InvariantCulture, $"{item}.v1.{period}.1"));
        command.Parameters.AddWithValue("department", item[..item.IndexOf('-', StringComparison.Ordinal)]);
        command.Parameters.AddWithValue("item", item);
        command.Parameters.AddWithValue("period", period.Code);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task StoreFindingAsync(NpgsqlConnection connection, SeedFinding finding, PartyId party, string evidence,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            insert into hub.finding values (@id, @model, 3, 'RS-2025.04', @party, @period, @period_end, @id, @state, @expected, @actual, @gap,
              @tax, @late, @confidence, @single, @region, @town, @title, @dissolves, @arithmetic::jsonb, @evidence::jsonb, now(), now())
            """, connection);
        void Add(string name, object? value) => command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        Add("id", finding.Id);
        Add("model", finding.Model);
        Add("party", party.Value);
        Add("period", finding.Period.Code);
        Add("period_end", finding.Period.End);
        Add("state", (short)finding.State);
        Add("expected", finding.Expected?.Fen);
        Add("actual", finding.Actual?.Fen);
        Add("gap", finding.Gap?.Fen);
        Add("tax", finding.Tax?.Fen);
        Add("late", finding.LateFee?.Fen);
        Add("confidence", finding.Confidence);
        Add("single", finding.SingleSource);
        Add("region", finding.Region);
        Add("town", finding.Town);
        Add("title", finding.Title);
        Add("dissolves", finding.DissolvesIf);
        Add("arithmetic", JsonSerializer.Serialize(finding.Arithmetic));
        Add("evidence", evidence);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
