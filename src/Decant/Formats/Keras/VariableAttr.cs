using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>The value of a variable, read of the checkpoint when it is asked for.</summary>
internal sealed record VariableAttr : TensorAttr
{
    private readonly VariableEntry _entry;

    public VariableAttr(VariableEntry entry)
        : base(entry.DType, entry.Shape) => _entry = entry;

    /// <inheritdoc />
    protected override Tensor Decode() => _entry.Read();

    public bool Equals(VariableAttr? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();
}
