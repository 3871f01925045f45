using System.Collections.Immutable;
using InfoHub.Domain.Identity;
using InfoHub.Domain.Reconciliation;
using InfoHub.Storage.Findings;
using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Parties;

/// <summary>Where a department says a party is and whom one can speak to there, as it wrote it.</summary>
/// <param name="Row">Of the latest row that says so.</param>
public sealed record PartyPlace(
    string Item, string Name, string Address, string Person, string Phone, long SubmissionId, int Row);

/// <summary>
/// What the current rows of a party tell of its place. Who may see the party is the caller's to know.
/// </summary>
public sealed class PartyPlaces(NpgsqlDataSource store)
{
    public const int PlacesMax = 12;

    /// <summary>Each telling once, the latest first, then by item; rows without an address tell none.</summary>
    public async Task<IReadOnlyList<PartyPlace>> OfAsync(PartyId party, IReadOnlyList<Template> templates,
        CancellationToken cancellation)
    {
        Template[] telling = [.. templates.Where(t => t.IndexOf(IdentityRole.Address) >= 0)];
        await using var connection = await store.OpenConnectionAsync(cancellation);
        var scope = new DossierScope(telling, ImmutableHashSet<string>.Empty);
        var facts = await DossierReader.ReadAsync(connection, scope, [party.Value], cancellation);
        return [.. facts[party.Value].Current.Values.SelectMany(rows => rows)
            .Where(f => Cell(f, IdentityRole.Address).Length > 0)
            .OrderByDescending(f => f.Period.End).ThenBy(f => f.Template.Item, StringComparer.Ordinal)
            .ThenBy(f => f.Row)
            .Select(f => new PartyPlace(f.Template.Item, Cell(f, IdentityRole.Name), Cell(f, IdentityRole.Address),
                Cell(f, IdentityRole.Representative), Cell(f, IdentityRole.Phone), f.SubmissionId, f.Row))
            .DistinctBy(p => p with { SubmissionId = 0, Row = 0 }).Take(PlacesMax)];
    }

    private static string Cell(Fact fact, IdentityRole role) => fact.Template.IndexOf(role) is >= 0 and var column
        ? fact.Text(fact.Template.Fields[column].Name) ?? "" : "";
}
