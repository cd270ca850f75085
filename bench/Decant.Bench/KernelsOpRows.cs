using System.Runtime.InteropServices;
using Decant.Kernels.Conv;
using Decant.Kernels.Copy;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Norm;
using Decant.Kernels.Pool;
using Decant.Kernels.Reduce;
using Decant.Kernels.Threading;

namespace Decant.Bench;

/// <summary>Ops that surround the large ones: comparisons, choices, copies, casts.</summary>
internal static class KernelsOpRows
{
    private const int Side = 1024;
    private const int Count = Side * Side;

    public static IEnumerable<KernelsRow> All() => [.. Functions(), .. Elementwise(), .. Casts(), .. Axes(), .. Copies(), .. Images()];

    private static KernelsRow Of(string name, double bytes, Action<WorkerPool> run) => new(name, $"{Side}x{Side}", KernelsLimit.Copy, bytes * Count, "85 %", run);

    private static IEnumerable<KernelsRow> Functions()
    {
        const int n = 8192;
        Memory<float> x = KernelsBuffer.Create(n, -8, 8), positive = KernelsBuffer.Create(n, 0.1f, 8), y = KernelsBuffer.Create(n);
        KernelsRow Row(string name, string goal, Action<WorkerPool> run) => new(name, $"{n}", KernelsLimit.None, n, goal, run);
        yield return Row("sin", "1.3 x libmvec", pool => Unary.Run(x.Span, y.Span, default(SinOperator<float>), pool));
        yield return Row("cos", "1.3 x libmvec", pool => Unary.Run(x.Span, y.Span, default(CosOperator<float>), pool));
        yield return Row("pow", "1.3 x libmvec", pool => Binary.Run(positive.Span, x.Span, y.Span, default(PowerOperator<float>), pool));
    }

    private static IEnumerable<KernelsRow> Elementwise()
    {
        Memory<float> a = KernelsBuffer.Create(Count, 0), b = KernelsBuffer.Create(Count, 0), y = KernelsBuffer.Create(Count);
        Memory<float> left = KernelsBuffer.Create(Count / 4), right = KernelsBuffer.Create(Count / 4), flags = KernelsBuffer.Create(Count / 4);
        for (int i = 0; i < Count; i++)
            (Cast<bool>(left)[i], Cast<bool>(right)[i]) = (a.Span[i] < 0.5f, b.Span[i] < 0.5f);
        BroadcastPlan two = BroadcastPlan.Create([Count], [Count]), three = BroadcastPlan.Create([Count], [Count], [Count]);
        yield return Of("sqrt", 8, pool => Unary.Run(a.Span, y.Span, default(SqrtOperator<float>), pool));
        yield return Of("rsqrt", 8, pool => Unary.Run(a.Span, y.Span, default(RsqrtOperator<float>), pool));
        yield return Of("less", 9, pool => Binary.Combine<float, float, bool, LessOperator<float>>(a.Span, b.Span, Cast<bool>(flags), two, default, pool));
        yield return Of("equal", 9, pool => Binary.Combine<float, float, bool, EqualOperator<float>>(a.Span, b.Span, Cast<bool>(flags), two, default, pool));
        yield return Of("logical and", 3, pool => Binary.Combine<bool, bool, bool, LogicalAndOperator>(Cast<bool>(left), Cast<bool>(right), Cast<bool>(flags), two, default, pool));
        yield return Of("logical not", 2, pool => Unary.Map<bool, bool, LogicalNotOperator>(Cast<bool>(left), Cast<bool>(flags), default, pool));
        yield return Of("select", 13, pool => Selection.Run<float>(Cast<bool>(left), a.Span, b.Span, y.Span, three, pool));
    }

    private static IEnumerable<KernelsRow> Casts()
    {
        Memory<float> a = KernelsBuffer.Create(Count, 0, 255), y = KernelsBuffer.Create(Count);
        Memory<float> halves = KernelsBuffer.Create(Count / 2);
        FloatConversions.Narrow(a.Span, Cast<Half>(halves), WorkerPool.Inline);
        yield return Of("float16 to float32", 6, pool => FloatConversions.Widen(Cast<Half>(halves), y.Span, pool));
        yield return Of("float32 to float16", 6, pool => FloatConversions.Narrow(a.Span, Cast<Half>(halves), pool));
    }

    private static IEnumerable<KernelsRow> Axes()
    {
        Memory<float> a = KernelsBuffer.Create(Count), y = KernelsBuffer.Create(Count);
        int[] indices = new int[Side];
        yield return Of("argmax, last axis", 4, pool => ArgExtreme.Max<float, int>(a.Span, indices, Side, Side, 1, pool));
        yield return Of("argmax, first axis", 4, pool => ArgExtreme.Max<float, int>(a.Span, indices, 1, Side, Side, pool));
        yield return Of("cumsum, last axis", 8, pool => Scan.Run<float, AddOperator<float>>(a.Span, y.Span, Side, Side, 1, false, false, 0, default, pool));
        yield return Of("cumsum, first axis", 8, pool => Scan.Run<float, AddOperator<float>>(a.Span, y.Span, 1, Side, Side, false, false, 0, default, pool));
    }

    private static IEnumerable<KernelsRow> Copies()
    {
        Memory<float> a = KernelsBuffer.Create(Count), y = KernelsBuffer.Create(2 * Count);
        long[] rows = new long[Side];
        Random random = new(1);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = random.Next(Side);
        yield return Of("gather rows", 8, pool => Gather.Run(Bytes(a), rows, Bytes(y), 1, Side, Side, 4, pool));
        yield return Of("concat, last axis", 8, pool =>
        {
            Rearrange.ConcatPart(Bytes(a)[..(2 * Count)], Bytes(y), Side, Side, 0, Side / 2, 1, 4, pool);
            Rearrange.ConcatPart(Bytes(a)[(2 * Count)..], Bytes(y), Side, Side, Side / 2, Side / 2, 1, 4, pool);
        });
        yield return Of("split, last axis", 8, pool =>
        {
            Rearrange.SplitPart(Bytes(a), Bytes(y), Side, Side, 0, Side / 2, 1, 4, pool);
            Rearrange.SplitPart(Bytes(a), Bytes(y)[(2 * Count)..], Side, Side, Side / 2, Side / 2, 1, 4, pool);
        });
        yield return Of("pad by 1", 8, pool => Padding.Run<float>(a.Span, [Side, Side], y.Span, [1, 1], [1, 1], 0, pool));
        yield return Of("slice", 8, pool => Rearrange.Slice(Bytes(a), [Side, Side], Bytes(y), [1, 1], [1, 1], [Side - 2, Side - 2], 4, pool));
        yield return Of("tile 1x4", 5, pool => Rearrange.Tile(Bytes(a), [Side, Side / 4], Bytes(y), [1, 4], 4, pool));
    }

    private static IEnumerable<KernelsRow> Images()
    {
        const int pixels = 55 * 55, channels = 96;
        Memory<float> x = KernelsBuffer.Create(112 * 112 * 64), y = KernelsBuffer.Create(112 * 112 * 64);
        long[] indices = new long[56 * 56 * 64];
        PoolGeometry g = PoolGeometry.Create2D(1, WindowAxis.Valid(112, 2, 2), WindowAxis.Valid(112, 2, 2), 64);
        yield return new("LRN, radius 5, beta 0.75", "55x55x96", KernelsLimit.Copy, 8.0 * pixels * channels, "85 %", pool => LocalResponse.Run(x.Span, y.Span, pixels, channels, 5, 2, 1e-4f, 0.75f, pool));
        yield return new("max pool with argmax 2x2/2", "112x112x64", KernelsLimit.Copy, (4.0 * g.InputCount) + (12.0 * g.OutputCount), "85 %", pool => MaxPool.WithArgmax<float, long>(x.Span, y.Span, indices, false, g, pool));
    }

    private static Span<byte> Bytes(Memory<float> values) => Cast<byte>(values);

    private static Span<T> Cast<T>(Memory<float> values)
        where T : struct => MemoryMarshal.Cast<float, T>(values.Span);
}
