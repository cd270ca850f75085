using Decant.Kernels.Gemm;

namespace Decant.Ops.Quantized;

/// <summary>The sums of products of inputs 0 and 1, matrices of quantized types, each less its zero point.</summary>
internal readonly ref struct QuantizedProduct
{
    private readonly ReadOnlySpan<int> _b;
    private readonly GemmShape _sizes;

    public QuantizedProduct(KernelContext context, bool transposeA, bool transposeB, int zeroA, int zeroB)
    {
        (Shape a, Shape b) = (context.Shape(0), context.Shape(1));
        if (a.Rank != 2 || b.Rank != 2 || a[transposeA ? 0 : 1] != b[transposeB ? 1 : 0])
            throw context.Fail($"multiplies {context.Input(0)} and {context.Input(1)}{(transposeA ? ", the first transposed" : "")}{(transposeB ? ", the second transposed" : "")}, expected matrices, as many columns as rows");
        _sizes = new GemmShape((int)a[transposeA ? 1 : 0], (int)a[transposeA ? 0 : 1], (int)b[transposeB ? 0 : 1], transposeA, transposeB);
        Shape = new Shape(_sizes.M, _sizes.N);
        _b = context.Integers(1, zeroB);
        Sums = context.Integers(Shape);
        GemmGeneric.Run(context.Integers(0, zeroA), _b, Sums, _sizes, Epilogue<int>.None, context.Pool);
    }

    /// <summary>The shape of the product.</summary>
    public Shape Shape { get; }

    /// <summary>Its elements.</summary>
    public Span<int> Sums { get; }

    /// <summary>The sum of a column of the second matrix.</summary>
    public long ColumnSum(int column)
    {
        long sum = 0;
        for (int k = 0; k < _sizes.K; k++)
            sum += _sizes.TransposeB ? _b[(column * _sizes.K) + k] : _b[(k * _sizes.N) + column];
        return sum;
    }
}
