using System.Globalization;
using Decant.IR;

namespace Decant.Passes;

/// <summary>A parameter that a pass takes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it says.</param>
/// <param name="Default">What holds when it is not given, or null when there is nothing to say.</param>
public sealed record PassParameter(string Name, string Summary, string? Default = null)
{
    /// <summary>Whether it may be given several times.</summary>
    public bool Repeats { get; init; }
}

/// <summary>A parameter as it was given.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Offset">Where it stands in the list of transforms, or null.</param>
public readonly record struct GivenParameter(string Name, string Value, int? Offset = null);

/// <summary>The values that a user gives a pass, by name; a name may be given several times.</summary>
public sealed class PassParameters(params IReadOnlyList<GivenParameter> given)
{
    /// <summary>Parameters without places.</summary>
    public PassParameters(ILookup<string, string> values)
        : this([.. values.SelectMany(g => g.Select(v => new GivenParameter(g.Key, v)))])
    {
    }

    /// <summary>No parameters.</summary>
    public static PassParameters None { get; } = new();

    /// <summary>The names that are given.</summary>
    public IEnumerable<string> Names => given.Select(g => g.Name).Distinct();

    /// <summary>All values of a name, in order.</summary>
    public IEnumerable<string> All(string name) => given.Where(g => g.Name == name).Select(g => g.Value);

    /// <summary>Whether a name is given.</summary>
    public bool Has(string name) => given.Any(g => g.Name == name);

    /// <summary>The one value of a name.</summary>
    /// <exception cref="ModelException">It is given more than once.</exception>
    public string Text(string name, string @default) => All(name).ToList() switch
    {
        [] => @default,
        [string one] => one,
        { Count: var count } => throw Fail(name, $"Expected a single '{name}' parameter, but found {count} occurrences"),
    };

    /// <summary>A 32-bit integer.</summary>
    public int Int32(string name, int @default) => !Has(name) ? @default
        : int.TryParse(Text(name, ""), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : throw NoNumber(name, "number");

    /// <summary>A 64-bit integer.</summary>
    public long Int64(string name, long @default) => !Has(name) ? @default
        : long.TryParse(Text(name, ""), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : throw NoNumber(name, "number");

    /// <summary>A float32.</summary>
    public float Float(string name, float @default) => !Has(name) ? @default
        : float.TryParse(Text(name, ""), NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value) ? value : throw NoNumber(name, "float number");

    /// <summary>A bool: <c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>.</summary>
    public bool Bool(string name, bool @default) => Text(name, @default ? "true" : "false") switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        var other => throw Fail(name, $"Couldn't interpret the {name} argument as a boolean:{other} (expected true, false, 0 or 1)"),
    };

    /// <summary>An element type in any of TensorFlow's spellings: <c>float</c>, <c>float32</c>, <c>DT_FLOAT</c>.</summary>
    public DType Type(string name, string value) => DTypes.TryParse(value, out DType dtype) && dtype != DType.Invalid ? dtype
        : throw Fail(name, $"Couldn't understand {name} argument '{value}'", Spelling.Hint(value, Enum.GetValues<DType>().SelectMany(d => new[] { d.Name(), d.TensorFlowName().Replace("DT_", "", StringComparison.Ordinal).ToLowerInvariant() })) ?? "types are float, int32, uint8, string, ...");

    /// <summary>A shape: dimensions with commas between them; -1 for one that is not known.</summary>
    public Shape Shape(string name, string value)
    {
        if (value.Length == 0)
            throw Fail(name, "Specificed shape is empty.");
        string[] parts = value.Split(',');
        long[] dims = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out dims[i]) || dims[i] < -1 || parts.Length > IR.Protos.ShapeProto.MaxRank)
                throw Fail(name, $"Could parse as shape: '{value}'", "a shape is like \"1,299,299,3\", with -1 for a dimension that is not known");
        }

        return new Shape(dims);
    }

    /// <summary>A fault of a parameter, located at its first occurrence.</summary>
    public ModelException Fail(string name, string message, string? hint = null)
    {
        int? offset = given.Where(g => g.Name == name).Select(g => g.Offset).FirstOrDefault();
        return PassErrors.BadParameter.At(offset is { } at ? new Location(Offset: at) : null, message, hint);
    }

    private ModelException NoNumber(string name, string what) => Fail(name, $"Couldn't interpret the {name} argument as a {what}:{Text(name, "")}");
}
