using InfoHub.Templates.Model;
using Npgsql;

namespace InfoHub.Storage.Landing;

/// <summary>What the catalogue says of a fact table; reading it locks nothing that others could wait for.</summary>
internal sealed class FactTableShape
{
    private readonly HashSet<string> _columns = new(StringComparer.Ordinal);

    /// <summary>By name, whether it can be used.</summary>
    private readonly Dictionary<string, bool> _indexes = new(StringComparer.Ordinal);

    public static async Task<FactTableShape> ReadAsync(
        NpgsqlDataSource store, Template template, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("""
            select false, a.attname::text, true from pg_attribute a join pg_class t on t.oid = a.attrelid
                join pg_namespace n on n.oid = t.relnamespace
                where n.nspname = 'facts' and t.relname = $1 and a.attnum > 0 and not a.attisdropped
            union all select true, i.relname::text, x.indisvalid from pg_index x join pg_class t on t.oid = x.indrelid
                join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = t.relnamespace
                where n.nspname = 'facts' and t.relname = $1
            """);
        command.Parameters.AddWithValue(template.TableName);
        var shape = new FactTableShape();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            if (reader.GetBoolean(0))
                shape._indexes.Add(reader.GetString(1), reader.GetBoolean(2));
            else
                shape._columns.Add(reader.GetString(1));
        return shape;
    }

    /// <summary>
    /// What has to be done, in this order, one statement a transaction. Where there is a table others may be at it: an
    /// index is then built beside them, and one of which the building was broken off is taken away first.
    /// </summary>
    public IReadOnlyList<string> Missing(Template template)
    {
        if (_columns.Count == 0)
            return [FactTable.Creation(template)];
        var missing = new List<string>();
        string[] columns = [.. FactTable.Columns(template).Where(c => !_columns.Contains(c.Name))
            .Select(c => $"add column if not exists \"{c.Name}\" {c.Type}")];
        if (columns.Length > 0)
            missing.Add($"alter table {FactTable.NameOf(template)} {string.Join(", ", columns)}");
        foreach (var (name, on) in FactTable.Indexes(template))
        {
            if (_indexes.TryGetValue(name, out var isValid) && isValid)
                continue;
            if (_indexes.ContainsKey(name))
                missing.Add($"drop index concurrently if exists facts.\"{name}\"");
            missing.Add($"create index concurrently \"{name}\" on {on}");
        }
        return missing;
    }
}
