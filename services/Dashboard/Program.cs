using Platform.Dashboard.Access;
using Platform.Dashboard.Overview;
using Platform.Dashboard.Services;
using Platform.Dashboard.Shell;
using Platform.Tenancy;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddOperatorSignIn();
builder.Services.AddTenantDirectory();
builder.Services.AddServiceHealth();
builder.Services.AddOverview();
builder.AddShell();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapShell();

return await app.RunServiceAsync();
