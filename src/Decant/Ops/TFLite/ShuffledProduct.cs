using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>
/// FULLY_CONNECTED with weights in the order SHUFFLED4x16INT8: uint8 activations, 16-bit results. Blocks of 4 rows and 16 columns
/// follow one another, with the sign bit flipped, so that the bytes are signed without their zero point of 128.
/// </summary>
internal static class ShuffledProduct
{
    private const int Rows = 4, Columns = 16;

    public static Kernel Prepare(KernelRequest request)
    {
        (QuantParams input, QuantParams weights, QuantParams output) = (request.InputQuant(0), request.InputQuant(1), request.OutputQuant());
        FixedPoint factor = Quantizing.Factor(input.Scale, weights.Scale, output.Scale);
        (int min, int max) = Quantizing.Clamp(DType.Int16, output, request.Activation());
        bool keep = request.Attributes.Bool("keep_num_dims");
        return Kernel.Of(context =>
        {
            (int rows, int depth, int columns, Shape shape) = FullyConnected.Geometry(context, context.Shape(1), keep);
            if (depth % Columns != 0 || columns % Rows != 0 || context.Input(0).DType != DType.UInt8 || context.Input(1).DType != DType.UInt8 || request.OutputType() != DType.Int16)
                throw context.Fail($"has shuffled weights {context.Input(1)} for {context.Input(0)}, expected uint8, a multiple of {Rows} rows and of {Columns} columns, and 16-bit results");
            ReadOnlySpan<byte> x = context.Input(0).Span<byte>(), w = context.Input(1).Span<byte>();
            ReadOnlySpan<int> bias = context.Input(2).Span<int>();
            Span<short> y = context.Output<short>(0, shape);

            // The second output is the workspace of the original kernel: the input with its signs flipped, 4 rows' blocks of 16 in turn.
            if (request.UsedOutputs > 1)
                Shuffle(x, context.Writable<byte>(context.Allocate(1, DType.UInt8, context.Shape(0))), rows, depth);
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                {
                    int sum = bias[c];
                    for (int d = 0; d < depth; d++)
                    {
                        int at = (((c / Rows) * (depth / Columns)) + (d / Columns)) * Rows * Columns + ((c % Rows) * Columns) + (d % Columns);
                        sum += (sbyte)w[at] * (x[(r * depth) + d] - 128);
                    }

                    y[(r * columns) + c] = (short)Math.Clamp(factor.Times(sum), min, max);
                }
            }
        });
    }

    private static void Shuffle(ReadOnlySpan<byte> x, Span<byte> workspace, int rows, int depth)
    {
        int at = 0;
        int together = rows % Rows == 0 ? Rows : 1;
        for (int r = 0; r < rows; r += together)
        {
            for (int block = 0; block < depth; block += Columns)
            {
                for (int i = r; i < r + together; i++)
                {
                    foreach (byte b in x.Slice((i * depth) + block, Columns))
                        workspace[at++] = (byte)(b ^ 0x80);
                }
            }
        }
    }
}
