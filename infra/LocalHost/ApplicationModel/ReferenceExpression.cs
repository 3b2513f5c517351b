using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with values that are known when the application runs.</summary>
public sealed class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private readonly string _format;
    private readonly IReadOnlyList<IValueProvider> _values;

    private ReferenceExpression(string format, IReadOnlyList<IValueProvider> values) => (_format, _values) = (format, values);

    public string Format => _format;

    public IReadOnlyList<IValueProvider> ValueProviders => _values;

    public string ValueExpression =>
        string.Format(null, _format, [.. _values.Select(value => (object)((IManifestExpressionProvider)value).ValueExpression)]);

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var values = new object?[_values.Count];
        for (var i = 0; i < values.Length; i++) values[i] = await _values[i].GetValueAsync(cancellationToken);
        return string.Format(null, _format, values);
    }

    /// <summary>Collects an interpolated string without evaluating what is in it.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler
    {
        private readonly System.Text.StringBuilder _format;
        private readonly List<IValueProvider> _values;

        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
        {
            _format = new System.Text.StringBuilder(literalLength + formattedCount * 3);
            _values = new List<IValueProvider>(formattedCount);
        }

        public void AppendLiteral(string value) =>
            _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append('{').Append(_values.Count).Append('}');
            _values.Add(valueProvider);
        }

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider) where T : IResource, IValueProvider, IManifestExpressionProvider =>
            AppendFormatted(valueProvider.Resource);

        internal ReferenceExpression Build() => new(_format.ToString(), _values);
    }
}
