namespace Decant.IR;

/// <summary>
/// A tensor that is computed whenever somebody asks for it and then let go, so that a model whose weights all change takes no more
/// memory than the largest of them while it is written.
/// </summary>
internal sealed record ComputedTensor : TensorAttr
{
    private readonly Func<Tensor> _compute;

    /// <summary>A tensor of this type and shape that <paramref name="compute"/> gives, the same each time.</summary>
    public ComputedTensor(DType dtype, Shape shape, Func<Tensor> compute)
        : base(dtype, shape) => _compute = compute;

    /// <summary>A number that no element is larger than in magnitude, where one is known without computing them; else infinity.</summary>
    public double Bound { get; init; } = double.PositiveInfinity;

    protected override Tensor Decode() => _compute();
}
