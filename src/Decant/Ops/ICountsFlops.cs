using Decant.IR;

namespace Decant.Ops;

/// <summary>The facet of ops whose work is arithmetic rather than moving bytes: products and convolutions.</summary>
public interface ICountsFlops
{
    /// <summary>Floating-point operations of one run, an addition and a multiplication counted as two.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">The shapes of its inputs.</param>
    /// <param name="output">The shape of output 0.</param>
    long Flops(Node node, ReadOnlySpan<Shape> inputs, Shape output);
}
