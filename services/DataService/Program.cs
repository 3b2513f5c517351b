using Platform.Caching;
using Platform.Contracts;
using Platform.DataService.Entities;
using Platform.DataService.Nodes;
using Platform.DataService.OpenApi;
using Platform.DataService.Storage;
using Platform.Tenancy;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddSingleton(_ => ContractLoader.Load());
builder.Services.AddTenantDirectory();
builder.AddTenantStorage();
builder.AddNode();
builder.AddRowCache();
builder.Services.AddEntities();
builder.Services.AddEntityOpenApi();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapNode();
app.MapEntities();
app.MapEntityOpenApi();

return await app.RunServiceAsync();
