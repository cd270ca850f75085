using System.Numerics;

namespace Decant.Ops.Sampling;

/// <summary>
/// Gamma and Poisson numbers, drawn as TensorFlow's kernels draw them: the output has the shape of input 0, then that of the parameters; of a
/// stateless op, input 0 is the whole shape, which ends in that of the parameters. Each number has 256 calls of the generator to itself.
/// </summary>
internal sealed class RandomGamma(string name, RandomSource source, bool poisson) : Op(name), IInfersFacts, IHasKernel
{
    private const ulong CallsPerOutput = 256;

    private int Parameters => source switch { RandomSource.Stateful => 1, RandomSource.Seeds => 2, _ => 4 };

    public void Infer(InferenceContext context)
    {
        Shape outer = RandomShapes.Infer(context), parameters = context.Shape(Parameters);
        context.Set(
            0, Type(context.Attributes), source != RandomSource.Stateful ? outer : outer.HasRank && parameters.HasRank ? new Shape([.. outer.Dims, .. parameters.Dims]) : Shape.Unknown);
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = Type(request.Attributes), input = request.InputType(Parameters);
        if (dtype is not (DType.Float16 or DType.BFloat16 or DType.Float32 or DType.Float64) && !(poisson && dtype is DType.Int32 or DType.Int64))
            throw request.NoKernel($"for elements of type {dtype.Name()}");
        return input is DType.Float16 or DType.BFloat16 or DType.Float32
            ? Kernel.Of(context => Run(context, dtype, context.Float32(context.Input(Parameters)).Span<float>()))
            : Kernel.Of(context => Run<double>(context, dtype, Doubles(context)));
    }

    private DType Type(NodeAttributes attributes) => attributes.Type(name.EndsWith("RandomGamma", StringComparison.Ordinal) ? "T" : "dtype");

    private double[] Doubles(KernelContext context)
    {
        Tensor input = context.Input(Parameters);
        return input.DType == DType.Float64 ? input.Span<double>().ToArray()
            : input.DType is DType.Int32 or DType.Int64 ? Array.ConvertAll(context.Ints(Parameters), v => (double)v)
            : throw context.Fail($"input {Parameters} is {input}, expected float16, float32, float64, int32 or int64");
    }

    private void Run<T>(KernelContext context, DType dtype, ReadOnlySpan<T> parameters)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Shape sizes = context.Sizes(0), inner = context.Shape(Parameters);
        bool isWhole = source != RandomSource.Stateful;
        if (isWhole && (sizes.Rank < inner.Rank || !sizes.Dims[^inner.Rank..].SequenceEqual(inner.Dims)))
            throw context.Fail($"has the shape {sizes} for parameters of shape {inner}, expected one that ends in it");
        Tensor output = context.Allocate(0, dtype, isWhole ? sizes : new Shape([.. sizes.Dims, .. inner.Dims]));
        long count = output.ElementCount;
        Philox generator = RandomShapes.Generator(context, source, count);
        long samples = count == 0 ? 0 : count / parameters.Length;
        for (long i = 0; i < count; i++)
        {
            T parameter = parameters[(int)(i / samples)];
            var variates = new PhiloxVariates<T>(generator.Skipped((ulong)i * CallsPerOutput));
            T value = !(parameter >= T.Zero) ? T.NaN : poisson ? Poisson.Next(ref variates, parameter) : Gamma(ref variates, parameter);
            Store(output, (int)(((i % samples) * parameters.Length) + (i / samples)), value);
        }
    }

    private static void Store<T>(Tensor output, int at, T value)
        where T : IFloatingPointIeee754<T>
    {
        switch (output.DType)
        {
            case DType.Float32:
                output.Mutable<float>()[at] = float.CreateTruncating(value);
                break;
            case DType.Float64:
                output.Mutable<double>()[at] = double.CreateTruncating(value);
                break;
            case DType.Float16:
                output.Mutable<Half>()[at] = Half.CreateTruncating(value);
                break;
            case DType.BFloat16:
                output.Mutable<BFloat16>()[at] = (BFloat16)float.CreateTruncating(value);
                break;
            case DType.Int32:
                output.Mutable<int>()[at] = int.CreateSaturating(value);
                break;
            default:
                output.Mutable<long>()[at] = long.CreateSaturating(value);
                break;
        }
    }

    // Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
    private static T Gamma<T>(ref PhiloxVariates<T> variates, T alpha)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool isSmall = alpha < T.One;
        T three = T.CreateTruncating(3), half = T.CreateTruncating(0.5), squeeze = T.CreateTruncating(0.0331);
        T d = alpha + ((isSmall ? T.One + T.One : -T.One) / three), c = T.One / three / T.Sqrt(d);
        while (true)
        {
            T x = variates.Normal(), v = T.One + (c * x);
            if (v <= T.Zero)
                continue;
            v = v * v * v;
            T u = variates.Uniform();
            if (u < T.One - (squeeze * (x * x) * (x * x)) || T.Log(u) < (half * x * x) + (d * (T.One - v + T.Log(v))))
                return isSmall ? d * v * T.Pow(variates.Uniform(), T.One / alpha) : d * v;
        }
    }
}
