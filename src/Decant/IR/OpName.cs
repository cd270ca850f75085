namespace Decant.IR;

/// <summary>Whose set of ops a name belongs to.</summary>
public enum Dialect : byte
{
    /// <summary>TensorFlow's GraphDef ops.</summary>
    TensorFlow,

    /// <summary>TensorFlow Lite's builtin operators.</summary>
    TFLite,
}

/// <summary>The name of an op in its dialect: <c>Conv2D</c>, <c>tfl.CONV_2D</c>.</summary>
public readonly record struct OpName(Dialect Dialect, string Name)
{
    private const string TFLitePrefix = "tfl.";

    public static implicit operator OpName(string name) => new(Dialect.TensorFlow, name);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static OpName Parse(string text) =>
        text.StartsWith(TFLitePrefix, StringComparison.Ordinal) ? new(Dialect.TFLite, text[TFLitePrefix.Length..]) : new(Dialect.TensorFlow, text);

    /// <summary>Whether it is the same name in the same dialect.</summary>
    public bool Equals(OpName other) => Dialect == other.Dialect && Name == other.Name;

    /// <inheritdoc />
    public override int GetHashCode() => Name.GetHashCode();

    /// <inheritdoc />
    public override string ToString() => Dialect == Dialect.TFLite ? TFLitePrefix + Name : Name;
}
