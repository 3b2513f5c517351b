using Platform.CacheService.Invalidation;
using Platform.Contracts;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddSingleton(_ => ContractLoader.Load());
builder.AddInvalidation();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapInvalidation();

return await app.RunServiceAsync();
