using Npgsql;

namespace Platform.DataService.Queries;

/// <summary>A list as SQL with its parameters.</summary>
internal sealed record ListStatement(string Sql, IReadOnlyList<NpgsqlParameter> Parameters);
