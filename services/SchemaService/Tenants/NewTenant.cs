using System.Text.RegularExpressions;

namespace Platform.SchemaService.Tenants;

/// <summary>A tenant to create.</summary>
/// <param name="Id">Slug that names it in tokens, keys and rows: 3 to 40 lower-case letters, digits and hyphens. It never changes.</param>
/// <param name="Name">Name for people, at most 120 characters.</param>
internal sealed partial record NewTenant(string? Id, string? Name)
{
    public const int LongestName = 120;

    /// <summary>What is wrong, by field; empty when the tenant can be created.</summary>
    public Dictionary<string, string[]> Validate()
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrEmpty(Id)) errors["id"] = ["is required."];
        else if (!Slug().IsMatch(Id))
            errors["id"] = ["must be 3 to 40 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."];

        if (string.IsNullOrWhiteSpace(Name)) errors["name"] = ["is required."];
        else if (Name.Any(char.IsControl)) errors["name"] = ["must not contain control characters."];
        else if (Name.Trim().Length > LongestName) errors["name"] = [$"must have at most {LongestName} characters."];
        return errors;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]{1,38}[a-z0-9]\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Slug();
}
