namespace Platform.SchemaService.Ddl;

/// <summary>A statement trigger and its function, which share a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Event">What fires it, with its transition tables: <c>INSERT ON ... REFERENCING NEW TABLE AS new_rows</c>.</param>
/// <param name="Body">The function's source in PL/pgSQL.</param>
internal sealed record TriggerDesign(string Name, string Event, string Body);
