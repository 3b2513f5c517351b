using Platform.Gateway.Authentication;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Routing;
using Platform.Gateway.Tracking;
using Platform.Tenancy;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddRequestTracking();
builder.AddCallerAuthentication();
builder.Services.AddTenantDirectory();
builder.AddReplicaRouting();
builder.Services.AddForwarding();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapDevTokens();
app.MapData();
app.MapNodes();
app.MapServices();

return await app.RunServiceAsync();
