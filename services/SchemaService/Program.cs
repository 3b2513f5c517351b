using Platform.SchemaService.Changes;
using Platform.SchemaService.Contracts;
using Platform.SchemaService.Ddl;
using Platform.SchemaService.Directory;
using Platform.SchemaService.Partitions;
using Platform.SchemaService.Tenants;
using Platform.ServiceDefaults;

if (!ContractStartup.TryLoad(out var contracts)) return 1;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddPrimaryDataSource("platform");
builder.Services.AddSingleton(contracts);
builder.Services.AddDdl();
builder.Services.AddPartitions();
builder.Services.AddTenants();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapContracts();
app.MapTenants();
app.MapDirectory();
app.MapChanges();

return await app.RunServiceAsync();
