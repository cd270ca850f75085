namespace Decant.Ops.Arithmetic;

/// <summary>The facet of kernels that can compute a block of float32 elements from blocks of their inputs, as a part of a chain.</summary>
internal interface ILaneStep
{
    /// <summary>The number of inputs, 1 or 2; 0 when the kernel is for another type or checks its inputs.</summary>
    int LaneInputs { get; }

    /// <summary>y[i] = f(a[i], b[i]); y may be an input. A kernel of one input leaves b alone; an input of one element stands for as many as y has.</summary>
    void RunLanes(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y);
}
