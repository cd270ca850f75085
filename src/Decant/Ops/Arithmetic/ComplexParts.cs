using System.Numerics;
using System.Runtime.InteropServices;
using Decant.Kernels.Spectral;

namespace Decant.Ops.Arithmetic;

/// <summary>A real number of a complex one.</summary>
internal interface IComplexPart
{
    static abstract double Of(Complex x);

    /// <summary>Of x, whose elements are pairs of floats.</summary>
    static virtual void Of<TPart>(ReadOnlySpan<Complex64> x, Span<float> y, KernelContext context)
        where TPart : struct, IComplexPart
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = (float)TPart.Of(x[i]);
    }
}

/// <summary>Real, Imag, Angle and ComplexAbs: a real number of each complex one.</summary>
internal sealed class ComplexPart<TPart>(string name) : Op(name), IInfersFacts, IHasKernel
    where TPart : struct, IComplexPart
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("Tout"), context.Shape(0));

    public Kernel Prepare(KernelRequest request) => (request.Attributes.Type("T"), request.Attributes.Type("Tout")) switch
    {
        (DType.Complex64, DType.Float32) => Kernel.Of(static context => TPart.Of<TPart>(context.Input(0).Span<Complex64>(), context.Output<float>(0, context.Shape(0)), context)),
        (DType.Complex128, DType.Float64) => Kernel.Of(Run128),
        var (from, to) => throw request.NoKernel($"from {from.Name()} to {to.Name()}"),
    };

    private static void Run128(KernelContext context)
    {
        ReadOnlySpan<Complex> x = context.Input(0).Span<Complex>();
        Span<double> y = context.Output<double>(0, context.Shape(0));
        for (int i = 0; i < y.Length; i++)
            y[i] = TPart.Of(x[i]);
    }
}

internal readonly struct RealPart : IComplexPart
{
    public static double Of(Complex x) => x.Real;
}

internal readonly struct ImaginaryPart : IComplexPart
{
    public static double Of(Complex x) => x.Imaginary;
}

internal readonly struct PhasePart : IComplexPart
{
    public static double Of(Complex x) => x.Phase;
}

internal readonly struct MagnitudePart : IComplexPart
{
    public static double Of(Complex x) => Complex.Abs(x);

    public static void Of<TPart>(ReadOnlySpan<Complex64> x, Span<float> y, KernelContext context)
        where TPart : struct, IComplexPart => Magnitude.Run(MemoryMarshal.Cast<Complex64, float>(x), y, context.Pool);
}

/// <summary>A complex tensor of its real and imaginary parts, which broadcast.</summary>
internal sealed class ComplexOfParts() : Op("Complex"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) =>
        context.Set(0, context.Attributes.Type("Tout"), Broadcasting.Of(context, context.Shape(0), context.Shape(1)));

    public Kernel Prepare(KernelRequest request) => (request.Attributes.Type("T"), request.Attributes.Type("Tout")) switch
    {
        (DType.Float32, DType.Complex64) => Kernel.Of(static context => Run<float>(context, DType.Complex64)),
        (DType.Float64, DType.Complex128) => Kernel.Of(static context => Run<double>(context, DType.Complex128)),
        var (from, to) => throw request.NoKernel($"from {from.Name()} to {to.Name()}"),
    };

    private static void Run<T>(KernelContext context, DType dtype)
        where T : unmanaged
    {
        Tensor real = context.Input(0), imaginary = context.Input(1);
        Shape shape = Broadcasting.Of(context, real.Shape, imaginary.Shape);
        ReadOnlySpan<T> re = real.Span<T>(), im = imaginary.Span<T>();
        Tensor output = context.Allocate(0, dtype, shape);
        Span<T> parts = dtype == DType.Complex64 ? MemoryMarshal.Cast<Complex64, T>(context.Writable<Complex64>(output)) : MemoryMarshal.Cast<Complex, T>(context.Writable<Complex>(output));
        long[] reIndex = BroadcastIndex.Of(context, real.Shape, shape), imIndex = BroadcastIndex.Of(context, imaginary.Shape, shape);
        for (int i = 0; i < reIndex.Length; i++)
            (parts[2 * i], parts[(2 * i) + 1]) = (re[(int)reIndex[i]], im[(int)imIndex[i]]);
    }
}
