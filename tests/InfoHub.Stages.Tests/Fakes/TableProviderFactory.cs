using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace InfoHub.Stages.Tests.Fakes;

/// <summary>
/// An ADO.NET provider as a department would drop it into the providers folder. Its connection string is the path of a
/// table as XML; it answers every query with that table, after requiring the parameters that the query names.
/// </summary>
public sealed class TableProviderFactory : DbProviderFactory
{
    public static readonly TableProviderFactory Instance = new();

    public override DbConnection CreateConnection() => new TableConnection();

    private sealed class TableConnection : DbConnection
    {
        [AllowNull]
        public override string ConnectionString { get; set; } = "";

        public override string Database => "bills";

        public override string DataSource => ConnectionString;

        public override string ServerVersion => "1";

        public override ConnectionState State => ConnectionState.Open;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Close()
        {
        }

        public override void Open()
        {
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
            new TableTransaction(this);

        protected override DbCommand CreateDbCommand() => new TableCommand { Connection = this };
    }

    private sealed class TableTransaction(DbConnection connection) : DbTransaction
    {
        public override IsolationLevel IsolationLevel => IsolationLevel.Unspecified;

        protected override DbConnection DbConnection => connection;

        public override void Commit() => throw new InvalidOperationException("an extract commits nothing");

        public override void Rollback()
        {
        }
    }

    private sealed class TableCommand : DbCommand
    {
        private readonly ParameterList _parameters = new();

        [AllowNull]
        public override string CommandText { get; set; } = "";

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; }

        protected override DbParameterCollection DbParameterCollection => _parameters;

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
        }

        public override int ExecuteNonQuery() => throw new NotSupportedException();

        public override object ExecuteScalar() => throw new NotSupportedException();

        public override void Prepare()
        {
        }

        protected override DbParameter CreateDbParameter() => new TableParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        {
            if (DbTransaction is null || _parameters.Count == 0
                || !Regex.Matches(CommandText, "[@:]([a-z_]+)").Select(m => m.Groups[1].Value).ToHashSet()
                    .SetEquals(_parameters.All.Select(p => p.ParameterName)))
                throw new InvalidOperationException($"{_parameters.Count} parameters");
            var table = new DataTable();
            table.ReadXml(DbConnection!.ConnectionString);
            return table.CreateDataReader();
        }
    }

    private sealed class TableParameter : DbParameter
    {
        public override DbType DbType { get; set; }

        public override ParameterDirection Direction { get; set; }

        public override bool IsNullable { get; set; }

        [AllowNull]
        public override string ParameterName { get; set; } = "";

        public override int Size { get; set; }

        [AllowNull]
        public override string SourceColumn { get; set; } = "";

        public override bool SourceColumnNullMapping { get; set; }

        public override object? Value { get; set; }

        public override void ResetDbType()
        {
        }
    }

    private sealed class ParameterList : DbParameterCollection
    {
        public List<DbParameter> All { get; } = [];

        public override int Count => All.Count;

        public override object SyncRoot => All;

        public override int Add(object value)
        {
            All.Add((DbParameter)value);
            return All.Count - 1;
        }

        public override void AddRange(Array values) => All.AddRange(values.Cast<DbParameter>());

        public override void Clear() => All.Clear();

        public override bool Contains(object value) => All.Contains((DbParameter)value);

        public override bool Contains(string value) => IndexOf(value) >= 0;

        public override void CopyTo(Array array, int index) => ((System.Collections.ICollection)All).CopyTo(array,
            index);

        public override System.Collections.IEnumerator GetEnumerator() => All.GetEnumerator();

        public override int IndexOf(object value) => All.IndexOf((DbParameter)value);

        public override int IndexOf(string parameterName) => All.FindIndex(p => p.ParameterName == parameterName);

        public override void Insert(int index, object value) => All.Insert(index, (DbParameter)value);

        public override void Remove(object value) => All.Remove((DbParameter)value);

        public override void RemoveAt(int index) => All.RemoveAt(index);

        public override void RemoveAt(string parameterName) => All.RemoveAt(IndexOf(parameterName));

        protected override DbParameter GetParameter(int index) => All[index];

        protected override DbParameter GetParameter(string parameterName) => All[IndexOf(parameterName)];

        protected override void SetParameter(int index, DbParameter value) => All[index] = value;

        protected override void SetParameter(string parameterName, DbParameter value) => All[IndexOf(parameterName)] =
            value;
    }
}
