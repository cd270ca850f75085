using System.Runtime.Intrinsics;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Lanes;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>What <see cref="IntegerBinary"/> computes of the elements without their zero points.</summary>
public enum IntegerBinaryOp
{
    /// <summary>output(a((x &lt;&lt; bits)) + b((y &lt;&lt; bits))), of scaled inputs.</summary>
    Add,

    /// <summary>As <see cref="Add"/>, with the second taken off.</summary>
    Subtract,

    /// <summary>output(x · y).</summary>
    Multiply,
}

/// <summary>Sums, differences and products of quantized tensors that broadcast, in TensorFlow Lite's fixed point, bit for bit.</summary>
/// <param name="Op">What is computed.</param>
/// <param name="A">What the first input is.</param>
/// <param name="B">What the second input is.</param>
/// <param name="Bits">How far inputs are shifted to the left before they are scaled.</param>
/// <param name="FactorA">The factor of the first input; not above 1.</param>
/// <param name="FactorB">The factor of the second input.</param>
/// <param name="FactorY">The factor of the result.</param>
/// <param name="Output">What results are cut to.</param>
public sealed record IntegerBinary(IntegerBinaryOp Op, ActivationForm A, ActivationForm B, int Bits, FixedPoint FactorA, FixedPoint FactorB, FixedPoint FactorY, QuantizedOutput Output)
{
    /// <summary>Shifts up to which the half that is added for rounding fits beside any value.</summary>
    private const int MostRight = 24;

    private const int Grain = 8192;

    /// <summary>Rows below this are computed several at a time.</summary>
    private const int ShortRow = 64;

    private bool IsBounded => Math.Min(FactorA.Shift, Math.Min(FactorB.Shift, FactorY.Shift)) >= -MostRight;

    /// <summary>Computes y; the plan says how the inputs broadcast.</summary>
    /// <exception cref="ArgumentException">A span is shorter than the plan needs.</exception>
    public unsafe void Run(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> y, BroadcastPlan plan, WorkerPool pool)
    {
        Guard.Length(y, plan.Count * Output.Size);
        if (plan.Count == 0)
            return;
        Guard.Length(a, (Extent(plan, 0) + 1) * A.Size);
        Guard.Length(b, (Extent(plan, 1) + 1) * B.Size);
        fixed (byte* pa = a, pb = b, py = y)
        {
            if (Repeated(plan) is >= 0 and var repeated)
            {
                pool.For(plan.Outer, 1 + (Grain / Math.Max(1, plan.Inner)), new RepeatedJob(this, plan.Inner, repeated, pa, pb, py));
                return;
            }

            int pieces = plan.Outer == 1 ? plan.Inner : plan.Outer;
            pool.For(pieces, plan.Outer == 1 ? Grain : 1 + (Grain / Math.Max(1, plan.Inner)), new Job(this, plan, pa, pb, py));
        }
    }

    /// <summary>One result.</summary>
    internal int One(int x, int y)
    {
        (x, y) = (x - A.ZeroPoint, y - B.ZeroPoint);
        int value = Op == IntegerBinaryOp.Multiply ? x * y
            : FactorA.Times(x << Bits) + (Op == IntegerBinaryOp.Add ? FactorB.Times(y << Bits) : -FactorB.Times(y << Bits));
        return Math.Clamp(FactorY.Times(value) + Output.ZeroPoint, Output.Min, Output.Max);
    }

    // The input, 0 or 1, that is a short row repeated for each row of the other; -1 where none is.
    private static int Repeated(BroadcastPlan plan)
    {
        if (plan.Dims.Length != 2 || plan.Inner >= ShortRow)
            return -1;
        for (int input = 0; input < 2; input++)
        {
            if (plan.Strides(input) is [0, 1] && plan.Strides(1 - input) is [var step, 1] && step == plan.Inner)
                return input;
        }

        return -1;
    }

    private static long Extent(BroadcastPlan plan, int input)
    {
        long last = 0;
        for (int d = 0; d < plan.Dims.Length; d++)
            last += (plan.Dims[d] - 1) * plan.Strides(input)[d];
        return last;
    }

    private unsafe void Row(byte* a, nint strideA, byte* b, nint strideB, byte* y, int count)
    {
        int width = IsBounded ? LaneWidth.Current : 0;
        if (width >= 512 && IntegerLanes512.IsSupported && count >= Vector512<int>.Count)
            IntegerBinaryLoop<Vector512<int>, IntegerLanes512>.Run(this, a, strideA, b, strideB, y, count);
        else if (width >= 256 && IntegerLanes256.IsSupported && count >= Vector256<int>.Count)
            IntegerBinaryLoop<Vector256<int>, IntegerLanes256>.Run(this, a, strideA, b, strideB, y, count);
        else if (width >= 128 && IntegerLanes128.IsSupported && count >= Vector128<int>.Count)
            IntegerBinaryLoop<Vector128<int>, IntegerLanes128>.Run(this, a, strideA, b, strideB, y, count);
        else
        {
            for (int i = 0; i < count; i++)
                Store(y, i, One(Load(A.Kind, a, i * strideA), Load(B.Kind, b, i * strideB)));
        }
    }

    private static unsafe int Load(IntegerKind kind, byte* from, nint at) => kind switch
    {
        IntegerKind.UInt8 => from[at],
        IntegerKind.Int8 => ((sbyte*)from)[at],
        _ => ((short*)from)[at],
    };

    private unsafe void Store(byte* y, int at, int value)
    {
        if (Output.Kind == IntegerKind.Int16)
            ((short*)y)[at] = (short)value;
        else
            y[at] = (byte)value;
    }

    private readonly unsafe struct Job(IntegerBinary of, BroadcastPlan plan, byte* a, byte* b, byte* y) : IRangeJob
    {
        public void Run(int start, int end)
        {
            nint stepA = (nint)plan.InnerStride(0), stepB = (nint)plan.InnerStride(1);
            int sizeY = of.Output.Size;
            if (plan.Outer == 1)
            {
                of.Row(a + (start * stepA * of.A.Size), stepA, b + (start * stepB * of.B.Size), stepB, y + ((nint)start * sizeY), end - start);
                return;
            }

            for (int row = start; row < end; row++)
                of.Row(a + (plan.Offset(0, row) * of.A.Size), stepA, b + (plan.Offset(1, row) * of.B.Size), stepB, y + ((nint)row * plan.Inner * sizeY), plan.Inner);
        }
    }

    /// <summary>Rows of which one input has the same elements, taken together as longer ones.</summary>
    private readonly unsafe struct RepeatedJob(IntegerBinary of, int inner, int repeated, byte* a, byte* b, byte* y) : IRangeJob
    {
        public void Run(int start, int end)
        {
            byte* row = repeated == 0 ? a : b, all = Scratch.Get<byte>(inner * ShortRow * 2, 2);
            int bytes = inner * (repeated == 0 ? of.A : of.B).Size, sizeY = of.Output.Size;
            for (int i = 0; i < ShortRow; i++)
                Buffer.MemoryCopy(row, all + (i * bytes), bytes, bytes);
            for (int at = start; at < end; at += ShortRow)
            {
                int count = Math.Min(ShortRow, end - at) * inner;
                byte* left = repeated == 0 ? all : a + ((nint)at * inner * of.A.Size), right = repeated == 1 ? all : b + ((nint)at * inner * of.B.Size);
                of.Row(left, 1, right, 1, y + ((nint)at * inner * sizeY), count);
            }
        }
    }
}
