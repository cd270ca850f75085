using System.Numerics;
using System.Runtime.CompilerServices;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;

namespace Decant.Ops.Arithmetic;

/// <summary>
/// Converts between element types. Integers wrap; a real number outside the range of an integer type gives what x86 gives
/// TensorFlow: the smallest int32 or int64, of which smaller types keep the low bits. Complex to real keeps the real part.
/// </summary>
internal sealed class Cast() : Op("Cast"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("DstT"), context.Shape(0));

    public Kernel Prepare(KernelRequest request)
    {
        DType from = request.ElementType(0, "SrcT"), to = request.Attributes.Type("DstT");
        bool truncate = request.Attributes.Bool("Truncate");
        return Make(from, to, truncate) ?? throw request.NoKernel($"from {from.Name()} to {to.Name()}");
    }

    private static Kernel? Make(DType from, DType to, bool truncate)
    {
        if (from == to)
            return Kernel.Of(static context => context.SetOutput(0, context.Input(0)));
        if (WideElements.WideOf(from) is var wideFrom and not DType.Invalid)
        {
            if (wideFrom == to)
                return Kernel.Of(context => WideElements.Widen(context.Input(0), context.Allocate(0, to, context.Shape(0)), context.Pool));
            return Make(wideFrom, to, truncate) is { } rest ? Composed(WideElements.Widen, wideFrom, rest) : null;
        }

        if (WideElements.WideOf(to) is var wideTo and not DType.Invalid)
        {
            if (wideTo == from)
                return Kernel.Of(context => Round(context, to, truncate));
            return Make(wideTo, to, truncate) is { } rest && Make(from, wideTo, truncate) is { } first ? new Sequence(first, rest) : null;
        }

        return (from, to) switch
        {
            (DType.Complex128, _) => Make(DType.Float64, to, truncate) is { } rest ? Composed(static (x, y, _) => RealPart(x, y), DType.Float64, rest) : null,
            (_, DType.Complex128) => from == DType.Float64
                ? new MapKernel<double, Complex, ToComplex>()
                : Make(from, DType.Float64, truncate) is { } first ? new Sequence(first, new MapKernel<double, Complex, ToComplex>()) : null,
            (DType.Bool, DType.UInt8) => Kernel.Of(static context => context.SetOutput(0, context.Input(0).Reinterpreted(DType.UInt8))),
            (DType.Bool, _) => Composed(static (x, y, _) => x.Data.Span.CopyTo(y.Mutable<byte>()), DType.UInt8, Make(DType.UInt8, to, truncate)!),
            (_, DType.Bool) => ElementKernels.Number(from, default(ToBoolKernels)),
            _ when ElementKernels.Number(to, default(ToBoolKernels)) is null => null,
            _ => ElementKernels.Number(from, new FromKernels(to)),
        };
    }

    private static Kernel Composed(Action<Tensor, Tensor, WorkerPool> convert, DType between, Kernel rest) =>
        new Sequence(Kernel.Of(context => convert(context.Input(0), context.Allocate(0, between, context.Shape(0)), context.Pool)), rest);

    private static void RealPart(Tensor x, Tensor y)
    {
        ReadOnlySpan<Complex> from = x.Span<Complex>();
        Span<double> to = y.Mutable<double>();
        for (int i = 0; i < to.Length; i++)
            to[i] = from[i].Real;
    }

    // Truncate clears the bits of the fraction that the narrow type has not, so that rounding changes nothing.
    private static void Round(KernelContext context, DType to, bool truncate)
    {
        Tensor x = context.Input(0);
        if (truncate && x.DType == DType.Float32)
        {
            uint mask = to == DType.BFloat16 ? 0xFFFF0000 : 0xFFFFE000;
            Tensor cut = context.Scratch(DType.Float32, x.Shape);
            ReadOnlySpan<float> from = x.Span<float>();
            Span<float> kept = context.Writable<float>(cut);
            for (int i = 0; i < kept.Length; i++)
                kept[i] = float.IsNaN(from[i]) ? from[i] : BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(from[i]) & mask);
            x = cut;
        }

        WideElements.Round(x, context.Allocate(0, to, x.Shape), context.Pool);
    }

    private readonly struct FromKernels(DType to) : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => ElementKernels.Number(to, default(ToKernels<T>))!;
    }

    private readonly struct ToKernels<TFrom> : INumberKernels
        where TFrom : unmanaged, INumber<TFrom>
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new MapKernel<TFrom, T, Conversion<TFrom, T>>();
    }

    private readonly struct ToBoolKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new MapKernel<T, bool, ToBool<T>>();
    }

    private readonly struct ToBool<T> : IMapOperator<T, bool>
        where T : unmanaged, INumber<T>
    {
        public bool Invoke(T x) => !T.IsZero(x);
    }

    private readonly struct ToComplex : IMapOperator<double, Complex>
    {
        public Complex Invoke(double x) => x;
    }

    private readonly struct Conversion<TFrom, TTo> : IMapOperator<TFrom, TTo>
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TTo Invoke(TFrom x) =>
            (typeof(TFrom) == typeof(float) || typeof(TFrom) == typeof(double)) && typeof(TTo) != typeof(float) && typeof(TTo) != typeof(double)
                ? RealToInteger<TTo>(double.CreateTruncating(x))
                : TTo.CreateTruncating(x);
    }

    /// <summary>What cvttsd2si and its uses by compilers give.</summary>
    internal static T RealToInteger<T>(double x)
        where T : unmanaged, INumber<T>
    {
        const double TwoTo63 = 9223372036854775808.0;
        if (typeof(T) == typeof(ulong) && x >= TwoTo63)
            return T.CreateTruncating((ulong)ToInt64(x - TwoTo63) ^ 0x8000_0000_0000_0000);
        if (typeof(T) == typeof(long) || typeof(T) == typeof(ulong) || typeof(T) == typeof(uint))
            return T.CreateTruncating(ToInt64(x));
        return T.CreateTruncating(x is > -2147483649.0 and < 2147483648.0 ? (int)x : int.MinValue);

        static long ToInt64(double x) => x is >= -TwoTo63 and < TwoTo63 ? (long)x : long.MinValue;
    }
}
