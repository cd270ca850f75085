using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Gemm;
using Decant.Kernels.Norm;
using Decant.Kernels.Pool;
using Decant.Kernels.Reduce;
using Decant.Kernels.Resize;
using Decant.Kernels.Threading;
using Decant.Kernels.Transpose;

namespace Decant.Bench;

/// <summary>The kernels and shapes that decide how fast image and audio networks run.</summary>
internal static class KernelsRows
{
    private const string GemmGoal = "95 %; 92 % with 2 threads";
    private const string MemoryGoal = "85 %";

    public static IEnumerable<KernelsRow> All() => [.. Products(), .. Convolutions(), .. KernelsIntegerRows.All(), .. Functions(), .. MemoryBound(), .. Images(), .. KernelsOpRows.All(), .. KernelsSpectralRows.All()];

    private static IEnumerable<KernelsRow> Products()
    {
        foreach ((int m, int k, int n) in new[] { (1024, 1024, 1024), (12544, 32, 64), (3136, 128, 128), (196, 512, 512), (49, 1024, 1024) })
        {
            PackedMatrix b = PackedMatrix.Pack(KernelsBuffer.Create((long)k * n).Span, k, n);
            Memory<float> a = KernelsBuffer.Create((long)m * k), c = KernelsBuffer.Create((long)m * n);
            yield return new("gemm", $"{m}x{k}x{n}", KernelsLimit.Fma, 2.0 * m * k * n, GemmGoal, pool => FloatGemm.Run(a.Span, b, c.Span, m, Epilogue<float>.None, pool));
        }

        foreach ((int k, int n) in new[] { (1024, 1001), (4096, 4096) })
        {
            PackedMatrix b = PackedMatrix.Pack(KernelsBuffer.Create((long)k * n).Span, k, n);
            Memory<float> a = KernelsBuffer.Create(k), plain = KernelsBuffer.Create((long)k * n), c = KernelsBuffer.Create(n);
            yield return new("gemv, packed", $"1x{k}x{n}", KernelsLimit.Read, 4.0 * k * n, "95 %", pool => FloatGemm.Run(a.Span, b, c.Span, 1, Epilogue<float>.None, pool));
            yield return new("gemv, row-major", $"1x{k}x{n}", KernelsLimit.Read, 4.0 * k * n, "95 %", pool => FloatGemm.Run(a.Span, plain.Span, c.Span, new GemmShape(1, k, n), Epilogue<float>.None, pool));
        }
    }

    private static IEnumerable<KernelsRow> Convolutions()
    {
        foreach ((int size, int channels, string goal) in new[] { (112, 32, "oneDNN"), (56, 128, "oneDNN"), (14, 512, "oneDNN") })
        {
            DepthwiseGeometry g = new(1, WindowAxis.Same(size, 3, 1), WindowAxis.Same(size, 3, 1), channels);
            Memory<float> x = KernelsBuffer.Create(g.InputCount), f = KernelsBuffer.Create(g.FilterCount), y = KernelsBuffer.Create(g.OutputCount);
            yield return new("depthwise 3x3", $"{size}x{size}x{channels}", KernelsLimit.Fma, 18.0 * g.OutputCount, goal, pool => Depthwise.Run(x.Span, f.Span, y.Span, g, Epilogue<float>.None, pool));
        }

        foreach ((int size, int kernel, int stride, int channelsIn, int channelsOut) in new[] { (56, 3, 1, 64, 64), (14, 3, 1, 256, 256), (224, 7, 2, 3, 64), (56, 1, 1, 64, 256), (56, 1, 1, 144, 24), (128, 3, 1, 12, 12), (128, 5, 1, 1, 56), (128, 5, 1, 16, 8), (128, 5, 1, 32, 1) })
        {
            ConvGeometry g = ConvGeometry.Create2D(1, WindowAxis.Same(size, kernel, stride), WindowAxis.Same(size, kernel, stride), channelsIn, channelsOut);
            Memory<float> x = KernelsBuffer.Create(g.InputCount), y = KernelsBuffer.Create(g.OutputCount), bias = KernelsBuffer.Create(channelsOut);
            ConvFilter f = ConvFilter.Pack(KernelsBuffer.Create(g.FilterCount).Span, g);
            yield return new($"conv {kernel}x{kernel}/{stride}, bias, relu", $"{size}x{size}x{channelsIn} to {channelsOut}", KernelsLimit.Fma, 2.0 * g.OutputCount * kernel * kernel * channelsIn, "90 %", pool => Convolution.Run(x.Span, f, y.Span, g, new Epilogue<float>(bias.Span, Activation.Relu), pool));
        }
    }

    private static IEnumerable<KernelsRow> Functions()
    {
        // 64 KB in and out: the L2 cache, where the arithmetic shows.
        const int n = 8192;
        Memory<float> x = KernelsBuffer.Create(n, -8, 8), positive = KernelsBuffer.Create(n, 0.1f, 8), y = KernelsBuffer.Create(n);
        KernelsRow Of(string name, string goal, Action<WorkerPool> run) => new(name, $"{n}", KernelsLimit.None, n, goal, run);
        yield return Of("exp", "1.3 x libmvec", pool => Unary.Run(x.Span, y.Span, default(ExpOperator<float>), pool));
        yield return Of("tanh", "1.3 x libmvec", pool => Unary.Run(x.Span, y.Span, default(TanhOperator<float>), pool));
        yield return Of("sigmoid", "1.3 x libmvec", pool => Unary.Run(x.Span, y.Span, default(SigmoidOperator<float>), pool));
        yield return Of("erf", "1.3 x libmvec", pool => Unary.Run(x.Span, y.Span, default(ErfOperator<float>), pool));
        yield return Of("log", "1.3 x libmvec", pool => Unary.Run(positive.Span, y.Span, default(LogOperator<float>), pool));
        foreach (int columns in new[] { 64, 1024 })
            yield return Of($"softmax of {columns}", "1.3 x libmvec", pool => Softmax.Run<float>(x.Span, y.Span, n / columns, columns, pool));
    }

    private static IEnumerable<KernelsRow> MemoryBound()
    {
        const int side = 1024;
        const int n = side * side;
        Memory<float> a = KernelsBuffer.Create(n), b = KernelsBuffer.Create(n), y = KernelsBuffer.Create(n);
        Memory<float> scale = KernelsBuffer.Create(side, 0.5f), one = KernelsBuffer.Create(side);
        ReducePlan last = ReducePlan.Create([side, side], [1]), first = ReducePlan.Create([side, side], [0]);
        KernelsRow Of(string name, int buffers, Action<WorkerPool> run) => new(name, $"{side}x{side}", KernelsLimit.Copy, 4.0 * n * buffers, MemoryGoal, run);
        yield return Of("add", 3, pool => Binary.Run(a.Span, b.Span, y.Span, default(AddOperator<float>), pool));
        yield return Of("relu", 2, pool => Unary.Run(a.Span, y.Span, default(ReluOperator<float>), pool));
        yield return Of("transpose", 2, pool => AxisPermutation.Run(Bytes(a), Bytes(y), 4, [side, side], [1, 0], pool));
        foreach (int size in new[] { 1, 2, 8 })
            yield return new($"transpose of {size}-byte elements", $"{side / 2}x{side / 2}", KernelsLimit.Copy, n / 2.0 * size, MemoryGoal, pool => AxisPermutation.Run(Bytes(a), Bytes(y), size, [side / 2, side / 2], [1, 0], pool));
        yield return Of("batch norm", 2, pool => BatchNorm.Inference(a.Span, scale.Span, one.Span, one.Span, scale.Span, y.Span, side, side, 1e-3f, pool));
        yield return Of("sum, last axis", 1, pool => Reduction.Sum<float>(a.Span, y.Span, last, pool));
        yield return Of("sum, first axis", 1, pool => Reduction.Sum<float>(a.Span, y.Span, first, pool));
        yield return Of("max, last axis", 1, pool => Reduction.Max<float>(a.Span, y.Span, last, pool));
        yield return Of("max, first axis", 1, pool => Reduction.Max<float>(a.Span, y.Span, first, pool));
    }

    private static IEnumerable<KernelsRow> Images()
    {
        Memory<float> x = KernelsBuffer.Create(112 * 112 * 64), y = KernelsBuffer.Create(224 * 224 * 64);
        PoolGeometry g = PoolGeometry.Create2D(1, WindowAxis.Valid(112, 2, 2), WindowAxis.Valid(112, 2, 2), 64);
        PoolGeometry three = PoolGeometry.Create2D(1, WindowAxis.Same(112, 3, 2), WindowAxis.Same(112, 3, 2), 64);
        ResizeGeometry up = new(1, 112, 112, 224, 224, 64), few = new(1, 112, 112, 224, 224, 3, HalfPixelCenters: true);
        KernelsRow Of(string name, string shape, long floats, Action<WorkerPool> run) => new(name, shape, KernelsLimit.Copy, 4.0 * floats, MemoryGoal, run);
        yield return Of("NHWC to NCHW", "112x112x64", 2 * 112 * 112 * 64, pool => AxisPermutation.ChannelsFirst(Bytes(x), Bytes(y), 4, 1, 64, 112 * 112, pool));
        yield return Of("NHWC to NCHW", "224x224x3", 2 * 224 * 224 * 3, pool => AxisPermutation.ChannelsFirst(Bytes(x), Bytes(y), 4, 1, 3, 224 * 224, pool));
        yield return Of("NCHW to NHWC", "224x224x3", 2 * 224 * 224 * 3, pool => AxisPermutation.ChannelsLast(Bytes(x), Bytes(y), 4, 1, 3, 224 * 224, pool));
        yield return Of("max pool 2x2/2", "112x112x64", g.InputCount + g.OutputCount, pool => MaxPool.Run<float>(x.Span, y.Span, g, pool));
        yield return Of("max pool 3x3/2", "112x112x64", three.InputCount + three.OutputCount, pool => MaxPool.Run<float>(x.Span, y.Span, three, pool));
        yield return Of("avg pool 2x2/2", "112x112x64", g.InputCount + g.OutputCount, pool => AvgPool.Run<float>(x.Span, y.Span, g, pool));
        yield return Of("resize bilinear x2", "112x112x64", up.InputCount + up.OutputCount, pool => ResizeBilinear.Run<float>(x.Span, y.Span, up, pool));
        yield return Of("resize bilinear x2", "112x112x3", few.InputCount + few.OutputCount, pool => ResizeBilinear.Run<float>(x.Span, y.Span, few, pool));
        yield return Of("resize nearest x2", "112x112x64", up.InputCount + up.OutputCount, pool => ResizeNearest.Run<float>(x.Span, y.Span, up, pool));
        yield return Of("resize nearest x2", "112x112x3", few.InputCount + few.OutputCount, pool => ResizeNearest.Run<float>(x.Span, y.Span, few, pool));
    }

    private static Span<byte> Bytes(Memory<float> values) => MemoryMarshal.AsBytes(values.Span);
}
