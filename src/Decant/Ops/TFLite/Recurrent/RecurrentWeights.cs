using System.Numerics.Tensors;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>
/// A matrix of weights [rows, depth], or a diagonal one [rows]: floats, or 8-bit integers of one scale, in old models declared as
/// uint8 with the bytes of signed ones. It adds its products with rows to sums.
/// </summary>
internal sealed class RecurrentWeights
{
    private readonly Func<Tensor>? _constant;
    private readonly int _input;
    private readonly float _scale;
    private readonly Reused<short> _signed = new();
    private Tensor? _read;
    private short[]? _integers;

    public RecurrentWeights(KernelRequest request, int input)
    {
        (_input, _constant) = (input, request.ConstantSource(input));
        _scale = request.InputQuant(input).Scale;
        IsSparse = request.InputSpec(input)?.Sparsity is not null;
    }

    /// <summary>Whether the file stores it sparse.</summary>
    public bool IsSparse { get; }

    /// <summary>The weights of a run.</summary>
    public Tensor Read(KernelContext context)
    {
        if (_read is not null && _constant is not null)
            return _read;
        Tensor weights = _constant?.Invoke() ?? context.Input(_input);
        if (weights.Shape.Rank is not (1 or 2) || weights.DType is not (DType.Float32 or DType.Int8 or DType.UInt8))
            throw context.Fail($"has the weights {weights} as input {_input}, expected a matrix or a diagonal of float32, int8 or uint8");
        _integers = weights.DType == DType.Float32 ? null : Signed(weights, _signed.Of((int)weights.ElementCount));
        return _read = weights;
    }

    /// <summary>Adds the product with each row to that row's sums.</summary>
    /// <param name="context">The run.</param>
    /// <param name="x">Rows as long as those of the matrix.</param>
    /// <param name="sums">A row of sums for each.</param>
    /// <param name="scales">The rows' scales in the place of their own, as TensorFlow Lite's sparse kernel takes them, or null.</param>
    public void AddProduct(KernelContext context, RecurrentVectors x, Span<float> sums, float[]? scales = null)
    {
        Tensor weights = Read(context);
        int rows = (int)weights.Shape[0];
        if (weights.Shape[-1] != x.Depth || sums.Length != rows * x.Rows)
            throw context.Fail($"multiplies the weights {weights} of input {_input} with {x.Rows} rows of {x.Depth} into {sums.Length} sums");
        for (int b = 0; b < x.Rows; b++)
        {
            Span<float> to = sums.Slice(b * rows, rows);
            if (weights.Shape.Rank == 1)
                AddDiagonal(weights, x.Row(b), to);
            else if (_integers is null)
                Add(weights.Span<float>(), x.Row(b), to);
            else
                Add(_integers, x.Quantized, b, (scales ?? x.Quantized.Scales)[b] * _scale, x.Depth, to);
        }
    }

    private static void Add(ReadOnlySpan<float> weights, ReadOnlySpan<float> x, Span<float> sums)
    {
        for (int r = 0; r < sums.Length; r++)
            sums[r] += TensorPrimitives.Dot(weights.Slice(r * x.Length, x.Length), x);
    }

    private static void Add(short[] weights, HybridRows x, int row, float scale, int depth, Span<float> sums)
    {
        ReadOnlySpan<short> values = x.Values.AsSpan(row * depth, depth);
        for (int r = 0; r < sums.Length; r++)
            sums[r] += IntegerDot.Sum(weights.AsSpan(r * depth, depth), values) * scale;
    }

    private void AddDiagonal(Tensor weights, ReadOnlySpan<float> x, Span<float> sums)
    {
        for (int r = 0; r < sums.Length; r++)
            sums[r] += (_integers is null ? weights.Span<float>()[r] : _integers[r] * _scale) * x[r];
    }

    /// <summary>8-bit weights as signed numbers, whichever of the two types the file declares.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="signed">As many numbers, which are given back.</param>
    public static short[] Signed(Tensor weights, short[] signed)
    {
        ReadOnlySpan<byte> bytes = weights.Data.Span;
        for (int i = 0; i < signed.Length; i++)
            signed[i] = (sbyte)bytes[i];
        return signed;
    }
}
