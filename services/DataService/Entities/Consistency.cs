using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.DataService.Nodes;
using Platform.DataService.Storage;
using Platform.Replication;

namespace Platform.DataService.Entities;

/// <summary>A read is never older than the token the caller brings; every answer brings the next one.</summary>
internal sealed class Consistency(NodeMonitor node, IOptions<NodeOptions> options, TimeProvider clock)
{
    /// <summary>Header of an answer that says which node it comes from.</summary>
    public const string ServedBy = "X-Served-By";

    /// <summary>Header of a 503 that says that this replica has not replayed the position asked for; another node may have.</summary>
    public const string NodeBehind = "X-Node-Behind";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>The position that the request asks for: 0 for none; null with a refusal when the token cannot be honoured.</summary>
    public ulong? Requested(HttpContext http, out ProblemHttpResult? refusal)
    {
        refusal = null;
        var text = http.Request.Headers[ConsistencyToken.HeaderName].ToString();
        if (text.Length == 0) return 0;
        if (!ConsistencyToken.TryParse(text, out var token))
        {
            refusal = TypedResults.Problem(
                $"{ConsistencyToken.HeaderName} is not a token of this platform; send the last answer's value, or none.",
                statusCode: StatusCodes.Status400BadRequest);
            return null;
        }

        var timeline = node.State.Timeline;
        if (timeline > 0 && token.Timeline < timeline)
        {
            refusal = TypedResults.Problem(
                $"The token is of timeline {token.Timeline} and the cluster is on {timeline} after a promotion: what it promises cannot be proved. Read again without it.",
                statusCode: StatusCodes.Status409Conflict);
            return null;
        }

        return token.Lsn;
    }

    /// <summary>Reads until the answer covers the position; null when this node does not get there in time.</summary>
    public async Task<ReadResult?> ReadAsync(ulong atLeast, Func<Task<ReadResult>> read, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var result = await read();
            // On a primary everything that has been answered is there, even where its cautious position stands one short of it.
            if (node.State.IsPrimary || result.CoversLsn >= atLeast) return result;
            if (clock.GetElapsedTime(began) > options.Value.LongestReplayWait) return null;
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    /// <summary>Stamps an answer with its node and position.</summary>
    public void Stamp(HttpContext http, ulong seen, ulong requested) => Stamp(http, new ConsistencyToken(node.State.Timeline, Math.Max(seen, requested)));

    /// <summary>Stamps an answer with its node and token.</summary>
    public void Stamp(HttpContext http, ConsistencyToken token)
    {
        http.Response.Headers[ConsistencyToken.HeaderName] = token.ToString();
        http.Response.Headers[ServedBy] = options.Value.Name;
    }

    /// <summary>The answer of a replica that is behind.</summary>
    public IResult Behind(HttpContext http, ulong atLeast)
    {
        http.Response.Headers[NodeBehind] = LsnText.Format(node.State.Lsn);
        http.Response.Headers.RetryAfter = "0";
        return TypedResults.Problem(
            $"{options.Value.Name} has not replayed {LsnText.Format(atLeast)} yet; ask again or ask another node.",
            statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
