using System.Security.Cryptography;
using Npgsql;

namespace InfoHub.Storage.Access;

/// <summary>
/// The roles of an embedded cluster and their secrets, in <c>DATA/postgres/pgpass</c> (mode 600, the format psql and
/// Npgsql read). The hub works as <see cref="Worker"/>, which owns nothing; the tables are <see cref="Owner"/>'s, who
/// changes them at a start; neither is superuser.
/// </summary>
internal sealed class ClusterSecrets
{
    public const string Admin = "infohub_admin";
    public const string Owner = "infohub_owner";
    public const string Worker = "infohub";
    public const string Database = "infohub";

    private const string Maintenance = "postgres";
    private const int SecretBytes = 24;
    private const int PasswordField = 4;

    private readonly string _file;

    private ClusterSecrets(string file) => _file = file;

    public static ClusterSecrets In(string folder) => new(Path.Combine(folder, "pgpass"));

    public bool AreKept => File.Exists(_file);

    /// <summary>Given to the server before it is ever started.</summary>
    public string FirstStatement => $"alter role {Admin} password '{SecretOf(Admin)}'\n";

    public void Make()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(_file, options);
        foreach (var role in new[] { Admin, Owner, Worker })
            writer.Write($"*:*:*:{role}:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}\n");
    }

    public string ConnectionString(string role, int port) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = port, Username = role, Database = Database, Passfile = _file, MaxPoolSize = 40,
        IncludeErrorDetail = true, CommandTimeout = 600,
    }.ConnectionString;

    /// <summary>Makes the roles and the database that are missing. Nothing happens where all are there.</summary>
    public async Task LetRolesInAsync(int port, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString(Admin,
            port))
        {
            Database = Maintenance, Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(cancellation);
        foreach (var role in new[] { Owner, Worker })
            if (!await IsThereAsync(connection, "select 1 from pg_roles where rolname = $1", role, cancellation))
                await RunAsync(connection, $"create role {role} login password '{SecretOf(role)}'", cancellation);
        if (!await IsThereAsync(connection, "select 1 from pg_database where datname = $1", Database, cancellation))
            await RunAsync(connection, $"create database {Database} owner {Owner}", cancellation);
    }

    private string SecretOf(string role) => File.ReadLines(_file).Select(line => line.Split(':'))
        .Where(fields => fields.Length > PasswordField && fields[PasswordField - 1] == role)
        .Select(fields => fields[PasswordField]).First();

    private static async Task<bool> IsThereAsync(
        NpgsqlConnection connection, string query, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(query, connection);
        command.Parameters.AddWithValue(name);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
