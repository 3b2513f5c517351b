using Microsoft.Extensions.Options;

namespace Platform.CdcAnalytics.Alerts;

/// <summary>What a rule must say to mean something.</summary>
internal sealed class AlertRuleValidation : IValidateOptions<AlertOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, AlertOptions options)
    {
        var failures = options.Rules.SelectMany(rule => Failures(rule.Key, rule.Value)).ToList();
        if (options.Webhook is { Url: not null, Secret.Length: < 32 })
            failures.Add("Alerts:Webhook:Secret must have at least 32 characters: the receiver knows by it who sent the message.");
        if (options.Mail is { Host: not null, To.Length: 0 } or { Host: not null, From: null })
            failures.Add("Alerts:Mail names a server; it must also name From and at least one To.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(string name, AlertRule rule)
    {
        if (rule.Disabled) yield break;
        var path = $"Alerts:Rules:{name}";
        if (rule.Series.Length == 0) yield return $"{path}:Series is missing.";
        if (rule.Kind == AlertKind.Threshold && rule is { Above: null, Below: null }) yield return $"{path} is a threshold and must have Above or Below.";
        if (rule.Kind != AlertKind.Threshold && rule is not { Above: null, Below: null }) yield return $"{path} is no threshold: Above and Below mean nothing for it.";
        if (rule.Over < TimeSpan.FromSeconds(1) || rule.Over > Longest) yield return $"{path}:Over must be between 1 s and 5 min.";
        if (rule.For < TimeSpan.Zero) yield return $"{path}:For must not be negative.";
    }
}
