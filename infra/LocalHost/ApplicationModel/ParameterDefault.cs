namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes a parameter's value when nothing gives one.</summary>
public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}
