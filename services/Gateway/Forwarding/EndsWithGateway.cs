namespace Platform.Gateway.Forwarding;

/// <summary>Ends a forwarded stream when the gateway stops: it has no end of its own, and the gateway would wait for one.</summary>
internal sealed class EndsWithGateway(IHostApplicationLifetime application) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        await using var ending = application.ApplicationStopping.Register(context.HttpContext.Abort);
        return await next(context);
    }
}
