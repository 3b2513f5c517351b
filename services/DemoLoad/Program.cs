using Platform.DemoLoad.Api;
using Platform.DemoLoad.Seeding;
using Platform.DemoLoad.Traffic;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddPlatformApi();
builder.Services.AddSeeding();
builder.Services.AddTraffic();

var app = builder.Build();

app.MapDefaultEndpoints();

return await app.RunServiceAsync();
