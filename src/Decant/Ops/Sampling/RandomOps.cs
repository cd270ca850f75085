using Decant.Kernels.Threading;

namespace Decant.Ops.Sampling;

/// <summary>How a random op gets its generator.</summary>
internal enum RandomSource
{
    /// <summary>Attributes seed and seed2; each run goes on where the last one ended.</summary>
    Stateful,

    /// <summary>Input 1 gives two seeds.</summary>
    Seeds,

    /// <summary>Inputs 1 to 3 give key, counter and algorithm.</summary>
    KeyCounter,
}

/// <summary>An op that fills a shape (input 0) from a float distribution.</summary>
internal sealed class RandomFloats(string name, RandomSource source, Action<Tensor, Philox, WorkerPool> fill) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("dtype"), RandomShapes.Infer(context));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("dtype");
        if (dtype is not (DType.Float32 or DType.Float64 or DType.Float16 or DType.BFloat16))
            throw request.NoKernel($"for elements of type {dtype.Name()}");
        return Kernel.Of(context =>
        {
            Tensor output = context.Allocate(0, dtype, context.DerivedSizes(0));
            fill(output, RandomShapes.Generator(context, source, output.ElementCount), context.Pool);
        });
    }
}

/// <summary>An op that fills a shape with integers in [minval, maxval), or of the whole range of the type.</summary>
internal sealed class RandomIntegers(string name, RandomSource source, bool full) : Op(name), IInfersFacts, IHasKernel
{
    private int RangeInput => source switch { RandomSource.Stateful => 1, RandomSource.Seeds => 2, _ => 4 };

    public void Infer(InferenceContext context) => context.Set(0, Type(context.Attributes), RandomShapes.Infer(context));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = Type(request.Attributes);
        if (dtype is not (DType.Int32 or DType.Int64 or DType.UInt32 or DType.UInt64))
            throw request.NoKernel($"for elements of type {dtype.Name()}");
        return Kernel.Of(context => Run(context, dtype));
    }

    private static DType Type(NodeAttributes attributes) => attributes.Type(attributes.Has("Tout") ? "Tout" : "dtype");

    private void Run(KernelContext context, DType dtype)
    {
        Tensor output = context.Allocate(0, dtype, context.Sizes(0));
        Philox generator = RandomShapes.Generator(context, source, output.ElementCount);
        long low = 0, high = 0;
        if (!full)
        {
            (low, high) = (context.Int(RangeInput), context.Int(RangeInput + 1));
            if (low >= high && output.ElementCount > 0)
                throw context.Fail($"has the range [{low}, {high}), expected minval below maxval");
        }

        switch (dtype)
        {
            case DType.Int32:
                Distribution.Words(output.Mutable<int>(), generator, full ? static x => (int)x : x => Variates.Integer(x, (int)low, (int)high));
                break;
            case DType.UInt32:
                Distribution.Words(output.Mutable<uint>(), generator, full ? static x => x : x => (uint)low + (x % (uint)(high - low)));
                break;
            case DType.Int64:
                Distribution.Pairs(output.Mutable<long>(), generator, full ? static (a, b) => (long)(a | ((ulong)b << 32)) : (a, b) => Variates.Integer(a | ((ulong)b << 32), low, high));
                break;
            default:
                Distribution.Pairs(output.Mutable<ulong>(), generator, full ? static (a, b) => a | ((ulong)b << 32) : (a, b) => (ulong)Variates.Integer(a | ((ulong)b << 32), low, high));
                break;
        }
    }
}

/// <summary>What ops that fill a shape have in common.</summary>
internal static class RandomShapes
{
    /// <summary>The shape that input 0 gives, as far as it is known.</summary>
    public static Shape Infer(InferenceContext context)
    {
        if (context.ConstantInts(0) is { } sizes)
            return Array.TrueForAll(sizes, s => s >= 0) ? new Shape(sizes) : throw context.Fail($"has the shape [{string.Join(',', sizes)}], expected sizes that are not negative");
        return context.Shape(0) is { Rank: 1 } vector && vector[0] is >= 0 and <= 254 and var rank ? Shape.OfRank((int)rank) : Shape.Unknown;
    }

    /// <summary>The generator for so many outputs.</summary>
    public static Philox Generator(KernelContext context, RandomSource source, long outputs) => source switch
    {
        RandomSource.Stateful => context.ReserveOutputs(outputs),
        RandomSource.Seeds => context.Stateless(1),
        _ => context.OfKeyAndCounter(1),
    };
}
