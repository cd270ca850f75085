using System.Buffers;
using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Gemm;
using Decant.Ops.TFLite;

namespace Decant.Ops;

/// <summary>
/// Products with weights of which some rows are read or made at a time, while they are in the cache, and let go: for a kernel that runs once. Of
/// weights [out, ..], what it gives for the channels of those rows goes to their columns of the output [.., out].
/// </summary>
internal static class WeightBlocks
{
    /// <summary>What the second cache holds beside the packed form of it.</summary>
    private const int BlockBytes = 1 << 19;

    /// <summary>Weights of a file up to so many bytes are read where they are mapped, of larger ones copies, so that little of the file is in memory.</summary>
    private const long MostMapped = 64L << 20;

    private delegate void Block(int first, int count, ReadOnlySpan<float> rows);

    /// <summary>Input 0, [rows, in], times weights [out, in].</summary>
    /// <param name="context">The node that runs.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="rows">The number of rows of the input and of the output.</param>
    /// <param name="output">The output, [rows, out].</param>
    /// <param name="activation">What is applied to it.</param>
    /// <param name="bias">The input that is the bias, or -1.</param>
    public static void Product(KernelContext context, Tensor weights, int rows, Tensor output, Activation activation, int bias)
    {
        Tensor input = context.Input(0);
        int depth = (int)(weights.ElementCount / weights.Shape[0]);
        Run(context, weights, rows, output, bias, activation, (block, count, epilogue, result) => FloatGemm.Run(input.Span<float>(), block, result, new GemmShape(rows, depth, count, false, true), epilogue, context.Pool));
    }

    /// <summary>Input 0 convolved with a filter [out, height, width, in], which is not divided into groups.</summary>
    /// <param name="context">The node that runs.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="output">The output.</param>
    /// <param name="activation">What is applied to it.</param>
    /// <param name="bias">The input that is the bias, or -1.</param>
    public static void Convolution(KernelContext context, Tensor filter, ConvGeometry geometry, Tensor output, Activation activation, int bias)
    {
        if (geometry.IsProduct)
        {
            Product(context, filter, (int)geometry.OutputPixels, output, activation, bias);
            return;
        }

        Tensor input = context.Input(0);
        Run(context, filter, (int)geometry.OutputPixels, output, bias, activation, (block, count, epilogue, result) => Kernels.Conv.Convolution.Run(
            input.Span<float>(), FloatConvolution.ToHwio(block, new Shape(count, geometry.Height.Kernel, geometry.Width.Kernel, geometry.InChannels)), result, geometry with { OutChannels = count }, epilogue, context.Pool));
    }

    /// <summary>Whether weights are made or read when they are asked for, so that products with them are best made in blocks.</summary>
    public static bool AreStreamed(Tensor weights) => weights.Data.Owner is { IsStreamed: true };

    /// <summary>A product with weights [in, out]: rows of them add their part to all results, and the last ones the bias and the activation.</summary>
    /// <param name="context">The node that runs.</param>
    /// <param name="x">[rows, in].</param>
    /// <param name="weights">The weights.</param>
    /// <param name="y">[rows, out].</param>
    /// <param name="shape">The sizes; nothing is transposed.</param>
    /// <param name="epilogue">A bias, a residual and an activation of <see cref="FloatGemm"/>.</param>
    public static void Sum(KernelContext context, ReadOnlySpan<float> x, Tensor weights, Span<float> y, in GemmShape shape, in Epilogue<float> epilogue)
    {
        (int rows, int depth, int columns, _, _) = shape;
        ReadOnlyMemory<float> input = x.ToArray(), bias = epilogue.Bias.ToArray();
        float[] sums = ArrayPool<float>.Shared.Rent(y.Length), taken = [];
        Activation activation = epilogue.Activation;
        bool isFirst = epilogue.Residual.IsEmpty;
        epilogue.Residual.CopyTo(sums);
        Visit(weights, depth, (first, count, block) =>
        {
            if (taken.Length < rows * count)
                taken = new float[rows * count];
            for (int row = 0; row < rows; row++)
                input.Span.Slice((row * depth) + first, count).CopyTo(taken.AsSpan(row * count));
            bool isLast = first + count == depth;
            Span<float> result = sums.AsSpan(0, rows * columns);
            var finish = new Epilogue<float>(isLast ? bias.Span : default, isLast ? activation : Activation.None, isFirst ? default : result);
            FloatGemm.Run(taken, block, result, new GemmShape(rows, count, columns), finish, context.Pool);
            isFirst = false;
        });
        sums.AsSpan(0, y.Length).CopyTo(y);
        ArrayPool<float>.Shared.Return(sums);
    }

    private delegate void Part(ReadOnlySpan<float> block, int count, Epilogue<float> epilogue, Span<float> result);

    private static void Run(KernelContext context, Tensor weights, int positions, Tensor output, int bias, Activation activation, Part part)
    {
        int channels = (int)weights.Shape[0];
        Tensor? biases = bias < 0 ? null : context.Input(bias);
        float[] result = [];
        Visit(weights, weights.Shape[0], (first, count, block) =>
        {
            if (result.Length < positions * count)
            {
                ArrayPool<float>.Shared.Return(result);
                result = ArrayPool<float>.Shared.Rent(positions * count);
            }

            part(block, count, new Epilogue<float>(biases is null ? default : biases.Span<float>().Slice(first, count), activation), result.AsSpan(0, positions * count));
            Span<float> to = context.Writable<float>(output);
            for (int p = 0; p < positions; p++)
                result.AsSpan(p * count, count).CopyTo(to[((p * channels) + first)..]);
        });
        ArrayPool<float>.Shared.Return(result);
    }

    /// <summary>Hands out the rows of weights in order, in blocks of whole ones.</summary>
    private static void Visit(Tensor weights, long rows, Block visit)
    {
        int rowBytes = checked((int)(weights.Data.Length / rows)), most = Math.Max(1, BlockBytes / rowBytes) * rowBytes, filled = 0, row = 0;
        if (weights.Data is { Owner: MappedFile, Length: <= MostMapped })
        {
            for (ReadOnlySpan<byte> rest = weights.Data.Span; rest.Length > 0; rest = rest[Math.Min(most, rest.Length)..])
                Give(rest[..Math.Min(most, rest.Length)]);
            return;
        }

        byte[] gathered = ArrayPool<byte>.Shared.Rent(most);
        weights.Data.Visit(bytes =>
        {
            while (bytes.Length > 0)
            {
                // What comes in large pieces is used where it is.
                int taken = filled > 0 || bytes.Length < most ? Math.Min(most - filled, bytes.Length) : most;
                if (filled == 0 && taken == most)
                {
                    Give(bytes[..taken]);
                }
                else
                {
                    bytes[..taken].CopyTo(gathered.AsSpan(filled));
                    if ((filled += taken) == most)
                        Flush();
                }

                bytes = bytes[taken..];
            }
        });
        if (filled > 0)
            Flush();
        ArrayPool<byte>.Shared.Return(gathered);

        void Flush()
        {
            Give(gathered.AsSpan(0, filled));
            filled = 0;
        }

        void Give(ReadOnlySpan<byte> bytes)
        {
            visit(row, bytes.Length / rowBytes, MemoryMarshal.Cast<byte, float>(bytes));
            row += bytes.Length / rowBytes;
        }
    }
}
