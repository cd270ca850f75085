using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Sizes as int32 or int64 tensors.</summary>
internal static class SizeTensor
{
    private static readonly Shape[] Vectors = [.. Enumerable.Range(0, 9).Select(rank => new Shape(rank))];

    public static Tensor Vector(Node node, DType dtype, ReadOnlySpan<long> sizes) => Make(node, dtype, sizes, new Shape(sizes.Length));

    public static Tensor Scalar(Node node, DType dtype, long size) => Make(node, dtype, [size], Decant.Shape.Scalar);

    /// <summary>Writes sizes as an output.</summary>
    public static void SetOutput(KernelContext context, int port, DType dtype, ReadOnlySpan<long> sizes)
    {
        if (dtype is not (DType.Int32 or DType.Int64))
            throw context.Fail($"the type of the sizes is {dtype.Name()}, expected int32 or int64");
        Tensor output = context.Allocate(port, dtype, sizes.Length < Vectors.Length ? Vectors[sizes.Length] : new Shape(sizes.Length));
        if (dtype == DType.Int64)
        {
            sizes.CopyTo(context.Writable<long>(output));
            return;
        }

        Span<int> narrow = context.Writable<int>(output);
        for (int i = 0; i < narrow.Length; i++)
            narrow[i] = Narrow(context.Node, sizes[i]);
    }

    public static Tensor Make(Node node, DType dtype, ReadOnlySpan<long> sizes, Shape shape)
    {
        if (dtype == DType.Int64)
            return Tensor.From(sizes, shape);
        if (dtype != DType.Int32)
            throw node.Fault($"the type of the sizes is {dtype.Name()}, expected int32 or int64");
        int[] narrow = new int[sizes.Length];
        for (int i = 0; i < narrow.Length; i++)
            narrow[i] = Narrow(node, sizes[i]);
        return Tensor.Wrap(narrow, shape);
    }

    private static int Narrow(Node node, long size) =>
        size is >= int.MinValue and <= int.MaxValue ? (int)size : throw node.Fault($"the size {size} does not fit int32");
}
