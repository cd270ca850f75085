using System.Numerics.Tensors;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>
/// The BASIC kernel of LSTM: inputs x, h, weights [4 cells, inputs + cells], bias, c; outputs h', c' and the two workspaces of the
/// original kernel. The gates stand in the order input, cell, forget, output.
/// </summary>
internal static class BasicLstm
{
    private const int X = 0, H = 1, Weights = 2, Bias = 3, C = 4;

    // What uint8 activations have as their zero point, and the integer bits of gates and of the cell state.
    private const int Zero = 128, GateBits = 3, StateBits = 4;

    public static Kernel Prepare(KernelRequest request)
    {
        if (request.InputCount != 5)
            throw request.Fail($"has {request.InputCount} inputs, expected 5");
        return request.InputType(X) switch
        {
            DType.Float32 => Floats(),
            DType.UInt8 => Integers(request),
            var type => throw request.NoKernel($"of the kind BASIC for elements of type {type.Name()}"),
        };
    }

    private static Kernel Floats()
    {
        State<float> h = new(H), c = new(C);
        Reused<float> both = new(), sums = new();
        return Kernel.Of(context => Floats(context, h, c, both, sums));
    }

    private static void Floats(KernelContext context, State<float> h, State<float> c, Reused<float> both, Reused<float> sums)
    {
        (int rows, int inputs, int cells) = Sizes(context);
        h.Read(context, (long)rows * cells);
        c.Read(context, (long)rows * cells);
        float[] joined = Joined(context.Input(X).Span<float>(), h.Values, rows, inputs, cells, both);
        ReadOnlySpan<float> weights = context.Input(Weights).Span<float>(), bias = context.Input(Bias).Span<float>();
        float[] gates = sums.Of(rows * cells * 4);
        int depth = inputs + cells;
        for (int i = 0; i < gates.Length; i++)
            gates[i] = TensorPrimitives.Dot(weights.Slice(i % (4 * cells) * depth, depth), joined.AsSpan(i / (4 * cells) * depth, depth)) + bias[i % (4 * cells)];
        for (int i = 0; i < c.Values.Length; i++)
        {
            float Gate(int which) => gates[(((i / cells * 4) + which) * cells) + (i % cells)];
            c.Values[i] = (Sigmoid(Gate(0)) * MathF.Tanh(Gate(1))) + (Sigmoid(Gate(2)) * c.Values[i]);
            h.Values[i] = Sigmoid(Gate(3)) * MathF.Tanh(c.Values[i]);
        }

        Give(context, h, c, joined, gates);
    }

    private static Kernel Integers(KernelRequest request)
    {
        FixedPoint factor = FixedPoint.Of(4096 * request.InputQuant(Bias).Scale);
        int weightsZero = request.InputQuant(Weights).ZeroPoint;
        double log = Math.Log2(request.OutputQuant(1).Scale);
        if (Math.Abs(log + 15 - StateBits) > 1e-3)
            throw request.NoKernel($"for a cell state of the scale {request.OutputQuant(1).Scale}, expected 2^-{15 - StateBits}");
        State<byte> h = new(H);
        State<short> c = new(C);
        Reused<byte> both = new();
        Reused<short> sums = new();
        return Kernel.Of(context =>
        {
            (int rows, int inputs, int cells) = Sizes(context);
            h.Read(context, (long)rows * cells);
            c.Read(context, (long)rows * cells);
            byte[] joined = Joined(context.Input(X).Span<byte>(), h.Values, rows, inputs, cells, both);
            ReadOnlySpan<byte> weights = context.Input(Weights).Span<byte>();
            ReadOnlySpan<int> bias = context.Input(Bias).Span<int>();
            short[] gates = sums.Of(rows * cells * 4);
            int depth = inputs + cells;
            for (int i = 0; i < gates.Length; i++)
            {
                int sum = bias[i % (4 * cells)];
                for (int d = 0; d < depth; d++)
                    sum += (joined[(i / (4 * cells) * depth) + d] - Zero) * (weights[(i % (4 * cells) * depth) + d] - weightsZero);
                gates[i] = (short)Math.Clamp(factor.TimesHalfUp(sum), short.MinValue, short.MaxValue);
            }

            for (int i = 0; i < c.Values.Length; i++)
            {
                short Gate(int which) => gates[(((i / cells * 4) + which) * cells) + (i % cells)];
                short added = FixedPoint.HighProduct(FixedPoint16.Logistic(Gate(0), GateBits), FixedPoint16.Tanh(Gate(1), GateBits));
                short kept = FixedPoint.HighProduct(FixedPoint16.Logistic(Gate(2), GateBits), c.Values[i]);
                c.Values[i] = FixedPoint16.SaturatingSum(FixedPoint16.Rescale(added, -StateBits), kept);
                short squashed = FixedPoint16.Tanh(FixedPoint16.Rescale(c.Values[i], StateBits - GateBits), GateBits);
                short output = FixedPoint.HighProduct(FixedPoint16.Logistic(Gate(3), GateBits), squashed);
                h.Values[i] = (byte)(Zero + Math.Clamp(FixedPoint.RoundingShift(output, 8), -128, 127));
            }

            Give(context, h, c, joined, gates);
        });
    }

    private static (int Rows, int Inputs, int Cells) Sizes(KernelContext context)
    {
        Shape x = context.Shape(X), weights = context.Shape(Weights);
        if (x.Rank < 2 || weights.Rank != 2 || weights[0] % 4 != 0 || weights[1] != x[-1] + (weights[0] / 4) || context.Input(Bias).ElementCount != weights[0] || x[-1] == 0
            || context.Input(Weights).DType != context.Input(X).DType || context.Input(Bias).DType != (context.Input(X).DType == DType.Float32 ? DType.Float32 : DType.Int32))
            throw context.Fail($"has the input {context.Input(X)}, the weights {context.Input(Weights)} and the bias {context.Input(Bias)}, expected [.., in], [4 cells, in + cells] and [4 cells]");
        return ((int)(context.Input(X).ElementCount / x[-1]), (int)x[-1], (int)(weights[0] / 4));
    }

    private static T[] Joined<T>(ReadOnlySpan<T> x, T[] h, int rows, int inputs, int cells, Reused<T> both)
    {
        T[] joined = both.Of(rows * (inputs + cells));
        for (int r = 0; r < rows; r++)
        {
            x.Slice(r * inputs, inputs).CopyTo(joined.AsSpan(r * (inputs + cells)));
            h.AsSpan(r * cells, cells).CopyTo(joined.AsSpan((r * (inputs + cells)) + inputs));
        }

        return joined;
    }

    private static void Give<T, TCell>(KernelContext context, State<T> h, State<TCell> c, T[] joined, TCell[] gates)
        where T : unmanaged
        where TCell : unmanaged
    {
        Give(context, 0, h.Values);
        Give(context, 1, c.Values);
        if (context.Node.Tensors.Count > 2)
            Give(context, 2, joined);
        if (context.Node.Tensors.Count > 3)
            Give(context, 3, gates);
        h.Write(context);
        c.Write(context);
    }

    private static void Give<T>(KernelContext context, int port, T[] values)
        where T : unmanaged => values.CopyTo(context.Output<T>(port, context.Derived(new RowsOf(values.Length), static (of, c) => new DerivedShape(of.In(c.Shape(X)))).Shape));

    /// <summary>Elements in as many rows as the input has.</summary>
    private readonly record struct RowsOf(int Elements)
    {
        public Shape In(Shape input)
        {
            long[] leading = input.Dims[..^1].ToArray();
            return new Shape([.. leading, Elements / Math.Max(1, leading.Aggregate(1L, (a, b) => a * b))]);
        }
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
