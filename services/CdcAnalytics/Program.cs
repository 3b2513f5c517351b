using Platform.CdcAnalytics.Alerts;
using Platform.CdcAnalytics.Analytics;
using Platform.CdcAnalytics.Capture;
using Platform.CdcAnalytics.DeadLetters;
using Platform.CdcAnalytics.Lake;
using Platform.CdcAnalytics.Live;
using Platform.CdcAnalytics.Olap;
using Platform.CdcAnalytics.Pipeline;
using Platform.CdcAnalytics.Publishing;
using Platform.CdcAnalytics.Requests;
using Platform.CdcAnalytics.Series;
using Platform.CdcAnalytics.Verification;
using Platform.CdcAnalytics.Warehouse;
using Platform.Contracts;
using Platform.Tenancy;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddSingleton(_ => ContractLoader.Load());
builder.Services.AddTenantDirectory();
builder.AddPipeline();
builder.AddPublishing();
builder.AddCapture();
builder.AddDeadLetters();
builder.AddLake();
builder.AddWarehouse();
builder.AddVerification();
builder.AddOlap();
builder.AddRequests();
builder.AddLive();
builder.AddSeries();
builder.AddAlerts();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapCapture();
app.MapPipeline();
app.MapDeadLetters();
app.MapLake();
app.MapVerification();
app.MapAnalytics();
app.MapOlap();
app.MapLive();
app.MapAlerts();

return await app.RunServiceAsync();
