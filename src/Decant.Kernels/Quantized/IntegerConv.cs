using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Threading;

namespace Decant.Kernels.Quantized;

/// <summary>Convolutions and products of integers with packed weights.</summary>
public static unsafe class IntegerConv
{
    /// <summary>Packs a filter [out channels, height, width, in channels of a group], a matrix per group.</summary>
    /// <param name="filter">The elements.</param>
    /// <param name="isSigned">Whether they are signed.</param>
    /// <param name="zeroPoint">What stands for 0.</param>
    /// <param name="geometry">The convolution.</param>
    /// <param name="isWide">Whether activations have 16 bits.</param>
    public static IntegerMatrix[] Pack(ReadOnlySpan<byte> filter, bool isSigned, int zeroPoint, in ConvGeometry geometry, bool isWide = false)
    {
        var groups = new IntegerMatrix[geometry.Groups];
        int k = checked(geometry.Taps * geometry.GroupIn), size = checked(k * geometry.GroupOut);
        for (int group = 0; group < groups.Length; group++)
            groups[group] = IntegerMatrix.Pack(filter.Slice(group * size, size), isSigned, zeroPoint, k, geometry.GroupOut, isWide, IntegerLines.Takes(geometry) ? IntegerLines.Stretch(geometry) : 0);
        return groups;
    }

    /// <summary>Whether weights that were packed for another size of the input are packed as those of a geometry are.</summary>
    public static bool IsPackedFor(ReadOnlySpan<IntegerMatrix> filter, in ConvGeometry geometry) =>
        filter.Length == geometry.Groups && (filter.Length == 0 || !filter[0].IsInStretches || IntegerLines.Takes(geometry));

    /// <summary>The geometry of a product of rows [rows, k] with a matrix of n columns.</summary>
    public static ConvGeometry Rows(int rows, int k, int n) =>
        ConvGeometry.Create2D(rows, WindowAxis.One, WindowAxis.One, k, n);

    /// <summary>y = requantize(x * filter).</summary>
    /// <param name="x">The bytes of the input, [batch, height, width, channels].</param>
    /// <param name="form">What they are.</param>
    /// <param name="geometry">The convolution.</param>
    /// <param name="filter">The packed weights.</param>
    /// <param name="requantizer">Made for these weights and this form.</param>
    /// <param name="y">The bytes of the output.</param>
    /// <param name="pool">The threads.</param>
    /// <exception cref="ArgumentException">A span is shorter than the geometry needs.</exception>
    public static void Run(ReadOnlySpan<byte> x, ActivationForm form, in ConvGeometry geometry, IntegerMatrix[] filter, Requantizer requantizer, Span<byte> y, WorkerPool pool)
    {
        Guard.Length(x, geometry.InputCount * form.Size);
        Guard.Length(y, geometry.OutputCount * requantizer.Output.Size);
        fixed (byte* px = x, py = y)
            IntegerProduct.Run(px, form, null, geometry, filter, new QuantizedFinish(requantizer, py, geometry.OutChannels), pool);
    }

    /// <summary>As <see cref="Run(ReadOnlySpan{byte}, ActivationForm, in ConvGeometry, IntegerMatrix[], Requantizer, Span{byte}, WorkerPool)"/> for 16-bit activations with sums of 64 bits.</summary>
    public static void Run(ReadOnlySpan<short> x, in ConvGeometry geometry, IntegerMatrix[] filter, LongRequantizer requantizer, Span<byte> y, WorkerPool pool)
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount * requantizer.Output.Size);
        fixed (short* px = x)
        fixed (byte* py = y)
        {
            if (requantizer.HasShortSums)
                IntegerProduct.Run((byte*)px, new ActivationForm(IntegerKind.Int16, 0), null, geometry, filter, new LongFinish(requantizer, py, geometry.OutChannels), pool);
            else
                LongProduct.Run(px, geometry, filter, requantizer, py, pool);
        }
    }

    /// <summary>As <see cref="Run(ReadOnlySpan{byte}, ActivationForm, in ConvGeometry, IntegerMatrix[], Requantizer, Span{byte}, WorkerPool)"/> for activations that were quantized per batch: sums times a scale per batch and channel, plus the bias.</summary>
    /// <param name="x">Signed bytes.</param>
    /// <param name="zeroPoints">What stands for 0 in each batch.</param>
    /// <param name="scales">The scale of each batch.</param>
    /// <param name="geometry">The convolution.</param>
    /// <param name="filter">The packed weights.</param>
    /// <param name="finish">Scales per channel, biases, bounds.</param>
    /// <param name="y">The output.</param>
    /// <param name="pool">The threads.</param>
    public static void RunHybrid(ReadOnlySpan<sbyte> x, ReadOnlySpan<int> zeroPoints, ReadOnlySpan<float> scales, in ConvGeometry geometry, IntegerMatrix[] filter, in HybridFinish finish, Span<float> y, WorkerPool pool)
    {
        Guard.Length(x, geometry.InputCount);
        Guard.Length(y, geometry.OutputCount);
        fixed (sbyte* px = x)
        fixed (float* py = y, rowScales = scales, channelScales = finish.Scales, bias = finish.Bias)
        fixed (int* zeros = zeroPoints)
        {
            finish.Guard(geometry.OutChannels, scales.Length, zeroPoints.Length, geometry.Batch);
            var real = new RealFinish(py, geometry.OutChannels, geometry.OutputPixels / Math.Max(1, geometry.Batch), finish, rowScales, zeros, channelScales, bias);
            IntegerProduct.Run((byte*)px, new ActivationForm(IntegerKind.Int8, 0), zeros, geometry, filter, real, pool);
        }
    }
}
